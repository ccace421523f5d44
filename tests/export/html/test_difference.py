"""Chunks told by how they differ from another."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.export.html.difference import ChunkBase
from astrai_slides.recording.format.varint import Reader


def applied(difference: bytes, base: bytes) -> bytes:
    """As `player/chunks.js` does it, which takes no bytes that are not there."""
    copies = Reader(difference)
    count = copies.unsigned()
    literal = end = len(difference) - copies.left + count
    out, start = bytearray(), 0
    while len(difference) - copies.left < end:
        literals, length = copies.unsigned(), copies.unsigned()
        out += difference[literal : literal + literals]
        literal += literals
        start += copies.signed()
        assert 0 <= start <= start + length <= len(base)
        out += base[start : start + length]
        start += length
    return bytes(out + difference[literal:])


@settings(max_examples=examples(150))
@given(st.binary(max_size=2000), st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 60), st.binary(max_size=40))))
def test_what_differs_gives_the_same_bytes_again(base: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    data = base
    for at, gone, come in edits:
        data = data[:at] + come + data[at + gone :]
    assert applied(ChunkBase(base).difference(data), base) == data


def test_what_is_mostly_the_same_takes_little() -> None:
    base = bytes(range(256)) * 40
    data = base[:3000] + b"something else" + base[3100:]
    difference = ChunkBase(base).difference(data)
    assert applied(difference, base) == data
    assert len(difference) < 40
    assert applied(ChunkBase(base).difference(base), base) == base


def test_it_goes_on_beside_a_byte_that_differs_where_the_base_has_the_same_twice() -> None:
    twice = bytes(range(200, 256)) * 2
    base = bytes(range(50)) + twice + bytes(range(50, 100))
    data = bytearray(base)
    data[50 + 80] ^= 1
    # two copies of three varints each of a byte, but for the first one's length; their own length, and the byte
    assert len(ChunkBase(base).difference(bytes(data))) == 1 + 4 + 3 + 1
