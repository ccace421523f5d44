"""A deck changes what it likes of the process, which is afterwards what it was."""

import sys

import pytest

from astrai_slides.base.contained import contained


def test_what_prints_runs_without_standard_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are where the caller closed them."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    with contained():
        print("nobody reads this")
        print("nor this", file=sys.stderr)
    assert sys.stdout is None
