"""Quick runs of a deck, driven in this process, and what they found."""

import base64
import os
import select
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from astrai_slides.build.early_files import write_early
from astrai_slides.build.quick import run_quickly
from astrai_slides.build.snapshots import Snapshot
from astrai_slides.present.changes import taken_apart
from astrai_slides.present.file_writer import FileWriter
from astrai_slides.present.quick_runs import QuickRuns
from astrai_slides.recording.format.codec import DIGEST_BYTES, decode_step, encoded
from astrai_slides.recording.format.model import Frame, Step
from astrai_slides.recording.run.record import record_file

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SMALL = "from manim import config as _c\n_c.frame_rate = 6\n_c.pixel_width, _c.pixel_height = 426, 240\n"
WAIT_S = 120.0
"""Seconds without a word after which a test fails."""


def _drawn(frame: Frame) -> Frame:
    """`frame` without the numbers of what was drawn, which nobody sees."""
    return replace(frame, ops=tuple(replace(op, source=0) for op in frame.ops))


class Driven:
    """Runs of a deck, each of which is waited for."""

    def __init__(self, folder: Path, largest: int, to: tuple[str, ...]) -> None:
        self.quick = folder / "quick"
        self.quick.mkdir()
        self.told: list[dict[str, Any]] = []
        self._to = to
        self.writer = FileWriter(self._write, lambda **told: self.told.append(told))
        self.runs = QuickRuns(self._begin, lambda **told: self.told.append(told), self.writer, largest=largest)
        self.begun = 0
        """How many runs went from the begin."""

    def _begin(self, order: dict[str, Any], channel: socket.socket, others: list[socket.socket]) -> None:
        self.begun += 1
        parent = os.getpid()
        if not os.fork():
            for each in others:
                each.close()
            run_quickly(order, channel, parent)

    def _write(self, order: dict[str, Any], channel: socket.socket, built: bool) -> int:
        assert not built
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            with suppress(BaseException):
                write_early(order["target"], order["scenes"], order["to"], channel, print)
            os._exit(0)
        return pid

    def run(self, target: str, *scenes: str) -> None:
        """Run the deck as it is now, to its end."""
        self.told.clear()
        order = {"order": 1, "target": target, "scenes": list(scenes), "quick": str(self.quick), "to": self._to}
        self.writer.expect(order)
        self.runs.begin(order)
        while self.runs.heard:
            ready, _, _ = select.select(self.runs.heard, [], [], WAIT_S)
            assert ready, "nothing was said for long"
            for each in ready:
                self.runs.receive(each)

    def has_written(self) -> bool:
        """Wait for who writes what the last run came to, and say whether there is one."""
        pid = self.writer.pid
        if not self.writer.is_writing:
            return False
        os.waitpid(pid, 0)
        assert self.writer.has_ended(pid)
        return True

    @property
    def before_steps(self) -> list[Snapshot]:
        """The snapshots at statements that may begin a step; others come by how long the processor was at work."""
        return [each for each in self.runs.waiting if not each.amid]

    @property
    def pages(self) -> list[Path]:
        """The pages that the last run told of."""
        return [Path(told["page"]) for told in self.told if "page" in told]

    @property
    def chunks(self) -> list[bytes]:
        """What the last page has of each step."""
        page = taken_apart(self.pages[-1].read_text("utf-8"))
        packed = [page.parts[f"chunk-{place}"][1] for place in range(len(page.header["steps"]))]
        return [zlib.decompress(base64.b64decode(each)) for each in packed]

    @property
    def pictures(self) -> set[str]:
        """The first halves of the names of the pictures that the last page has."""
        page = taken_apart(self.pages[-1].read_text("utf-8"))
        return {name.removeprefix("blob-") for name in page.parts if name.startswith("blob-")}

    def finds(self, deck: Path, *names: str) -> set[int]:
        """Compare with what recordings of the scenes `names` from nothing have; return the steps that are whole."""
        recordings = [record_file(deck, name).recording for name in names]
        recorded = [step for each in recordings for step in each.steps]
        known = {name[: 2 * DIGEST_BYTES]: name for each in recordings for name in each.blobs}
        # those of a motion before the edit are no others' any more
        pictures = {half: known.get(half, half) for half in self.pictures}
        assert len(self.chunks) == len(recorded)
        for chunk, step in zip(self.chunks, recorded, strict=True):
            found = decode_step(chunk, Step.blank(), pictures).end
            assert _drawn(found) == _drawn(step.end)
        return {
            place
            for place, (chunk, step) in enumerate(zip(self.chunks, recorded, strict=True))
            if chunk == encoded(step).data
        }


@contextmanager
def driving(folder: Path) -> Iterator[Callable[..., Driven]]:
    """Yield what makes runs of a deck in `folder`, which end with the block."""
    made: list[Driven] = []
    before = {each.pid for each in psutil.Process().children()}  # such as a browser's driver

    def make(largest: int = 10**12, to: tuple[str, ...] = ()) -> Driven:
        made.append(Driven(folder, largest, to))
        return made[-1]

    try:
        yield make
    finally:
        for each in made:
            each.runs.close()
            each.writer.end()
        while left := [each for each in psutil.Process().children() if each.pid not in before]:
            for child in left:
                with suppress(ChildProcessError):
                    os.waitpid(child.pid, 0)
