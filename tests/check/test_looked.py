"""What was found in a step is known again where nothing that decides it is another, and only there."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from astrai_slides.check import seen as seen_steps
from astrai_slides.check.checker import Checked, check
from astrai_slides.check.looked import Looks
from astrai_slides.check.registry import RULES
from astrai_slides.check.seen import DeckSeen
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.model import Recording, Step

pytestmark = pytest.mark.long

SOURCE = Path(__file__).with_name("cases_deck.py").read_bytes()
OURS = b"from astrai_slides.deck.base import Deck\n"


def known(recording: Recording, source: DeckSource, kept: dict[str, Any]) -> tuple[Checked, int]:
    """What is told by `kept`, and how many steps were looked through for it."""
    now = json.loads(json.dumps(kept))  # as it is kept in a file
    checked = check(recording, source, kept=now)
    looked = sum("end" in now[each] for each in now.keys() - kept.keys())
    kept.update(now)
    return checked, looked


def seen(step: Step, share: float) -> Step:
    """The step at the end of which the camera shows that share of the picture's width and height."""
    view = step.end.view
    shown = replace(view, width=round(view.width * share), height=round(view.height * share))
    return replace(step, name="seen otherwise", end=replace(step.end, view=shown))


def test_what_is_known_of_steps_is_let_go_and_the_same_is_found(
    cases: Recording, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    most: list[int] = []
    let_go = DeckSeen.let_go

    def noted(deck: DeckSeen) -> None:
        let_go(deck)
        most.append(len(deck._numbers))

    monkeypatch.setattr(DeckSeen, "let_go", noted)
    assert check(cases, DeckSource(checked.findings[0].file, "Cases", SOURCE)) == checked
    whole = max(most)
    monkeypatch.setattr(seen_steps, "_MOST_OPS", whole // 10)
    most.clear()
    assert check(cases, DeckSource(checked.findings[0].file, "Cases", SOURCE)) == checked
    assert len(most) == len(cases.steps)
    assert max(most) <= whole // 10


def test_a_step_is_looked_through_once_and_after_what_decides_it_changed(cases: Recording, checked: Checked) -> None:
    source = DeckSource(checked.findings[0].file, "Cases", SOURCE)
    kept: dict[str, Any] = {}
    steps = cases.steps
    assert known(cases, source, kept) == (checked, len(steps))
    assert known(cases, source, kept) == (checked, 0)
    moved = replace(source, content=b"# a comment\n" + source.content)
    assert known(cases, moved, kept) == (check(cases, moved), 0)
    named = {step.title: step for step in steps}
    unsaid = tuple(replace(named["1"], name=name, title="") for name in "12")
    others = {
        "a step less": (replace(cases, steps=steps[1:]), source),
        "another name": (replace(cases, steps=(replace(steps[0], name="renamed"), *steps[1:])), source),
        # a text is large enough where the camera shows it closer elsewhere, and zoomed in where it shows more elsewhere
        "closer": (replace(cases, steps=(*steps, seen(named["tiny"], 0.5))), source),
        "from afar": (replace(cases, steps=(*steps, seen(named["off_right"], 2))), source),
        # what every step lacks is told at the first
        "one says something": (replace(cases, steps=(named["a_title_and_notes"], *unsaid)), source),
        "nothing is said": (replace(cases, steps=(replace(unsaid[0], name="0"), *unsaid)), source),
        "no warnings": (replace(cases, warnings=()), source),
        "faster": (replace(cases, fps=cases.fps * 2), source),
        "numbers are typed": (cases, replace(source, content=OURS + source.content)),
        "another end": (replace(cases, steps=(*steps[:5], replace(steps[5], end=steps[4].end), *steps[6:])), source),
    }
    for name, (recording, file) in others.items():
        told, count = known(recording, file, kept)
        assert told == check(recording, file), name
        assert count > 0, name
        assert known(recording, file, kept) == (told, 0), name


def test_rules_that_name_nothing_of_the_deck_look_at_nothing_else_of_it(cases: Recording) -> None:
    """What they find is kept by the step and the one before it alone."""
    rules = [name for name, rule in RULES.items() if rule.decided_by is None]
    whole = DeckSeen(cases, DeckSource("cases_deck.py", "Cases", SOURCE))
    looks = Looks(whole, rules)
    found = set()
    for place, step in enumerate(whole.steps):
        first = max(place - 1, 0)
        alone = DeckSeen(replace(cases, steps=cases.steps[first : place + 1], warnings=(), palette=()), None)
        other = Looks(alone, rules).of(alone.steps[place - first])
        here = looks.of(step)
        assert [each.breach for each in other.end] == [each.breach for each in here.end], step.step.name
        assert [[each.breach for each in rest] for rest in other.rests] == [
            [each.breach for each in rest] for rest in here.rests
        ], step.step.name
        found |= {each.rule for each in (*here.end, *(each for rest in here.rests for each in rest))}
    assert found == set(rules), "each of them finds something"
