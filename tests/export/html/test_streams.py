"""Chunks compressed together, as the player unpacks them."""

import base64
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from astrai_slides.export.html.built import SOURCES
from astrai_slides.export.html.streams import Stream, compressed

UNPACKED = """async ([packed, places]) => {
  const { Lzma } = await import("/lzma.js"), data = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  const size = new DataView(data.buffer).getUint32(0, true), lzma = new Lzma(data.subarray(4), size);
  return places.map(([start, end]) => {
    const work = lzma.bytes(start, end);
    try {
      for (;;) {
        const { done, value } = work.next();
        if (done) return [btoa(Array.from(value, (one) => String.fromCharCode(one)).join("")), lzma.at];
      }
    } catch (error) {
      return [error.constructor.name];
    }
  });
}"""
"""What the player unpacks of a stream at some places, and how much of it is unpacked by then."""


@pytest.fixture(scope="module")
def unpacked(chromium: Browser) -> Iterator[Any]:
    page = chromium.new_page()

    def answer(route: Route) -> None:
        module = SOURCES / urlsplit(route.request.url).path.lstrip("/")
        kind, body = ("text/javascript", module.read_text("utf-8")) if module.suffix == ".js" else ("text/html", "")
        route.fulfill(content_type=kind, body=body)

    page.route("**/*", answer)
    page.goto("http://deck.test/")
    yield lambda packed, *places: page.evaluate(UNPACKED, [base64.b64encode(packed).decode(), places])
    page.close()


def chunks() -> list[bytes]:
    """Some that have much in common, near and far, and some that nothing makes shorter."""
    chance = random.Random(1)
    first = b"".join(bytes([chance.randrange(9)] * chance.randrange(1, 400)) for _ in range(400))
    noise = chance.randbytes(70_000)
    edited = bytearray(first)
    for at in chance.sample(range(len(edited)), 300):
        edited[at] ^= 1 << chance.randrange(8)
    words = b" ".join(chance.choice((b"steps", b"of", b"variants", b"\xff\x00")) for _ in range(9000))
    return [first, b"", noise, bytes(edited), words, noise[:40_000] + first, b"\0" * 5]


def test_the_player_unpacks_each_chunk_of_a_stream_and_no_more_than_it_needs(unpacked: Any) -> None:
    stream, all_ = Stream(), chunks()
    starts = [stream.add(chunk) for chunk in all_]
    packed = stream.packed()
    # what comes again costs nothing: noise was in it before
    assert len(packed) < 100_000
    places = [(start, start + len(chunk)) for start, chunk in zip(starts, all_, strict=True)]
    for (found, _), chunk in zip(unpacked(packed, *places), all_, strict=True):
        assert base64.b64decode(found) == chunk
    [(_, first)] = unpacked(packed, places[0])
    assert first < starts[3]
    # the last one at once, and one before it afterwards
    (last, _), (again, _) = unpacked(packed, places[-1], places[3])
    assert (base64.b64decode(last), base64.b64decode(again)) == (all_[-1], all_[3])


def test_a_damaged_stream_is_said_to_be_damaged_or_gives_as_many_bytes(unpacked: Any) -> None:
    whole = b"".join(chunks()[3:])
    packed, chance = compressed(whole), random.Random(2)
    for cut in (5, 9, len(packed) // 2, len(packed) - 40):
        assert unpacked(packed[:cut], (0, len(whole)))[0] == ["DamagedDeck"]
    for _ in range(20):
        data = bytearray(packed)
        data[chance.randrange(4, len(data))] ^= 1 << chance.randrange(8)
        found = unpacked(bytes(data), (0, len(whole)))[0]
        assert found == ["DamagedDeck"] or len(base64.b64decode(found[0])) == len(whole)
    assert unpacked(packed, (0, len(whole) + 1))[0] == ["DamagedDeck"]
