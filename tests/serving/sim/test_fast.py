import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.serving.sim import Phase, Policy, Request
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.options import DecodeRule, FirstToken, Options, PrefillRule, StaticReturns, TurnCost
from astrai_slides.serving.sim.run import Run
from astrai_slides.serving.sim.scheduler import schedule

ARRAYS = ("output_tokens", "arrivals_ns", "admitted_turn", "finished_turn", "first_token_ns", "finished_ns")

costs = st.builds(
    TurnCost,
    fixed_ns=st.integers(1, 1000),
    per_token_ns=st.sampled_from((0, 7)),
    prefill_ns=st.sampled_from((0, 31)),
    prompt_token_ns=st.sampled_from((0, 5)),
)


@st.composite
def all_options(draw: st.DrawFn) -> Options:
    honour_arrivals = draw(st.booleans())
    decode_rule = draw(st.sampled_from(DecodeRule))
    return Options(
        slots=draw(st.integers(1, 6)),
        honour_arrivals=honour_arrivals,
        cost=draw(costs if honour_arrivals else st.none() | costs),
        decode_rule=decode_rule,
        first_token=draw(st.sampled_from(FirstToken)),
        prefill_rule=draw(st.sampled_from(PrefillRule)),
        static_returns=draw(st.none() | st.sampled_from(StaticReturns)) if decode_rule is DecodeRule.MERGED else None,
    )


@st.composite
def all_workloads(draw: st.DrawFn) -> list[Request]:
    # Few prompt lengths, so that positions meet; arrivals within the few microseconds that such a run lasts.
    request = st.tuples(st.integers(1, 9), st.integers(1, 12), st.integers(0, 20_000))
    rows = draw(st.lists(request, max_size=30))
    return [Request(f"R{i}", prompt, output, ns / 1e9) for i, (prompt, output, ns) in enumerate(rows, 1)]


def fast(requests: list[Request], policy: Policy, options: Options) -> Run:
    return run(
        [request.output_tokens for request in requests],
        policy,
        options,
        prompt_tokens=[request.prompt_tokens for request in requests],
        arrivals=[request.arrival for request in requests],
        hash_ids=[request.hash_ids for request in requests],
    )


def plain(account: Run) -> dict[str, object]:
    fields = {field.name: getattr(account, field.name) for field in dataclasses.fields(account)}
    return {name: value.tolist() if name in ARRAYS else value for name, value in fields.items()}


@settings(max_examples=examples(600), deadline=None)
@given(requests=all_workloads(), policy=st.sampled_from(Policy), options=all_options())
@example(
    requests=[Request("R1", 3, 1, 0.0), Request("R2", 2, 2, 5e-6), Request("R3", 1, 4, 5e-6)],
    policy=Policy.CONTINUOUS,
    options=Options(2, honour_arrivals=True, cost=TurnCost(1000, 7), decode_rule=DecodeRule.LARGEST_GROUP),
)
def test_the_fast_scheduler_gives_exactly_the_run_of_the_step_by_step_one(requests, policy, options) -> None:
    _, stepwise = schedule(requests, policy, options)
    assert plain(fast(requests, policy, options)) == plain(stepwise)


@settings(deadline=None)
@given(requests=all_workloads(), policy=st.sampled_from(Policy), options=all_options())
def test_under_all_options_every_request_gets_its_tokens_in_order_and_no_slot_is_wasted(
    requests, policy, options
) -> None:
    timeline, account = schedule(requests, policy, options)
    tokens: dict[str, list[int]] = {}
    slot_of: dict[str, int] = {}
    for turn in timeline.turns:
        for slot, cell in enumerate(turn.cells):
            if cell:
                tokens.setdefault(cell.request.name, []).append(cell.token)
                assert slot_of.setdefault(cell.request.name, slot) == slot
        if policy is Policy.CONTINUOUS and turn.waiting and options.decode_rule is not DecodeRule.LARGEST_GROUP:
            assert turn.useful == options.slots
        if options.first_token is FirstToken.PREFILL:
            assert all((cell.token == 1) == (cell.phase is Phase.PREFILL) for cell in turn.cells if cell)
    assert tokens == {request.name: list(range(1, request.output_tokens + 1)) for request in requests}
    assert timeline.useful_cells == account.useful_cells == sum(request.output_tokens for request in requests)
    # First come, first served: who arrives later is not admitted earlier.
    admitted = [int(account.admitted_turn[requests.index(request)]) for request in timeline.requests]
    assert admitted == sorted(admitted)
    assert (account.first_token_ns > account.arrivals_ns).all()
    assert (account.finished_ns >= account.first_token_ns).all()


