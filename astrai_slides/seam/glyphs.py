"""What manim keeps of a text's glyphs, and copies with it, though hardly anyone asks for it."""

import copy
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from manim import VGroup

from astrai_slides.base.identity import ById


class GlyphGroups(MutableMapping[str, Any]):
    """The groups of glyphs that an SVG file names, made when someone asks: a text has three mobjects a glyph in them,
    which nobody looks at, but which are copied whenever a text is.
    """

    def __init__(self, glyphs: list[Any], places: Mapping[str, tuple[int, ...]]) -> None:
        """`places` are those of a group's glyphs in `glyphs`."""
        self._glyphs, self._places = glyphs, places
        self._some: dict[str, Any] = {}
        self._made: dict[str, Any] | None = None

    @classmethod
    def of(cls, groups: Mapping[str, Any]) -> "GlyphGroups":
        """As `groups`."""
        if isinstance(groups, cls):
            return groups
        number: ById[Any, int] = ById()
        places = {
            name: tuple(number.setdefault(glyph, len(number)) for glyph in group.submobjects)
            for name, group in groups.items()
        }
        return cls(list(number), places)

    def _groups(self) -> dict[str, Any]:
        if self._made is None:
            self._made = {name: self[name] for name in self._places}
        return self._made

    def __getitem__(self, name: str) -> Any:
        if self._made is not None:
            return self._made[name]
        if name not in self._some:
            self._some[name] = VGroup(*(self._glyphs[place] for place in self._places[name]))
        return self._some[name]

    def __setitem__(self, name: str, group: Any) -> None:
        self._groups()[name] = group

    def __delitem__(self, name: str) -> None:
        del self._groups()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places if self._made is None else self._made)

    def __len__(self) -> int:
        return len(self._places if self._made is None else self._made)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if self._made is not None:
            return copy.deepcopy(self._made, memo)
        copied = GlyphGroups(copy.deepcopy(self._glyphs, memo), self._places)
        copied._some = copy.deepcopy(self._some, memo)
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        return GlyphGroups, (self._glyphs, self._places)
