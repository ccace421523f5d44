"""The loop of `sim.limited` for millions of requests: from one admission, end or full memory to the next.

While nobody comes, ends or finds memory full, all turns decode the same rows: how many blocks they take, how long they
last and when the next arrival is in time are sums.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np

from astrai_slides.serving.sim.lengths import IntArray
from astrai_slides.serving.sim.limits import KvMemory, Limits, PrefixStore, WhenFull
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.timeline import Policy

Spans = list[tuple[int, int, int, int, int, int]]
"""Turns that were served as one: the end in nanoseconds, turns, tokens yielded, prefill forwards, prompt tokens read,
context tokens, all but the first summed over the turns."""


@dataclass(slots=True)
class LimitedAccount:
    """What is known after all requests were served, in order of arrival."""

    admitted_turn: IntArray
    finished_turn: IntArray
    first_token_ns: IntArray
    finished_ns: IntArray
    yielded_tokens: IntArray
    preempted: IntArray
    turns: int
    elapsed_ns: int
    decode_forwards: int
    decode_rows: int
    prefill_forwards: int
    prompt_tokens_read: int
    prompt_tokens_reused: int
    spans: Spans = field(default_factory=list)


def serve_limited(
    outputs: IntArray,
    prompts: IntArray,
    arrivals_ns: IntArray,
    hash_ids: Sequence[Sequence[int]] | None,
    policy: Policy,
    options: Options,
    *,
    keep_spans: bool = False,
) -> LimitedAccount:
    """Serve requests in order of arrival; with `keep_spans` also say what was done when."""
    server = _Server(outputs.tolist(), prompts.tolist(), arrivals_ns.tolist(), hash_ids, policy, options, keep_spans)
    while server.step():
        pass
    return server.account()


class _Server:
    def __init__(
        self,
        outputs: list[int],
        prompts: list[int],
        arrivals: list[int],
        hash_ids: Sequence[Sequence[int]] | None,
        policy: Policy,
        options: Options,
        keep_spans: bool,
    ) -> None:
        self._outputs, self._prompts, self._arrivals, self._hash_ids = outputs, prompts, arrivals, hash_ids
        self._continuous = policy is Policy.CONTINUOUS
        self._options = options
        self._cost = options.turn_cost
        limits = self._limits = options.limits or Limits()
        self._abort = limits.when_full is WhenFull.ABORT
        self._block = limits.kv_block
        self._memory = KvMemory(limits)
        self._prefixes = PrefixStore(limits)
        self._next = 0
        self._returned: deque[int] = deque()
        # Answers under way, in order of admission: tokens there are at the top of a turn, less the turn's number.
        self._decoders: dict[int, int] = {}
        self._offsets = 0
        # How many of them need a block in turns that leave this rest, divided by the size of a block.
        self._growing: dict[int, int] = {}
        self._ends: list[tuple[int, int]] = []
        self._end_of: dict[int, int] = {}
        # Prompts being read, in order of admission, all after the answers: tokens computed, and to be computed.
        self._reading: dict[int, tuple[int, int]] = {}
        self._turn = self._clock = 0
        self._tokens = [0] * len(outputs)
        self._admitted = [0] * len(outputs)
        self._finished = [0] * len(outputs)
        self._first_ns = [0] * len(outputs)
        self._finished_ns = [0] * len(outputs)
        self._preempted: dict[int, int] = {}
        self._forwards = self._rows = self._prefills = self._read = self._reused = 0
        self._spans: Spans | None = [] if keep_spans else None

    def account(self) -> LimitedAccount:
        """What happened to whom."""
        preempted = np.zeros(len(self._outputs), dtype=np.int64)
        for request, times in self._preempted.items():
            preempted[request] = times
        return LimitedAccount(
            admitted_turn=np.array(self._admitted, dtype=np.int64),
            finished_turn=np.array(self._finished, dtype=np.int64),
            first_token_ns=np.array(self._first_ns, dtype=np.int64),
            finished_ns=np.array(self._finished_ns, dtype=np.int64),
            yielded_tokens=np.array(self._tokens, dtype=np.int64),
            preempted=preempted,
            turns=self._turn,
            elapsed_ns=self._clock,
            decode_forwards=self._forwards,
            decode_rows=self._rows,
            prefill_forwards=self._prefills,
            prompt_tokens_read=self._read,
            prompt_tokens_reused=self._reused,
            spans=self._spans or [],
        )

    def step(self) -> bool:
        """Serve one turn, or as many as are alike; False when no request is left."""
        idle = not self._decoders and not self._reading
        if idle and not self._returned:
            if self._next == len(self._outputs):
                return False
            self._clock = max(self._clock, self._arrivals[self._next])
        turn = self._turn + 1
        growth = self._growing.get(turn % self._block, 0)
        rows = len(self._decoders)
        aborted: list[int] = []
        alone = False
        if self._abort:
            if self._continuous or idle:
                self._admit(turn, rows)
            if not self._memory.has(growth):
                aborted, alone = self._walk_aborting(turn), True
            elif self._reading:
                self._memory.take(growth)
        elif not self._memory.has(growth):
            self._walk_preempting(turn)
            rows, alone = len(self._decoders), True
        else:
            admits = (self._continuous or idle) and self._front_fits(rows, growth)
            if admits or self._reading:
                # Else it is taken with what the turns after this one take.
                self._memory.take(growth)
            if admits:
                self._admit(turn, rows)
        if alone or self._reading:
            self._one_turn(turn, rows, aborted)
        else:
            self._many_turns(turn)
        return True

    def _front_fits(self, rows: int, growth: int) -> bool:
        """Whether the first who waits fits in beside so many answers, which take `growth` blocks."""
        if rows + len(self._reading) == self._options.slots or not self._waits():
            return False
        request = self._returned[0] if self._returned else self._next
        goal = self._prompts[request] + self._tokens[request]
        return self._memory.has(self._limits.blocks_of(goal) + growth)

    def _waits(self) -> bool:
        return bool(self._returned) or (self._next < len(self._outputs) and self._arrivals[self._next] <= self._clock)

    def _key(self, request: int, offset: int) -> int:
        return (1 - self._prompts[request] - offset) % self._block

    def _leave(self, request: int) -> int:
        """Take `request` out of the answers under way; its offset."""
        offset = self._decoders.pop(request)
        key = self._key(request, offset)
        if self._growing[key] == 1:
            del self._growing[key]
        else:
            self._growing[key] -= 1
        self._offsets -= self._prompts[request] + offset
        del self._end_of[request]
        return offset

    def _walk_preempting(self, turn: int) -> None:
        """Let answers grow one after the other, where not all can."""
        memory, rest = self._memory, turn % self._block
        for request, offset in list(self._decoders.items()):
            if self._key(request, offset) != rest:
                continue
            while request in self._decoders and not memory.has(1):
                self._preempt_last(turn)
            if request in self._decoders:
                memory.take(1)

    def _preempt_last(self, turn: int) -> None:
        if self._reading:
            last, (computed, goal) = self._reading.popitem()
            blocks = self._limits.blocks_of(goal)
        else:
            last = next(reversed(self._decoders))
            tokens = self._leave(last) + turn
            self._tokens[last] = tokens
            computed = self._prompts[last] + tokens - 1
            blocks = self._limits.blocks_of(computed)
        self._memory.give(blocks, last, computed)
        self._preempted[last] = self._preempted.get(last, 0) + 1
        self._returned.appendleft(last)

    def _walk_aborting(self, turn: int) -> list[int]:
        aborted, rest = [], turn % self._block
        for request, offset in self._decoders.items():
            if self._key(request, offset) == rest:
                if self._memory.has(1):
                    self._memory.take(1)
                else:
                    aborted.append(request)
        return aborted

    def _admit(self, turn: int, rows: int) -> None:
        """Admit who waits; `rows` answers are under way."""
        free = self._options.slots - rows - len(self._reading)
        budget = self._limits.token_budget if self._continuous else None
        left = 0
        if budget is not None:
            left = budget - rows - sum(goal - computed for computed, goal in self._reading.values())
        failed: list[int] = []
        while free > 0 and (budget is None or left > 0) and self._waits():
            request = self._returned.popleft() if self._returned else self._next
            goal = self._prompts[request] + self._tokens[request]
            fits = self._memory.has(self._limits.blocks_of(goal))
            if not fits and not self._abort:
                if request != self._next:
                    self._returned.appendleft(request)
                break
            if request == self._next:
                self._next += 1
            free -= 1
            if not fits:
                failed.append(request)
                continue
            computed = self._memory.admit(request, goal)
            if self._hash_ids is not None:
                computed = max(computed, self._prefixes.found(self._hash_ids[request], self._prompts[request]))
            self._reused += computed
            self._reading[request] = (computed, goal)
            if not self._admitted[request]:
                self._admitted[request] = turn
            left -= goal - computed
        self._returned.extendleft(reversed(failed))

    def _one_turn(self, turn: int, rows: int, aborted: list[int]) -> None:
        budget = self._limits.token_budget
        left = 0 if budget is None else budget - rows
        chunks: list[tuple[int, int]] = []
        done: list[int] = []
        read = 0
        for request, (start, goal) in self._reading.items():
            end = goal if budget is None else min(goal, start + left)
            if end == start:
                break
            left -= end - start
            read += end - start
            chunks.append((start, end))
            if end == goal:
                done.append(request)
            else:
                self._reading[request] = (end, goal)
        held = [self._leave(request) + turn for request in aborted]
        decoders = len(self._decoders)
        context = self._offsets + decoders * turn
        prefills = self._options.prefill_rule.forwards(chunks) if chunks else 0
        yielded = decoders + len(done)
        self._pass(turn, 1, self._cost.turn_ns(1, yielded, prefills, read, context), yielded, prefills, read, context)
        self._forwards += min(decoders, 1)
        self._rows += decoders
        for request, tokens in zip(aborted, held, strict=True):
            self._tokens[request] = tokens
            self._end(request, self._prompts[request] + tokens - 1)
        self._end_all(turn)
        for request in done:
            del self._reading[request]
            if self._hash_ids is not None:
                self._prefixes.keep(self._hash_ids[request])
            self._start_answer(request, turn)

    def _start_answer(self, request: int, turn: int) -> None:
        """Take in a request whose prompt was read to the end in `turn`, which yielded a token."""
        self._tokens[request] += 1
        tokens, output = self._tokens[request], self._outputs[request]
        if tokens == 1:
            self._first_ns[request] = self._clock
        if tokens == output:
            self._end(request, self._prompts[request] + output - 1)
            return
        offset = tokens - turn - 1
        self._decoders[request] = offset
        self._offsets += self._prompts[request] + offset
        key = self._key(request, offset)
        self._growing[key] = self._growing.get(key, 0) + 1
        self._end_of[request] = turn + output - tokens
        heappush(self._ends, (turn + output - tokens, request))

    def _end(self, request: int, computed: int) -> None:
        self._finished[request] = self._turn
        self._finished_ns[request] = self._clock
        self._memory.give(self._limits.blocks_of(computed))

    def _end_all(self, turn: int) -> None:
        """Let those go whose answer ended in `turn`."""
        while self._ends and self._ends[0][0] <= turn:
            end, request = heappop(self._ends)
            if self._end_of.get(request) == end:
                self._leave(request)
                self._tokens[request] = self._outputs[request]
                self._end(request, self._prompts[request] + self._outputs[request] - 1)

    def _pass(self, turn: int, turns: int, duration: int, yielded: int, prefills: int, read: int, context: int) -> None:
        self._turn = turn + turns - 1
        self._clock += duration
        self._prefills += prefills
        self._read += read
        if self._spans is not None:
            self._spans.append((self._clock, turns, yielded, prefills, read, context))

    def _many_turns(self, turn: int) -> None:
        """Decode the same rows until one ends, memory is full, or a newcomer could be let in."""
        while self._end_of.get(self._ends[0][1]) != self._ends[0][0]:
            heappop(self._ends)
        rows = len(self._decoders)
        turns = self._turns_with_memory(turn, rows, self._ends[0][0] - turn + 1)
        one = self._cost.turn_ns(1, rows)
        per_context = self._cost.context_token_ns
        context = self._offsets + rows * turn

        def context_of(count: int) -> int:
            return count * context + rows * (count * (count - 1) // 2)

        free = self._continuous and rows < self._options.slots
        if free and self._next < len(self._outputs) and (self._abort or not self._waits()):
            missing = self._arrivals[self._next] - self._clock
            if missing > 0 and turns * one + per_context * context_of(turns) > missing:
                low, high = 1, turns
                while low < high:
                    middle = (low + high) // 2
                    if middle * one + per_context * context_of(middle) >= missing:
                        high = middle
                    else:
                        low = middle + 1
                turns = low
        if self._memory.free is not None:
            self._memory.take(self._growth(turn, rows, turns))
        contexts = context_of(turns)
        self._pass(turn, turns, turns * one + per_context * contexts, rows * turns, 0, 0, contexts)
        self._forwards += turns
        self._rows += rows * turns
        self._end_all(self._turn)

    def _growth(self, turn: int, rows: int, turns: int) -> int:
        """Blocks that the answers take in so many turns from `turn` on."""
        cycles, rest = divmod(turns, self._block)
        blocks = cycles * rows
        if rest:
            block = self._block
            blocks += sum(count for key, count in self._growing.items() if (key - turn) % block < rest)
        return blocks

    def _turns_with_memory(self, turn: int, rows: int, most: int) -> int:
        """How many of `most` turns from `turn` on find the blocks that they need; the first of them does."""
        free = self._memory.free
        if free is None or rows * (most // self._block + 1) <= free:
            return most
        cycles, left = divmod(free, rows)
        block = self._block
        for distance, count in sorted(((key - turn) % block, count) for key, count in self._growing.items()):
            left -= count
            if left < 0:
                return min(most, cycles * block + distance)
        raise AssertionError("every row needs a block once in as many turns as a block has tokens")
