"""Looking through a recording with every rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from astrai_slides.base.spelling import did_you_mean
from astrai_slides.check.finding import Finding, Severity
from astrai_slides.check.registry import RULES
from astrai_slides.check.seen import DeckSeen, StepSeen
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.model import Recording


@dataclass(frozen=True, slots=True)
class Off:
    """A rule that is off in a step, and why; `where` is where that is written."""

    rule: str
    step: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    scene: str
    recording: Recording
    findings: tuple[Finding, ...]
    off: tuple[tuple[Finding, Off], ...]
    """Findings that were switched off."""
    unneeded: tuple[Off, ...]
    """Switches that nothing was found for."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(each.is_error for each in self.findings)


def check(recording: Recording, source: DeckSource | None = None, off: Sequence[Off] = ()) -> Checked:
    """Look through `recording` with every rule; `source` is the file of its scene, `off` what is switched off."""
    deck = DeckSeen(recording, source)
    found: list[Finding] = []
    before: set[tuple[object, ...]] = set()
    for step in deck.steps:
        here = [finding for rule in RULES for finding in _found(rule, step)]
        now = {_identity(each) for each in here}
        # what stays as it was is told where it comes
        found += [each for each in here if _identity(each) not in before]
        before = now
    pairs = [(each, next((switch for switch in off if _switches(switch, each)), None)) for each in found]
    kept = sorted(
        (each for each, switch in pairs if switch is None), key=lambda each: (each.place, each.fault.severity)
    )
    switched = tuple((each, switch) for each, switch in pairs if switch is not None)
    used = {id(switch) for _, switch in switched}
    unneeded = tuple(switch for switch in off if id(switch) not in used)
    return Checked(recording.scene, recording, tuple(kept), switched, unneeded)


def _found(rule: str, step: StepSeen) -> Iterable[Finding]:
    source = step.deck.source
    for fault in RULES[rule].find(step):
        line = 0
        if source is not None:
            line = source.line_of(fault.text, step.place) if fault.text else 0
            line = line or source.step_line(step.place, step.step.name)
        yield Finding(rule, step.step.name, step.place, fault, source.file if source else "", line)


def _identity(finding: Finding) -> tuple[object, ...]:
    fault = finding.fault
    return finding.rule, fault.severity, fault.what, fault.box, fault.measured


def _switches(off: Off, finding: Finding) -> bool:
    return off.rule == finding.rule and off.step == finding.step


def off_in_source(source: DeckSource, recording: Recording) -> tuple[list[Off], list[str]]:
    """What comments of the deck switch off, and what is wrong with them: sentences that begin with file and line."""
    off: list[Off] = []
    faults: list[str] = []
    for comment in source.off:
        where = f"{source.file}, line {comment.line}"
        fault = fault_of(comment.rule, comment.reason)
        steps = [
            step.name
            for place, step in enumerate(recording.steps)
            if _holds(source.step_lines(place, step.name), comment.line)
        ]
        if not fault and not steps:
            first, last = source.scene_lines
            if not first <= comment.line <= last:
                continue  # of another scene
            fault = "stands in no step; put it beside what the step shows"
        if fault:
            faults.append(f"{where}: # check: off: {fault}")
        off += [Off(comment.rule, name, comment.reason, where) for name in steps]
    return off, faults


def _holds(lines: tuple[int, int], line: int) -> bool:
    return lines[0] <= line < lines[1]


def fault_of(rule: str, reason: str) -> str:
    """What is wrong with switching `rule` off for `reason`; empty if nothing is."""
    if rule not in RULES:
        return f"there is no rule {rule!r}; {did_you_mean(rule, list(RULES))}" if rule else "names no rule"
    return "" if reason else f"says no reason; write # check: off {rule} REASON"


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity among `findings`; None if there are none."""
    severities = {each.fault.severity for each in findings}
    return next((each for each in Severity if each in severities), None)
