"""Whether the figures of a file agree with each other: one that was edited contradicts those that were not.

A file that says 500 tokens a second, and 1,000 tokens in 10 seconds, is refused: which is wrong nobody can tell.
"""

import math
from dataclasses import dataclass

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.records import REMEDY, Place

TOLERANCE = 0.1
"""By which share of the larger one two figures may differ: tools round, and take a duration from elsewhere."""
ROUNDED = 0.011
"""By which two small figures may differ: many tools write two digits."""


@dataclass(frozen=True, slots=True)
class Total:
    """What a file says under `key`, and what it says under other `keys` makes of it; None where it is not known.

    The others are put together by `sign`, and divided by what is under `over`.
    """

    key: str
    said: float | None
    derived: float | None
    keys: tuple[str, ...]
    sign: str = "+"
    over: str = ""

    @classmethod
    def rate(
        cls, key: str, said: float | None, counted: dict[str, int | None], over: str, seconds: float | None
    ) -> "Total":
        """What was `counted`, each under its key, over the `seconds` that the file holds under `over`."""
        known = [count for count in counted.values() if count is not None]
        derived = sum(known) / seconds if seconds and len(known) == len(counted) else None
        return cls(key, said, derived, tuple(counted), over=over)

    @classmethod
    def product(cls, key: str, said: float | None, factors: dict[str, float | None]) -> "Total":
        """What `factors`, each under its key, give together."""
        known = [factor for factor in factors.values() if factor is not None]
        return cls(key, said, math.prod(known) if len(known) == len(factors) else None, tuple(factors), "x")

    @property
    def names(self) -> str:
        """What the file is held against."""
        together = f" {self.sign} ".join(self.keys)
        return f"{together} / {self.over}" if self.over else together

    @property
    def agrees(self) -> bool:
        """Whether the two are the same, or either is not known."""
        if self.said is None or self.derived is None:
            return True
        apart = abs(self.said - self.derived)
        return apart <= ROUNDED or apart <= TOLERANCE * max(abs(self.said), abs(self.derived))


def agree(place: Place, *totals: Total) -> None:
    """Raise AstraiSlidesError, naming file and key, for the first of `totals` that the file itself contradicts."""
    odd = next((total for total in totals if not total.agrees), None)
    if odd is None:
        return
    within = f"{place.key}." if place.key else ""
    raise AstraiSlidesError(
        f"{place.file}: {within}{odd.key}: is {odd.said:,.6g}, and {odd.names} {odd.derived:,.6g}; the file was edited"
        f" or cut: copy it again, or {REMEDY}"
    )
