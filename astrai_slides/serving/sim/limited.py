"""The generation loop under limits, turn by turn: KV memory, a token budget, prompts that begin alike.

Once a turn: ended requests give up slot and blocks; answers under way take the block that their next token needs,
or somebody is preempted or aborted; prompts that are being read go on within the budget; waiting requests are
admitted first come first served. Policies differ in when they admit: static batching only when nobody runs, then as
many as there are slots and memory for.

`sim.limited_fast` gives the same `Run` for millions of requests.
"""

from collections import deque
from dataclasses import dataclass, field

from astrai_slides.serving.sim.limits import KvMemory, Limits, PrefixStore, WhenFull
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.timeline import Cell, Phase, Policy, Turn


@dataclass(slots=True, eq=False)
class LimitedLife:
    """A request on its way through a server with limits.

    `computed` tokens of its KV cache are there, of `goal` that it has to read before it yields a token (0: it decodes).
    """

    request: Request
    index: int
    arrival_ns: int
    tokens: int = 0
    computed: int = 0
    goal: int = 0
    blocks: int = 0
    aborted: bool = False
    preempted: int = 0
    admitted_turn: int = 0
    finished_turn: int = 0
    first_token_ns: int = 0
    finished_ns: int = 0

    @property
    def ended(self) -> bool:
        """Whether it leaves at the next cleanup."""
        return self.aborted or self.tokens == self.request.output_tokens

    @property
    def decodes(self) -> bool:
        """Whether all is read that there is to read."""
        return self.goal == 0


