"""Workloads: the same from the same words, with the statistics they promise, and a handful that fits the stage."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.figures import computed_speedups
from astrai_slides.serving.sim.throughput import turn_counts
from astrai_slides.serving.sim.traces import Cut, TraceOrigin
from astrai_slides.serving.sim.workload import (
    Pick,
    Workload,
    WorkloadSpec,
    WrittenOrigin,
    load_workload,
    pick_for_stage,
    workload_speedup,
)

SPEC: TypeAdapter[WorkloadSpec] = TypeAdapter(WorkloadSpec)


def load(**values: Any) -> Workload:
    return load_workload(SPEC.validate_python(values))


def test_explicit_requests_are_taken_in_order_of_arrival() -> None:
    requests = [{"prompt": 4, "output": 2, "arrival": 3.5}, {"name": "early", "prompt": 5, "output": 3, "arrival": 1.0}]
    workload = load(kind="explicit", requests=requests)
    assert [(r.name, r.prompt_tokens, r.output_tokens, r.arrival) for r in workload.requests()] == [
        ("early", 5, 3, 0.0),
        ("R1", 4, 2, 2.5),
    ]


def test_a_trace_is_found_where_the_caller_says(serving_data: Path) -> None:
    spec = SPEC.validate_python({"kind": "trace", "file": "azure_2025.csv"})
    workload = load_workload(spec, lambda name: serving_data / name)
    assert (workload.skipped, len(workload)) == (1, 2)
    assert workload.origin == TraceOrigin(serving_data / "azure_2025.csv", "azure", Cut(), 1)
    assert [request.name for request in workload.requests()] == ["R1", "R2"]


def test_constant_lengths() -> None:
    workload = load(kind="constant", mean=7, requests=5, prompt=3)
    assert workload.output_tokens.tolist() == [7] * 5
    assert workload.prompt_tokens.tolist() == [3] * 5
    assert workload.arrivals.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("kind", "deviation"),
    [("uniform", math.sqrt((399**2 - 1) / 12)), ("geometric", math.sqrt(200 * 199)), ("lognormal", 199.5 * 1.3108)],
)
def test_synthetic_lengths_have_the_mean_and_spread_they_promise(kind: str, deviation: float) -> None:
    lengths = load(kind=kind, mean=200, seed=3).output_tokens
    assert lengths.min() >= 1
    # Five standard errors of the mean of 200,000 draws.
    assert lengths.mean() == pytest.approx(200, abs=5 * deviation / math.sqrt(200_000))
    assert lengths.std() == pytest.approx(deviation, rel=0.05)


def test_uniform_lengths_reach_both_ends_and_no_further() -> None:
    lengths = load(kind="uniform", mean=2.5, requests=1000).output_tokens
    assert set(lengths.tolist()) == {1, 2, 3, 4}


@pytest.mark.parametrize("kind", ["uniform", "geometric", "lognormal"])
def test_a_seed_decides_everything(kind: str) -> None:
    one, again, other = (load(kind=kind, requests=500, seed=seed).output_tokens for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_draws_are_the_same_on_every_machine() -> None:
    """Figures on slides come from these; a changed generator must not pass unnoticed."""
    drawn = {kind: load(kind=kind, mean=200, requests=6, seed=0).output_tokens.tolist() for kind in _DRAWN}
    assert drawn == _DRAWN


_DRAWN = {
    "uniform": [340, 255, 204, 108, 123, 17],
    "geometric": [136, 204, 4, 1, 110, 326],
    "lognormal": [138, 107, 230, 135, 71, 174],
}


@pytest.mark.parametrize("kind", ["constant", "uniform", "geometric", "lognormal"])
def test_a_cap_cuts_answers_off(kind: str) -> None:
    free, capped = (load(kind=kind, mean=200, requests=2000, cap=cap) for cap in (None, 150))
    assert (capped.output_tokens == np.minimum(free.output_tokens, 150)).all()
    assert capped.output_tokens.max() == 150
    assert capped.origin == SPEC.validate_python({"kind": "geometric", "cap": 150}) or capped.origin.cap == 150


def test_geometric_lengths_are_those_of_the_default_figure() -> None:
    counts = turn_counts(load(kind="geometric").output_tokens, 16)
    assert counts == computed_speedups(16).memoryless


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "constant", "mean": 2.5}, "whole numbers of tokens"),
        ({"kind": "uniform", "mean": 2.3}, "must be a half or whole"),
        ({"kind": "geometric", "mean": 0.5}, "greater than or equal to 1"),
        ({"kind": "geometric", "mean": float("nan")}, "finite"),
        ({"kind": "geometric", "requests": 0}, "greater than or equal to 1"),
        ({"kind": "geometric", "sigma": 1.0}, "unknown key"),
        ({"kind": "explicit", "requests": []}, "at least 1 item"),
        ({"kind": "explicit", "requests": [{"prompt": 0, "output": 1}]}, "greater than or equal to 1"),
        ({"kind": "trace", "file": "x", "window": [5, 5]}, "a window goes from a second to a later one"),
        ({"kind": "trace", "file": "x", "evry": 3}, "unknown key"),
        ({"kind": "pareto"}, "does not match any of the expected tags"),
    ],
)
def test_workloads_without_sense_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SPEC.validate_python(values)


def test_a_workload_cannot_be_changed() -> None:
    workload = load(kind="geometric", requests=3)
    with pytest.raises(ValueError, match="read-only"):
        workload.output_tokens[0] = 5


def test_the_speedup_of_a_workload(serving_data: Path) -> None:
    workload = load(kind="trace", file=str(serving_data / "azure_2023.csv"))
    figures = workload_speedup(workload, 2)
    # Static: max(44, 109) + max(55, 16) turns. Continuous: slots free at 44 and 109; 55 then ends at 99, 16 at 115.
    assert figures.speedup == pytest.approx(164 / 115)
    assert (figures.slots, figures.counts.requests, figures.origin) == (2, 4, workload.origin)


def test_a_pick_is_spread_scaled_and_says_so() -> None:
    workload = load(kind="explicit", requests=[{"prompt": 100 * n, "output": 10 * n} for n in range(1, 11)])
    picked = pick_for_stage(workload, Pick(requests=5, longest_output=8, longest_prompt=12))
    # Of ten, the second, fourth, ... tenth: one from the middle of each fifth.
    assert [request.output_tokens for request in picked.requests] == [2, 3, 5, 6, 8]
    assert [request.prompt_tokens for request in picked.requests] == [2, 5, 7, 10, 12]
    assert (picked.total, picked.order, picked.output_scale) == (10, "spread", 12.5)
    assert picked.prompt_scale == pytest.approx(1000 / 12)
    assert picked.origin == WrittenOrigin(10)


def test_a_pick_of_what_fits_is_not_scaled() -> None:
    workload = load(kind="explicit", requests=[{"prompt": 3, "output": 2}, {"prompt": 4, "output": 1}])
    picked = pick_for_stage(workload, Pick(requests=8, order="first"))
    assert [(r.prompt_tokens, r.output_tokens) for r in picked.requests] == [(3, 2), (4, 1)]
    assert (picked.total, picked.order, picked.output_scale, picked.prompt_scale) == (2, "first", 1, 1)


@given(
    lengths=st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 10_000)), min_size=1, max_size=40),
    pick=st.builds(
        Pick,
        requests=st.integers(1, 8),
        order=st.sampled_from(["spread", "first"]),
        longest_output=st.integers(1, 40),
        longest_prompt=st.integers(1, 40),
    ),
)
def test_every_pick_fits_and_keeps_the_order_of_lengths(lengths: list[tuple[int, int]], pick: Pick) -> None:
    workload = load(kind="explicit", requests=[{"prompt": p, "output": o} for p, o in lengths])
    picked = pick_for_stage(workload, pick).requests
    assert len(picked) == min(pick.requests, len(lengths))
    assert len({request.name for request in picked}) == len(picked)
    outputs = [request.output_tokens for request in picked]
    assert max(outputs) <= pick.longest_output
    assert min(outputs) >= 1
    assert max(request.prompt_tokens for request in picked) <= pick.longest_prompt
    if pick.order == "first":
        originals = [output for _, output in lengths[: len(picked)]]
        scale = max(1.0, max(originals) / pick.longest_output)
        assert all(
            abs(drawn - real / scale) <= 0.5 or drawn == 1 for drawn, real in zip(outputs, originals, strict=True)
        )


def test_an_unreadable_trace_is_an_error_of_its_file(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match="there is no such file"):
        load(kind="trace", file=str(tmp_path / "no.csv"))
