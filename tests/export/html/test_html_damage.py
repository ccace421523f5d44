"""Steps that are not what a recorder wrote: the player refuses them in a sentence, and never hangs or draws on."""

import base64
import json
import random
import re
import zlib
from pathlib import Path

import pytest
from deck_browser import opened
from playwright.sync_api import Browser
from signal_deck import recording, step

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.page import build_html
from astrai_slides.export.html.sums import with_sums
from astrai_slides.recording.format.codec import Chunk, decode_step, encode_step
from astrai_slides.talk.document import Document

STEPS = 60
SEED = 7
SEEK_ALL = """async () => { const said = [];
  for (const step of astrai.steps) {
    for (const seconds of [0, 0.3, 99]) {
      const word = await astrai.seek(step.name, seconds).then(() => 'drawn', (error) => error.message);
      if (!seconds || word !== said.at(-1)) seconds ? said.push(said.pop() + '|' + word) : said.push(word);
    }
  }
  return said; }"""


def _with_chunks(page: str, chunks: dict[int, bytes]) -> str:
    """Put other chunks into `page`, packed and announced as they should be."""
    found = re.search(r'(id="header">)(.*?)(</script>)', page, re.DOTALL)
    assert found
    header = json.loads(found[2])
    for index, raw in chunks.items():
        header["steps"][index]["raw"] = len(raw)
        text = base64.b64encode(zlib.compress(raw)).decode()
        page = re.sub(rf'(id="chunk-{index}">)[^<]*', lambda match, text=text: match[1] + text, page)  # type: ignore[misc]
    return with_sums(page.replace(found[2], json.dumps(header).replace("<", "\\u003c")))


def _damaged(raw: bytes, choose: random.Random) -> bytes:
    data = bytearray(raw)
    kind = choose.choice(["flip", "flip", "cut", "grow", "huge"])
    at = choose.randrange(len(data))
    if kind == "flip":
        data[at] ^= 1 << choose.randrange(8)
    elif kind == "cut":
        del data[at:]
    elif kind == "grow":
        data[at:at] = bytes(choose.randrange(256) for _ in range(3))
    else:
        data[at : at + 1] = b"\xff\xff\xff\xff\x0f"
    return bytes(data)


def test_damaged_steps_are_refused_as_in_python(chromium: Browser, tmp_path: Path) -> None:
    choose = random.Random(SEED)
    good = recording(*(step(index % 16, str(index), 12) for index in range(STEPS)))
    bad = {index: _damaged(encode_step(good.steps[index]), choose) for index in range(1, STEPS)}
    file = tmp_path / "damaged.html"
    file.write_text(_with_chunks(build_html(good, Document(title="Damaged")), bad), "utf-8")
    refused = 0
    with opened(chromium, file) as deck:
        said = deck.page.evaluate(SEEK_ALL)
        for index, raw in bad.items():
            try:
                length = decode_step(raw, good.steps[index], {}).length
                sound = length == good.steps[index].length
            except AstraiSlidesError:
                sound = False
            if sound:
                assert said[index] == "drawn", f"step {index}"
            else:
                refused += 1
                assert said[index].startswith("This deck is damaged: "), f"step {index}: {said[index]}"
        deck.complaints.clear()
    assert refused > STEPS // 3


@pytest.mark.parametrize("level", [0, 1, 9])
def test_what_zlib_packs_is_unpacked(
    chromium: Browser, tmp_path: Path, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chunk, "packed", property(lambda chunk: zlib.compress(chunk.data, level)))
    file = tmp_path / "packed.html"
    file.write_text(build_html(recording(step(0, "one", 60), step(1, "two")), Document(title="Packed")), "utf-8")
    with opened(chromium, file) as deck:
        assert deck.page.evaluate(SEEK_ALL) == ["drawn", "drawn"]
