"""A deck changes what it likes of the process, which is afterwards what it was."""

import io
import os
import sys
from contextlib import suppress

import pytest

from astrai_slides.base.process_state import process_restored


def test_what_prints_runs_without_standard_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are where the caller closed them."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with process_restored():
        print("nobody reads this")  # noqa: T201
        print("nor this", file=sys.stderr)  # noqa: T201
    assert sys.stdout is None


def test_what_prints_runs_on_where_nobody_reads_it_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in `astrai-slides build | head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    unread = io.TextIOWrapper(io.FileIO(writing, "w"), write_through=True)
    monkeypatch.setattr(sys, "stdout", unread)
    with process_restored():
        print("nobody reads this", flush=True)  # noqa: T201
        print("nor this")  # noqa: T201
    monkeypatch.undo()
    with suppress(BrokenPipeError):
        unread.close()


def test_of_the_environment_only_what_differs_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other threads may be copying is left alone."""
    written: list[str] = []
    put, remove = os.putenv, os.unsetenv

    def noted_put(name: bytes, value: bytes) -> None:
        written.append(os.fsdecode(name))
        put(name, value)

    def noted_remove(name: bytes) -> None:
        written.append(os.fsdecode(name))
        remove(name)

    monkeypatch.setenv("CHANGED", "before")
    monkeypatch.setenv("REMOVED", "before")
    monkeypatch.setattr(os, "putenv", noted_put)
    monkeypatch.setattr(os, "unsetenv", noted_remove)
    with process_restored():
        os.environ.update(ADDED="now", CHANGED="now")
        del os.environ["REMOVED"]
        written.clear()
    assert "ADDED" not in os.environ
    assert os.environ["CHANGED"] == os.environ["REMOVED"] == "before"
    assert set(written) == {"ADDED", "CHANGED", "REMOVED"}
