"""What all formats of one recording share: the document's properties, settings, and clips that are made once."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from astrai_slides.base.phases import DRAWING, phase
from astrai_slides.base.progress import Progress
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.warning import BuildWarning, Warn
from astrai_slides.talk.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    from astrai_slides.base.cache import Store
    from astrai_slides.export.pdf.pages import Handout
    from astrai_slides.export.pptx.overlays import Overlays
    from astrai_slides.export.video.chunks import Task
    from astrai_slides.export.video.clips import Clip, ClipBuilder
    from astrai_slides.export.video.encode import Quality
    from astrai_slides.export.video.executor import Workers
    from astrai_slides.recording.explored import Explored
    from astrai_slides.recording.format.model import Blob, Recording, Step


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What a user may ask of a build. `workers` is None for one a processor; `cluster` a Dask scheduler's address."""

    resolution: Resolution | None = None
    """What a deck has that sets none itself; None for what manim's settings files say, 1920x1080 at 60 without any."""
    max_media_size: int | None = None
    """Bytes that the videos in a PPTX should take at most."""
    workers: int | None = None
    cluster: str | None = None
    handout: "Handout | None" = None
    """How a PDF is laid out if not as a page a step."""
    only_size: tuple[int, int] | None = None
    """Width and height in pixels, whatever a deck sets."""
    only_fps: float | None = None
    """Frames a second, whatever a deck sets."""
    films_costly: bool = True
    """Whether steps are filmed that a browser draws slowly, or whose paths take much room."""

    def deciding(self) -> tuple[object, ...]:
        """What of this may change a file; who draws it does not."""
        return *self.recording(), self.max_media_size, self.handout

    def recording(self) -> tuple[object, ...]:
        """What of this may change a recording."""
        asked = self.resolution
        size = (asked.width, asked.height, float(asked.fps)) if asked else None
        return size, self.only_size, self.only_fps and float(self.only_fps), self.films_costly