def test_a_request_that_arrives_in_mid_turn_is_admitted_at_the_top_of_the_next() -> None:
    requests = [Request("R1", 1, 4, 0.0), Request("R2", 1, 1, 0.025)]
    options = Options(2, honour_arrivals=True, cost=TurnCost.of_milliseconds(10))
    account = fast(requests, Policy.CONTINUOUS, options)
    assert account.admitted_turn.tolist() == [1, 4]
    assert account.time_to_first_token().tolist() == pytest.approx([0.010, 0.015])


def test_the_clock_jumps_over_a_lull_without_a_turn() -> None:
    options = Options(1, honour_arrivals=True, cost=TurnCost.of_milliseconds(10))
    account = run([2, 1], Policy.STATIC, options, arrivals=[0.0, 3.0])
    assert (account.turns, account.elapsed) == (3, pytest.approx(3.01))


def test_prefill_stalls_the_requests_that_decode_in_its_turn() -> None:
    cost = TurnCost.of_milliseconds(10, prompt_token=1)
    account = run([3, 1, 1], Policy.CONTINUOUS, Options(2, cost=cost), prompt_tokens=[1, 1, 50])
    # Turn 1 reads two prompt tokens, turn 2 fifty while R1 decodes, turn 3 is R1 alone.
    assert account.latency().tolist() == pytest.approx([0.012 + 0.060 + 0.010, 0.012, 0.012 + 0.060])


def test_padded_rows_of_a_static_batch_cost_what_they_cost_and_return_with_it_if_asked() -> None:
    cost = TurnCost.of_milliseconds(10, per_token=1, prompt_token=2)
    lengths, prompts = [1, 3, 2], [5, 1, 1]

    def static(returns: StaticReturns | None) -> Run:
        return run(lengths, Policy.STATIC, Options(2, cost=cost, static_returns=returns), prompt_tokens=prompts)

    # Two rows and prompts of 5 in three turns, then a batch of one.
    first_batch, second = (10 + 2 + 2 * 2 * 5) + 2 * (10 + 2), (10 + 1 + 2) + (10 + 1)
    stream = static(StaticReturns.STREAM)
    assert stream.elapsed_ns == (first_batch + second) * 10**6
    assert stream.finished_ns.tolist() == [32 * 10**6, first_batch * 10**6, (first_batch + second) * 10**6]
    batch = static(StaticReturns.BATCH)
    assert batch.first_token_ns.tolist() == batch.finished_ns.tolist()
    assert batch.finished_ns.tolist() == [first_batch * 10**6] * 2 + [(first_batch + second) * 10**6]
    assert static(None).elapsed_ns < stream.elapsed_ns


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"output_tokens": [3, 0]}, "output_tokens must be at least 1"),
        ({"output_tokens": [1.5]}, "output_tokens must be a sequence of whole numbers"),
        ({"output_tokens": [3], "prompt_tokens": [-1]}, "prompt_tokens must be at least 1"),
        ({"output_tokens": [3], "prompt_tokens": [1, 2]}, "one entry a request each"),
        ({"output_tokens": [3], "arrivals": [float("nan")]}, "finite and not negative"),
        ({"output_tokens": [2**62, 2**62]}, "last for centuries"),
        ({"output_tokens": [3], "arrivals": [-1.0]}, "finite and not negative"),
    ],
)
def test_what_cannot_be_a_workload_is_refused(arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        run(policy=Policy.STATIC, options=Options(2), **arguments)


def test_no_requests_take_no_turns() -> None:
    account = run(np.array([], dtype=np.int64), Policy.CONTINUOUS, Options(2))
    assert (account.turns, account.elapsed, account.occupancy, account.throughput) == (0, 0.0, 0.0, 0.0)
