"""The array module that the engine is written against: what it asks of NumPy, and of PyTorch on a GPU.

Arrays themselves are indexed, added and multiplied by `@` alike in both; here is what the two call otherwise.
"""

import importlib.metadata
import platform
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = Any
"""An array of the module at hand."""
IntArray = npt.NDArray[np.int64]
MASKED = -1e9
"""A score that a softmax takes for nothing."""


class Arrays(Protocol):
    """What the engine needs of an array module."""

    @property
    def device(self) -> str:
        """The name of what computes."""

    @property
    def precision(self) -> str:
        """The kind of number that weights and keys are."""

    @property
    def version(self) -> str:
        """The module and its version."""

    def normal(self, shape: tuple[int, ...], scale: float) -> Array:
        """Random weights of mean 0 and deviation `scale`; each call goes on with the seed's numbers."""

    def ones(self, shape: tuple[int, ...]) -> Array:
        """Weights of 1."""

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """An array of 0, to be written into."""

    def integers(self, values: Sequence[int] | IntArray) -> Array:
        """`values` where they are computed with."""

    def floats(self, values: npt.NDArray[np.float64]) -> Array:
        """`values` where they are computed with, as exact as the module's rotations are."""

    def rms_norm(self, values: Array, weight: Array) -> Array:
        """`values` over the root of their mean square along the last axis, times `weight`."""

    def rotate(self, values: Array, cosine: Array, sine: Array) -> Array:
        """The halves of the last axis of `values`, turned by an angle each."""

    def silu(self, values: Array) -> Array:
        """x / (1 + exp(-x))."""

    def attention(self, queries: Array, keys: Array, values: Array, seen: Array) -> Array:
        """What `queries` (rows, heads, asking, width) read of `keys` and `values` (rows, heads, held, width).

        `seen` (rows, 1, 1, held) says which of those that are held they may look at.
        """

    def causal_attention(self, queries: Array, keys: Array, values: Array) -> Array:
        """What `queries` (1, heads, new, width) read of `keys` and `values` (1, fewer heads, new, width).

        Each looks at those up to its own place. A head of keys serves as many heads of queries as there are for it.
        """

    def joined(self, arrays: Sequence[Array]) -> Array:
        """`arrays` one after the other along the first axis."""

    def largest(self, values: Array) -> Array:
        """Where along the last axis the largest is; of equals the first."""

    def host(self, values: Array) -> list[int]:
        """Whole numbers of `values`, once they are computed."""

    def wait(self) -> None:
        """Return when everything asked for is computed."""


class NumPyArrays:
    """NumPy, in double precision: so exact that the order of a sum does not turn one token into another."""

    device = f"CPU, {platform.machine()}"
    precision = "float64"
    version = f"NumPy {np.__version__}"

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)

    def normal(self, shape: tuple[int, ...], scale: float) -> Array:
        """See `Arrays`."""
        return self._random.standard_normal(shape) * scale

    def ones(self, shape: tuple[int, ...]) -> Array:
        """See `Arrays`."""
        return np.ones(shape)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """See `Arrays`."""
        return np.zeros(shape)

    def integers(self, values: Sequence[int] | IntArray) -> Array:
        """See `Arrays`."""
        return np.asarray(values, dtype=np.int64)

    def floats(self, values: npt.NDArray[np.float64]) -> Array:
        """See `Arrays`."""
        return values

    def rms_norm(self, values: Array, weight: Array) -> Array:
        """See `Arrays`."""
        return values / np.sqrt(np.mean(values * values, axis=-1, keepdims=True) + EPSILON) * weight

    def rotate(self, values: Array, cosine: Array, sine: Array) -> Array:
        """See `Arrays`."""
        half = values.shape[-1] // 2
        one, two = values[..., :half], values[..., half:]
        return np.concatenate([one * cosine - two * sine, two * cosine + one * sine], axis=-1)

    def silu(self, values: Array) -> Array:
        """See `Arrays`."""
        return values / (1.0 + np.exp(-values))

    def attention(self, queries: Array, keys: Array, values: Array, seen: Array) -> Array:
        """See `Arrays`."""
        scores = queries @ keys.swapaxes(-1, -2) / np.sqrt(queries.shape[-1])
        scores = np.where(seen, scores, MASKED)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return weights / weights.sum(axis=-1, keepdims=True) @ values

    def causal_attention(self, queries: Array, keys: Array, values: Array) -> Array:
        """See `Arrays`."""
        shared, new = queries.shape[1] // keys.shape[1], queries.shape[2]
        keys, values = np.repeat(keys, shared, axis=1), np.repeat(values, shared, axis=1)
        return self.attention(queries, keys, values, np.tri(new, dtype=bool))

    def joined(self, arrays: Sequence[Array]) -> Array:
        """See `Arrays`."""
        return np.concatenate(arrays)

    def largest(self, values: Array) -> Array:
        """See `Arrays`."""
        return np.argmax(values, axis=-1)

    def host(self, values: Array) -> list[int]:
        """See `Arrays`."""
        return [int(value) for value in values]

    def wait(self) -> None:
        """See `Arrays`."""


