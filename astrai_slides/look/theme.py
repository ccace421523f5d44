"""Design tokens: colours, type sizes, spacing, durations.

Tokens only, named by meaning. Lengths are scene units (a frame is 8 units high), durations seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType

from astrai_slides.errors import AstraiSlidesError

FRAME_HEIGHT = 8.0
FRAME_WIDTH = FRAME_HEIGHT * 16 / 9

LEAST_CAPITAL = 0.02
"""Of a picture's height, what a capital takes so that the last row can read it."""

HELD = 4 / 3
"""Times its width: a picture that is higher is held in the hand, as a phone is, and its width says how near."""

SMALLEST_CAP = LEAST_CAPITAL * FRAME_HEIGHT
"""Least cap height of a text, in scene units: 2 % of the height of a 16:9 frame."""

EDGE = 0.04
"""Share of the frame, at every edge, that stays empty."""


def least_capital(aspect: float) -> float:
    """Least share of a picture's height that a capital takes; `aspect` is its width by its height.

    4:3 and 16:9 are projected as high as each other, so it is one share for them. A picture on a phone is as wide as
    the phone: 2.7 % of that, 1.7 mm of 65, is seen under 16 arc minutes at 37 cm.
    """
    return LEAST_CAPITAL * min(1.0, HELD * aspect)


LONGEST_MOTION = 12.0
"""Seconds that a step may move without the speaker's press."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #RRGGBB.

    `neutral`, `primary`, `accent` and `success` say what state something is in: not begun, begun, in the middle of
    it, done. `categories` tell things of one kind apart and never repeat them, and all of them can be told apart
    under deuteranopia, protanopia and tritanopia (tests/look/test_theme.py). `on_fill` is for text and marks on a
    filled box, `bar` and `headline` for bars of a chart.
    """

    background: str
    ink: str
    muted: str
    line: str
    faint: str
    on_fill: str
    neutral: str
    primary: str
    accent: str
    success: str
    categories: tuple[str, ...]
    bar: str
    headline: str

    def named(self) -> dict[str, str]:
        """Every colour by its name, `categories/1` and so on for those of `categories`."""
        colors = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "categories"}
        return colors | {f"categories/{number}": color for number, color in enumerate(self.categories, 1)}

    @property
    def states(self) -> tuple[str, str, str, str]:
        """Colours of states, in their order."""
        return self.neutral, self.primary, self.accent, self.success


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
    """Of a small box with a word in it."""
    stroke: float = 2.5
    strong: float = 5.0
    thin: float = 1.5
    tint: float = 0.07
    """Opacity of a large box's fill."""
    ghost: float = 0.2
    """Opacity of what is only hinted at."""
    dimmed: float = 0.25
    """Times its opacity, of what has to wait while something else goes on."""


@dataclass(frozen=True, slots=True)
class Durations:
    """How long things take."""

    write: float = 2.0
    move: float = 0.7
    quick: float = 0.4
    pause: float = 0.8
    read: float = 1.8
    rest: float = 0.1
    """Still time that ends every step, so that its last frame is the state in which it rests."""
    lag: float = 0.22
    handover: float = 0.8
    """How much of the old goes before the new comes, where both stand in the same place."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a deck looks up instead of writing it down."""

    name: str
    palette: Palette
    type: TypeScale = field(default_factory=TypeScale)
    space: Spacing = field(default_factory=Spacing)
    time: Durations = field(default_factory=Durations)
    font: str = ""
    """Family of texts; the one that comes along if empty."""
    font_files: tuple[Path, ...] = ()
    """Where that family is, if the machine has it not."""
    logo: Path | None = None
    """A picture (SVG, PNG, JPEG) in a corner of every slide."""
    footer: str = ""
    """Words at the foot of every slide."""
    slide_number: bool = False
    """Whether every slide has its number, as large as other small texts, drawn into the picture."""

    @property
    def has_strip(self) -> bool:
        """Whether something stands under every slide."""
        return self.logo is not None or bool(self.footer) or self.slide_number


DARK = Theme(
    "dark",
    Palette(
        background="#0D1117",
        ink="#F0F3F6",
        muted="#A3ADB8",
        line="#6E7A87",
        faint="#2A323C",
        on_fill="#0D1117",
        neutral="#8B949E",
        primary="#58A6FF",
        accent="#F2CC60",
        success="#3BA55D",
        categories=("#FF8B26", "#FF499E", "#9268FF", "#3AE8E2", "#FFFFD3", "#FE3441", "#CFC5AE", "#9BC8FF"),
        bar="#7A8694",
        headline="#56D364",
    ),
)

LIGHT = Theme(
    "light",
    Palette(
        background="#F6F8FA",
        ink="#1F2328",
        muted="#4D5661",
        line="#6E7781",
        faint="#E1E6EB",
        on_fill="#FFFFFF",
        neutral="#536366",
        primary="#174BFF",
        accent="#70660A",
        success="#0D6244",
        categories=("#B30A43", "#117C8D", "#562EC0", "#4C4F09", "#C53481", "#2A2F79", "#253F1C", "#710045"),
        bar="#57606A",
        headline="#1A6B34",
    ),
)

PAPER = replace(
    LIGHT, name="paper", palette=replace(LIGHT.palette, background="#FFFFFF", ink="#000000", faint="#E6E6E6")
)
"""White, for what is printed: no ink is spent on the ground."""

CONTRAST = Theme(
    "contrast",
    Palette(
        background="#000000",
        ink="#FFFFFF",
        muted="#D6DCE2",
        line="#AEB6BF",
        faint="#2E3238",
        on_fill="#000000",
        neutral="#93B1B7",
        primary="#5B9AFF",
        accent="#F3DD89",
        success="#4CB04C",
        categories=("#FDBB27", "#FF77AE", "#A3CAFF", "#35F4DF", "#FFFFC9", "#FE691C", "#9F967C", "#D2CDAA"),
        bar="#A9B4C0",
        headline="#5FE36F",
    ),
)
"""For a bright room and tired eyes: every text has a contrast of 7 at least."""

PRINT_THEME = PAPER.name
"""What documents for paper are drawn in unless a talk says otherwise."""

THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in (DARK, LIGHT, CONTRAST, PAPER)})
"""Themes by the name that a talk file uses."""


def theme_named(name: str) -> Theme:
    """The theme called `name`; raises AstraiSlidesError listing the known ones."""
    try:
        return THEMES[name]
    except KeyError:
        raise AstraiSlidesError(f"there is no theme {name!r}; choose one of: {', '.join(sorted(THEMES))}") from None
