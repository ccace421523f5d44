"""What all formats of one recording share: the document's properties, settings, and clips that are made once."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from astrai_slides.export.document import Document
from astrai_slides.progress import Progress
from astrai_slides.resolution import DEFAULT_RESOLUTION, RESOLUTIONS, Resolution

if TYPE_CHECKING:
    from astrai_slides.cache import Store
    from astrai_slides.export.encode import Quality
    from astrai_slides.export.executor import Workers
    from astrai_slides.export.pdf import Handout
    from astrai_slides.export.video import Clip
    from astrai_slides.recording.model import Recording


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may ask of a build. `workers` is None for one a processor; `cluster` a Dask scheduler's address."""

    resolution: Resolution = RESOLUTIONS[DEFAULT_RESOLUTION]
    max_media_size: int | None = None
    """Bytes that the videos in a PPTX should take at most."""
    workers: int | None = None
    cluster: str | None = None
    handout: "Handout | None" = None
    """How a PDF is laid out if not as a page a step."""

    def deciding(self) -> tuple[object, ...]:
        """What of this may change a file; who draws it does not."""
        resolution = self.resolution
        return resolution.width, resolution.height, float(resolution.fps), self.max_media_size, self.handout


@dataclass
class Production:
    """A recording on its way to files."""

    recording: "Recording"
    document: Document
    settings: Settings
    progress: Progress
    warnings: list[str] = field(default_factory=list)
    store: "Store | None" = None
    """Where clips are kept; the project's cache unless given."""

    @cached_property
    def quality(self) -> "Quality":
        """What clips are encoded at."""
        from astrai_slides.export.encode import quality

        resolution = self.settings.resolution
        return quality(resolution.width, resolution.height, resolution.fps)

    @cached_property
    def clips(self) -> "list[Clip]":
        """A clip of each step, encoded when first asked for, or taken from the cache."""
        from astrai_slides.export.video import encode_clips

        if self.settings.cluster is None and self.settings.workers is None:
            return encode_clips(self.recording, self.quality, store=self.store, progress=self.progress)
        with self._workers() as workers:
            return encode_clips(self.recording, self.quality, store=self.store, workers=workers, progress=self.progress)

    def encoded_again(self, step: int, crf: int, scale: float) -> bytes:
        """Encode the clip of the step of index `step` at another rate factor and size."""
        from dataclasses import replace

        from astrai_slides.export.encode import quality
        from astrai_slides.export.video import encode_clips

        resolution = self.settings.resolution
        smaller = quality(round(resolution.width * scale), round(resolution.height * scale), resolution.fps, crf)
        alone = replace(self.recording, steps=(self.recording.steps[step],))
        return encode_clips(alone, smaller, store=self.store, progress=self.progress)[0].forwards.read_bytes()

    def _workers(self) -> "AbstractContextManager[Workers]":
        if self.settings.cluster is not None:
            from astrai_slides.cluster import cluster_workers

            return cluster_workers(self.settings.cluster)
        from astrai_slides.export.executor import local_workers

        return local_workers(self.settings.workers)
