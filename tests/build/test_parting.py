"""A recording that parts where a knob is read: each branch is what the deck is with those values alone."""

import os
from pathlib import Path

import knobbed
import pytest
from branched import recorded_in_branches

from astrai_slides.base.forks import FORKS
from astrai_slides.base.knobs import KNOBS, Knobs
from astrai_slides.build.plan import plan
from astrai_slides.recording.explored import seen_digest
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import Order, record_file

pytestmark = pytest.mark.skipif(not FORKS, reason="there are no forks on this system")
DECK = Path(knobbed.__file__)
SIZE = 10, 32, 18


def seen(recording: Recording) -> list[tuple[str, str, str, str]]:
    return [(step.name, step.title, step.notes, seen_digest(step)) for step in recording.steps]


@pytest.mark.parametrize("count", [1, 3])
def test_each_branch_is_what_the_deck_is_with_those_values_alone(tmp_path: Path, count: int) -> None:
    [job] = plan([str(DECK)])
    default, branches = recorded_in_branches(job, tmp_path, count, *SIZE)
    here = os.getpid()
    turned = [dict(each.turned) for each in branches]
    # the circle depends on no size any more, so that no branch has both turned
    assert sorted(turned, key=str) == [{"filled": 1}, {"size": 0}, {"size": 2}]
    for each in branches:
        alone = record_file(DECK, "Knobbed", Order(*SIZE, attributes={KNOBS: Knobs(dict(each.turned))})).recording
        assert seen(each.recording(default)) == seen(alone)
        assert each.recording(default).knobs == alone.knobs
        assert each.recording(default).divided == alone.divided
        assert str(DECK) in each.read
    assert {each.first for each in branches} == {1, 2}
    assert os.getpid() == here


def test_a_branch_that_fails_finds_nothing_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = tmp_path / "failing.py"
    deck.write_text(
        "from manim import Dot, FadeIn\n"
        "from astrai_slides.deck.base import Deck\n"
        "class Failing(Deck):\n"
        "    def construct(self):\n"
        "        size = self.knob('size', 1, [0, 1, 2])\n"
        "        self.step('one')\n"
        "        self.play(FadeIn(Dot(radius=1 / size)), run_time=0.2)\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    [job] = plan([str(deck)])
    default, branches = recorded_in_branches(job, tmp_path, 2, *SIZE)
    assert [dict(each.turned) for each in branches] == [{"size": 2}]
    assert dump(default) != dump(branches[0].recording(default))
