"""A small deck with all that documents have to do with, clips for it, and programs that read documents."""

import hashlib
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from moving import film, moving
from PIL import Image
from similarity import GREEN, ssim

from astrai_slides.recording.format.model import GRID, Recording, TextRun
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import Document

DOCUMENT = Document("Größe & <Wirkung>", "Ada \U0001f600 Lovelace", "PyCon \u05d0", "2026-11-24", "de-CH")
CORPUS = Path(__file__).parent.parent / "corpus"

HEBREW = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd"
JAPANESE = "\u3053\u3093\u306b\u3061\u306f"
EMOJI = "\U0001f469\u200d\U0001f680\U0001f1e8\U0001f1ed"
LONG = " ".join(f"word{number}" for number in range(2500))
assert len(LONG) > 20_000
NOTES = f"""# Say *this*

Plain, **bold**, `code`, ~~gone~~ and a [link](https://example.org/a?b=1&c=2).
This line belongs to the one above.

- first
  goes on
- second
  1. inner

> quoted

{HEBREW}

{JAPANESE} {EMOJI} <script>alert(1)</script>

| left | right |
|------|-------|
| one  | two   |

bell \x07 escape \x1b half \ud800 null \x00 end

{LONG}
"""


def talk() -> Recording:
    """Steps of every kind: noted, in parts, repeating, going on, sharing a clip, standing still."""
    made = moving()
    first, loop, camera = made.steps
    texts = (
        TextRun("Waiting & <Queue>", (0, 0, 3 * GRID, GRID // 2)),
        TextRun(f"two lines\n{HEBREW}", (-7 * GRID, -4 * GRID, -3 * GRID, -3 * GRID)),
        TextRun(JAPANESE, (-7 * GRID, 3 * GRID, -5 * GRID, 4 * GRID)),
    )
    steps = (
        replace(first, name="title", title="Title & <more>", notes=NOTES, texts=texts),
        replace(camera, name="flow/static", title="Static", notes=""),
        replace(loop, name="flow/turning", title="Turning", auto_next=False),
        replace(camera, name="going on", title="", auto_next=True, notes="Short."),
        replace(camera, name="still", title="Still", notes="", runs=((0, 1),), auto_next=True),
    )
    return replace(made, steps=steps)


@cache
def clips() -> tuple[bytes | None, ...]:
    """Clips for `talk`: two steps share one, the last has none."""
    one, two, three = (film(frames).data for frames in (20, 31, 12))
    return one, two, three, two, None


ADDRESSES = {
    "see https://example.org/a_b?c=1&d=%20e#f.": ["https://example.org/a_b?c=1&d=%20e#f"],
    "(www.example.org/x), http://b.example:8080/!": [
        "https://www.example.org/x",
        "http://b.example:8080/",
    ],
    "https://a:b:c/ https:// www. https://-/ http://\u05d0/ file.py 3.4x e.g. javascript:x ftp://a.example": [],
}
"""Texts, and the addresses to be found in them: a wrong one would break a PPTX."""


def addressed() -> Recording:
    """One step with a text of `ADDRESSES` in each row of the slide, and the same in its notes."""
    made = moving()
    rows = range(3 * GRID, -4 * GRID, -GRID)
    texts = tuple(
        TextRun(text, (-6 * GRID, y, 6 * GRID, y + GRID // 2)) for text, y in zip(ADDRESSES, rows, strict=False)
    )
    step = replace(made.steps[0], name="closing", title="", notes="\n\n".join(ADDRESSES), texts=texts)
    return replace(made, steps=(step,))


def corpus(*names: str) -> Recording:
    """Record scenes (`file:Class`) that know nothing of this project, few frames of them, as one recording."""
    steps, blobs = [], {}
    for name in names:
        file, _, scene = name.partition(":")
        made = record_scene(CORPUS / f"{file}.py", scene, fps=2, width=854, height=480)
        steps += [replace(step, name=f"{scene}/{step.name}") for step in made.steps]
        blobs.update(made.blobs)
    return replace(made, steps=tuple(steps), blobs=blobs)


def run(*command: str | Path) -> str:
    """Run a program that must succeed and return what it prints."""
    arguments = [str(word) for word in command]
    # poppler writes an emoji of a property as two halves, which is no UTF-8
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", errors="replace", timeout=300)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout


def pages(pdf: Path, dpi: int, folder: Path) -> list[Path]:
    """Draw the pages of `pdf` with poppler; one picture a page."""
    folder.mkdir()
    run("pdftoppm", "-r", str(dpi), pdf, folder / "page")
    return sorted(folder.iterdir())


def alike(shown: Path, recording: Recording, step: int) -> float:
    """How alike a page and a step's end state are, as drawn by Cairo at the page's size (SSIM of the green)."""
    with Image.open(shown) as image:
        page = np.asarray(image.convert("RGB"))
    wanted = rgb(rasterise(recording.steps[step].end, recording.blobs, page.shape[1], page.shape[0]))
    return ssim(page, wanted, GREEN)


def digest(content: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(content).hexdigest()
