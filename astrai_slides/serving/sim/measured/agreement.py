"""Whether the figures of a file agree with each other: one that was edited contradicts those that were not.

A file that says 500 tokens a second, and 1,000 tokens in 10 seconds, is refused: which is wrong nobody can tell.
"""

from dataclasses import dataclass

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.records import REMEDY, Place

TOLERANCE = 0.1
"""By which share of the larger one two figures may differ: tools round, and take a duration from elsewhere."""
ROUNDED = 0.011
"""By which two small figures may differ: many tools write two digits."""


@dataclass(frozen=True, slots=True)
class Total:
    """What a file says under `key`, and what its other figures, called `others`, make of it; None where not known."""

    key: str
    said: float | None
    others: str
    derived: float | None

    @classmethod
    def rate(cls, key: str, said: float | None, counted: str, count: float | None, seconds: float | None) -> "Total":
        """A rate, which is what was `counted` over the file's duration."""
        known = count is not None and seconds
        return cls(key, said, f"{counted} / duration", (count or 0) / (seconds or 1) if known else None)

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
        f"{place.file}: {within}{odd.key}: is {odd.said:,.6g}, and {odd.others} {odd.derived:,.6g}; the file was edited"
        f" or cut: copy it again, or {REMEDY}"
    )
