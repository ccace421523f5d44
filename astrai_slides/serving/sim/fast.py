"""The same schedulers for millions of requests: from one admission or end to the next instead of turn by turn.

`run` gives exactly the `Run` of `sim.scheduler.schedule`, under every option. A merged decode of a
full queue at constant cost, the case of the talk, goes through arrays; everything else through events.
"""

from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush, heapreplace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from astrai_slides.serving.sim.lengths import IntArray
from astrai_slides.serving.sim.limited_fast import LimitedAccount, serve_limited
from astrai_slides.serving.sim.options import NANOSECONDS, DecodeRule, FirstToken, Options, PrefillRule, StaticReturns
from astrai_slides.serving.sim.run import Run, arrivals_in_ns, returned_with_batch
from astrai_slides.serving.sim.timeline import Policy


def run(
    output_tokens: npt.ArrayLike,
    policy: Policy,
    options: Options,
    *,
    prompt_tokens: npt.ArrayLike | None = None,
    arrivals: npt.ArrayLike | None = None,
    hash_ids: Sequence[Sequence[int]] | None = None,
) -> Run:
    """Serve requests given as arrays of one entry each; in time linear in their number.

    `prompt_tokens` (all 1 if None) matter to prefill and to the decode rules, `arrivals` (seconds, all 0 if None)
    where `options` honour them, `hash_ids` (the names of the blocks of each prompt) where their limits have a store of
    prefixes. Raises ValueError for arrays that differ in length, for token counts below 1, for arrivals that are
    negative or not finite, and for a request that KV memory can never hold.
    """
    outputs = _tokens(output_tokens, "output_tokens")
    prompts = np.ones_like(outputs) if prompt_tokens is None else _tokens(prompt_tokens, "prompt_tokens")
    times = np.zeros(len(outputs)) if arrivals is None else np.asarray(arrivals, dtype=np.float64)
    if not len(outputs) == len(prompts) == len(times):
        raise ValueError("output_tokens, prompt_tokens and arrivals must have one entry a request each")
    if not np.isfinite(times).all() or (times < 0).any():
        raise ValueError("arrivals must be finite and not negative")
    arrivals_ns = arrivals_in_ns(times, options)
    _require_countable(outputs, prompts, times, options)
    if hash_ids is not None and len(hash_ids) != len(outputs):
        raise ValueError("hash_ids must have one entry a request")
    order = np.argsort(arrivals_ns, kind="stable")
    if options.limited:
        return _run_limited(outputs, prompts, arrivals_ns, hash_ids, order, policy, options)
    whole_turns = (
        options.decode_rule is DecodeRule.MERGED
        and not options.honour_arrivals
        and (options.cost is None or options.turn_cost.constant)
    )
    serve = _serve_full_queue if whole_turns else _serve_events
    result = serve(outputs[order], prompts[order], arrivals_ns[order], policy, options)
    if policy is Policy.STATIC and options.static_returns is StaticReturns.BATCH:
        result.finished_ns = returned_with_batch(result.admitted_turn, result.finished_ns)
        result.first_token_ns = result.finished_ns
    return _as_given(result, _places(order), outputs, arrivals_ns, policy, options)


def _run_limited(
    outputs: IntArray,
    prompts: IntArray,
    arrivals_ns: IntArray,
    hash_ids: Sequence[Sequence[int]] | None,
    order: IntArray,
    policy: Policy,
    options: Options,
) -> Run:
    if options.limits is not None:
        options.limits.require_room_for_all(prompts, outputs)
    named = None if hash_ids is None else [hash_ids[place] for place in order.tolist()]
    result = serve_limited(outputs[order], prompts[order], arrivals_ns[order], named, policy, options)
    back = _places(order)
    return replace(
        _as_given(result, back, outputs, arrivals_ns, policy, options),
        yielded_tokens=result.yielded_tokens[back],
        preempted=result.preempted[back],
        prompt_tokens_read=result.prompt_tokens_read,
        prompt_tokens_reused=result.prompt_tokens_reused,
    )


