"""Lines through letters, which are squares of one unit here."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from moving import BACKGROUND, SQUARE, frame, square

from astrai_slides.check.crossed import crossed_letters
from astrai_slides.check.seen import DeckSeen
from astrai_slides.recording.format.model import (
    GRID,
    WIDTH_GRID,
    Draw,
    Op,
    Paint,
    Path,
    Recording,
    Step,
    Style,
    TextRun,
)

INK = Style(fill=Paint((0xFFFFFFFF,)))
PLATE = Style(fill=Paint((0x202020FF,)))
OUTLINED = replace(INK, back=Paint((0x000000FF,)), back_width=WIDTH_GRID // 10)


def letters(style: Style = INK, apart: float = 1.2) -> list[Draw]:
    """Three of a word, from (0, 0) on."""
    return [square(number * apart, 0, style) for number in range(3)]


def scaled(across: float, up: float) -> Path:
    """The path of a letter, stretched."""
    points = SQUARE.points * np.array([across, up])
    return replace(SQUARE, xy=np.rint(points).astype("<i4").tobytes())


def line(*points: tuple[float, float], colour: int = 0xFFCC00FF) -> Draw:
    """A curve of four points, or the straight line of two."""
    if len(points) == 2:
        start, stop = points
        points = (start, start, stop, stop)
    grid = np.rint(np.array(points) * GRID).astype("<i4")
    path = Path(((1, False),), (grid - grid[0]).tobytes())
    return Draw(path, Style(stroke=Paint((colour,)), stroke_width=WIDTH_GRID // 25), *grid[0].tolist())


def crossed(before: Sequence[Op] = (), after: Sequence[Op] = (), glyphs: Sequence[Draw] = ()) -> int:
    """How many letters are crossed of a text that is drawn between others."""
    glyphs = glyphs or letters()
    end = frame(*before, *glyphs, *after)
    run = TextRun("abc", (0, 0, 1, 1), ((len(before), len(glyphs)),))
    step = Step("one", (end,), ((0, 5),), end, texts=(run,))
    seen = DeckSeen(Recording("Mine", 30, 320, 180, BACKGROUND, (step,))).steps[0]
    return crossed_letters(seen, seen.texts[0])


@pytest.mark.parametrize(
    ("crossing", "count"),
    [
        (line((-1, 0.5), (5, 0.5)), 3),
        (line((0.5, -1), (0.5, 2)), 1),
        (line((0.2, -1), (2.0, 2)), 1),
        (line((0.4, -1), (0.6, 2)), 1),
        (line((-1, 0.5), (2.3, 0.5)), 2),
        (line((-1, 0.0), (5, 0.0)), 3),
    ],
)
def test_a_line_through_letters_is_found_before_them_and_after(crossing: Draw, count: int) -> None:
    assert crossed(before=[crossing]) == crossed(after=[crossing]) == count


def test_a_line_between_a_hyphen_and_a_letter_is_found() -> None:
    first, _, last = letters(apart=1.5)
    hyphen = replace(square(1.3, 0.4, INK), path=scaled(1.2, 0.4))
    word = [first, hyphen, replace(last, x=round(2.8 * GRID))]
    assert crossed(before=[line((2.65, -1), (2.65, 2))], glyphs=word) == 1
    assert crossed(before=[line((2.65, -1), (2.65, 2))], glyphs=[word[0], word[2]]) == 0


def test_a_line_between_two_letters_of_a_word_is_found() -> None:
    assert crossed(before=[line((1.1, -1), (1.1, 2))]) == 1
    apart = letters(apart=1.5)
    assert crossed(before=[line((1.25, -1), (1.25, 2))], glyphs=apart) == 0


@pytest.mark.parametrize(
    "beside",
    [
        line((-1, -0.03), (5, -0.03)),
        line((-0.03, -1), (-0.03, 2)),
        line((0.5, 0.6), (0.5, 2)),
        line((-1, -2), (-1, 4), (6, 4), (6, -2)),
    ],
    ids=["under the letters", "before the first", "into a letter", "around the word"],
)
def test_a_line_that_comes_near_is_none(beside: Draw) -> None:
    assert crossed(before=[beside]) == crossed(after=[beside]) == 0


def test_a_line_that_hardly_stands_out_is_none() -> None:
    # the background has a luminance of 0.0067
    assert crossed(before=[line((-1, 0.5), (5, 0.5), colour=0x303840FF)]) == 0
    assert crossed(before=[line((-1, 0.5), (5, 0.5), colour=0x506070FF)]) == 3


def test_a_line_that_something_hides_from_the_text_is_none() -> None:
    through = line((-1, 0.5), (5, 0.5))
    plate = replace(square(-0.5, -0.5, PLATE), path=scaled(5, 5))
    assert crossed(before=[through, plate]) == 0
    assert crossed(before=[plate, through]) == 3
    assert crossed(before=[through], glyphs=letters(OUTLINED)) == 0


def test_letters_of_other_texts_and_what_is_filled_are_no_lines() -> None:
    assert crossed(before=[square(0.3, -0.5, PLATE)]) == 0
    end = frame(*letters(), line((-1, 0.5), (5, 0.5)))
    runs = (TextRun("abc", (0, 0, 1, 1), ((0, 3),)), TextRun("-", (0, 0, 1, 1), ((3, 1),)))
    step = Step("one", (end,), ((0, 5),), end, texts=runs)
    seen = DeckSeen(Recording("Mine", 30, 320, 180, BACKGROUND, (step,))).steps[0]
    assert crossed_letters(seen, seen.texts[0]) == 0
