"""Where things go: the regions of a slide, as boxes computed from the theme."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from astrai_slides.look.theme import FRAME_HEIGHT, FRAME_WIDTH, SMALLEST_CAP, Theme, least_capital

_PORTRAIT = 9 / 16

FRAMES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "16:9": (FRAME_WIDTH, FRAME_HEIGHT),
        "4:3": (FRAME_HEIGHT * 4 / 3, FRAME_HEIGHT),
        "9:16": (
            SMALLEST_CAP / least_capital(_PORTRAIT) * _PORTRAIT,
            SMALLEST_CAP / least_capital(_PORTRAIT),
        ),
    }
)
"""Width and height of a frame, in scene units, by its aspect.

Each is such that a text of the theme's least size can just be read on it: a theme's sizes hold for all of them.
"""


HEAD_LEADING = 1.7
"""Distance of baselines of a title at the head, in cap heights."""

_WIDE = 1.5


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

    @property
    def is_tall(self) -> bool:
        """Whether it is higher than wide, as a phone is held: what stands side by side elsewhere is stacked."""
        return self.safe.height > self.safe.width

    @property
    def is_wide(self) -> bool:
        """Whether it is as wide as the frame that a theme's lengths are made for."""
        return self.safe.width / self.safe.height > _WIDE

    @property
    def foot_lines(self) -> int:
        """How many lines a foot may have: more are read by nobody."""
        return 3 if self.is_tall else 2


def layout_for(theme: Theme, width: float = FRAME_WIDTH, height: float = FRAME_HEIGHT) -> Layout:
    """The regions of a frame of `width` x `height` in `theme`; 16:9 unless given."""
    space, type_ = theme.space, theme.type
    # the same share of a narrower frame, so that a phone's width is not spent on margins
    margin = space.margin_x * min(width / FRAME_WIDTH, 1.0)
    whole = Box(-width / 2, -height / 2, width / 2, height / 2).inset(margin, space.margin_y)
    strip = replace(whole, top=whole.bottom + (1.5 * type_.small if theme.has_strip else 0.0))
    safe = replace(whole, bottom=strip.top + (space.near if theme.has_strip else 0.0))
    # a title that is too long for a phone's width has two lines, of small letters
    second = HEAD_LEADING * type_.small + type_.small - type_.head if safe.height > safe.width else 0.0
    head, rest = safe.cut_top(type_.head + max(second, 0.0) + space.gap)
    _, rest = rest.cut_top(space.gap)
    # The foot's descenders stay inside the margin, and its line keeps off the body.
    foot = safe.bottom + type_.small / 2
    body = rest.above(foot + type_.small + space.gap)
    return Layout(safe, head.bottom, body, foot, strip)