def _places(order: IntArray) -> IntArray:
    """Where each request stands in `order`."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def _as_given(
    result: "_Account | LimitedAccount",
    back: IntArray,
    outputs: IntArray,
    arrivals_ns: IntArray,
    policy: Policy,
    options: Options,
) -> Run:
    """What `result` says in order of arrival, in the order in which requests were given."""
    return Run(
        policy=policy,
        options=options,
        output_tokens=outputs,
        arrivals_ns=arrivals_ns,
        admitted_turn=result.admitted_turn[back],
        finished_turn=result.finished_turn[back],
        first_token_ns=result.first_token_ns[back],
        finished_ns=result.finished_ns[back],
        turns=result.turns,
        elapsed_ns=result.elapsed_ns,
        decode_forwards=result.decode_forwards,
        decode_rows=result.decode_rows,
        prefill_forwards=result.prefill_forwards,
    )


def _tokens(values: npt.ArrayLike, name: str) -> IntArray:
    tokens = np.asarray(values)
    if tokens.ndim != 1 or (tokens.size and not np.issubdtype(tokens.dtype, np.integer)):
        raise ValueError(f"{name} must be a sequence of whole numbers")
    if tokens.size and int(tokens.min()) < 1:
        raise ValueError(f"{name} must be at least 1")
    return tokens.astype(np.int64)


def _require_countable(outputs: IntArray, prompts: IntArray, times: npt.NDArray[np.float64], options: Options) -> None:
    """Refuse a run that could last longer than 64 bits of nanoseconds (292 years) count."""
    cost = options.turn_cost
    longest = (
        outputs.sum(dtype=np.float64) * (cost.fixed_ns + cost.per_token_ns)
        + prompts.sum(dtype=np.float64) * cost.prompt_token_ns
        + len(outputs) * cost.prefill_ns
        + (times.max(initial=0.0) * NANOSECONDS if options.honour_arrivals else 0)
    )
    if longest >= np.iinfo(np.int64).max:
        raise ValueError("the token counts, costs or arrival times are absurd: the run would last for centuries")


class _Account:
    """What is being filled in while requests are served, in order of arrival."""

    def __init__(self, requests: int) -> None:
        self.admitted_turn = np.zeros(requests, dtype=np.int64)
        self.finished_turn = np.zeros(requests, dtype=np.int64)
        self.first_token_ns = np.zeros(requests, dtype=np.int64)
        self.finished_ns = np.zeros(requests, dtype=np.int64)
        self.turns = 0
        self.elapsed_ns = 0
        self.decode_forwards = 0
        self.decode_rows = 0
        self.prefill_forwards = 0


def _serve_full_queue(
    outputs: IntArray, prompts: IntArray, arrivals_ns: IntArray, policy: Policy, options: Options
) -> _Account:
    """A full queue, one merged decode a turn, all turns alike: a request holds its slot for its length of turns."""
    account = _Account(len(outputs))
    if len(outputs) == 0:
        return account
    admit = _static_admissions if policy is Policy.STATIC else _continuous_admissions
    account.admitted_turn = admit(outputs, options.slots)
    account.finished_turn = account.admitted_turn + outputs - 1
    account.turns = int(account.finished_turn.max())
    fixed_ns = options.turn_cost.fixed_ns
    account.first_token_ns = account.admitted_turn * fixed_ns
    account.finished_ns = account.finished_turn * fixed_ns
    account.elapsed_ns = account.turns * fixed_ns
    # Nothing is cached here, so that all prompts of a turn start alike.
    apart = prompts if options.prefill_rule is PrefillRule.SAME_LENGTH else np.zeros_like(prompts)
    account.prefill_forwards = _distinct_pairs(account.admitted_turn, apart)
    if options.first_token is FirstToken.DECODE:
        account.decode_rows = int(outputs.sum())
        account.decode_forwards = account.turns
    else:
        account.decode_rows = int(outputs.sum()) - len(outputs)
        account.decode_forwards = _turns_with_a_decode(account.admitted_turn, account.finished_turn)
    return account


def _static_admissions(outputs: IntArray, slots: int) -> IntArray:
    batches = np.maximum.reduceat(outputs, np.arange(0, len(outputs), slots))
    starts = np.concatenate(([1], 1 + np.cumsum(batches)[:-1]))
    return np.repeat(starts, slots)[: len(outputs)]


def _continuous_admissions(outputs: IntArray, slots: int) -> IntArray:
    free_at = [1] * slots
    admitted = np.empty(len(outputs), dtype=np.int64)
    for index, length in enumerate(outputs.tolist()):
        turn = free_at[0]
        admitted[index] = turn
        heapreplace(free_at, turn + length)
    return admitted


def _distinct_pairs(turns: IntArray, prompts: IntArray) -> int:
    """Prefill forwards: one for each prompt length among the newcomers of a turn; `turns` do not decrease."""
    # Two keys, not one product: a turn number times a prompt length can leave 64 bits.
    order = np.lexsort((prompts, turns))
    turns, prompts = turns[order], prompts[order]
    return 1 + int(np.count_nonzero((np.diff(turns) != 0) | (np.diff(prompts) != 0)))


def _turns_with_a_decode(admitted_turn: IntArray, finished_turn: IntArray) -> int:
    """Turns in which a request decodes: the union of admitted + 1 to finished; `admitted_turn` does not decrease."""
    reach = np.maximum.accumulate(finished_turn)
    before = np.concatenate(([0], reach[:-1]))
    return int(np.maximum(reach - np.maximum(admitted_turn, before), 0).sum())


class _Decoders(Protocol):
    """Active requests, and how far they decode undisturbed."""

    def __len__(self) -> int: ...

    def add(self, request: int, turn: int, tokens: int) -> None:
        """Take in a request that has yielded `tokens` tokens by the beginning of turn `turn`."""

    def shape(self) -> tuple[int, int]:
        """Decode forwards, and rows in them, of the coming turn."""

    def horizon(self, turn: int) -> int:
        """How many turns from `turn` on keep the shape of the coming one, the one with the next end included."""

    def advance(self, turns: int, last_turn: int) -> tuple[list[int], list[int]]:
        """Decode `turns` turns; the requests that yielded their first token, and those that ended, in the last one."""


class _Together:
    """Every request decodes in every turn, in one forward or (`groups`) in one for each position."""

    def __init__(self, outputs: list[int], prompts: list[int], groups: bool) -> None:
        self._outputs = outputs
        self._prompts = prompts
        self._ends: list[tuple[int, int]] = []
        self._fresh: list[int] = []
        # All positions grow alike, so position minus turn names a group for its lifetime.
        self._groups: dict[int, int] | None = {} if groups else None
        self._group_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, request: int, turn: int, tokens: int) -> None:
        heappush(self._ends, (turn + self._outputs[request] - tokens - 1, request))
        if tokens == 0:
            self._fresh.append(request)
        if self._groups is not None:
            group = self._prompts[request] + tokens - turn
            self._group_of[request] = group
            self._groups[group] = self._groups.get(group, 0) + 1

    def shape(self) -> tuple[int, int]:
        rows = len(self._ends)
        if self._groups is not None:
            return len(self._groups), rows
        return min(rows, 1), rows

    def horizon(self, turn: int) -> int:
        return self._ends[0][0] - turn + 1

    def advance(self, turns: int, last_turn: int) -> tuple[list[int], list[int]]:
        first, self._fresh = self._fresh, []
        ended = []
        while self._ends and self._ends[0][0] == last_turn:
            request = heappop(self._ends)[1]
            ended.append(request)
            if self._groups is not None:
                group = self._group_of.pop(request)
                self._groups[group] -= 1
                if not self._groups[group]:
                    del self._groups[group]
        return first, ended


class _LargestGroup:
    """Only the largest group at one position decodes; moving on, it may catch up with another and take it in."""

    def __init__(self, outputs: list[int], prompts: list[int]) -> None:
        self._outputs = outputs
        self._prompts = prompts
        self._groups: dict[int, list[int]] = {}
        self._size = 0
        self._unstarted: set[int] = set()

    def __len__(self) -> int:
        return self._size

    def add(self, request: int, turn: int, tokens: int) -> None:
        self._groups.setdefault(self._prompts[request] + tokens, []).append(request)
        self._size += 1
        if tokens == 0:
            self._unstarted.add(request)

    def _selected(self) -> int:
        # Requests are numbered by admission: among equals the group with the first admitted one decodes.
        return max(self._groups, key=lambda position: (len(self._groups[position]), -min(self._groups[position])))

    def _end(self, request: int) -> int:
        return self._prompts[request] + self._outputs[request]

    def shape(self) -> tuple[int, int]:
        return (1, len(self._groups[self._selected()])) if self._groups else (0, 0)

    def horizon(self, turn: int) -> int:
        position = self._selected()
        marks = [self._end(request) for request in self._groups[position]]
        marks += [other for other in self._groups if other > position]
        # A first token is an event too, but only that of the coming turn.
        fresh = not self._unstarted.isdisjoint(self._groups[position])
        return 1 if fresh else min(marks) - position

    def advance(self, turns: int, last_turn: int) -> tuple[list[int], list[int]]:
        if not self._groups:
            return [], []
        position = self._selected()
        moving = self._groups.pop(position)
        position += turns
        first = [request for request in moving if request in self._unstarted]
        self._unstarted.difference_update(first)
        ended = [request for request in moving if self._end(request) == position]
        going_on = [request for request in moving if self._end(request) != position]
        if going_on:
            self._groups.setdefault(position, []).extend(going_on)
        self._size -= len(ended)
        return first, ended


def _serve_events(
    outputs: IntArray, prompts: IntArray, arrivals_ns: IntArray, policy: Policy, options: Options
) -> _Account:
    """Jump from event to event: an admission, an end, an arrival, a change of the group that decodes."""
    account = _Account(len(outputs))
    output_list, prompt_list, arrival_list = outputs.tolist(), prompts.tolist(), arrivals_ns.tolist()
    decoders: _Decoders
    if options.decode_rule is DecodeRule.LARGEST_GROUP:
        decoders = _LargestGroup(output_list, prompt_list)
    else:
        decoders = _Together(output_list, prompt_list, options.decode_rule is DecodeRule.EVERY_GROUP)
    prefill_yields = options.first_token is FirstToken.PREFILL
    admitted_turn, finished_turn = [0] * len(outputs), [0] * len(outputs)
    first_token_ns, finished_ns = [0] * len(outputs), [0] * len(outputs)
    turn_ns = options.turn_cost.turn_ns
    padded = policy is Policy.STATIC and options.static_returns is not None
    requests, coming, turn, clock, batch = len(outputs), 0, 0, 0, 0
    while True:
        idle = len(decoders) == 0
        if idle:
            if coming == requests:
                break
            clock = max(clock, arrival_list[coming])
        free = options.slots - len(decoders) if idle or policy is Policy.CONTINUOUS else 0
        begin = coming
        while coming < requests and coming - begin < free and arrival_list[coming] <= clock:
            coming += 1
        newcomers = range(begin, coming)
        if not prefill_yields:
            for request in newcomers:
                decoders.add(request, turn + 1, 0)
        forwards, rows = decoders.shape()
        if newcomers:
            turns = 1
            prefills = options.prefill_rule.forwards((0, prompt_list[request]) for request in newcomers)
            tokens = rows + len(newcomers) if prefill_yields else rows
            read = sum(prompt_list[begin:coming])
            if padded:
                batch = tokens = len(newcomers)
                read = max(prompt_list[begin:coming]) * batch
            duration = turn_ns(forwards, tokens, prefills, read)
            account.prefill_forwards += prefills
        else:
            turns = decoders.horizon(turn + 1)
            duration = turn_ns(forwards, batch if padded else rows)
            if free and coming < requests:
                # The turn that begins at the arrival or after it is the newcomer's.
                turns = min(turns, -((clock - arrival_list[coming]) // duration))
        turn += turns
        clock += turns * duration
        account.decode_forwards += turns * forwards
        account.decode_rows += turns * rows
        first, ended = decoders.advance(turns, turn)
        for request in newcomers:
            admitted_turn[request] = turn
            if prefill_yields:
                first_token_ns[request] = clock
                if output_list[request] == 1:
                    ended.append(request)
                else:
                    decoders.add(request, turn + 1, 1)
        for request in first:
            first_token_ns[request] = clock
        for request in ended:
            finished_turn[request] = turn
            finished_ns[request] = clock
    account.admitted_turn, account.finished_turn = _array(admitted_turn), _array(finished_turn)
    account.first_token_ns, account.finished_ns = _array(first_token_ns), _array(finished_ns)
    account.turns, account.elapsed_ns = turn, clock
    return account


def _array(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
