"""How much room texts take, about, before they are set."""

import unicodedata


def wide(text: str) -> int:
    """Characters of `text`, those of East Asia twice, which take twice as much room."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shortened(text: str, most: int) -> str:
    """`text`, or as much of it as is no wider than `most` with the ellipsis that follows."""
    if wide(text) <= most:
        return text
    room = 0
    for at, character in enumerate(text):
        room += wide(character)
        if room > most - 1:
            return f"{text[:at].rstrip()}…"
    return text
