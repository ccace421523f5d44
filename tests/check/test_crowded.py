"""Of a slide with every fault that promos have each is told, at the text that it is of, and nothing else."""

from collections import Counter
from pathlib import Path

import pytest

from astrai_slides.check.checker import check
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.run.record import record_scene

DECK = Path(__file__).with_name("crowded_deck.py")
WANTED = {
    # the labels of 10 points; and that of 18, beside which nothing larger comes while the captions do
    "too-small": ["R1", "R2", "R3", "Waiting\nQueue"],
    "low-contrast": ["dim"],
    # of each pair the second is named: the stage under three labels, these on one another, and the captions
    "text-over-text": ["R1", "R2", "R2", "R3", "R3", "R3", "Same-position batch"],
    "text-hidden": ["Waiting\nQueue"],
    "missing-glyph": ["a \U0010fffd b"],
    "unsaid": [""],
}


@pytest.mark.long
def test_a_crowded_slide_is_told_fault_by_fault() -> None:
    recording = record_scene(DECK, "Crowded", fps=10, width=320, height=180)
    source = DeckSource.read(DECK, "Crowded")
    found = check(recording, source).findings
    told = Counter((each.rule, each.breach.text) for each in found)
    assert told == Counter((rule, text) for rule, texts in WANTED.items() for text in texts)
    lines = source.content.decode().splitlines()
    for each in found:
        if each.rule != "unsaid":
            line = lines[each.line - 1]
            assert "Text(" in line, "where the text stands in the file"
