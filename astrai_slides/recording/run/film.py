"""Steps that paths cannot tell, or only at too great a length: filmed once, from the recording itself."""

import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, UnidentifiedImageError

from astrai_slides.base.identity import ById, address
from astrai_slides.base.phases import ENCODING
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.scratch import scratch_folder
from astrai_slides.base.shared_work import in_order
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.codec import MOST_DRAWS, takes_more
from astrai_slides.recording.format.model import Blob, Film, Frame, Op, Picture, Rgba, Step, View
from astrai_slides.recording.paint.h264 import Converter, Writer, bgr_of, frame_of_planes, plane_bytes, plane_size
from astrai_slides.recording.paint.images import forget_plain_images
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.plain_pixels import PLAIN, pixels_of, plain_digest
from astrai_slides.recording.paint.raster import Pixels, encode_png, rasterise, straight
from astrai_slides.recording.run.drawing_time import may_be_slow, slow_frame
from astrai_slides.recording.run.moving import MovingPicture, read_moving
from astrai_slides.recording.run.photographs import MOST_PICTURES, still_blob

MOST_BYTES = 1 << 20
MOST_BYTES_A_SECOND = 250_000
"""A step whose compressed paths pass both is filmed."""

MOST_SECONDS_A_FRAME = 0.1
"""A step whose frames take a browser longer is filmed."""

_LARGE_DRAW = 256
"""Bytes of a draw that is new in a frame: more than any has."""

_MOST_HELPERS = 3
"""Processes that paint a film besides the one that encodes it; several films are made at a time."""

_MANY_DRAWS = 10_000
"""A film of fewer is painted sooner than other processes are forked for it: a picture in each frame takes no time."""

_CRF = "13"
_PRESET = "veryfast"
"""53 dB of PSNR on a moving surface: as large as `fast` at 14, which has 56, in half the time."""