class Clipper(ExitStack):
    """Draws and encodes steps as soon as they are known, on workers that end with the block.

    Workers are looked for, or started, when it is opened, or else when there is a first step.
    """

    def __init__(
        self,
        settings: BuildSettings,
        store: "Store | None",
        progress: Progress,
        *,
        backwards: bool = True,
        whole_films: bool = False,
    ) -> None:
        """`backwards` and `whole_films` are those of a `ClipBuilder`."""
        super().__init__()
        self._backwards = backwards
        self._whole_films = whole_films
        self._settings = settings
        self._store = store
        self._progress = progress
        self._workers: Workers | None = None
        self._builder: ClipBuilder | None = None
        self._seconds: float | None = None
        self._fps = 0.0
        self._has_steps = False

    def expect(self, seconds: float | None) -> None:
        """Say how long all steps are together, as far as that can be told before they are."""
        self._seconds = seconds
        if self._builder is not None and seconds is not None:
            self._builder.expect(seconds * self._fps)

    def open(self) -> "Workers":
        """Return the workers; called before there is a step, it lets them load meanwhile."""
        if self._workers is None:
            with phase(DRAWING):
                self._workers = self.enter_context(_workers(self._settings))
        return self._workers

    @property
    def idle(self) -> int:
        """How many of the workers have nothing to do."""
        if self._workers is None:
            return 0
        return self._workers.count if self._builder is None else self._builder.idle

    def add(self, step: "Step", blobs: "Mapping[str, Blob]", resolution: Resolution) -> None:
        """Start on `step`, recorded at `resolution` as all others are; `blobs` hold at least those it shows."""
        with phase(DRAWING):
            self._add(step, blobs, resolution)

    def _add(self, step: "Step", blobs: "Mapping[str, Blob]", resolution: Resolution) -> None:
        self._has_steps = True
        self._begun(resolution).add(step, blobs, resolution.fps)

    def ahead(self, step: "Step", blobs: "Mapping[str, Blob]", resolution: Resolution) -> None:
        """Start on `step` before it is known which steps there are; it is to be added like any other."""
        with phase(DRAWING):
            self._begun(resolution).ahead(step, blobs, resolution.fps)

    def last_segments(
        self, step: "Step", blobs: "Mapping[str, Blob]", resolution: Resolution
    ) -> "list[tuple[str, Task]]":
        """What `draw` may be given of a step that is not whole yet: its last segments, as far as no clip has them."""
        from astrai_slides.base.cache import Store
        from astrai_slides.export.video.segments_ahead import last_segments

        store, quality = self._store or Store(), _quality(resolution)
        return last_segments(step, blobs, resolution.fps, quality, store, backwards=self._backwards)

    def draw(self, segments: "Sequence[tuple[str, Task]]", resolution: Resolution) -> None:
        """Start on segments of a step that is given later."""
        with phase(DRAWING):
            self._begun(resolution).draw(segments)

    def _begun(self, resolution: Resolution) -> "ClipBuilder":
        if self._builder is None:
            from astrai_slides.base.cache import Store
            from astrai_slides.export.video.clips import ClipBuilder

            store = self._store or Store()
            workers = self.open()
            self._builder = ClipBuilder(
                _quality(resolution),
                workers,
                store,
                self._progress,
                backwards=self._backwards,
                whole_films=self._whole_films,
            )
            self._fps = resolution.fps
            self.push(self._builder.shown)
            self.expect(self._seconds)
        return self._builder

    def check(self) -> None:
        """Raise AstraiSlidesError if a step that was added cannot be drawn, or those to come."""
        if self._builder is not None:
            self._builder.check()
        if self._workers is not None:
            self._workers.check()

    def finish(self, recording: "Recording") -> "list[Clip]":
        """Return a clip for each step of `recording`, whether its steps were added before or are now."""
        self.start(recording)
        assert self._builder is not None
        with phase(DRAWING):
            return self._builder.finish()

    def start(self, recording: "Recording") -> None:
        """Start on all steps of `recording` unless that was done."""
        if not self._has_steps:
            for step in recording.steps:
                self.add(step, recording.blobs, recording.resolution)


def _workers(settings: BuildSettings) -> "AbstractContextManager[Workers]":
    if settings.cluster is not None:
        from astrai_slides.export.video.cluster import cluster_workers

        return cluster_workers(settings.cluster)
    from astrai_slides.export.video.executor import local_workers

    return local_workers(settings.workers)


def _quality(resolution: Resolution) -> "Quality":
    from astrai_slides.export.video.encode import quality

    return quality(resolution.width, resolution.height, resolution.fps)


