"""Texts that the last row cannot read."""

import re
from collections.abc import Iterator
from statistics import median
from string import ascii_uppercase

from astrai_slides.check.finding import Box, Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen, TextSeen
from astrai_slides.look.theme import HELD, LEAST_CAPITAL, least_capital

CAPITAL = LEAST_CAPITAL
"""Least share of the frame's height that a capital or a digit takes."""
LOWER = 0.75 * CAPITAL
"""The same of a letter without ascender, and of what a formula is mostly made of."""
IDEOGRAPH = 1.25 * CAPITAL
"""The same of a Chinese character, which is as high as a letter with ascender and descender."""
LARGEST = 20 / 16
"""Times the least that the largest text of a picture takes: 20 arc minutes where 16 are the least."""

_High = tuple[str, float, float]

_GLYPHS_DIFFER = 0.97
_WITH_TAIL = frozenset("JQ")
"""Capitals that some fonts have go below the line."""
_CAPITALS = frozenset(ascii_uppercase) - _WITH_TAIL
_X_HIGH = frozenset("acemnorsuvwxz")
_LETTER_SHAPES = 0.2, 3.0
"""Width by height: others of a formula are fraction bars, roots and brackets."""
_TURNED = 2.0
_FEW = 3
_COMMAND = re.compile(r"\\[A-Za-z]+")


def find(step: StepSeen) -> Iterator[Breach]:
    """Every text whose letters are too low, and all texts of a picture that has small ones only."""
    sizes = _sizes(step)
    all_small = _is_small(sizes) and ((later := step.next_rest) is None or _is_small(_sizes(later)))
    for text, high, size in sizes:
        if high is None:
            continue
        kind, height, limit = high
        share, least = _share(step, text, height), _limit(step, limit)
        if size < _GLYPHS_DIFFER:
            yield Breach(
                Severity.ERROR,
                f"{quoted(text.text)} is too small",
                f"{kind} are {share:.1%} of the frame's height",
                f"at least {least:.1%}",
                f"Make it {least / share:.1f} times as large, or leave it out.",
                box=text.box,
                text=text.text,
            )
        elif all_small:
            yield Breach(
                Severity.WARNING,
                f"{quoted(text.text)} is small, and nothing on the picture is larger",
                f"{kind} are {share:.1%} of the frame's height",
                f"at least {LARGEST * least:.1%}, but for small print",
                f"Make it {LARGEST * least / share:.2f} times as large.",
                box=text.box,
                text=text.text,
            )


def _sizes(step: StepSeen) -> list[tuple[TextSeen, _High | None, float]]:
    """Each text, how high it is if that is known, and that by the least that it should be.

    A script of which nothing better is known is as large as its highest glyph.
    """
    found = []
    for text in step.texts:
        high = _height(text)
        _, height, limit = high or ("", _highest(text), CAPITAL)
        found.append((text, high, _share(step, text, height) / _limit(step, limit)))
    return found


def _is_small(sizes: list[tuple[TextSeen, _High | None, float]]) -> bool:
    """Whether nothing of a picture is larger than small print."""
    return max((size for _, _, size in sizes), default=0.0) < LARGEST * _GLYPHS_DIFFER


def _share(step: StepSeen, text: TextSeen, height: float) -> float:
    """Of the frame's height, what so many grid steps of `text` take where the camera shows it closest."""
    return height / step.deck.closest(text.run)


def _limit(step: StepSeen, limit: float) -> float:
    """`limit` in a picture of this shape."""
    view = step.rest.view
    return limit * least_capital(view.width / view.height) / LEAST_CAPITAL


def _highest(text: TextSeen) -> float:
    turned = _is_turned(text)
    return max(_high(box, turned) for box in text.boxes)


def _closest(step: StepSeen) -> list[int]:
    runs = [*step.step.texts, *(run for rest in step.step.rests for run in rest.texts)]
    return [step.deck.closest(run) for run in runs]


def _height(text: TextSeen) -> _High | None:
    """What of `text` was measured, how high it is in grid steps, and the least share that it should take."""
    letters = text.letters
    turned = _is_turned(text)
    if letters is not None and not text.is_formula:
        for kind, belongs, limit in (
            ("capitals and digits", lambda each: each in _CAPITALS or each.isdigit(), CAPITAL),
            ("lower-case letters", lambda each: each in _X_HIGH, LOWER),
            ("capitals", lambda each: each in _WITH_TAIL, CAPITAL),
            ("characters", lambda each: ord(each) > 0x2E7F and each.isalpha(), IDEOGRAPH),
        ):
            heights = [_high(box, turned) for letter, box in letters if belongs(letter)]
            if heights:
                return kind, max(heights), limit
        return None
    if len(text.boxes) < _FEW and not any(map(str.isalnum, _COMMAND.sub("", text.text))):
        return None  # a sign, which is lower than a letter
    least, most = _LETTER_SHAPES
    shaped = [_high(box, turned) for box in text.boxes if least < (box[2] - box[0]) / max(box[3] - box[1], 1) < most]
    return ("its letters", median(shaped), LOWER) if shaped else None


def _is_turned(text: TextSeen) -> bool:
    """Whether it is read from below to above, as beside an axis."""
    left, bottom, right, top = text.box
    return "\n" not in text.text and len(text.boxes) > 2 and top - bottom > _TURNED * (right - left)


def _high(box: Box, turned: bool) -> float:
    return box[2] - box[0] if turned else box[3] - box[1]


RULE = Rule(
    "too-small",
    "A text is too small",
    (Severity.ERROR, Severity.WARNING),
    "Whoever sits far back sees a text under a smaller angle than on the speaker's own screen, and reads nothing.",
    f"A capital or digit takes at least {CAPITAL:.0%} of the frame's height, a letter without ascender {LOWER:.1%}, a "
    f"Chinese character {IDEOGRAPH:.1%}; of a formula half of the letters, so that indices may be smaller. Of a text "
    "that the camera shows closer in another step the larger size counts. Of a picture that is higher than "
    f"{HELD:.2f} times its width, as on a phone, the same shares of {HELD:.2f} times its width. Less is an error. What "
    f"is hardly more is small print, beside larger texts: where none of a picture is {LARGEST:.2f} times as large (a "
    f"capital of {LARGEST * CAPITAL:.1%}), nor comes before it rests again, each is a warning.",
    "ISO 9241-303 asks for 16 arc minutes, and prefers 20 to 22 for what is to be read and not beside the matter, as "
    "a footnote is; 2 % of a picture's height are that, seen from 4.3 times its height away. "
    "ANSI/AVIXA V202.01 (DISCAS) measures by the picture's height, too, whatever its aspect. A phone is held 37 cm "
    "away (Boccardo, Journal of Optometry 14 (2), 2021; 36 cm: Bababekova and others, Optometry and Vision Science 88 "
    "(7), 2011), where 16 arc minutes are 1.7 mm: 2.7 % of a picture 65 mm wide.",
    find,
    at_rest=True,
    decided_by=_closest,
)
