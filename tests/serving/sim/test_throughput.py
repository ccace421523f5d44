import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrai_slides.serving.sim import Options, Policy, TurnCost
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.lengths import constant_lengths, memoryless_lengths
from astrai_slides.serving.sim.metrics import Metrics, speedup
from astrai_slides.serving.sim.throughput import harmonic_number, turn_counts

MEMORYLESS = memoryless_lengths(200_000, 200, seed=0)


def test_memoryless_lengths_give_the_harmonic_number() -> None:
    assert harmonic_number(16) == pytest.approx(3.3807, abs=1e-4)
    assert turn_counts(MEMORYLESS, 16).speedup == pytest.approx(harmonic_number(16), rel=0.005)


@given(slots=st.integers(1, 40), batches=st.integers(1, 20), length=st.integers(1, 300))
def test_equal_lengths_in_whole_batches_gain_exactly_nothing(slots, batches, length) -> None:
    assert turn_counts(constant_lengths(slots * batches, length), slots).speedup == 1.0


@pytest.mark.long
@pytest.mark.parametrize("batches", [1, 2, 4, 10, 50])
def test_few_requests_gain_less(batches) -> None:
    """k H / (k - 1 + H) for k batches: the last one drains without refill, which takes H turns instead of one.

    The mean over many runs, as total static turns over total continuous turns.
    """
    slots, runs = 16, 2000
    lengths = memoryless_lengths(slots * batches * runs, 200, seed=batches).reshape(runs, -1)
    counts = [turn_counts(row, slots) for row in lengths]
    gained = sum(count.static for count in counts) / sum(count.continuous for count in counts)
    harmonic = harmonic_number(slots)
    assert gained == pytest.approx(batches * harmonic / (batches - 1 + harmonic), rel=0.02)


@pytest.mark.parametrize("share", [0.1, 0.5, 2.0])
def test_prefill_work_dilutes_the_gain(share) -> None:
    """Prefill work a fraction x of step work: (H_B + x) / (1 + x)."""
    slots, mean, prompt = 16, 200, 100
    lengths = MEMORYLESS[:50_000]
    prompt_token_ns = round(share * mean / slots * 1_000_000 / prompt)
    options = Options(slots, cost=TurnCost(1_000_000, prompt_token_ns=prompt_token_ns))
    prompts = np.full(len(lengths), prompt)
    static, continuous = (run(lengths, policy, options, prompt_tokens=prompts) for policy in Policy)
    assert speedup(static, continuous) == pytest.approx((harmonic_number(slots) + share) / (1 + share), rel=0.01)


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 50), min_size=1, max_size=200), slots=st.integers(1, 20))
def test_no_policy_beats_a_full_grid(lengths, slots) -> None:
    counts = turn_counts(lengths, slots)
    assert counts.continuous >= max(-(-sum(lengths) // slots), max(lengths))
    assert counts.static >= max(lengths)


def test_at_low_load_throughput_is_equal_and_only_latency_improves() -> None:
    slots, mean, turn_seconds, load = 16, 50, 0.01, 0.25
    lengths = memoryless_lengths(20_000, mean, seed=1)
    rate = load * slots / (mean * turn_seconds)
    arrivals = np.cumsum(np.random.default_rng(2).exponential(1 / rate, len(lengths)))
    options = Options(slots, honour_arrivals=True, cost=TurnCost.of_milliseconds(turn_seconds * 1000))
    static, continuous = (Metrics.of(run(lengths, policy, options, arrivals=arrivals)) for policy in Policy)
    assert static.throughput == pytest.approx(continuous.throughput, rel=0.01)
    assert continuous.latency.p50 < static.latency.p50
    assert continuous.time_to_first_token.p99 < static.time_to_first_token.p99


def test_metrics_of_the_toy_are_those_on_the_slide() -> None:
    static, continuous = (Metrics.of(run([2, 7, 3, 4, 2], policy, Options(3))) for policy in Policy)
    assert (static.turns, static.useful_cells, static.idle_cells) == (11, 18, 15)
    assert (continuous.turns, continuous.useful_cells, continuous.idle_cells) == (7, 18, 3)
    assert round(static.occupancy, 2) == 0.55
    assert round(continuous.occupancy, 2) == 0.86
    assert continuous.throughput == pytest.approx(18 / 7)
    # First tokens come in turns 1, 1, 1, 3, 4 and last ones in 2, 7, 3, 6, 5.
    assert continuous.time_to_first_token.mean == pytest.approx(2.0)
    assert (continuous.latency.p50, continuous.latency.mean) == (5.0, pytest.approx(4.6))
    assert continuous.latency.p90 == pytest.approx(6.6)
    assert continuous.rows_per_forward == pytest.approx(13 / 6)
    assert continuous.prefill_forwards == 3


def test_the_same_seed_gives_the_same_lengths() -> None:
    assert memoryless_lengths(5, 200, seed=0).tolist() == MEMORYLESS[:5].tolist()
    assert memoryless_lengths(5, 200, seed=1).tolist() != MEMORYLESS[:5].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: turn_counts([], 4), "at least one request"),
        (lambda: turn_counts([1], 0), "at least one slot"),
        (lambda: constant_lengths(0, 1), "at least one request"),
        (lambda: constant_lengths(1, 0), "at least one token"),
        (lambda: memoryless_lengths(1, float("nan"), 0), "at least one token"),
        (lambda: TurnCost(0), "above zero"),
        (lambda: TurnCost(1, per_token_ns=-1), "negative"),
        (lambda: Options(4, honour_arrivals=True), "say what a turn costs"),
    ],
)
def test_impossible_runs_are_refused(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()
