"""How long PPTX and PDF of long decks take to write, and in how much memory.

Run as `python -m benchmarks.documents`; every row is a fresh process, so that its peak memory is its own. A step is
sixty shapes and ten lines of text of its own, notes, and a clip of 500 kB, which is not encoded here.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from astrai_slides.export.pdf.pages import write_pdf
from astrai_slides.export.pdf.sheet import write_notes_pdf
from astrai_slides.export.pptx.presentation import write_pptx
from astrai_slides.recording.format.model import GRID, Draw, Frame, Paint, Recording, Step, Style, TextRun, View
from astrai_slides.recording.format.model import Path as Shape
from astrai_slides.talk.document import Document

COUNTS = (25, 50, 100, 200)
KINDS = ("pptx", "pdf", "pdf with notes", "notes.pdf")
SHAPES, CURVES, LINES = 60, 14, 10
CLIP_BYTES = 500_000
WIDTH, HEIGHT, FPS = 1280, 720, 30
BACKGROUND, INK = 0x0D1117FF, 0xF4F4F5FF
NOTES = "# Say\n\n* **why** it matters\n* what comes next\n\n" + "A sentence that a speaker might say here. " * 20


def generated(count: int) -> Recording:
    """A deck of `count` steps that share nothing."""
    return Recording("Generated", FPS, WIDTH, HEIGHT, BACKGROUND, tuple(_step(index) for index in range(count)))


def _step(index: int) -> Step:
    choose = np.random.default_rng(index)

    def place(reach: int) -> npt.NDArray[np.int64]:
        return choose.integers(-reach, reach, 2)

    draws = []
    for number in range(SHAPES):
        points = choose.integers(-GRID // 4, GRID // 4, (3 * CURVES + 1, 2), dtype="<i4")
        points[0] = 0
        x, y = place(4 * GRID).tolist()
        draws.append(Draw(Shape(((CURVES, True),), points.tobytes()), Style(fill=Paint((INK,))), x, y, number))
    frame = Frame(tuple(draws), View(0, 0, 16 * GRID, 9 * GRID), BACKGROUND)
    texts = tuple(
        TextRun(f"line {number} of step {index}", (-7 * GRID, row * GRID // 2, 0, row * GRID // 2 + GRID // 3))
        for number, row in enumerate(range(-5, LINES - 5))
    )
    return Step(f"part {index // 10}/step {index}", (frame,), ((0, FPS),), frame, notes=NOTES, texts=texts)


def _clips(count: int, folder: Path) -> list[Path]:
    """A short film, made as large as one of a talk, another for each step."""
    with av.open(str(folder / "film.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for grey in range(FPS):
            pixels = np.full((HEIGHT, WIDTH, 3), grey, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    film = (folder / "film.mp4").read_bytes()
    paths = [folder / f"{index}.mp4" for index in range(count)]
    for index, path in enumerate(paths):
        filling = index.to_bytes(4, "big") * (CLIP_BYTES // 4)
        path.write_bytes(film + (len(filling) + 8).to_bytes(4, "big") + b"free" + filling)
    return paths


def _peak() -> float:
    """Most megabytes that this process held. Linux counts kilobytes, macOS bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def measure(kind: str, count: int) -> None:
    """Write a deck of `count` steps as `kind`, and print seconds, processor time, peak memory and size."""
    recording = replace(generated(count), warnings=())
    document = Document("Generated")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        target = folder / f"deck.{kind.split()[0]}"
        clips = _clips(count, folder) if kind == "pptx" else []
        before, begin, busy = _peak(), time.perf_counter(), time.process_time()
        if kind == "pptx":
            write_pptx(recording, target, document, clips)
        elif kind == "notes.pdf":
            write_notes_pdf(recording, target, document)
        else:
            write_pdf(recording, target, document, handout="notes" if "notes" in kind else None)
        seconds, busy = time.perf_counter() - begin, time.process_time() - busy
        sys.stdout.write(
            f"{kind:15} {count:>4} steps {seconds:7.2f} s {busy:7.2f} s busy {busy / count * 1e3:6.1f} ms/step "
            f"{_peak():5.0f} MB, {_peak() - before:4.0f} of them writing {target.stat().st_size / 1e6:7.2f} MB file\n"
        )


def main() -> None:
    """Measure every kind for every number of steps, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--count", type=int)
    arguments = parser.parse_args()
    if arguments.kind:
        measure(arguments.kind, arguments.count)
        return
    for kind in KINDS:
        for count in COUNTS:
            subprocess.run(
                [sys.executable, "-m", "benchmarks.documents", "--kind", kind, "--count", str(count)], check=True
            )


if __name__ == "__main__":
    main()
