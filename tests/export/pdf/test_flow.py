"""Notes as rows of words: broken at a width in every script, and in the order in which they are seen."""

from itertools import pairwise

import pytest

from astrai_slides.export.pdf.breaks import write_down
from astrai_slides.export.pdf.flow import SIZE, Row, characters, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.pdf.sheet import fitting
from astrai_slides.export.shared.markdown import lines

pytestmark = pytest.mark.long

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


TABLE = "| name | count |\n|---|---|\n" + "".join(f"| row {number} | {number} |\n" for number in range(20))


def paged(notes: str, bottom: float, size: float = 0.0) -> list[list[str]]:
    """The texts of each page, what is written again in brackets."""
    pages: list[list[str]] = [[]]
    end = write_down(
        laid_out(notes),
        size,
        (0.0, bottom),
        lambda: pages.append([]),
        lambda row, y: pages[-1].append(row.text.strip()),
        lambda row, y: pages[-1].append(f"[{row.text.strip()}]"),
    )
    assert end <= bottom
    return pages


def test_a_table_that_is_broken_has_its_head_on_each_page_and_no_row_alone() -> None:
    tall = laid_out(TABLE)[1].height
    for count in range(4, 22):
        pages = paged(TABLE, count * tall + 1)
        assert [text for page in pages for text in page if not text.startswith("[")] == [
            "name\tcount",
            *(f"row {number}\t{number}" for number in range(20)),
        ]
        assert pages[0][0] == "name\tcount"
        assert all(page[0] == "[name\tcount]" for page in pages[1:])
        assert all(len(page) >= 3 for page in pages), count


def test_a_short_table_goes_to_the_next_page_as_a_whole() -> None:
    notes = "one\n\n" + "\n".join(TABLE.splitlines()[:6])
    rows_of_table = laid_out(notes)[1:]
    room = laid_out(notes)[0].height + sum(row.height for row in rows_of_table)
    assert len(paged(notes, room + 1)) == 1
    assert paged(notes, room - 1)[0] == ["one"]


@pytest.mark.parametrize("written", ["# head\n\nwords", "a b c " * 30, "- " + "a b c " * 30])
def test_no_line_of_a_paragraph_and_no_heading_is_alone_on_a_page(written: str) -> None:
    notes = f"before\n\n{written}"
    found = laid_out(notes)
    whole = sum(row.height for row in found)
    for bottom in range(int(4 * found[0].height), int(whole) + 10):
        first, *others = paged(notes, bottom)
        assert all(len(page) > 1 for page in others)
        assert len(first) != 2, "one line besides the first paragraph's"


def test_a_block_taller_than_a_page_is_broken_after_all() -> None:
    tall = laid_out(TABLE)[1].height
    pages = paged("\n".join(TABLE.splitlines()[:8]), 3 * tall + 1)
    assert len(pages) > 1
    written = [text for page in pages for text in page if not text.startswith("[")]
    assert written == ["name\tcount", *(f"row {number}\t{number}" for number in range(6))]


def test_rows_taller_than_a_page_have_one_each_and_none_is_empty() -> None:
    pages: list[list[str]] = [[]]
    found = laid_out("one\n\ntwo\n\nthree")
    write_down(
        found, 0.0, (0.0, 1.0), lambda: pages.append([]), lambda row, y: pages[-1].append(row.text.strip()), print
    )
    assert [page for page in pages if page != [""]] == [["one"], ["two"], ["three"]]


@pytest.mark.parametrize(
    ("filled", "wanted"),
    [
        ({10.0: 3.5}, 10.0),
        ({10.0: 3.0}, 10.0),
        ({10.0: 0.1}, 10.0),
        ({10.0: 3.1, 9.7: 3.0}, 9.7),
        ({10.0: 3.1, 9.7: 3.05, 9.4: 2.9}, 9.4),
        ({10.0: 3.1, 9.7: 3.09, 9.4: 3.08, 9.1: 3.07}, 10.0),
    ],
)
def test_a_smaller_text_is_taken_where_it_saves_a_page_on_which_little_would_stand(
    filled: dict[float, float], wanted: float
) -> None:
    assert fitting(filled.__getitem__) == wanted