class Filmer:
    """Makes films and stills at `resolution`; unless `films_costly`, none of what is only slow to draw or large."""

    def __init__(self, resolution: Resolution, *, films_costly: bool = True, processes: int = 1) -> None:
        """At most `processes` paint a film."""
        self._films_costly = films_costly
        self._helpers = min(processes - 1, _MOST_HELPERS)
        self._fps = resolution.fps
        self._width = resolution.width
        self._height = resolution.height

    def film_if_needed(
        self, step: Step, blobs: dict[str, Blob], glyphs: Set[str] = frozenset()
    ) -> tuple[Step, dict[str, Blob]]:
        """Return `step`, filmed if paths cannot tell it well, with the blobs that it needs.

        `glyphs` are the digests of pictures that stand for glyphs (emoji), of which a step may have any number.
        """
        reason = self._too_many(step, blobs, glyphs)
        if reason is None:
            step, blobs = _packed(step, blobs)
            reason = self._cost(step) if self._films_costly else None
        if reason is None:
            used = _pictures(step, blobs)
            return step, {digest: blob for digest, blob in blobs.items() if digest in used}
        data, *ends = self._encode(step, blobs)
        film = Blob.of("video/mp4", data)
        first, last = ((_still_blob(straight(pixels)), self._width, self._height) for pixels in ends)
        forget_plain_images()
        filmed = replace(
            step,
            frames=(_one_picture(first, step.frames[0].view, step.frames[0].background),),
            runs=((0, step.length),),
            end=_one_picture(last, step.end.view, step.end.background),
            film=Film(film.digest, reason),
            texts=tuple(replace(run, glyphs=()) for run in step.texts),
            rests=(),
        )
        return filmed, {blob.digest: blob for blob in (film, first[0], last[0])}

    def _too_many(self, step: Step, blobs: dict[str, Blob], glyphs: Set[str]) -> str | None:
        pictures = _pictures(step, blobs) - glyphs
        if any(blob.mime == PLAIN for digest, blob in blobs.items() if digest in pictures):
            # one that is plain may have been packed before
            pictures = {_shown(blobs[each]) for each in pictures}
        if len(pictures) > MOST_PICTURES:
            return (
                f"filmed at {self._width}x{self._height}: {len(pictures)} different pixel images, which are not paths"
            )
        draws = sum(len(frame.ops) for frame in (*(step.frames[index] for index, _ in step.runs), step.end))
        if draws > MOST_DRAWS:
            return f"filmed at {self._width}x{self._height}: {draws:,} draws, more than a step can hold"
        return None

    def _cost(self, step: Step) -> str | None:
        slow = slow_frame(step) if may_be_slow(step, MOST_SECONDS_A_FRAME) else 0.0
        if slow > MOST_SECONDS_A_FRAME:
            return (
                f"filmed at {self._width}x{self._height}: each frame takes a browser about {slow:.2f} s to draw "
                f"(more than {MOST_SECONDS_A_FRAME})"
            )
        limit = max(MOST_BYTES, MOST_BYTES_A_SECOND * step.length / self._fps)
        if _may_be_large(step) and takes_more(step, limit):
            # not how much they take, as nobody goes on to see
            return (
                f"filmed at {self._width}x{self._height}: its paths take more than {limit / 1e6:.2f} MB, "
                "as those of 3D scenes do"
            )
        return None

    def _encode(self, step: Step, blobs: dict[str, Blob]) -> tuple[bytes, Pixels, Pixels]:
        """Return the film of `step`, and what its first frame and its end are painted as."""
        # where it is transparent it is filmed over black, as premultiplied pixels without their alpha are
        painter, converter = Painter(blobs), Converter()
        # and the end, so that the film rests on what follows it
        shown = [*((step.frames[index], count) for index, count in step.runs), (step.end, 1)]
        width, height = _even(self._width, self._height)

        def painted(number: int) -> Pixels:
            return rasterise(shown[number][0], blobs, self._width, self._height, painter)

        last = len(shown) - 1
        # here, whoever paints the others, as their stills are made of the same pixels
        ends = {number: painted(number) for number in (0, last)}

        def pixels(number: int) -> Pixels:
            return ends[number] if number in ends else painted(number)

        def planes(number: int) -> bytes:
            return plane_bytes(_converted(pixels(number), converter, width, height))

        helpers = self._helpers if sum(len(frame.ops) for frame, _ in shown) >= _MANY_DRAWS else 0
        if not helpers:
            frames = ((pixels(number), count) for number, (_, count) in enumerate(shown))
            return _encode(frames, self._fps, self._width, self._height), ends[0], ends[last]
        each = in_order(len(shown), planes, plane_size(width, height), helpers, ENCODING)
        with closing(each):
            counted = zip((frame_of_planes(some, width, height) for some in each), (n for _, n in shown), strict=True)
            return _encode_frames(counted, self._fps, width, height), ends[0], ends[last]

    def source(self, src: Path, view: View, background: Rgba) -> tuple[Step, dict[str, Blob]]:
        """Return a step that shows the image or video file `src`, as large as fits into `view`."""
        # FFmpeg opens videos by itself, unseen by whoever watches what is read
        sys.audit("open", str(src), "rb", 0)
        try:
            return self._picture(src, view, background) or self._video(src, view, background)
        except (OSError, av.FFmpegError, ValueError) as error:
            raise AstraiSlidesError(f"{src}: cannot be shown as a slide ({error})") from error

    def _picture(self, src: Path, view: View, background: Rgba) -> tuple[Step, dict[str, Blob]] | None:
        """A step with a picture, still or moving; None for what is no picture."""
        data = src.read_bytes()
        try:
            moving = read_moving(data, background)
        except UnidentifiedImageError:
            return None
        if moving is not None:
            return self._moving(src, moving, view, background)
        picture = still_blob(data)
        frame = _one_picture(picture, view, background)
        return Step("", (frame,), ((0, 1),), frame), {picture[0].digest: picture[0]}

    def _moving(self, src: Path, moving: MovingPicture, view: View, background: Rgba) -> tuple[Step, dict[str, Blob]]:
        height, width = moving.first.shape[:2]
        film = Blob.of("video/mp4", _encode(moving.frames(), float(moving.fps), width, height))
        start, end = _still_blob(moving.first), _still_blob(moving.last)
        step = Step(
            "",
            (_one_picture((start, width, height), view, background),),
            ((0, max(1, round(moving.seconds * self._fps))),),
            _one_picture((end, width, height), view, background),
            loop=moving.endless,
            film=Film(film.digest, f"shows the moving picture {src.name}"),
        )
        return step, {blob.digest: blob for blob in (film, start, end)}

    def _video(self, src: Path, view: View, background: Rgba) -> tuple[Step, dict[str, Blob]]:
        with av.open(str(src)) as container:
            stream = container.streams.video[0]
            codec, rate = stream.codec_context, stream.average_rate or Fraction(round(self._fps))
            playable = src.suffix.lower() == ".mp4" and codec.name == "h264" and (codec.pix_fmt or "") == "yuv420p"
            first: Pixels | None = None
            last: Any = None
            count = 0
            for decoded in container.decode(stream):
                first = _rgba(decoded) if first is None else first
                last, count = decoded, count + 1
            if first is None:
                raise AstraiSlidesError(f"{src}: a video without a frame")
            still = _rgba(last)
        height, width = first.shape[:2]
        data = src.read_bytes() if playable else _encode(_decoded(src), float(rate), width, height)
        film, start, end = Blob.of("video/mp4", data), _still_blob(first), _still_blob(still)
        length = max(1, round(count / float(rate) * self._fps))
        step = Step(
            "",
            (_one_picture((start, width, height), view, background),),
            ((0, length),),
            _one_picture((end, width, height), view, background),
            film=Film(film.digest, f"shows the video {src.name}"),
        )
        return step, {blob.digest: blob for blob in (film, start, end)}