@dataclass(slots=True)
class LimitedLoop:
    """A generation loop over `options.slots` slots and what `options.limits` leave."""

    policy: Policy
    options: Options
    coming: deque[LimitedLife]
    waiting: deque[LimitedLife] = field(default_factory=deque)
    running: list[LimitedLife] = field(default_factory=list)
    """In order of admission."""
    held: list[LimitedLife | None] = field(init=False)
    turns: list[Turn] = field(default_factory=list)
    spans: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    """Of each turn: its end in nanoseconds, tokens yielded, prefill forwards, prompt tokens read, context tokens."""
    clock_ns: int = 0
    decode_forwards: int = 0
    decode_rows: int = 0
    prefill_forwards: int = 0
    prompt_tokens_read: int = 0
    prompt_tokens_reused: int = 0
    limits: Limits = field(init=False)
    prefixes: PrefixStore = field(init=False)
    memory: KvMemory = field(init=False)

    def __post_init__(self) -> None:
        self.held = [None] * self.options.slots
        self.limits = self.options.limits or Limits()
        self.prefixes = PrefixStore(self.limits)
        self.memory = KvMemory(self.limits)

    def turn(self) -> bool:
        """Run one turn; False when no request is left."""
        for life in [life for life in self.running if life.ended]:
            self._leave(life)
        if not self.running and not self.waiting and self.coming:
            self.clock_ns = max(self.clock_ns, self.coming[0].arrival_ns)
        while self.coming and self.coming[0].arrival_ns <= self.clock_ns:
            self.waiting.append(self.coming.popleft())
        if not self.running and not self.waiting:
            return False
        may_admit = self.policy is Policy.CONTINUOUS or not self.running
        if self.limits.when_full is WhenFull.ABORT:
            if may_admit:
                self._admit_those_that_fit()
            self._abort()
        else:
            preempted = self._preempt()
            if may_admit and not preempted:
                self._admit_in_order()
        self._compute()
        return True

    def _leave(self, life: LimitedLife) -> None:
        self.running.remove(life)
        self.held[self.held.index(life)] = None
        self.memory.give(life.blocks, None if life.ended else life.index, life.computed)
        life.blocks = 0

    def _grow(self, life: LimitedLife) -> bool:
        """Take the block that the next token of `life` needs; False if there is none."""
        missing = self.limits.blocks_of(life.computed + 1) - life.blocks
        if not self.memory.has(missing):
            return False
        self.memory.take(missing)
        life.blocks += missing
        return True

    def _preempt(self) -> bool:
        """Let answers grow, those admitted first before others; whether somebody had to give way."""
        any_preempted = False
        for life in [life for life in self.running if life.decodes]:
            while life in self.running and not self._grow(life):
                last = self.running[-1]
                self._leave(last)
                last.computed = last.goal = 0
                last.preempted += 1
                self.waiting.appendleft(last)
                any_preempted = True
        return any_preempted

    def _abort(self) -> None:
        for life in self.running:
            if life.decodes and not self._grow(life):
                life.aborted = True

    def _fits(self, life: LimitedLife) -> bool:
        return self.memory.has(self.limits.blocks_of(life.request.prompt_tokens + life.tokens))

    def _admit_in_order(self) -> None:
        """Admit from the front while slots, memory and (in continuous batching) the budget last."""
        left = self._budget_left()
        while self.waiting and len(self.running) < self.options.slots and self._fits(self.waiting[0]):
            if self.policy is Policy.CONTINUOUS and left is not None and left <= 0:
                break
            life = self._admit(self.waiting.popleft())
            if left is not None:
                left -= life.goal - life.computed

    def _admit_those_that_fit(self) -> None:
        """Look at as many from the front as slots are free, and pass over those that do not fit."""
        left = self._budget_left()
        failed = []
        for _ in range(min(self.options.slots - len(self.running), len(self.waiting))):
            if self.policy is Policy.CONTINUOUS and left is not None and left <= 0:
                break
            life = self.waiting.popleft()
            if not self._fits(life):
                failed.append(life)
                continue
            self._admit(life)
            if left is not None:
                left -= life.goal - life.computed
        self.waiting.extendleft(reversed(failed))

    def _budget_left(self) -> int | None:
        if self.limits.token_budget is None:
            return None
        return self.limits.token_budget - sum(1 if life.decodes else life.goal - life.computed for life in self.running)

    def _admit(self, life: LimitedLife) -> LimitedLife:
        life.goal = life.request.prompt_tokens + life.tokens
        life.blocks = self.limits.blocks_of(life.goal)
        life.computed = max(
            self.memory.admit(life.index, life.goal),
            self.prefixes.found(life.request.hash_ids, life.request.prompt_tokens),
        )
        self.prompt_tokens_reused += life.computed
        life.admitted_turn = life.admitted_turn or len(self.turns) + 1
        self.running.append(life)
        self.held[self.held.index(None)] = life
        return life

    def _compute(self) -> None:
        """One forward, or as many as the rules say: a token for each answer, and prompts within the budget."""
        decoders = [life for life in self.running if life.decodes and not life.aborted]
        budget = self.limits.token_budget
        # Rows of requests that are aborted were counted when newcomers were let in.
        left = None if budget is None else budget - sum(life.decodes for life in self.running)
        chunks: list[tuple[int, int]] = []
        read = 0
        yielding = list(decoders)
        prefilled = []
        for life in self.running:
            if life.decodes:
                continue
            start = life.computed
            end = life.goal if left is None else min(life.goal, start + left)
            if end == start:
                continue
            if left is not None:
                left -= end - start
            chunks.append((start, end))
            read += end - start
            life.computed = end
            if end == life.goal:
                prefilled.append(life)
        yielding += prefilled
        context = sum(life.computed + 1 for life in decoders)
        prefills = self.options.prefill_rule.forwards(chunks)
        self.clock_ns += self.options.turn_cost.turn_ns(1, len(yielding), prefills, read, context)
        self.spans.append((self.clock_ns, len(yielding), prefills, read, context))
        self.decode_forwards += min(len(decoders), 1)
        self.decode_rows += len(decoders)
        self.prefill_forwards += prefills
        self.prompt_tokens_read += read
        number = len(self.turns) + 1
        for life in decoders:
            life.computed += 1
        for life in prefilled:
            life.goal = 0
            self.prefixes.keep(life.request.hash_ids)
        for life in yielding:
            life.tokens += 1
            if life.tokens == 1:
                life.first_token_ns = self.clock_ns
        for life in self.running:
            if life.ended:
                life.finished_turn, life.finished_ns = number, self.clock_ns
        cells = tuple(
            Cell(life.request, Phase.PREFILL if life in prefilled else Phase.DECODE, life.tokens)
            if life is not None and life in yielding
            else None
            for life in self.held
        )
        self.turns.append(Turn(number, cells, tuple(life.request for life in self.waiting)))
