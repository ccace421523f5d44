"""Several processes that look through a recording find what one finds."""

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from astrai_slides.base import forks
from astrai_slides.base.forks import FORKS, Forks
from astrai_slides.check import looking_ahead
from astrai_slides.check.checker import Checked, check
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.model import Recording

DECK = Path(__file__).with_name("cases_deck.py")

pytestmark = [pytest.mark.long, pytest.mark.skipif(not FORKS, reason="this system does not fork")]


@pytest.fixture(scope="module")
def source() -> DeckSource:
    return DeckSource.read(DECK, "Cases")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What forks were started for."""
    noted: list[Callable[[], bytes]] = []
    start = Forks.start

    def starting(self: Forks, work: Callable[[], bytes]) -> Any:
        noted.append(work)
        return start(self, work)

    monkeypatch.setattr(Forks, "start", starting)
    return noted


def test_they_find_the_same(
    cases: Recording, source: DeckSource, checked: Checked, started: list[Callable[[], bytes]]
) -> None:
    assert check(cases, source, workers=3) == checked
    assert len(started) == 2


def test_one_that_dies_is_done_without(
    cases: Recording, source: DeckSource, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, as_bytes = os.getpid(), looking_ahead._as_bytes

    def dying(*asked: Any) -> Any:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return as_bytes(*asked)

    monkeypatch.setattr(looking_ahead, "_as_bytes", dying)
    assert check(cases, source, workers=2) == checked


def test_a_system_that_has_room_for_none_is_no_fault(
    cases: Recording, source: DeckSource, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(forks, "_fork", refused)
    assert check(cases, source, workers=3) == checked


def test_a_short_recording_is_looked_through_at_once(
    cases: Recording, source: DeckSource, started: list[Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_ahead, "FEWEST_FRAMES", 1 << 30)
    check(cases, source, rules=["too-small"], workers=3)
    assert not started
