"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in grid steps of a recording, as its texts have them."""


class Severity(StrEnum):
    """How bad a finding is. An error ends a check with exit code 1, a warning only with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Breach:
    """What a rule finds in a step: what it is about, what was measured against which limit, and what to do.

    `seconds` are from the step's begin, None for the state that it rests on. `box` is where it is seen, if it is seen.
    """

    severity: Severity
    what: str
    measured: str
    limit: str
    remedy: str
    seconds: float | None = None
    box: Box | None = None
    text: str = ""
    """The text that it is about, whole, by which its line is looked for; empty if it is about none."""

    @property
    def brief(self) -> str:
        """What is wrong, measured and allowed."""
        return f"{self.what} ({self.measured}; {self.limit})"


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach, the rule that found it, and where: step, file and line (0 where none is known)."""

    rule: str
    step: str
    place: int
    """Of the step in the recording, from 0."""
    breach: Breach
    file: str = ""
    line: int = 0
    shares: tuple[float, float, float, float] | None = None
    """Where it is seen: left, top, right and bottom as shares of the frame, from its upper left corner."""

    @property
    def is_error(self) -> bool:
        """Whether it is an error."""
        return self.breach.severity is Severity.ERROR

    @property
    def sentence(self) -> str:
        """What is wrong, measured and allowed, and what to do."""
        breach = self.breach
        return f"{breach.what}: {breach.measured}; {breach.limit}. {breach.remedy}"


def quoted(text: str, longest: int = 48) -> str:
    """`text` on one line in quotes, cut where it is long."""
    flat = " ".join(text.split())
    return f"“{flat}”" if len(flat) <= longest else f"“{flat[: longest - 1]}…”"
