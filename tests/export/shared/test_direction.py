"""Directions of texts, against python-bidi's own order of what is shown."""

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from astrai_slides.export.shared.direction import as_seen, levels, runs_right_to_left, seen_order

HEBREW, HEBREW_SEEN = "\u05e9\u05dc\u05d5\u05dd", "\u05dd\u05d5\u05dc\u05e9"
ARABIC, ARABIC_SEEN = "\u0633\u0644\u0627\u0645", "\u0645\u0627\u0644\u0633"
DIGITS = "\u0661\u0662"
"""Arabic for 12: their digits run from left to right as ours."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 12", "plain 12"),
        (HEBREW, HEBREW_SEEN),
        (f"{HEBREW} 2026", f"2026 {HEBREW_SEEN}"),
        (f"{HEBREW} KV cache 12 {HEBREW}", f"{HEBREW_SEEN} KV cache 12 {HEBREW_SEEN}"),
        (f"see {HEBREW} 12, then", f"see 12 {HEBREW_SEEN}, then"),
        (f"{ARABIC} {DIGITS} GPU", f"GPU {DIGITS} {ARABIC_SEEN}"),
        (f"{ARABIC} 1.5", f"1.5 {ARABIC_SEEN}"),
        ("a\u200db", "a\u200db"),
        ("", ""),
    ],
)
def test_digits_and_latin_words_keep_their_order_among_others(text: str, shown: str) -> None:
    assert as_seen(text) == shown


@given(st.text(alphabet="\u05d0\u05d1\u0634\u0628\u0663ag12 .,-%+", max_size=20))
def test_the_order_is_that_of_python_bidi(text: str) -> None:
    right_to_left = runs_right_to_left(text)
    order = seen_order(levels(text, right_to_left=right_to_left))
    assert "".join(text[place] for place in order) == get_display(text, base_dir="LR"[right_to_left])
