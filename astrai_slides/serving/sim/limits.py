"""What limits a server besides its slots: KV memory, a budget of tokens a turn, and prompts that begin alike.

Every limit says what is assumed and where the rule comes from. The rules are those of vLLM's V1 scheduler
(`vllm/v1/core/sched/scheduler.py`, 0.19) unless another engine is named.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from astrai_slides.serving.sim.lengths import IntArray

VLLM_BLOCK = 16
"""Tokens of a block of KV memory, as vLLM's default."""
MOONCAKE_BLOCK = 512
"""Prompt tokens that one of a trace's `hash_ids` stands for (Qin et al., *Mooncake*, FAST 2025)."""


class WhenFull(StrEnum):
    """What happens when an answer needs another block of KV memory and none is free."""

    PREEMPT = "preempt"
    """The request that was admitted last gives up its blocks and waits, before all others, to be admitted again; it
    then reads its prompt and what it had answered once more (recompute), but for what its blocks still hold: blocks
    that were given up first are taken first, and those of one request from its end (vLLM's prefix caching, on by
    default). In such a turn nobody is admitted. vLLM."""
    ABORT = "abort"
    """The request that needs the block ends there, unfinished; its blocks are free in the next turn. Newcomers take
    their blocks before running requests grow, and one that finds none is passed over. AstrAI (75304d0)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server besides its slots; None: none.

    `kv_tokens`: tokens of KV memory, in whole blocks of `kv_block`. A request is admitted when there are blocks for
    all that it has to read (vLLM: `scheduler_reserve_full_isl`, on by default), and holds them from then on; its
    answer takes another block whenever the last one is full. The last token of an answer is never stored.
    `token_budget`: tokens that all forwards of a turn compute, first one for each answer under way, then prompts: what
    is left of a prompt is read in the following turns (chunked prefill: Agrawal et al., *Sarathi-Serve*, OSDI 2024;
    vLLM: `max_num_batched_tokens`). Only the last chunk yields a token.
    `prefix_tokens`: tokens of prompts kept in a store of their own after they were read, those used longest ago
    dropped first; beginnings found there are not read again, all but the last token of a prompt at most. `0` is no
    store. As in Mooncake's store outside of the GPU: what is reused still takes KV memory of its own.
    Raises ValueError for limits below one.
    """

    kv_tokens: int | None = None
    kv_block: int = VLLM_BLOCK
    when_full: WhenFull = WhenFull.PREEMPT
    token_budget: int | None = None
    prefix_tokens: int = 0
    prefix_block: int = MOONCAKE_BLOCK

    def __post_init__(self) -> None:
        for name, value in (
            ("kv_block", self.kv_block),
            ("prefix_block", self.prefix_block),
            ("token_budget", self.token_budget),
        ):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1")
        if self.prefix_tokens < 0:
            raise ValueError("prefix_tokens must be at least 0")
        if self.kv_tokens is not None and self.kv_tokens < self.kv_block:
            raise ValueError(f"KV memory of {self.kv_tokens:,} tokens is less than one block of {self.kv_block:,}")

    @property
    def blocks(self) -> int | None:
        """Blocks of KV memory."""
        return None if self.kv_tokens is None else self.kv_tokens // self.kv_block

    def blocks_of(self, tokens: int) -> int:
        """Blocks that hold so many tokens."""
        return -(-tokens // self.kv_block)

    def require_room_for_all(self, prompts: IntArray, outputs: IntArray) -> None:
        """Raise ValueError if one of many requests, tokens of which are given in turn, could never be served."""
        if self.blocks is not None and len(outputs):
            largest = int((prompts if self.when_full is WhenFull.ABORT else prompts + outputs).argmax())
            self.require_room(f"request {largest + 1}", int(prompts[largest]), int(outputs[largest]))

    def require_room(self, name: str, prompt: int, output: int) -> None:
        """Raise ValueError for a request that could never be served."""
        if self.blocks is None:
            return
        needed = prompt if self.when_full is WhenFull.ABORT else prompt + output - 1
        if self.blocks_of(needed) > self.blocks:
            raise ValueError(
                f"{name} needs KV memory for {needed:,} tokens, and there are {self.kv_tokens:,} in blocks of"
                f" {self.kv_block:,}: it would wait for ever"
            )


class KvMemory:
    """Blocks of KV memory, of which those free longest are taken first; without a limit where `limits` have none."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.free = limits.blocks
        """Free blocks; None: without limit."""
        # Free blocks in the order in which they are taken, by the request whose tokens they hold: -1 and below hold
        # nothing that anybody will ask for.
        self._queue: OrderedDict[int, int] = OrderedDict({-1: limits.blocks or 0})
        self._nobody = -1

    def has(self, blocks: int) -> bool:
        """Whether so many are free."""
        return self.free is None or blocks <= self.free

    def take(self, blocks: int) -> None:
        """Take so many of those that are free."""
        if self.free is None:
            return
        self.free -= blocks
        while blocks:
            owner, first = next(iter(self._queue.items()))
            if first > blocks:
                self._queue[owner] = first - blocks
                return
            del self._queue[owner]
            blocks -= first

    def give(self, blocks: int, owner: int | None = None, computed: int = 0) -> None:
        """Free `blocks`; the first `computed` tokens of request `owner` stay to be found, in whole blocks."""
        if self.free is None:
            return
        self.free += blocks
        whole = 0 if owner is None else computed // self._limits.kv_block
        if blocks > whole:
            self._nobody -= 1
            self._queue[self._nobody] = blocks - whole
        if whole and owner is not None:
            self._queue[owner] = whole

    def admit(self, owner: int, goal: int) -> int:
        """Take what `goal` tokens of request `owner` need, and say how many of them its blocks still hold."""
        left = self._queue.pop(owner, 0)
        if self.free is not None:
            self.free -= left
        self.take(self._limits.blocks_of(goal) - left)
        # One token at least is computed: the last, which yields the next one.
        return min(left, (goal - 1) // self._limits.kv_block) * self._limits.kv_block


class PrefixStore:
    """Beginnings of prompts that were read, by the trace's names of their blocks; the longest unused go first."""

    def __init__(self, limits: Limits) -> None:
        self._block = limits.prefix_block
        self._room = limits.prefix_tokens // limits.prefix_block
        self._held: OrderedDict[int, None] = OrderedDict()

    def found(self, names: Sequence[int], prompt: int) -> int:
        """Tokens of a prompt of `prompt` tokens, made of the blocks `names`, that need not be read."""
        hits = 0
        for name in names:
            if name not in self._held:
                break
            hits += 1
        # From the end, so that the beginning, without which the rest is of no use, was used last.
        for name in reversed(names[:hits]):
            self._held.move_to_end(name)
        return min(hits * self._block, prompt - 1)

    def keep(self, names: Sequence[int]) -> None:
        """Take in the blocks of a prompt that was read."""
        for name in reversed(names):
            self._held[name] = None
            self._held.move_to_end(name)
        while len(self._held) > self._room:
            self._held.popitem(last=False)
