"""Texts of scripts that run from right to left, alone or among others, as they stand on a line (UAX #9)."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from bidi import algorithm

_RIGHT_TO_LEFT = ("R", "AL")
_TURNING = (*_RIGHT_TO_LEFT, "AN", "RLE", "RLO", "RLI")


def runs_right_to_left(text: str) -> bool:
    """Whether the first strong character of `text` is of a script written from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def levels(text: str, *, right_to_left: bool) -> list[int]:
    """Return the level of each character of a line in a paragraph that runs as `right_to_left` says.

    Characters of an odd level run from right to left; a higher level stands within a lower one.
    """
    base = int(right_to_left)
    if not right_to_left and not any(unicodedata.bidirectional(each) in _TURNING for each in text):
        return [base] * len(text)
    storage: dict[str, Any] = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    for place, character in enumerate(storage["chars"]):
        character["place"] = place
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    known = {character["place"]: character["level"] for character in storage["chars"]}
    found: list[int] = []
    for place in range(len(text)):
        # what only controls or joins, which the algorithm takes out, goes with what is before it
        found.append(known.get(place, found[-1] if found else base))
    for place in reversed(range(len(text))):
        if not text[place].isspace():
            break
        found[place] = base
    return found


def seen_order(levels: Sequence[int]) -> list[int]:
    """Return the indices of what has these levels as it stands from left to right (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            stop = start
            while stop < len(order) and levels[order[stop]] >= level:
                stop += 1
            order[start:stop] = reversed(order[start:stop])
            start = max(stop, start + 1)
    return order


def as_seen(text: str) -> str:
    """Return the characters of a line as they stand from left to right, none mirrored."""
    return "".join(text[place] for place in seen_order(levels(text, right_to_left=runs_right_to_left(text))))
