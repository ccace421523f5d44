"""Synthetic answer lengths, drawn from a seed: the same seed gives the same lengths on every machine."""

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


def constant_lengths(count: int, length: int) -> IntArray:
    """`count` answers of exactly `length` tokens."""
    _require_count(count)
    if length < 1:
        raise ValueError(f"an answer has at least one token, not {length}")
    return np.full(count, length, dtype=np.int64)


def memoryless_lengths(count: int, mean: float, seed: int) -> IntArray:
    """`count` geometric answer lengths (tokens, >= 1) of the given mean.

    Memoryless: after every token the answer ends with the same chance, 1 / `mean`.
    """
    _require_count(count)
    if not mean >= 1:
        raise ValueError(f"the mean of answer lengths is at least one token, not {mean}")
    return np.random.default_rng(seed).geometric(1 / mean, size=count).astype(np.int64)


def _require_count(count: int) -> None:
    if count < 1:
        raise ValueError(f"a workload has at least one request, not {count}")
