import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.serving.sim import Phase, Policy, Request
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.limits import Limits, WhenFull
from astrai_slides.serving.sim.options import Options, PrefillRule, TurnCost
from astrai_slides.serving.sim.run import Run
from astrai_slides.serving.sim.scheduler import schedule

costs = st.builds(
    TurnCost,
    fixed_ns=st.integers(1, 1000),
    per_token_ns=st.sampled_from((0, 7)),
    prefill_ns=st.sampled_from((0, 31)),
    prompt_token_ns=st.sampled_from((0, 5)),
    context_token_ns=st.sampled_from((0, 1, 3)),
)
LONGEST_PROMPT, LONGEST_ANSWER = 9, 12


@st.composite
def limited_options(draw: st.DrawFn) -> Options:
    slots = draw(st.integers(1, 6))
    block = draw(st.integers(1, 5))
    # Room for the largest request, and from there to room for all.
    least = block * -(-(LONGEST_PROMPT + LONGEST_ANSWER) // block)
    return Options(
        slots,
        honour_arrivals=draw(st.booleans()),
        cost=draw(costs),
        prefill_rule=draw(st.sampled_from(PrefillRule)),
        limits=Limits(
            kv_tokens=draw(st.none() | st.integers(least, 4 * least)),
            kv_block=block,
            when_full=draw(st.sampled_from(WhenFull)),
            token_budget=draw(st.none() | st.integers(slots, slots + 12)),
            prefix_tokens=draw(st.sampled_from((0, 6, 100))),
            prefix_block=draw(st.integers(1, 3)),
        ),
    )


@st.composite
def limited_workloads(draw: st.DrawFn) -> list[Request]:
    request = st.tuples(
        st.integers(1, LONGEST_PROMPT),
        st.integers(1, LONGEST_ANSWER),
        st.integers(0, 20_000),
        st.lists(st.integers(0, 4), max_size=4),
    )
    rows = draw(st.lists(request, max_size=30))
    return [Request(f"R{i}", prompt, out, ns / 1e9, tuple(ids)) for i, (prompt, out, ns, ids) in enumerate(rows, 1)]


def fast(requests: list[Request], policy: Policy, options: Options) -> Run:
    return run(
        np.array([request.output_tokens for request in requests], dtype=np.int64),
        policy,
        options,
        prompt_tokens=np.array([request.prompt_tokens for request in requests], dtype=np.int64),
        arrivals=[request.arrival for request in requests],
        hash_ids=[request.hash_ids for request in requests],
    )


def plain(account: Run) -> dict[str, object]:
    fields = {field.name: getattr(account, field.name) for field in dataclasses.fields(account)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in fields.items()}


@settings(max_examples=examples(200), deadline=None)
@given(requests=limited_workloads(), policy=st.sampled_from(Policy), options=limited_options())
@example(
    requests=[Request("R1", 9, 12), Request("R2", 9, 12), Request("R3", 1, 2, 1e-6)],
    policy=Policy.CONTINUOUS,
    options=Options(3, cost=TurnCost(100, context_token_ns=1), limits=Limits(kv_tokens=24, kv_block=2)),
)
def test_the_fast_scheduler_gives_exactly_the_limited_run_of_the_step_by_step_one(requests, policy, options) -> None:
    _, stepwise = schedule(requests, policy, options)
    assert plain(fast(requests, policy, options)) == plain(stepwise)


@settings(max_examples=examples(100), deadline=None)
@given(requests=limited_workloads(), policy=st.sampled_from(Policy), options=limited_options())
def test_limits_that_never_bind_change_nothing(requests, policy, options) -> None:
    cost = dataclasses.replace(options.turn_cost, context_token_ns=0)
    options = dataclasses.replace(options, cost=cost, limits=None)
    ample = dataclasses.replace(options, limits=Limits(kv_tokens=10**6, kv_block=4, token_budget=10**6))
    limited, free = plain(fast(requests, policy, ample)), plain(fast(requests, policy, options))
    for name in ("admitted_turn", "finished_turn", "first_token_ns", "finished_ns", "turns", "elapsed_ns"):
        assert limited[name] == free[name]
    for name in ("decode_forwards", "decode_rows", "prefill_forwards"):
        assert limited[name] == free[name]


@settings(max_examples=examples(100), deadline=None)
@given(requests=limited_workloads(), policy=st.sampled_from(Policy), options=limited_options())
def test_no_turn_holds_more_than_memory_or_computes_more_than_the_budget(requests, policy, options) -> None:
    timeline, account = schedule(requests, policy, options)
    limits = options.limits
    tokens: dict[str, list[int]] = {}
    for turn in timeline.turns:
        for cell in turn.cells:
            if cell:
                tokens.setdefault(cell.request.name, []).append(cell.token)
        if limits.kv_tokens is not None:
            # A request that yields its k-th token has computed its prompt and k - 1 tokens.
            held = [limits.blocks_of(cell.request.prompt_tokens + cell.token - 1) for cell in turn.cells if cell]
            assert sum(held) <= limits.blocks
    for index, request in enumerate(requests):
        assert tokens[request.name] == list(range(1, int(account.answers[index]) + 1))
        if limits.when_full is WhenFull.PREEMPT:
            assert account.answers[index] == request.output_tokens
    if limits.when_full is WhenFull.ABORT:
        assert account.preemptions == 0
    else:
        assert account.aborted == 0
    if not account.preemptions:
        prompts = sum(request.prompt_tokens for request in requests)
        assert account.prompt_tokens_read + account.prompt_tokens_reused == prompts


def marks(requests: list[Request], options: Options) -> list[str]:
    """A letter a slot and turn: p for a first token of a prefill, r for one of a recompute, . for a decode."""
    timeline, _ = schedule(requests, Policy.CONTINUOUS, options)

    def mark(cell) -> str:
        if cell is None:
            return "-"
        return "." if cell.phase is Phase.DECODE else "p" if cell.token == 1 else "r"

    return ["".join(mark(turn.cells[slot]) for turn in timeline.turns) for slot in range(options.slots)]


def test_a_prompt_longer_than_the_budget_is_read_in_chunks_beside_the_decode_and_only_the_last_yields() -> None:
    options = Options(2, cost=TurnCost(1000, prompt_token_ns=1), limits=Limits(token_budget=4))
    requests = [Request("R1", 4, 5), Request("R2", 7, 2)]
    # R2 reads nothing beside R1's prompt, then three tokens beside each token of R1: 3 + 3 + 1.
    assert marks(requests, options) == ["p....", "---p."]
    assert schedule(requests, Policy.CONTINUOUS, options)[1].elapsed_ns == 5 * 1000 + 4 + 7


def test_who_was_admitted_last_is_preempted_and_reads_again_what_it_had() -> None:
    options = Options(2, cost=TurnCost(1000, prompt_token_ns=1), limits=Limits(kv_tokens=8, kv_block=1))
    requests = [Request("R1", 3, 4), Request("R2", 3, 4)]
    # Turn 2 fills the memory (4 + 4 tokens). In turn 3 R1 takes a block of R2's, and another one in turn 4. R2 comes
    # back when R1 is done: it finds its first two tokens still there, and has three of five to read for the third.
    assert marks(requests, options) == ["p...r.", "p.----"]
    _, account = schedule(requests, Policy.CONTINUOUS, options)
    assert account.preempted.tolist() == [0, 1]
    assert (account.prompt_tokens_read, account.prompt_tokens_reused) == (6 + 3, 2)
    assert account.answers.tolist() == [4, 4]


def test_where_memory_is_full_astrai_aborts_and_passes_over_who_does_not_fit() -> None:
    limits = Limits(kv_tokens=8, kv_block=1, when_full=WhenFull.ABORT)
    _, account = schedule([Request("R1", 3, 4), Request("R2", 3, 4)], Policy.CONTINUOUS, Options(2, limits=limits))
    # Both need a block in turn 3, and those of the first to end are free only in the turn after.
    assert account.answers.tolist() == [2, 2]
    passed = [Request("R1", 5, 3), Request("R2", 5, 1), Request("R3", 2, 1)]
    _, account = schedule(passed, Policy.CONTINUOUS, Options(3, limits=limits))
    assert account.admitted_turn.tolist() == [1, 4, 1]


def test_a_prompt_that_begins_like_one_that_was_read_is_read_from_there_on() -> None:
    limits = Limits(prefix_tokens=100, prefix_block=2)
    prompts = [(6, (1, 2, 3)), (6, (1, 2, 4)), (4, (1, 2))]
    requests = [Request(f"R{number}", tokens, 1, 0.0, names) for number, (tokens, names) in enumerate(prompts, 1)]
    _, account = schedule(requests, Policy.CONTINUOUS, Options(1, limits=limits))
    # R2 finds two blocks, R3 both of its own but must read its last token to yield one.
    assert (account.prompt_tokens_read, account.prompt_tokens_reused) == (6 + 2 + 1, 4 + 3)
    small = Limits(prefix_tokens=2, prefix_block=2)
    _, account = schedule(requests, Policy.CONTINUOUS, Options(1, limits=small))
    assert account.prompt_tokens_reused == 2 + 2


def test_prefill_forwards_follow_the_rule() -> None:
    requests = [Request("R1", 2, 1), Request("R2", 3, 1), Request("R3", 3, 1)]
    counts = {
        rule: schedule(requests, Policy.CONTINUOUS, Options(3, prefill_rule=rule))[1].prefill_forwards
        for rule in PrefillRule
    }
    assert counts == {PrefillRule.SAME_LENGTH: 2, PrefillRule.SAME_START: 1, PrefillRule.MIXED: 1}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Limits(kv_tokens=8, kv_block=16), "less than one block of 16"),
        (lambda: Limits(token_budget=0), "token_budget must be at least 1"),
        (lambda: Limits(prefix_tokens=-1), "prefix_tokens must be at least 0"),
        (lambda: Options(4, limits=Limits(token_budget=3)), "less than 4 slots"),
        (lambda: run([20], Policy.STATIC, Options(1, limits=Limits(kv_tokens=16))), "it would wait for ever"),
        (lambda: marks([Request("R1", 9, 9)], Options(1, limits=Limits(kv_tokens=16))), "R1 needs KV"),
    ],
)
def test_limits_under_which_nothing_could_be_served_are_refused(make, message) -> None:
    with pytest.raises(ValueError, match=message):
        make()
