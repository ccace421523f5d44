"""The flagship with its knobs turned: each variant is what the deck is with those values alone."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from branched import recorded_in_branches
from lanes import examples

from astrai_slides.base.forks import FORKS, processors
from astrai_slides.base.knobs import Knob
from astrai_slides.build.plan import Job, plan
from astrai_slides.build.watched import record_watched
from astrai_slides.recording.explored import Explored, explore
from astrai_slides.recording.format.model import Frame, Recording, Step
from astrai_slides.recording.run.record import Order

TALK = "continuous-batching.toml"
SIZE = 2, 160, 90
"""Frames a second, and pixels: most of what a recording takes here is by plays, of which each has frames even so."""
CROSSED = 50
"""Sets of values of all knobs that are tried beside those that touch a step together."""


def turned(job: Job, places: Mapping[str, int]) -> Job:
    assert job.loaded is not None
    return replace(job, loaded=replace(job.loaded, talk=job.loaded.talk.turned(places)))


def alone(job: Job, places: Mapping[str, int]) -> Recording:
    """The deck recorded with those values alone, nothing used again."""
    other = turned(job, places)
    return record_watched(other, job.scenes[0], Order(*SIZE, attributes=other.attributes), [])[0].recording


def frames(step: Step | None) -> list[Frame]:
    return [] if step is None else [step.frames[index] for index, count in step.runs for _ in range(count)]


def sets(knobs: Sequence[Knob]) -> Iterator[dict[str, int]]:
    for places in product(*(range(len(knob.values)) for knob in knobs)):
        yield {knob.name: place for knob, place in zip(knobs, places, strict=True) if place != knob.value}


def explored_in_branches(job: Job, folder: Path) -> Explored:
    default, branches = recorded_in_branches(job, folder, processors(), *SIZE)
    found = {frozenset(each.turned.items()): each for each in branches}
    # each set of values that is asked for was recorded by a branch, and none for nothing
    explored = explore(default, lambda places, _: found.pop(frozenset(places.items())).recording(default), TALK)
    assert explored is not None
    assert not found
    return explored


@pytest.mark.wide
@pytest.mark.skipif(not FORKS, reason="there are no forks on this system")
def test_every_variant_of_the_flagship_is_what_the_deck_is_with_those_values_alone(
    project_root: Path, tmp_path: Path
) -> None:
    [job] = plan([str(project_root / "presentations" / TALK)])
    explored = explored_in_branches(job, tmp_path)
    stage = [knob for knob in explored.knobs if knob.name.startswith("toy.")]
    server = [knob for knob in explored.knobs if not knob.name.startswith("toy.")]
    assert {knob.name for knob in stage} == {"toy.slots", "toy.requests"}
    assert {knob.name for knob in server} == {"throughput.slots", "throughput.lengths"}
    for knob in explored.knobs:
        assert any(explored.knobs.index(knob) in part.steps.on for part in explored.parts), knob.name
    chance = random.Random(0)
    tried = [*sets(stage), *sets(server), *chance.sample(list(sets(explored.knobs)), CROSSED)]
    # all of them in the lane `wide`, a tenth in another
    for places in chance.sample(tried, min(examples(len(tried) // 10), len(tried))):
        recording, variant = alone(job, places), explored.variant(places)
        assert [(step.name, step.title, step.notes) for _, step in variant] == [
            (step.name, step.title, step.notes) for step in recording.steps
        ]
        for (opening, step), other in zip(variant, recording.steps, strict=True):
            assert frames(opening) + frames(step) == frames(other), (places, step.name)
            assert step.end == other.end, (places, step.name)
