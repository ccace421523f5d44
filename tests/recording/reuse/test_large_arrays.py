"""Digests of large arrays, taken once while the arrays stay as they are."""

import hashlib
from typing import Any

import numpy as np
import pytest

from astrai_slides.recording.reuse import large_arrays
from astrai_slides.recording.reuse.large_arrays import digest_of

_SHA256 = hashlib.sha256


def sha(array: Any) -> bytes:
    return _SHA256(np.ascontiguousarray(array).tobytes()).digest()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How large what is digested is, each time; nothing is known at first."""
    taken: list[int] = []

    def count(data: memoryview) -> Any:
        taken.append(data.nbytes)
        return _SHA256(data)

    monkeypatch.setattr(large_arrays, "_known", type(large_arrays._known)())
    monkeypatch.setattr(large_arrays.hashlib, "sha256", count)
    return taken


def test_an_array_is_digested_again_only_when_it_holds_something_else(counted: list[int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (50, 40, 4), dtype=np.uint8)
    first = digest_of(pixels)
    assert digest_of(pixels) == first
    assert counted == [8000]
    pixels[3, 4, 1] ^= 1
    changed = digest_of(pixels)
    pixels[3, 4, 1] ^= 1
    again = digest_of(pixels)
    assert digest_of(pixels[:, ::2]) == digest_of(pixels[:, ::2].copy())
    assert first == again != changed
    assert len(counted) == 5


def test_another_array_with_the_same_pixels_is_only_compared(counted: list[int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (200, 150, 4), dtype=np.uint8)
    first = digest_of(pixels)
    assert digest_of(pixels.copy()) == first
    assert len(counted) == 1
    other = pixels.copy()
    other[-1, -1, -1] ^= 1
    assert digest_of(other) == sha(other) != first
    assert digest_of(pixels.reshape(150, 200, 4)) == first
    assert len(counted) == 3


@pytest.mark.parametrize("shape", [(0,), (5,), (8,), (3, 7, 3), (4, 4, 4)])
@pytest.mark.parametrize("turned", [False, True])
def test_a_change_of_any_byte_is_seen(counted: list[int], shape: tuple[int, ...], turned: bool) -> None:
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    pixels = array.T if turned else array
    assert digest_of(pixels) == digest_of(pixels) == sha(pixels)
    for place in range(array.size):
        array.flat[place] ^= 0x80
        assert digest_of(pixels) == sha(pixels)
        array.flat[place] ^= 0x80
        assert digest_of(pixels) == sha(pixels)
    assert len(counted) == 1 + 2 * array.size


def test_digests_are_those_of_the_bytes(counted: list[int]) -> None:
    zeros = np.zeros(9)
    assert digest_of(zeros) == sha(np.zeros(9))
    zeros *= -1
    assert digest_of(zeros) == sha(-np.zeros(9)) != sha(np.zeros(9)), "equal numbers of other bytes"


def test_few_bytes_are_kept(counted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_arrays, "MOST_BYTES", 250)
    arrays = [np.full(100, number, np.uint8) for number in range(3)]
    for array in (*arrays, arrays[1], arrays[0], arrays[1]):
        assert digest_of(array) == sha(array)
    assert counted == [100] * 4, "those asked for last are known"
    digest_of(np.zeros(300, np.uint8))
    assert sum(copy.nbytes for _, copy, _ in large_arrays._known.values()) == 200