@dataclass
class Production:
    """A recording on its way to files."""

    recording: "Recording"
    document: Document
    settings: BuildSettings
    progress: Progress
    warnings: list[BuildWarning] = field(default_factory=list)
    """What writers warned of since it was emptied."""
    store: "Store | None" = None
    """Where clips are kept; the project's cache unless given."""
    clipper: Clipper | None = None
    """What was given the steps already, if anything was."""
    chosen: Sequence[int] | None = None
    """Numbers from 1 that the steps have in the whole deck, where they are some of it."""
    explored: "Explored | None" = None
    """The recording with its variants, for formats that can show them."""
    refuse: Warn | None = None
    """Asked before a warning is kept; raises StrictError where none is allowed."""

    def warn(self, warning: BuildWarning) -> None:
        """Take a warning from a writer, before it writes. Raises StrictError where none is allowed."""
        if self.refuse is not None:
            self.refuse(warning)
        self.warnings.append(warning)

    @property
    def numbers(self) -> Sequence[int]:
        """Number of each step in the whole deck, from 1."""
        return range(1, len(self.recording.steps) + 1) if self.chosen is None else self.chosen

    @cached_property
    def quality(self) -> "Quality":
        """What clips are encoded at."""
        return _quality(self.recording.resolution)

    @cached_property
    def fitted(self) -> "Recording":
        """The recording with its pictures no larger than they are shown; clips are drawn from the recording itself."""
        from astrai_slides.export.shared.pictures import fitted

        return fitted(self.recording, self.kept)

    @cached_property
    def fitted_variants(self) -> "Explored | None":
        """`explored`, likewise."""
        if self.explored is None:
            return None
        from astrai_slides.export.shared.pictures import fitted

        count = len(self.explored.steps)
        both = (*self.explored.steps, *self.explored.openings)
        whole = fitted(replace(self.recording, steps=both, blobs=self.explored.blobs), self.kept)
        return replace(self.explored, steps=whole.steps[:count], openings=whole.steps[count:], blobs=whole.blobs)

    @cached_property
    def printed(self) -> "Recording":
        """`fitted`, as it is printed: a deck of ours in the theme for paper, unless the talk says otherwise."""
        from astrai_slides.export.shared.repainted import repainted

        return repainted(self.fitted, self.document.print_theme)

    @cached_property
    def overlays(self) -> "Overlays":
        """What slides of a PPTX show above their videos, as far as it can be written before these are there."""
        from astrai_slides.export.pptx.presentation import overlays_ahead

        return overlays_ahead(self.fitted)

    @cached_property
    def clips(self) -> "list[Clip]":
        """A clip of each step, encoded when first asked for, or taken from the cache."""
        if self.clipper is not None:
            return self.clipper.finish(self.recording)
        with Clipper(self.settings, self.store, self.progress) as clipper:
            return clipper.finish(self.recording)

    @property
    def videos(self) -> "list[Path | bytes]":
        """A video of each step by itself: its clip, or the film that it is, where that shows the same."""
        from astrai_slides.export.video.whole_films import whole_film

        recording = self.recording
        films = (recording.blobs[step.film.digest].data if step.film else None for step in recording.steps)
        whole = [
            whole_film(step, film, recording.fps, self.quality)
            for step, film in zip(recording.steps, films, strict=True)
        ]
        return [film or clip.forwards for film, clip in zip(whole, self.clips, strict=True)]

    def captions_beside(self, target: "Path") -> "list[Path]":
        """Write the scene's subcaptions into a file beside `target`, and return it; nothing where there are none."""
        if not any(step.captions for step in self.recording.steps):
            return []
        from astrai_slides.export.shared.captions import CAPTIONS, write_captions
        from astrai_slides.export.video.chunks import timeline

        fps = self.quality.fps
        shown = [timeline(step, self.recording.fps, fps) for step in self.recording.steps]
        frames = [sum(count for _, count in each) for each in shown]
        path = target.with_suffix(CAPTIONS)
        write_captions(self.recording, frames, fps, path)
        return [path]

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what the cache keeps under `name`, or what `make` makes now."""
        from astrai_slides.base import cache
        from astrai_slides.base.identity import fingerprint

        store = self.store or cache.Store()
        key = cache.key("kept", fingerprint(), name)
        path = store.get(key)
        if path is not None:
            return path.read_bytes()
        made = make()
        with suppress(OSError):  # a cache that is full costs time, no more
            store.put_bytes(key, ".bin", made)
        return made

    def encoded_again(self, crf: int, scale: float) -> "list[Path]":
        """Encode the clips of all steps at another rate factor and size."""
        from astrai_slides.export.video.clips import encode_clips
        from astrai_slides.export.video.encode import quality

        resolution = self.recording.resolution
        smaller = quality(round(resolution.width * scale), round(resolution.height * scale), resolution.fps, crf)
        with _workers(self.settings) as workers:
            clips = encode_clips(
                self.recording,
                smaller,
                store=self.store,
                workers=workers,
                progress=self.progress,
                backwards=False,
            )
        return [clip.forwards for clip in clips]
