"""Notes as rows of words: broken at a width in every script, and in the order in which they are seen."""

from itertools import pairwise

import pytest

from astrai_slides.export.pdf.flow import SIZE, Row, characters, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.shared.markdown import lines

HEBREW, ARABIC = "\u05e9\u05dc\u05d5\u05dd", "\u0633\u0644\u0627\u0645"
CHINESE = "\u8bf7\u6c42\u6392\u961f\u7b49\u5f85\uff0c\u7136\u540e\u7528GPU\u89e3\u7801\u3002" * 6
ROOM = 200.0


def laid_out(notes: str, width: float = ROOM) -> list[Row]:
    read = lines(notes)
    return list(rows(read, width, Book(characters(read))))


def seen(row: Row) -> list[str]:
    return [placed.word.text for placed in sorted(row.words, key=lambda placed: placed.x) if placed.word.text]


def test_chinese_is_broken_at_the_width_and_none_is_lost() -> None:
    found = laid_out(CHINESE)
    assert "".join(row.text for row in found) == CHINESE
    for row in found:
        right = max(placed.x + placed.word.width for placed in row.words)
        assert right <= ROOM + 0.15 * SIZE, row.text
        assert row.text[0] not in "\uff0c\u3002"
        assert "GPU" in row.text or not set(row.text) & set("GPU")
    # all but the last are full: no more is left than a word of letters with the mark behind it may take
    assert all(len(row.text) * SIZE > ROOM - 4 * SIZE for row in found[:-1])


def test_chinese_of_one_row_is_drawn_as_one_text() -> None:
    (row,) = laid_out("\u8bf7\u6c42\u6392\u961f\u3002")
    assert [placed.word.text for placed in row.words] == ["\u8bf7\u6c42\u6392\u961f\u3002"]


@pytest.mark.parametrize(
    ("notes", "wanted"),
    [
        ("one two", ["one", "two"]),
        (f"{HEBREW} 12 34 {HEBREW}!", [f"{HEBREW}!", "34", "12", HEBREW]),
        (f"{HEBREW} KV cache 12 {HEBREW}", [HEBREW, "KV", "cache", "12", HEBREW]),
        (f"see {HEBREW} 12 {HEBREW} then", ["see", HEBREW, "12", HEBREW, "then"]),
        (f"{HEBREW} **(KV)**", ["(", "KV", ")", HEBREW]),
        (f"{HEBREW}2026 a", ["a", "2026", HEBREW]),
        (f"{ARABIC} 1.5 GPU {ARABIC}", [ARABIC, "GPU", "1.5", ARABIC]),
    ],
)
def test_words_stand_as_they_are_seen(notes: str, wanted: list[str]) -> None:
    (row,) = laid_out(notes, 1000)
    assert seen(row) == wanted
    places = sorted((placed.x, placed.x + placed.word.width) for placed in row.words)
    assert all(right <= left + 0.01 for (_, right), (left, _) in pairwise(places))
    first_is_right = notes[0] in (HEBREW[0], ARABIC[0])
    assert (max(right for _, right in places) == pytest.approx(1000)) == first_is_right
