"""Design tokens: colours, type sizes, spacing, durations.

Tokens only, named by meaning. Lengths are scene units (a frame is 8 units high), durations seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from astrai_slides.errors import AstraiSlidesError

FRAME_HEIGHT = 8.0
FRAME_WIDTH = FRAME_HEIGHT * 16 / 9

SMALLEST_CAP = 0.02 * FRAME_HEIGHT
"""Least cap height of a text: 2 % of the frame's height, readable from the last row."""

EDGE = 0.04
"""Share of the frame, at every edge, that stays empty."""

LONGEST_MOTION = 12.0
"""Seconds that a step may move without the speaker's press."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #RRGGBB.

    `waiting`, `prefill`, `decode` and `finished` belong to the stages; `requests` never repeat them, and all of them
    can be told apart under deuteranopia, protanopia and tritanopia (tests/test_theme.py). `on_fill` is for text and
    marks on a filled request or bar, `end` for the cap that closes an answer.
    """

    background: str
    surface: str
    ink: str
    muted: str
    line: str
    faint: str
    on_fill: str
    end: str
    waiting: str
    prefill: str
    decode: str
    finished: str
    requests: tuple[str, ...]
    bar: str
    headline: str

    @property
    def stages(self) -> tuple[str, str, str, str]:
        """Stage colours in the order of the pipeline."""
        return self.waiting, self.prefill, self.decode, self.finished


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Cap heights."""

    cover: float = 0.62
    head: float = 0.30
    figure: float = 0.40
    lead: float = 0.235
    body: float = 0.20
    small: float = 0.17
    leading: float = 2.1
    """Distance of baselines, in cap heights."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances, radii and stroke widths (manim's units: 1/100 scene unit)."""

    margin_x: float = 0.66
    margin_y: float = 0.44
    gap: float = 0.28
    near: float = 0.14
    hair: float = 0.07
    pad: float = 0.14
    radius: float = 0.14
    pill_width: float = 0.54
    pill_height: float = 0.33
    stroke: float = 2.5
    strong: float = 5.0
    thin: float = 1.5
    stage_fill: float = 0.07
    ghost: float = 0.2
    tray_share: float = 0.62
    """Of the height under the rule, what the queue takes while it is seen close."""


@dataclass(frozen=True, slots=True)
class Durations:
    """How long things take."""

    write: float = 2.0
    move: float = 0.7
    quick: float = 0.4
    phase: float = 1.6
    pause: float = 0.8
    read: float = 1.8
    sweep: float = 8.0
    """How long a measured run plays."""
    rest: float = 0.1
    """Still time that ends every step, so that its last frame is the state in which it rests."""
    lag: float = 0.22
    handover: float = 0.8
    """How much of the old goes before the new comes, where both stand in the same place."""
    fastest_turn: float = 0.3
    """A beat of the flow is not shorter; what would be faster shows several turns a beat."""
    slowest_turn: float = 1.15
    slack: float = 0.4
    """Kept free in a step that is filled with turns, because moves last whole frames."""

    def turn(self, turns: int, moves: int) -> float:
        """What a turn may take so that `turns` of them fit into a step, besides `moves` moves, as many quick."""
        room = LONGEST_MOTION - moves * (self.move + self.quick) - self.rest - self.slack
        return min(room / turns, self.slowest_turn)


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a deck looks up instead of writing it down."""

    name: str
    palette: Palette
    type: TypeScale = field(default_factory=TypeScale)
    space: Spacing = field(default_factory=Spacing)
    time: Durations = field(default_factory=Durations)

    def request_color(self, index: int) -> str:
        """Colour of the `index`-th request (from 0) of a workload."""
        return self.palette.requests[index % len(self.palette.requests)]


DARK = Theme(
    "dark",
    Palette(
        background="#0D1117",
        surface="#161B22",
        ink="#F0F3F6",
        muted="#A3ADB8",
        line="#6E7A87",
        faint="#2A323C",
        on_fill="#0D1117",
        end="#F0F3F6",
        waiting="#8B949E",
        prefill="#58A6FF",
        decode="#F2CC60",
        finished="#3BA55D",
        requests=("#FF8B26", "#FF499E", "#9268FF", "#3AE8E2", "#FFFFD3", "#FE3441", "#CFC5AE", "#9BC8FF"),
        bar="#7A8694",
        headline="#56D364",
    ),
)

THEMES: Mapping[str, Theme] = MappingProxyType({DARK.name: DARK})
"""Themes by the name that a talk file uses."""


def theme_named(name: str) -> Theme:
    """The theme called `name`; raises AstraiSlidesError listing the known ones."""
    try:
        return THEMES[name]
    except KeyError:
        raise AstraiSlidesError(f"there is no theme {name!r}; choose one of: {', '.join(sorted(THEMES))}") from None
