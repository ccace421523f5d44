"""What is found in steps while they are recorded is what is found in them later."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from astrai_slides.base.forks import FORKS, Forks
from astrai_slides.check import early_looks, looking_ahead
from astrai_slides.check.alone import FoundAlone
from astrai_slides.check.checker import Checked, check
from astrai_slides.check.early_looks import EarlyLooks
from astrai_slides.check.registry import RULES
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.model import Recording

SOME = 4
DECK = Path(__file__).with_name("cases_deck.py")

pytestmark = [pytest.mark.long, pytest.mark.skipif(not FORKS, reason="this system does not fork")]


@pytest.fixture(autouse=True)
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pictures it has."""
    monkeypatch.setattr(looking_ahead, "FEWEST_FRAMES", 0)


def source() -> DeckSource:
    return DeckSource.read(DECK, "Cases")


def look_early(recording: Recording, kept: dict[str, Any] | None = None, workers: int = 2) -> dict[str, FoundAlone]:
    """Look through all steps of `recording` as they come."""
    early = EarlyLooks(recording.scene, source, kept, workers)
    try:
        for step in recording.steps:
            early.add(step, recording.blobs, recording.resolution)
            while early.is_at_work:
                early.go_on()
        return dict(early.found())
    finally:
        early.end()


@pytest.fixture(scope="module")
def found(cases: Recording) -> dict[str, FoundAlone]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking_ahead, "FEWEST_FRAMES", 0)
        return look_early(cases)


def test_the_same_is_found(
    cases: Recording, checked: Checked, found: dict[str, FoundAlone], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(found) == len(cases.steps)
    for name, rule in list(RULES.items()):
        if rule.decided_by is None:  # nothing of the rest of the deck
            monkeypatch.setitem(RULES, name, replace(rule, find=lambda step: pytest.fail("looked through again")))
    kept: dict[str, Any] = {}
    assert check(cases, source(), kept=kept, early=found, workers=2) == checked


def test_the_same_is_found_where_a_step_is_made(
    cases: Recording, found: dict[str, FoundAlone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Forks, "start", lambda *_: pytest.fail("looked through by another"))
    early = EarlyLooks(cases.scene, source, None, 2)
    some = cases.steps[:SOME]
    for place, step in enumerate(some):
        assert early.look_for(place + 1) is None  # it is not known yet what comes before that
        look = early.look_for(place)
        assert look is not None
        early.take(place, look(step, cases.blobs, cases.resolution))
        early.take(place - 1, b"of another")
        early.add(step, cases.blobs, cases.resolution)
    assert len(early.found()) == SOME
    assert early.found().items() <= found.items()
    kept: dict[str, Any] = {}
    check(cases, source(), kept=kept, early=found)
    known = EarlyLooks(cases.scene, source, kept, 2)
    look = known.look_for(0)
    assert look is not None
    assert not look(cases.steps[0], cases.blobs, cases.resolution)
    assert EarlyLooks(cases.scene, source, None, 1).look_for(0) is None


def test_steps_that_are_the_same_need_no_other_look(cases: Recording, found: dict[str, FoundAlone]) -> None:
    kept: dict[str, Any] = {}
    check(cases, source(), kept=kept, early=found)
    kept = json.loads(json.dumps(kept))  # as it is kept in a file
    assert not look_early(cases, kept)
    last = cases.steps[-1]
    renamed = replace(cases, steps=(*cases.steps[:-1], replace(last, name="another name")))
    assert len(look_early(renamed, kept)) == 1


def test_what_the_rest_of_the_deck_decides_is_looked_for_again(cases: Recording, found: dict[str, FoundAlone]) -> None:
    def seen(share: float) -> Recording:
        """With a step more, at whose end the camera shows that share of the picture."""
        last = cases.steps[-1]
        view = last.end.view
        shown = replace(view, width=round(view.width * share), height=round(view.height * share))
        end = replace(last, name="seen otherwise", end=replace(last.end, view=shown))
        return replace(cases, steps=(*cases.steps, end))

    others = {
        "closer": seen(0.5),
        "from afar": seen(2),
        "no warnings": replace(cases, warnings=()),
        "faster": replace(cases, fps=cases.fps * 2),
        "a step less": replace(cases, steps=cases.steps[1:]),
        "in another order": replace(cases, steps=tuple(reversed(cases.steps))),
    }
    for name, recording in others.items():
        assert check(recording, source(), early=found) == check(recording, source()), name
    ours = replace(source(), content=b"from astrai_slides.deck.base import Deck\n" + source().content)
    assert check(cases, ours, early=found) == check(cases, ours)


def test_a_fork_that_dies_is_done_without(cases: Recording, checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early_looks, "look_alone", lambda step: os.kill(os.getpid(), signal.SIGKILL))
    early = look_early(cases)
    assert not early
    monkeypatch.undo()
    assert check(cases, source(), early=early) == checked


def test_a_rule_that_fails_does_not_take_the_step_with_it(cases: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early_looks, "look_alone", lambda step: [][0])
    look = EarlyLooks(cases.scene, source, None, 2).look_for(0)
    assert look is not None
    assert not look(cases.steps[0], cases.blobs, cases.resolution)


@pytest.mark.parametrize("workers", [1, 2])
def test_one_process_looks_at_a_time_and_none_with_one_worker(
    workers: int, cases: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Callable[[], bytes]] = []

    def starting(self: Forks, work: Callable[[], bytes]) -> Any:
        started.append(work)
        raise OSError

    monkeypatch.setattr(Forks, "start", starting)
    assert not look_early(cases, workers=workers)
    assert bool(started) == (workers > 1)
