"""Looking through a recording with every rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from astrai_slides.base.spelling import did_you_mean
from astrai_slides.check.alone import FoundAlone
from astrai_slides.check.finding import Finding
from astrai_slides.check.looked import Looks, about, finding_of_plain
from astrai_slides.check.looking_ahead import looking_ahead
from astrai_slides.check.registry import RULES
from astrai_slides.check.seen import DeckSeen
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
class UnseenRests:
    """A step with too many texts, by name and place: of its `rests` before its end `unknown` were not looked at."""

    step: str
    place: int
    rests: int
    unknown: int

    @property
    def sentence(self) -> str:
        """What a reader is told, in a sentence."""
        return (
            f"{self.unknown} of the {self.rests} moments at which its picture stands before its end were not looked "
            "at: it has too many texts. Divide it into steps to have all of it checked."
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    scene: str
    steps: tuple[tuple[str, str], ...]
    """Name and title of each."""
    findings: tuple[Finding, ...]
    off: tuple[tuple[Finding, Off], ...]
    """Findings that were switched off."""
    unneeded: tuple[Off, ...]
    """Switches that nothing was found for."""
    unseen: tuple[UnseenRests, ...] = ()
    """Steps of which not all was looked at."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(each.is_error for each in self.findings)


def check(
    recording: Recording,
    source: DeckSource | None = None,
    off: Sequence[Off] = (),
    rules: Iterable[str] = tuple(RULES),
    kept: dict[str, Any] | None = None,
    workers: int = 1,
    early: Mapping[str, FoundAlone] | None = None,
) -> Checked:
    """Look through `recording` with `rules`; `source` is the file of its scene, `off` what is switched off.

    What is found in each step is put into `kept`, plain data, and known from there; what is of no use is left out.
    Some steps are looked through by other processes if there are `workers`; what they find is the same. `early` is what
    was found while the deck was recorded: see `EarlyLooks`.
    """
    deck = DeckSeen(recording, source)
    looks = Looks(deck, tuple(rules), kept, early)
    found: list[Finding] = []
    before: tuple[Finding, ...] = ()
    unknown = [step for step in deck.steps if not looks.knows(step)]
    with looking_ahead(unknown, looks.look, workers) as look:
        for step in deck.steps:
            looked = looks.of(step, look)
            here = looked.end
            # what stays on the picture as it was is told where it comes
            known = set(map(_identity, before))
            found += [each for each in here if not _rests(each) or _identity(each) not in known]
            told = set(map(about, before))
            found += [each for rest in looked.rests for each in rest if about(each) not in told]
            before = here
    if kept is not None:
        kept.clear()
        kept.update(looks.used)
    if source is not None:
        found = [_with_line(each, source) for each in found]
    pairs = [(each, next((switch for switch in off if _switches(switch, each)), None)) for each in found]
    told_of = sorted(
        (each for each, switch in pairs if switch is None), key=lambda each: (each.place, each.breach.severity)
    )
    switched = tuple((each, switch) for each, switch in pairs if switch is not None)
    used = {id(switch) for _, switch in switched}
    unneeded = tuple(switch for switch in off if id(switch) not in used)
    steps = tuple((step.name, step.title) for step in recording.steps)
    unseen = tuple(
        UnseenRests(step.step.name, step.place, len(step.step.rests), step.unknown_rests)
        for step in deck.steps
        if step.unknown_rests
    )
    return Checked(recording.scene, steps, tuple(told_of), switched, unneeded, unseen)


def _with_line(finding: Finding, source: DeckSource) -> Finding:
    text = finding.breach.text
    line = source.line_of(text, finding.place) if text else 0
    return replace(finding, file=source.file, line=line or source.step_line(finding.place, finding.step))


def _identity(finding: Finding) -> tuple[object, ...]:
    breach = finding.breach
    return finding.rule, breach.severity, breach.what, breach.box, breach.measured


def _rests(finding: Finding) -> bool:
    """Whether it is about something that is seen at rest."""
    return finding.breach.box is not None and finding.breach.seconds is None


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


def plain(checked: Checked) -> dict[str, Any]:
    """What `of_plain` makes `checked` of, as JSON has it."""
    return asdict(checked)


def of_plain(content: dict[str, Any]) -> Checked:
    """What `plain` was given; raises KeyError, TypeError or ValueError for anything else."""
    return Checked(
        str(content["scene"]),
        tuple((str(name), str(title)) for name, title in content["steps"]),
        tuple(map(finding_of_plain, content["findings"])),
        tuple((finding_of_plain(each), Off(**switch)) for each, switch in content["off"]),
        tuple(Off(**each) for each in content["unneeded"]),
        tuple(UnseenRests(**each) for each in content["unseen"]),
    )
