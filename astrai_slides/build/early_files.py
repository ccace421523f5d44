"""Files of a deck after an edit of one step, written before the deck is built: for a preview that writes formats.

A process that has read the recording that was built last waits for that step. It is drawn as soon as it is recorded;
once the run of the scene that goes on with the edit has come to its end, and no other step is another, all formats are
written. The build that follows finds that they are as they are to be, or replaces them.

| it is told | |
|---|---|
| `{"segments": FILE}` | what the step ends with, as `keep_segments` wrote it, if that is known before the step is |
| `{"whole": FILE}` | the step, as `early_pages.keep_whole` wrote it |
| `{"steps": [NAME, ...]}` | the steps that there are: names of those that were built, null for that one |

It says that it waits by one message, `WAITS`. Where nothing is to be written it is ended.
"""

import hashlib
import json
import pickle
import select
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.scratch import scratch_folder
from astrai_slides.build.early_pages import whole_of
from astrai_slides.build.make import Given, build, clipper_for
from astrai_slides.build.memory import Known, Memory
from astrai_slides.build.plan import Job, plan
from astrai_slides.build.watched import recording_key
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.page import write_html
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.export.registry import Format, formats_named
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.format.model import Blob, Step
from astrai_slides.recording.paint.plain_pixels import PLAIN

__all__ = ["WAITS", "keep_segments", "write_early"]

WAITS = b"waits"
_MOST_BYTES = 1 << 20
_WRITERS = {"html": "html.page", "pdf": "pdf.pages", "pptx": "pptx.presentation", "present": "video.presentable"}
"""Modules that the writers of these formats import."""


def write_early(
    target: str, scenes: list[str], formats: Sequence[str], channel: socket.socket, say: Callable[[str], object]
) -> None:
    """Wait at `channel` for what is to be written, and write it where `build` does; `say` is told of each file."""
    wanted = formats_named(formats)
    files = _EarlyFiles(target, scenes, wanted)
    with files.clipper:
        channel.send(WAITS)  # an edit may come at once: to begin anew takes longer
        files.prepare()
        files.write_unseen(lambda: bool(select.select([channel], [], [], 0)[0]))
        while "segments" in (told := _told(channel)):
            files.draw_segments(Path(told["segments"]))
        files.draw(Path(told["whole"]))
        files.write(_told(channel)["steps"], say)


def _told(channel: socket.socket) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(channel.recv(_MOST_BYTES))
    return told


def keep_segments(
    file: Path, formats: Sequence[str], step: Step, blobs: Mapping[str, Blob], resolution: Resolution
) -> bool:
    """Write the last segments of `step`, of which there is no clip yet, into `file`; whether there are any."""
    wanted = formats_named(formats)
    if not any(each.clips for each in wanted) or any(blob.mime == PLAIN for blob in blobs.values()):
        return False
    clipper = clipper_for(wanted, BuildSettings(), Memory(), SilentProgress())
    found = clipper.last_segments(step, blobs, resolution)
    if found:
        file.write_bytes(pickle.dumps((resolution, found), pickle.HIGHEST_PROTOCOL))
    return bool(found)


class _EarlyFiles:
    """The deck as it was built last, the step that is another, and what draws it."""

    def __init__(self, target: str, scenes: list[str], formats: Sequence[Format]) -> None:
        self._target, self._scenes, self._formats = target, scenes, formats
        self._settings = BuildSettings()
        self._memory = Memory()
        self._draws = any(each.clips for each in formats)
        self.clipper = clipper_for(formats, self._settings, self._memory, SilentProgress())
        self._base: Known | None = None
        self._name: str | None = None
        self._step: Step
        self._blobs: dict[str, Blob] = {}

    def prepare(self) -> None:
        """Have at hand what does not depend on the edit."""
        for each in self._formats:
            if each.name in _WRITERS:
                import_module(f"astrai_slides.export.{_WRITERS[each.name]}")
        if self._draws:
            self.clipper.open()
        self._read_base(self._job())

    def write_unseen(self, is_wanted: Callable[[], bool]) -> None:
        """Write the deck as it was built where nobody sees it, as the first time takes twice as long, until it
        `is_wanted`."""
        if self._base is None:
            return
        from astrai_slides.export.pdf.pages import write_pdf
        from astrai_slides.export.pptx.presentation import write_pptx

        document = self._job().document
        production = Production(
            self._base.recording, document, self._settings, SilentProgress(), store=self._memory.store
        )
        shown, still = production.fitted, [None] * len(production.fitted.steps)
        writers: dict[str, Callable[[Path], object]] = {
            "html": lambda target: write_html(shown, target, document),
            "pdf": lambda target: write_pdf(production.printed, target, document),
            "pptx": lambda target: write_pptx(shown, target, document, still, keep=production.kept),
        }
        with scratch_folder() as nowhere:
            for name in sorted({each.name for each in self._formats} & writers.keys()):
                if is_wanted():
                    return
                with suppress(AstraiSlidesError):
                    writers[name](nowhere / name)

    def _job(self) -> Job:
        return plan([self._target, *self._scenes])[0]

    def _read_base(self, job: Job) -> None:
        key = recording_key(self._memory, job, job.scenes[0], self._settings)
        name = self._memory.last_name(key)
        if name != self._name or self._base is None:
            self._name, self._base = name, self._memory.last_recording(key)

    def draw_segments(self, file: Path) -> None:
        """Begin to draw what the step ends with that is being recorded, which stands in `file`."""
        resolution, found = pickle.loads(file.read_bytes())
        file.unlink()
        if self._draws and self._base is not None and resolution == self._base.recording.resolution:
            self.clipper.draw(found, resolution)

    def draw(self, file: Path) -> None:
        """Begin to draw the step that was recorded whole, which stands in `file`."""
        self._step, self._blobs = whole_of(file)
        file.unlink()
        if self._draws and self._base is not None:
            self.clipper.ahead(self._step, self._blobs, self._base.recording.resolution)

    def write(self, names: Sequence[str | None], say: Callable[[str], object]) -> None:
        """Write the formats of the deck with the steps `names` of the one before, and the new one where that is
        None."""
        job = self._job()
        self._read_base(job)
        if self._base is None:
            return
        before = self._base.recording
        built = {step.name: step for step in before.steps}
        if any(name is not None and name not in built for name in names):
            return  # another deck was built meanwhile
        steps = tuple(self._step if name is None else built[name] for name in names)
        recording = replace(
            before, steps=steps, blobs={**before.blobs, **self._blobs}, background=steps[0].end.background
        )
        identity = hashlib.sha256(dump(recording)).hexdigest()
        given = Given(Known(recording, identity, self._base.inputs), self.clipper)
        try:
            for each in build([job], self._formats, self._settings, None, SilentProgress(), self._memory, given):
                if each.new and not each.alike:
                    say(f"wrote {each.path}")
        except AstraiSlidesError as error:
            say(f"not written: {error}")
