"""Two or three things beside each other, each with its name and what there is to say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manim import AnimationGroup, FadeIn, VGroup

from astrai_slides.deck.parts.bullets import Bullets
from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.deck.parts.text import fitted
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme

_MOST = 3


@dataclass(frozen=True, slots=True)
class Side:
    """A thing that is compared: its name, points, and whether it is the one that the talk is for."""

    name: str
    points: tuple[str, ...]
    headline: bool = False


class SideBySide(VGroup):
    """A panel for each of `sides`, from the top of `box`, equally large; one below the other in an upright box.

    Raises DeckError for fewer than two or more than three sides, and for what cannot be read.
    """

    def __init__(self, sides: Sequence[Side], box: Box, theme: Theme) -> None:
        super().__init__()
        if not 1 < len(sides) <= _MOST:
            raise DeckError(f"{len(sides)} sides cannot be compared beside each other; give two or three")
        self.theme = theme
        type_, space, palette = theme.type, theme.space, theme.palette
        pad = 1.5 * space.gap
        upright = box.height > box.width
        columns = (box.rows if upright else box.columns)(len(sides), space.gap if upright else 2 * space.gap)
        rooms = [column.inset(pad, pad).cut_top(type_.lead + 2 * space.gap)[1] for column in columns]
        # all of one size
        cap = min(Bullets(side.points, room, theme).cap for side, room in zip(sides, rooms, strict=True))
        contents = []
        for side, room in zip(sides, rooms, strict=True):
            color = palette.headline if side.headline else palette.ink
            name = fitted(side.name, type_.lead, color, room.width, weight="SEMIBOLD")
            name.at(room.left, room.top + 2 * space.gap)
            contents.append(VGroup(name, Bullets(side.points, room, theme, close=True, largest=cap)))
        height = (
            max(column.top - float(each.get_bottom()[1]) for column, each in zip(columns, contents, strict=True)) + pad
        )
        for side, column, content in zip(sides, columns, contents, strict=True):
            color = palette.headline if side.headline else palette.line
            width = space.strong if side.headline else space.stroke
            panel = rounded(column.above(column.top - height), space.radius, stroke_color=color, stroke_width=width)
            self.add(VGroup(panel, content))

    def come(self, number: int) -> Any:
        """Panel `number`, from 0, comes, its name and points with it."""
        return FadeIn(self[number])

    def appear(self) -> Any:
        """All of them come."""
        return AnimationGroup(*map(FadeIn, self))
