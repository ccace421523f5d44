"""Characters of a deck's texts that come out as boxes, or as nothing: they are said, or for a deck of ours refused."""

import unicodedata
from typing import Any

from manim import Text

from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.seam.colour_glyphs import colour_glyph
from astrai_slides.seam.texts import shown_text, text_font
from astrai_slides.seam.unknown_glyphs import undrawn

_MOST_NAMED = 5
"""Characters of one text that are named each."""

_LONGEST = 40
"""Characters of a text that are quoted."""


_EMOJI = "\U0001f000", "\U0001faff"
"""The first and last of the blocks that most emoji are in."""

_COLOUR_FONT = ", for emoji Noto Color Emoji (fonts-noto-color-emoji of apt, font-noto-color-emoji of brew)"


class MissingGlyphError(ValueError):
    """A text would come out with boxes or gaps."""


class GlyphCheck:
    """Looks at each text that is made; `strict` refuses one that cannot be drawn as it was written."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._said: dict[str, bool] = {}
        """Sentences, and whether each holds only where pictures in texts are not painted."""

    def warnings(self, *, painted: bool) -> list[BuildWarning]:
        """What there is to say, each once, in order; `painted`: by a camera that knows no pictures in texts."""
        return [
            BuildWarning(Kind.GLYPH, said) for said, only_painted in self._said.items() if painted or not only_painted
        ]

    def made(self, text: Any) -> None:
        """Look at a new text. Raises MissingGlyphError where that was asked for."""
        words = shown_text(text) or ""
        if words.isascii():
            return
        font = text_font(text)
        unknown, coloured = undrawn(words, font)
        if coloured and any(colour_glyph(glyph) for glyph in text.get_family()):
            for sentence in _sentences(words, font, set(), coloured, by_lines=False):
                self._said.setdefault(sentence, True)
            coloured = set()
        for sentence in _sentences(words, font, unknown, coloured, by_lines=isinstance(text, Text)):
            if self._strict:
                raise MissingGlyphError(sentence)
            self._said[sentence] = False


def _sentences(words: str, font: str, unknown: set[str], coloured: set[str], *, by_lines: bool) -> list[str]:
    quoted = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    where = f"text {quoted!r}" + (f" in {font!r}" if font else "")
    said = []
    if unknown:
        said.append(
            f"{where}: no font here has {_named(words, unknown)}, so boxes are drawn; install a font that has it"
            + (_COLOUR_FONT if any(_EMOJI[0] <= character <= _EMOJI[1] for character in unknown) else "")
        )
    if coloured:
        said.append(
            f"{where}: only a colour font has {_named(words, coloured)}, which is left out, as manim draws outlines; "
            "show it by ImageMobject or SVGMobject, or install a font that has outlines for it"
        )
    lost = [line for line in words.splitlines() if _from_the_right(line)] if by_lines else []
    if lost:
        said.append(
            f"{where}: manim loses or misplaces a line that begins from right to left, as {lost[0]!r} does; "
            "put the character U+200E (left-to-right mark) in front of it"
        )
    return said


def _from_the_right(line: str) -> bool:
    """Whether the first character of `line` that has a direction has that one."""
    kinds = map(unicodedata.bidirectional, line)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


def _named(words: str, characters: set[str]) -> str:
    """The `characters`, in the order of `words`."""
    ordered = [character for character in dict.fromkeys(words) if character in characters]
    named = [
        f"{character!r} (U+{ord(character):04X} {unicodedata.name(character, 'without a name')})"
        for character in ordered[:_MOST_NAMED]
    ]
    more = len(ordered) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
