"""A transformer of today's usual kind with random weights: what a forward costs does not depend on what they are.

Root mean square norms, rotary positions, heads that share keys, a gated feed-forward network. Keys and values lie in
slots of one size each, which are set aside once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.gpu.arrays import Array, Arrays

THETA = 10_000.0
"""Base of the frequencies by which positions turn."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a model is: `width` of a token, `heads` of queries, `kv_heads` of keys, `inner` of the feed-forward."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    inner: int
    vocabulary: int

    @property
    def head(self) -> int:
        """Width of a head."""
        return self.width // self.heads

    @property
    def parameters(self) -> int:
        """Numbers in all weights."""
        attention = self.width * self.head * (2 * self.heads + 2 * self.kv_heads)
        layer = attention + 3 * self.width * self.inner + 2 * self.width
        return self.layers * layer + 2 * self.vocabulary * self.width + self.width


SIZES = {
    "tiny": Size(2, 64, 4, 2, 128, 256),
    "125m": Size(12, 768, 12, 12, 2048, 32_000),
    # as AstrAI's own model
    "1b": Size(24, 1536, 24, 4, 6912, 100_000),
    # as Llama 3.1
    "8b": Size(32, 4096, 32, 8, 14_336, 128_256),
}
"""Models by name, the number being that of their parameters."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a forward does for one request: `tokens` that are new, from `position` on, in the cache's `slot`.

    They are a whole prompt from position 0 on, or one token.
    """

    slot: int
    position: int
    tokens: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Layer:
    before: Array
    project: Array
    out: Array
    between: Array
    gate: Array
    up: Array
    down: Array


class Model:
    """A model of `size`, and room for the keys and values of `slots` requests of `longest` tokens each."""

    def __init__(self, xp: Arrays, size: Size, slots: int, longest: int) -> None:
        self.size, self.slots, self.longest = size, slots, longest
        self._xp = xp
        width, head = size.width, size.head
        projected = (size.heads + 2 * size.kv_heads) * head
        self._embedding = xp.normal((size.vocabulary, width), 1.0)
        self._layers = [
            _Layer(
                xp.ones((width,)),
                xp.normal((width, projected), width**-0.5),
                xp.normal((size.heads * head, width), width**-0.5),
                xp.ones((width,)),
                xp.normal((width, size.inner), width**-0.5),
                xp.normal((width, size.inner), width**-0.5),
                xp.normal((size.inner, width), size.inner**-0.5),
            )
            for _ in range(size.layers)
        ]
        self._norm, self._head = xp.ones((width,)), xp.normal((width, size.vocabulary), width**-0.5)
        shape = (slots, size.kv_heads, longest, head)
        self._keys = [xp.zeros(shape) for _ in range(size.layers)]
        self._values = [xp.zeros(shape) for _ in range(size.layers)]
        angles = np.arange(longest)[:, None] * THETA ** (-np.arange(head // 2) / (head // 2))
        self._cosines, self._sines = xp.floats(np.cos(angles)), xp.floats(np.sin(angles))

    def forward(self, rows: Sequence[Row]) -> list[int]:
        """The token that follows each of `rows`, by one pass over all their new tokens, none of them padded.

        A row sees what its slot holds up to its position, and its own tokens. Attention takes rows with one new token
        together, over as many places as the fullest holds, and prompts one by one.
        """
        xp, size = self._xp, self.size
        # those with one new token first, so that they lie together
        order = sorted(range(len(rows)), key=lambda at: len(rows[at].tokens) > 1)
        ordered = [rows[at] for at in order]
        counts = [len(row.tokens) for row in ordered]
        single = sum(count == 1 for count in counts)
        positions = np.concatenate([np.arange(row.position, row.position + len(row.tokens)) for row in ordered])
        slots = xp.integers(np.repeat([row.slot for row in ordered], counts))
        places = xp.integers(positions)
        cosine, sine = self._cosines[places][:, None], self._sines[places][:, None]
        groups = self._groups(ordered, single)
        hidden = self._embedding[xp.integers(np.concatenate([np.asarray(row.tokens) for row in ordered]))]
        for layer, keys, values in zip(self._layers, self._keys, self._values, strict=True):
            projected = (xp.rms_norm(hidden, layer.before) @ layer.project).reshape(len(positions), -1, size.head)
            queries = xp.rotate(projected[:, : size.heads], cosine, sine)
            keys[slots, :, places] = xp.rotate(projected[:, size.heads : -size.kv_heads], cosine, sine)
            values[slots, :, places] = projected[:, -size.kv_heads :]
            read = [self._read(group, queries, keys, values) for group in groups]
            hidden = hidden + xp.joined(read) @ layer.out
            normed = xp.rms_norm(hidden, layer.between)
            hidden = hidden + (xp.silu(normed @ layer.gate) * (normed @ layer.up)) @ layer.down
        # only the last token of a row is asked what follows
        last = hidden[xp.integers(np.cumsum(counts) - 1)]
        following = xp.host(xp.largest(xp.rms_norm(last, self._norm) @ self._head))
        found = dict(zip(order, following, strict=True))
        return [found[at] for at in range(len(rows))]

    def _groups(self, ordered: Sequence[Row], single: int) -> list["_Group"]:
        """Rows whose attention is computed together: all of one new token, and each prompt."""
        groups = []
        if single:
            held = max(row.position for row in ordered[:single]) + 1
            ends = np.array([row.position for row in ordered[:single]])
            seen = self._xp.integers((np.arange(held) <= ends[:, None, None, None]).astype(np.int64)) > 0
            groups.append(_Group(0, single, held, self._xp.integers([row.slot for row in ordered[:single]]), seen))
        begin = single
        for row in ordered[single:]:
            groups.append(_Group(begin, len(row.tokens), len(row.tokens), slice(row.slot, row.slot + 1), None))
            begin += len(row.tokens)
        return groups

    def _read(self, group: "_Group", queries: Array, keys: Array, values: Array) -> Array:
        """What the queries of `group` read, (tokens, heads x width of a head)."""
        size = self.size
        asking = queries[group.begin : group.begin + group.tokens]
        # cut before the slots are picked, which copies what it picks
        held = keys[:, :, : group.held][group.slots], values[:, :, : group.held][group.slots]
        if group.seen is None:
            read = self._xp.causal_attention(asking.swapaxes(0, 1)[None], *held)[0].swapaxes(0, 1)
        else:
            # heads that share keys ask together, so that no key is copied for each
            asking = asking.reshape(group.tokens, size.kv_heads, size.heads // size.kv_heads, size.head)
            read = self._xp.attention(asking, *held, group.seen)
        return read.reshape(group.tokens, size.heads * size.head)


@dataclass(frozen=True, slots=True)
class _Group:
    """`tokens` from the `begin`-th of all on, which read `held` places of `slots`; without `seen`, a prompt its own."""

    begin: int
    tokens: int
    held: int
    slots: Array | slice
    seen: Array | None
