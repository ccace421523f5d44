"""Static and continuous batching, turn by turn, as AstrAI's generation loop does it.

Once a turn: *cleanup* frees the slots of finished requests, *refill* admits waiting ones first come first served,
*prefill* yields the newcomers' first token, *decode* one token of the requests that were there before.
The two policies share this loop and differ in one line: when refill may admit.

This is the scheduler for what is shown cell by cell; `astrai_slides.serving.sim.fast` gives the same `Run` for millions
of requests.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from astrai_slides.serving.sim.lengths import IntArray
from astrai_slides.serving.sim.limited import LimitedLife, LimitedLoop
from astrai_slides.serving.sim.options import DecodeRule, FirstToken, Options, StaticReturns
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.run import Run, arrivals_in_ns
from astrai_slides.serving.sim.timeline import Cell, Phase, Policy, Timeline, Turn


def static_batching(requests: Sequence[Request], slots: int) -> Timeline:
    """Serve `requests` in batches of `slots`; a batch starts when the one before has finished whole.

    All requests wait from the start, in the order given (arrival times are not looked at).
    Raises ValueError when `slots` is below 1.
    """
    return schedule(requests, Policy.STATIC, Options(slots))[0]


def continuous_batching(requests: Sequence[Request], slots: int) -> Timeline:
    """Serve `requests` on `slots` slots; a slot freed in one turn is refilled at the top of the next.

    All requests wait from the start, in the order given (arrival times are not looked at).
    Raises ValueError when `slots` is below 1.
    """
    return schedule(requests, Policy.CONTINUOUS, Options(slots))[0]


def schedule(requests: Sequence[Request], policy: Policy, options: Options) -> tuple[Timeline, Run]:
    """Serve `requests` turn by turn under any options; the timeline's requests are in order of arrival.

    A request that holds a slot but yields no token in a turn (see `DecodeRule.LARGEST_GROUP`) has no cell there.
    While no request is there the clock jumps to the next arrival; that takes no turn.
    """
    arrivals_ns = arrivals_in_ns(np.array([request.arrival for request in requests], dtype=np.float64), options)
    if options.limited:
        return _schedule_limited(requests, policy, options, arrivals_ns)
    lives = [_Life(request, index, int(arrivals_ns[index])) for index, request in enumerate(requests)]
    lives.sort(key=lambda life: life.arrival_ns)
    loop = _Loop(policy, options, deque(lives))
    while loop.turn():
        pass
    if policy is Policy.STATIC and options.static_returns is StaticReturns.BATCH:
        ends: dict[int, int] = {}
        for life in lives:
            ends[life.admitted_turn] = max(ends.get(life.admitted_turn, 0), life.finished_ns)
        for life in lives:
            life.first_token_ns = life.finished_ns = ends[life.admitted_turn]
    return _account(lives, loop, arrivals_ns)


def _schedule_limited(
    requests: Sequence[Request], policy: Policy, options: Options, arrivals_ns: IntArray
) -> tuple[Timeline, Run]:
    lives = [LimitedLife(request, index, int(arrivals_ns[index])) for index, request in enumerate(requests)]
    if options.limits is not None:
        for request in requests:
            options.limits.require_room(request.name, request.prompt_tokens, request.output_tokens)
    lives.sort(key=lambda life: life.arrival_ns)
    loop = LimitedLoop(policy, options, deque(lives))
    while loop.turn():
        pass
    timeline, served = _account(lives, loop, arrivals_ns)
    lives.sort(key=lambda life: life.index)
    return timeline, replace(
        served,
        yielded_tokens=_int_array(life.tokens for life in lives),
        preempted=_int_array(life.preempted for life in lives),
        prompt_tokens_read=loop.prompt_tokens_read,
        prompt_tokens_reused=loop.prompt_tokens_reused,
    )


def _account(
    lives: "Sequence[_Life | LimitedLife]", loop: "_Loop | LimitedLoop", arrivals_ns: IntArray
) -> tuple[Timeline, Run]:
    """What became of `lives`, which come in order of arrival, in `loop`, which is over."""
    timeline = Timeline(loop.policy, loop.options.slots, tuple(life.request for life in lives), tuple(loop.turns))
    given = sorted(lives, key=lambda life: life.index)
    return timeline, Run(
        policy=loop.policy,
        options=loop.options,
        output_tokens=_int_array(life.request.output_tokens for life in given),
        arrivals_ns=arrivals_ns,
        admitted_turn=_int_array(life.admitted_turn for life in given),
        finished_turn=_int_array(life.finished_turn for life in given),
        first_token_ns=_int_array(life.first_token_ns for life in given),
        finished_ns=_int_array(life.finished_ns for life in given),
        turns=len(loop.turns),
        elapsed_ns=loop.clock_ns,
        decode_forwards=loop.decode_forwards,
        decode_rows=loop.decode_rows,
        prefill_forwards=loop.prefill_forwards,
    )


@dataclass(slots=True, eq=False)
class _Life:
    """A request on its way through the server."""

    request: Request
    index: int
    arrival_ns: int
    tokens: int = 0
    admitted_turn: int = 0
    finished_turn: int = 0
    first_token_ns: int = 0
    finished_ns: int = 0

    @property
    def position(self) -> int:
        return self.request.prompt_tokens + self.tokens

    @property
    def finished(self) -> bool:
        return self.tokens == self.request.output_tokens


@dataclass(slots=True)
class _Loop:
    """AstrAI's generation loop over `options.slots` slots."""

    policy: Policy
    options: Options
    coming: deque[_Life]
    waiting: deque[_Life] = field(default_factory=deque)
    held: list[_Life | None] = field(init=False)
    turns: list[Turn] = field(default_factory=list)
    clock_ns: int = 0
    decode_forwards: int = 0
    decode_rows: int = 0
    prefill_forwards: int = 0
    batch: list[_Life] = field(default_factory=list)
    """The static batch under way, ended rows included."""

    def __post_init__(self) -> None:
        self.held = [None] * self.options.slots

    def turn(self) -> bool:
        """Run one turn; False when no request is left."""
        self._cleanup()
        newcomers = self._refill()
        if not any(self.held):
            return False
        decoders = [
            life
            for life in self._by_admission()
            if life not in newcomers or self.options.first_token is FirstToken.DECODE
        ]
        forwards = self._forwards(decoders)
        yielding = [life for forward in forwards for life in forward]
        decoded = len(yielding)
        if self.options.first_token is FirstToken.PREFILL:
            yielding += newcomers
        prompts = [life.request.prompt_tokens for life in newcomers]
        prefills = self.options.prefill_rule.forwards((0, prompt) for prompt in prompts)
        tokens, read = len(yielding), sum(prompts)
        if self.policy is Policy.STATIC and self.options.static_returns is not None:
            self.batch = newcomers or self.batch
            tokens, read = len(self.batch), max(prompts, default=0) * len(prompts)
        self.clock_ns += self.options.turn_cost.turn_ns(len(forwards), tokens, prefills, read)
        self.decode_forwards += len(forwards)
        self.decode_rows += decoded
        self.prefill_forwards += prefills
        self._yield_tokens(yielding, newcomers)
        return True

    def _cleanup(self) -> None:
        self.held = [None if life is None or life.finished else life for life in self.held]

    def _refill(self) -> list[_Life]:
        """Admit waiting requests to free slots; the newcomers, in order of admission."""
        idle = not any(self.held)
        if idle and not self.waiting and self.coming:
            self.clock_ns = max(self.clock_ns, self.coming[0].arrival_ns)
        while self.coming and self.coming[0].arrival_ns <= self.clock_ns:
            self.waiting.append(self.coming.popleft())
        newcomers = []
        if idle or self.policy is Policy.CONTINUOUS:
            for slot, life in enumerate(self.held):
                if life is None and self.waiting:
                    newcomer = self.held[slot] = self.waiting.popleft()
                    newcomer.admitted_turn = len(self.turns) + 1
                    newcomers.append(newcomer)
        return newcomers

    def _by_admission(self) -> list[_Life]:
        active = [life for life in self.held if life is not None]
        return sorted(active, key=lambda life: (life.arrival_ns, life.index))

    def _forwards(self, decoders: list[_Life]) -> list[list[_Life]]:
        """The decode forwards of this turn, by the rule."""
        if self.options.decode_rule is DecodeRule.MERGED:
            return [decoders] if decoders else []
        groups: dict[int, list[_Life]] = {}
        for life in decoders:
            groups.setdefault(life.position, []).append(life)
        if self.options.decode_rule is DecodeRule.EVERY_GROUP:
            return list(groups.values())
        # max() keeps the first of equals, and the groups are in order of their first admitted request.
        return [max(groups.values(), key=len)] if groups else []

    def _yield_tokens(self, yielding: list[_Life], newcomers: list[_Life]) -> None:
        number = len(self.turns) + 1
        for life in yielding:
            life.tokens += 1
            if life.tokens == 1:
                life.first_token_ns = self.clock_ns
            if life.finished:
                life.finished_turn = number
                life.finished_ns = self.clock_ns
        cells = tuple(
            Cell(life.request, Phase.PREFILL if life in newcomers else Phase.DECODE, life.tokens)
            if life is not None and life in yielding
            else None
            for life in self.held
        )
        self.turns.append(Turn(number, cells, tuple(life.request for life in self.waiting)))


def _int_array(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)
