"""What the rules find in a step, which is known again as long as what decides it stays as it was.

Findings have neither file nor line, which an edit of the deck moves though the step stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from astrai_slides.base import cache
from astrai_slides.check.alone import FoundAlone, decided_by, look_key
from astrai_slides.check.finding import Breach, Finding, Severity
from astrai_slides.check.registry import RULES
from astrai_slides.check.seen import DeckSeen, StepSeen
from astrai_slides.recording.format.container import step_identities
from astrai_slides.recording.format.model import View


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a step: at its end, and at each of its rests before that what is not found before or there."""

    end: tuple[Finding, ...]
    rests: tuple[tuple[Finding, ...], ...]


class Looks:
    """Looks through the steps of a deck with `rules`, or knows from `kept` what they would find.

    `kept` is plain data, which is to be what `used` is when all steps were looked through.
    """

    def __init__(
        self,
        deck: DeckSeen,
        rules: Sequence[str],
        kept: Mapping[str, Any] | None = None,
        early: Mapping[str, FoundAlone] | None = None,
    ) -> None:
        """`early` is what was found in steps while they were recorded, by its `look_key`."""
        self._rules = tuple(rules)
        self._kept = kept
        self.used: dict[str, Any] = {}
        """By what decides it what was found."""
        self._decides: dict[int, str] = {}
        self._decided: dict[tuple[int, str], str] = {}
        self._identities = step_identities(deck.recording) if kept is not None or early else []
        self._early: dict[int, FoundAlone] = {}
        for place in range(len(self._identities)):
            self._learn_early(deck, place, early or {})
        for place, identity in enumerate(self._identities if kept is not None else []):
            self._learn_views(deck, place, identity)

    def knows(self, step: StepSeen) -> bool:
        """Whether what is found in `step` was kept, or most of it was found early."""
        return step.place in self._early or (self._kept is not None and self._decided_by(step) in self._kept)

    def of(self, step: StepSeen, look: Callable[[StepSeen], Looked] | None = None) -> Looked:
        """Return what is found in `step`, by `look` or by its own where it is not known."""
        look = look or self.look
        if self._kept is None:
            return look(step)
        decides = self._decided_by(step)
        try:
            looked = _of_plain(self._kept[decides], step)
        except (KeyError, TypeError, ValueError):
            looked = look(step)
        self.used[decides] = _plain(looked)
        return looked

    def look(self, step: StepSeen) -> Looked:
        """Look through `step`."""
        end = tuple(finding for rule in self._rules for finding in self._found(rule, step))
        told = set(map(about, end))
        rests = []
        for rest in step.earlier_rests:
            passing = tuple(
                finding
                for rule in self._rules
                if RULES[rule].at_rest
                for finding in self._found(rule, rest)
                if about(finding) not in told and rest.stands(finding.breach.box)
            )
            told.update(map(about, passing))
            rests.append(passing)
        step.deck.let_go()
        return Looked(end, tuple(rests))

    def _found(self, rule: str, step: StepSeen) -> Iterator[Finding]:
        breaches = self._found_early(rule, step)
        for each in RULES[rule].find(step) if breaches is None else breaches:
            breach = each if step.within is None else replace(each, seconds=step.seconds)
            yield Finding(rule, step.step.name, step.place, breach, shares=_shares(step, breach))

    def _found_early(self, rule: str, step: StepSeen) -> Iterable[Breach] | None:
        """What `rule` found while the deck was recorded; None where that is not known, or may be another by now."""
        early = self._early.get(step.place)
        if early is None:
            return None
        decided, breaches = early.found.get((rule, step.within.at if step.within else None), ("", None))
        return breaches if decided == self._deck_decides(rule, step) else None

    def _deck_decides(self, rule: str, step: StepSeen) -> str:
        """What of the deck decides what `rule` finds in `step`."""
        known = self._decided.get((step.place, rule))
        if known is None:
            known = self._decided[step.place, rule] = decided_by(rule, step.deck.steps[step.place])
        return known

    def _around(self, place: int) -> list[str]:
        """Identities of the step before number `place`, if there is one, and of that."""
        return self._identities[max(place - 1, 0) : place + 1]

    def _decided_by(self, step: StepSeen) -> str:
        """All that decides what is found: the step, the one before it, and what rules say of the rest of the deck."""
        if step.place in self._decides:
            return self._decides[step.place]
        recording, place = step.deck.recording, step.place
        here = self._around(place)
        picture = recording.fps, recording.width, recording.height, recording.background
        others = [(rule, self._deck_decides(rule, step)) for rule in self._rules if RULES[rule].decided_by]
        self._decides[place] = cache.key("looked", repr((self._rules, here, place == 0, picture, others)))
        return self._decides[place]

    def _learn_early(self, deck: DeckSeen, place: int, early: Mapping[str, FoundAlone]) -> None:
        """Know what was found in a step early, and what it shows where it rests."""
        key = look_key(self._around(place), deck.recording, first=place == 0)
        if key in early:
            self._early[place] = early[key]
            deck.know_views(place, early[key].views)
        self.used[key] = []  # a step that is the same the next time need not be looked through early

    def _learn_views(self, deck: DeckSeen, place: int, identity: str) -> None:
        """Know what a step shows where it rests, for which its frames would have to be decoded."""
        kept, decides = self._kept or {}, cache.key("views", identity)
        try:
            views = [View(*map(int, view)) for view in kept[decides]]
            if len(views) == 1 + len(deck.recording.steps[place].rests):
                deck.know_views(place, views)
        except (KeyError, TypeError, ValueError):
            pass
        self.used[decides] = [(view.x, view.y, view.width, view.height) for view in deck.views(place)]


def about(finding: Finding) -> tuple[str, str]:
    """What a finding is about, wherever it is seen."""
    return finding.rule, finding.breach.what


def finding_of_plain(content: Mapping[str, Any]) -> Finding:
    """The finding of which `asdict` made `content`; raises KeyError, TypeError or ValueError for anything else."""
    breach = content["breach"]
    box = tuple(breach["box"]) if breach["box"] else None
    shares = tuple(content["shares"]) if content["shares"] else None
    whole = Breach(**{**breach, "severity": Severity(breach["severity"]), "box": box})
    return Finding(**{**content, "breach": whole, "shares": shares})


def _plain(looked: Looked) -> dict[str, Any]:
    return {"end": list(map(asdict, looked.end)), "rests": [list(map(asdict, each)) for each in looked.rests]}


def _of_plain(content: Mapping[str, Any], step: StepSeen) -> Looked:
    def here(findings: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
        # the same step may be called otherwise by now, or come later
        return tuple(replace(finding_of_plain(each), step=step.step.name, place=step.place) for each in findings)

    return Looked(here(content["end"]), tuple(map(here, content["rests"])))


def _shares(step: StepSeen, breach: Breach) -> tuple[float, float, float, float] | None:
    if breach.box is None:
        return None
    view, (left, bottom, right, top) = step.rest.view, breach.box
    across = [(side - view.x) / view.width + 0.5 for side in (left, right)]
    down = [0.5 - (side - view.y) / view.height for side in (top, bottom)]
    return round(across[0], 4), round(down[0], 4), round(across[1], 4), round(down[1], 4)
