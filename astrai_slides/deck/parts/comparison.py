"""What a chart of bars shows, as plain data."""

from dataclasses import dataclass
from typing import Literal

from astrai_slides.look.line_breaks import is_wide


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its height, and what has to hold for it to be true.

    `baseline` marks what the others are measured against, `headline` the figure that the talk claims.
    """

    label: str
    value: float
    assumes: str = ""
    headline: bool = False
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Bars to show side by side, in `unit`, and a caption that says whether they are computed or measured.

    `details` are what else there is to say, for the notes: a slide has room for a line that is read.
    `ratio`: values are multiples of the baseline, and not amounts such as tokens a second.
    """

    kind: Literal["computed", "measured"]
    bars: tuple[Bar, ...]
    caption: str
    unit: str
    ratio: bool = False
    details: str = ""

    @property
    def whole_caption(self) -> str:
        """Caption and details; in Chinese no space stands between sentences."""
        apart = "" if is_wide(self.caption[-1:] or " ") else " "
        return f"{self.caption}{apart}{self.details}".rstrip()
