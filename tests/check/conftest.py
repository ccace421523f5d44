"""The findings of the deck of cases, which is recorded once."""

from pathlib import Path

import pytest

from astrai_slides.check.checker import Checked, check
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.container import dump, load
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene

DECK = Path(__file__).with_name("cases_deck.py")


@pytest.fixture(scope="session")
def cases() -> Recording:
    """The recording as a reader has it."""
    return load(dump(record_scene(DECK, "Cases", fps=10, width=320, height=180)))


@pytest.fixture(scope="session")
def checked(cases: Recording) -> Checked:
    return check(cases, DeckSource.read(DECK, "Cases"))
