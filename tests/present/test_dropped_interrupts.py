"""Ctrl-C that Python has dropped ends a command that waits, which asks for it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from remote_phone import deck

from astrai_slides.present.presentation import Presentation
from astrai_slides.present.preview import Preview

WAIT_S = 20.0


def ends(run: Callable[[Callable[[], object]], None]) -> bool:
    """Whether `run` ends by what it asks for, and by nothing before."""
    asked: list[BaseException | None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) == 3:
            raise KeyboardInterrupt

    def running() -> None:
        try:
            run(check)
        except KeyboardInterrupt as error:
            asked.append(error)

    thread = threading.Thread(target=running, daemon=True)
    thread.start()
    thread.join(WAIT_S)
    return not thread.is_alive() and len(asked) == 4


def test_a_presentation_ends() -> None:
    assert ends(Presentation(deck(), port=0).run)


def test_a_preview_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = Preview("deck.py", [], tmp_path, port=0)
    monkeypatch.setattr(preview._processes, "order", lambda: None)
    assert ends(preview.run)
