"""Texts that the last row cannot read."""

import re
from collections.abc import Iterator
from statistics import median

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

_GLYPHS_DIFFER = 0.97
_X_HIGH = frozenset("acemnorsuvwxz")
_LETTER_SHAPES = 0.2, 3.0
"""Width by height: others of a formula are fraction bars, roots and brackets."""
_TURNED = 2.0
_FEW = 3
_COMMAND = re.compile(r"\\[A-Za-z]+")


def find(step: StepSeen) -> Iterator[Breach]:
    """Every text whose letters are too low."""
    for text in step.texts:
        high = _height(text)
        if high is None:
            continue
        kind, height, limit = high
        share, view = height / step.deck.closest(text.run), step.rest.view
        limit *= least_capital(view.width / view.height) / LEAST_CAPITAL
        if share < limit * _GLYPHS_DIFFER:
            yield Breach(
                Severity.ERROR,
                f"{quoted(text.text)} is too small",
                f"{kind} are {share:.1%} of the frame's height",
                f"at least {limit:.1%}",
                f"Make it {limit / share:.1f} times as large, or leave it out.",
                box=text.box,
                text=text.text,
            )


def _closest(step: StepSeen) -> list[int]:
    runs = [*step.step.texts, *(run for rest in step.step.rests for run in rest.texts)]
    return [step.deck.closest(run) for run in runs]


def _height(text: TextSeen) -> tuple[str, float, float] | None:
    """What of `text` was measured, how high it is in grid steps, and the least share that it should take."""
    letters = text.letters
    turned = _is_turned(text)
    if letters is not None and not text.is_formula:
        for kind, belongs, limit in (
            ("capitals and digits", lambda each: (each.isascii() and each.isupper()) or each.isdigit(), CAPITAL),
            ("lower-case letters", lambda each: each in _X_HIGH, LOWER),
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
    (Severity.ERROR,),
    "Whoever sits far back sees a text under a smaller angle than on the speaker's own screen, and reads nothing.",
    f"A capital or digit takes at least {CAPITAL:.0%} of the frame's height, a letter without ascender {LOWER:.1%}, a "
    f"Chinese character {IDEOGRAPH:.1%}; of a formula half of the letters, so that indices may be smaller. Of a text "
    "that the camera shows closer in another step the larger size counts. Of a picture that is higher than "
    f"{HELD:.2f} times its width, as on a phone, the same shares of {HELD:.2f} times its width.",
    "ISO 9241-303 asks for 16 arc minutes; 2 % of a picture's height are that, seen from 4.3 times its height away. "
    "ANSI/AVIXA V202.01 (DISCAS) measures by the picture's height, too, whatever its aspect. A phone is held 37 cm "
    "away (Boccardo, Journal of Optometry 14 (2), 2021; 36 cm: Bababekova and others, Optometry and Vision Science 88 "
    "(7), 2011), where 16 arc minutes are 1.7 mm: 2.7 % of a picture 65 mm wide.",
    find,
    at_rest=True,
    decided_by=_closest,
)
