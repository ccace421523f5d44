"""Where a line may end within a word: scripts such as Chinese put no spaces between theirs."""

import unicodedata

_WIDE = ("W", "F")
_JOINER = "\u200d"
_OPENING = ("Ps", "Pi")
_CLOSING = ("Pe", "Pf", "Mn", "Mc", "Me")
_NEVER_FIRST = frozenset(
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\uff05\u2026\u2025\u30fb\uff65\u30fc\uff70\u3005\u303b"
    "\u309b\u309c\u309d\u309e\u30fd\u30fe\u2103\u2030"  # marks, and signs that repeat or lengthen
    "\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308e\u3095\u3096"  # small kana
    "\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30ee\u30f5\u30f6"
    ",.:;!?%\"'-/" + _JOINER
)
_NEVER_LAST = frozenset("\uff04\uffe5\uffe1$\u00a5\u00a3\u20ac\"'" + _JOINER)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def pieces(word: str) -> list[str]:
    """Split `word`, which has no spaces, at each place where a line may end within it.

    This is what the Unicode line breaking algorithm (UAX #14) says of wide characters: a line may end before and
    after each, but not before what closes or follows (marks, brackets, small kana), nor after what opens. Words of
    narrow letters stay whole.
    """
    if word.isascii():
        return [word]
    found = []
    start = 0
    for place in range(1, len(word)):
        if _may_end(word[place - 1], word[place]):
            found.append(word[start:place])
            start = place
    return [*found, word[start:]]


def is_wide(character: str) -> bool:
    """Whether `character` takes a whole em, as an ideograph does."""
    return unicodedata.east_asian_width(character) in _WIDE


def _may_end(last: str, first: str) -> bool:
    return (
        (is_wide(last) or is_wide(first))
        and unicodedata.category(last) not in _OPENING
        and unicodedata.category(first) not in _CLOSING
        and last not in _NEVER_LAST
        and first not in _NEVER_FIRST
        and ord(first) not in _SKIN_TONES
    )
