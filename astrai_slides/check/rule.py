"""What a rule is."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.seen import StepSeen


@dataclass(frozen=True, slots=True)
class Rule:
    """A thing that is looked for in every step.

    `severities` are those that its findings may have, the worst first. `why`, `limit` and `source` are sentences, of
    which docs/check.md is made. `at_rest`: what it finds is seen while a step stands, at its end or before.
    `decided_by` returns what of the deck decides what it finds, by its `repr`, besides the step and the one before it;
    None where nothing else does.
    """

    name: str
    title: str
    severities: tuple[Severity, ...]
    why: str
    limit: str
    source: str
    find: Callable[[StepSeen], Iterable[Breach]]
    at_rest: bool = False
    decided_by: Callable[[StepSeen], object] | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", self.name):
            raise ValueError(f"{self.name!r} is no name of a rule; write words with hyphens between")