class TorchArrays:
    """PyTorch, on a GPU in bfloat16 as models are served, elsewhere in float32."""

    def __init__(self, device: str = "cuda", seed: int = 0) -> None:
        # the script's own requirement, and none of the package's
        import torch

        self._torch = torch
        self._on = torch.device(device)
        self._cuda = self._on.type == "cuda"
        self._kind = torch.bfloat16 if self._cuda else torch.float32
        self._random = torch.Generator(device=self._on).manual_seed(seed)
        # nothing here is trained
        torch.set_grad_enabled(False)

    @property
    def device(self) -> str:
        """See `Arrays`."""
        return str(self._torch.cuda.get_device_name(self._on)) if self._cuda else NumPyArrays.device

    @property
    def precision(self) -> str:
        """See `Arrays`."""
        return str(self._kind).removeprefix("torch.")

    @property
    def version(self) -> str:
        """See `Arrays`."""
        return f"PyTorch {importlib.metadata.version('torch')}"

    def normal(self, shape: tuple[int, ...], scale: float) -> Array:
        """See `Arrays`."""
        drawn = self._torch.empty(shape, dtype=self._kind, device=self._on)
        return drawn.normal_(0.0, scale, generator=self._random)

    def ones(self, shape: tuple[int, ...]) -> Array:
        """See `Arrays`."""
        return self._torch.ones(shape, dtype=self._kind, device=self._on)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """See `Arrays`."""
        return self._torch.zeros(shape, dtype=self._kind, device=self._on)

    def integers(self, values: Sequence[int] | IntArray) -> Array:
        """See `Arrays`."""
        return self._torch.as_tensor(np.asarray(values, dtype=np.int64), device=self._on)

    def floats(self, values: npt.NDArray[np.float64]) -> Array:
        """See `Arrays`."""
        return self._torch.as_tensor(values, dtype=self._torch.float32, device=self._on)

    def rms_norm(self, values: Array, weight: Array) -> Array:
        """See `Arrays`."""
        # squares of bfloat16 have too few digits to be summed
        exact = values.float()
        return (exact * self._torch.rsqrt((exact * exact).mean(-1, keepdim=True) + EPSILON)).to(self._kind) * weight

    def rotate(self, values: Array, cosine: Array, sine: Array) -> Array:
        """See `Arrays`."""
        one, two = values.float().chunk(2, -1)
        return self._torch.cat([one * cosine - two * sine, two * cosine + one * sine], -1).to(self._kind)

    def silu(self, values: Array) -> Array:
        """See `Arrays`."""
        return self._torch.nn.functional.silu(values)

    def attention(self, queries: Array, keys: Array, values: Array, seen: Array) -> Array:
        """See `Arrays`."""
        return self._torch.nn.functional.scaled_dot_product_attention(queries, keys, values, attn_mask=seen)

    def causal_attention(self, queries: Array, keys: Array, values: Array) -> Array:
        """See `Arrays`."""
        return self._torch.nn.functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=queries.shape[1] != keys.shape[1]
        )

    def joined(self, arrays: Sequence[Array]) -> Array:
        """See `Arrays`."""
        return self._torch.cat(tuple(arrays))

    def largest(self, values: Array) -> Array:
        """See `Arrays`."""
        return values.argmax(-1)

    def host(self, values: Array) -> list[int]:
        """See `Arrays`."""
        return [int(value) for value in values.tolist()]

    def wait(self) -> None:
        """See `Arrays`."""
        if self._cuda:
            self._torch.cuda.synchronize(self._on)


EPSILON = 1e-5
"""What keeps a norm of nothing from being divided by nothing."""