def _pictures(step: Step, blobs: Mapping[str, Blob]) -> set[str]:
    """Digests of the pictures that `step` shows, which are among `blobs`."""
    if not blobs:
        return set()
    return {op.digest for frame in (*step.frames, step.end) for op in frame.ops if isinstance(op, Picture)}


def _shown(blob: Blob) -> str:
    """Name the pixels of a picture."""
    if blob.mime == PLAIN:
        return blob.digest
    with Image.open(io.BytesIO(blob.data)) as image:
        return plain_digest(np.asarray(image.convert("RGBA")))


def _packed(step: Step, blobs: dict[str, Blob]) -> tuple[Step, dict[str, Blob]]:
    """Return `step` and its blobs with plain pictures packed, as it is not filmed for their number after all."""
    plain = {digest: blob for digest, blob in blobs.items() if blob.mime == PLAIN}
    if not plain:
        return step, blobs
    packed = {
        digest: Blob.of("image/png", encode_png(pixels_of(blobs[digest])))
        for digest in plain.keys() & _pictures(step, blobs)
    }
    again: ById[Op, Op] = ById()

    def redrawn(op: Op) -> Op:
        if not isinstance(op, Picture) or op.digest not in packed:
            return op
        return again.get(op) or again.setdefault(op, replace(op, digest=packed[op.digest].digest))

    def frame(each: Frame) -> Frame:
        return replace(each, ops=tuple(map(redrawn, each.ops)))

    others = {digest: blob for digest, blob in blobs.items() if digest not in plain}
    others.update({blob.digest: blob for blob in packed.values()})
    return replace(step, frames=tuple(map(frame, step.frames)), end=frame(step.end)), others


def _rgba(frame: av.VideoFrame) -> Pixels:
    if any(component.is_alpha for component in frame.format.components):
        return np.asarray(frame.to_ndarray(format="rgba", threads=1), dtype=np.uint8)
    return np.ascontiguousarray(_bgra(frame)[..., [2, 1, 0, 3]])


def _bgra(frame: av.VideoFrame) -> Pixels:
    pixels = np.full((frame.height, frame.width, 4), 0xFF, np.uint8)
    pixels[..., :3] = bgr_of(frame, frame.width, frame.height)
    return pixels


def _decoded(src: Path) -> Iterator[tuple[Pixels, int]]:
    with av.open(str(src)) as container:
        for frame in container.decode(video=0):
            yield _bgra(frame), 1


def _still_blob(rgba: Pixels) -> Blob:
    return Blob.of("image/png", encode_png(rgba))


def _may_be_large(step: Step) -> bool:
    """Whether the paths of `step` may take more than `MOST_BYTES`: told by how many draws are new in their frame."""
    new, before = 0, frozenset[int]()
    for index, _ in step.runs:
        now = frozenset(map(address, step.frames[index].ops))
        new += len(now - before)
        before = now
    return new > MOST_BYTES // _LARGE_DRAW


def _encode(pixels: Iterator[tuple[Pixels, int]], fps: float, width: int, height: int) -> bytes:
    """Encode BGRA `pixels`, each for so many frames; an odd last row or column is cut off."""
    width, height = _even(width, height)
    converter = Converter()
    frames = ((_converted(array, converter, width, height), count) for array, count in pixels)
    return _encode_frames(frames, fps, width, height)


def _even(width: int, height: int) -> tuple[int, int]:
    return width - width % 2, height - height % 2


def _converted(pixels: Pixels, converter: Converter, width: int, height: int) -> av.VideoFrame:
    return converter.convert(np.ascontiguousarray(pixels[:height, :width]))


def _encode_frames(frames: Iterable[tuple[av.VideoFrame, int]], fps: float, width: int, height: int) -> bytes:
    """Encode `frames`, each for so many frames of the film."""
    # a file, as its index is moved to the front by reading what was written
    with scratch_folder() as folder:
        target = folder / "film.mp4"
        with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            rate = Fraction(fps).limit_denominator(1001)
            writer = Writer(container, width, height, rate, {"crf": _CRF, "preset": _PRESET, "profile": "high"})
            for frame, count in frames:
                writer.add(frame, count)
            writer.finish()
        return target.read_bytes()


def _one_picture(picture: tuple[Blob, int, int], view: View, background: Rgba) -> Frame:
    """A frame that shows `picture` as large as fits, centred."""
    blob, width, height = picture
    scale = min(view.width / width, view.height / height)
    half_width, half_height = round(width * scale / 2), round(height * scale / 2)
    left, right, bottom, top = view.x - half_width, view.x + half_width, view.y - half_height, view.y + half_height
    op = Picture(blob.digest, width, height, (left, top, right, top, left, bottom))
    return Frame((op,), view, background)
