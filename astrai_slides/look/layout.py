"""Where things go: the regions of a slide, as boxes computed from the theme."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from astrai_slides.look.theme import FRAME_HEIGHT, FRAME_WIDTH, Theme

FRAMES: Mapping[str, tuple[float, float]] = MappingProxyType({"16:9": (FRAME_WIDTH, FRAME_HEIGHT), "4:3": (12.8, 9.6)})
"""Width and height of a frame, in scene units, by its aspect: of about one area, so that texts are as large on it."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in scene units."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.top - self.bottom

    @property
    def center(self) -> tuple[float, float, float]:
        """The middle, as manim's points are."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0

    def inset(self, x: float, y: float) -> "Box":
        """Smaller by `x` on the left and right, by `y` at the bottom and top."""
        return Box(self.left + x, self.bottom + y, self.right - x, self.top - y)

    def cut_left(self, width: float) -> tuple["Box", "Box"]:
        """Split into a left part of `width` and the rest."""
        return replace(self, right=self.left + width), replace(self, left=self.left + width)

    def cut_top(self, height: float) -> tuple["Box", "Box"]:
        """Split into a top part of `height` and the rest."""
        return replace(self, bottom=self.top - height), replace(self, top=self.top - height)

    def above(self, height: float) -> "Box":
        """The part above `height`."""
        return replace(self, bottom=height)

    def columns(self, count: int, gap: float) -> list["Box"]:
        """`count` boxes of equal width side by side, `gap` apart."""
        width = (self.width - gap * (count - 1)) / count
        lefts = [self.left + index * (width + gap) for index in range(count)]
        return [replace(self, left=left, right=left + width) for left in lefts]

    def rows(self, count: int, gap: float) -> list["Box"]:
        """`count` boxes of equal height, from the top down, `gap` apart."""
        height = (self.height - gap * (count - 1)) / count
        tops = [self.top - index * (height + gap) for index in range(count)]
        return [replace(self, top=top, bottom=top - height) for top in tops]


@dataclass(frozen=True, slots=True)
class Layout:
    """Regions of every slide: the head over a rule, the body under it, the foot.

    `rule` and `foot` are heights: of the line under the head, of the foot's last baseline. `strip` is for what a theme
    puts under every slide; without height if that is nothing.
    """

    safe: Box
    rule: float
    body: Box
    foot: float
    strip: Box


def layout_for(theme: Theme, width: float = FRAME_WIDTH, height: float = FRAME_HEIGHT) -> Layout:
    """The regions of a frame of `width` x `height` in `theme`; 16:9 unless given."""
    space, type_ = theme.space, theme.type
    whole = Box(-width / 2, -height / 2, width / 2, height / 2).inset(space.margin_x, space.margin_y)
    strip = replace(whole, top=whole.bottom + (1.5 * type_.small if theme.has_strip else 0.0))
    safe = replace(whole, bottom=strip.top + (space.near if theme.has_strip else 0.0))
    head, rest = safe.cut_top(type_.head + space.gap)
    _, rest = rest.cut_top(space.gap)
    # The foot's descenders stay inside the margin, and its line keeps off the body.
    foot = safe.bottom + type_.small / 2
    body = rest.above(foot + type_.small + space.gap)
    return Layout(safe, head.bottom, body, foot, strip)
