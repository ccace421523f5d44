"""What to tell a speaker whose toy shows no gain: what would show one."""

from collections.abc import Iterator, Sequence
from itertools import product

from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.scheduler import continuous_batching, static_batching
from astrai_slides.serving.sim.workload import Pick, load_workload, pick_for_stage
from astrai_slides.serving.talk import MAX_STAGE_REQUESTS, MAX_STAGE_SLOTS, MAX_STAGE_TURNS, ServingTalk

LONGER = 2
"""Times as long, that answers may be drawn for a gain to be seen."""


def no_gain_hint(talk: ServingTalk) -> tuple[str, ...]:
    """What to tell when both policies take as many turns on stage, with a toy that shows a gain; nothing otherwise."""
    if isinstance(talk.flow(), Replay):
        return ()
    requests, slots = talk.toy_requests(), talk.toy.slots
    before, after = turns_of(requests, slots)
    if after < before:
        return ()
    return (f"the toy shows no gain: both policies take {before} turns; {_remedy(talk)}",)


def turns_of(requests: Sequence[Request], slots: int) -> tuple[int, int]:
    """Turns of static and of continuous batching."""
    return len(static_batching(requests, slots).turns), len(continuous_batching(requests, slots).turns)


def _remedy(talk: ServingTalk) -> str:
    """The toy nearest to the talk's own that shows the largest gain."""
    best, best_gain = "give it more requests than slots, with answers of different lengths", 1.0
    for told, requests, slots in _others(talk):
        before, after = turns_of(requests, slots)
        if before <= MAX_STAGE_TURNS and before / after > best_gain * (1 + 1e-9):
            best, best_gain = f"{told} shows {before} turns against {after}", before / after
    return best


def _others(talk: ServingTalk) -> Iterator[tuple[str, tuple[Request, ...], int]]:
    """Other toys, those that change least first: as the talk file has them, their requests and slots."""
    toy, requests = talk.toy, talk.toy_requests()
    for slots in range(1, MAX_STAGE_SLOTS + 1):
        yield f"slots = {slots}", requests, slots
    if toy.workload is None:
        by_length = tuple(sorted(requests, key=lambda request: request.output_tokens))
        names = ", ".join(request.name for request in by_length)
        yield f"the order {names}", by_length, toy.slots
        return
    pick, workload = toy.pick or Pick(), load_workload(toy.workload, talk.find)
    lengths = (pick.longest_output, min(LONGER * pick.longest_output, MAX_STAGE_TURNS // MAX_STAGE_REQUESTS))
    for order, count, longest in product(("spread", "first"), range(2, MAX_STAGE_REQUESTS + 1), lengths):
        other = pick.model_copy(update={"order": order, "requests": count, "longest_output": longest})
        told = f'pick = {{ requests = {count}, order = "{order}", longest_output = {longest} }}'
        yield told, pick_for_stage(workload, other).requests, toy.slots
