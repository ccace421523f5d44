"""The end state of a step as an image file."""

import io
from collections.abc import Mapping
from pathlib import Path

import cairo

from astrai_slides.base import atomic
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Blob, Frame, Recording
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import png

SUFFIXES = (".png", ".svg")


def svg(frame: Frame, blobs: Mapping[str, Blob], width: int, height: int) -> bytes:
    """Draw `frame` as an SVG document of `width` x `height` user units: vectors, but for pictures."""
    buffer = io.BytesIO()
    surface = cairo.SVGSurface(buffer, width, height)
    surface.set_document_unit(cairo.SVG_UNIT_PX)
    Painter(blobs).paint(cairo.Context(surface), frame, width, height)
    surface.finish()
    return buffer.getvalue()


def write_still(recording: Recording, place: int, target: Path, width: int, height: int) -> None:
    """Write the end state of step number `place` (from 0) to `target`, a .png or .svg, at `width` x `height` pixels."""
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise AstraiSlidesError(f"{target}: a still is a .png or a .svg; give it one of these suffixes")
    draw = png if suffix == ".png" else svg
    atomic.write_bytes(target, draw(recording.steps[place].end, recording.blobs, width, height))


def write_stills(recording: Recording, folder: Path, suffix: str, width: int, height: int) -> list[Path]:
    """Write the end state of every step into `folder`, named by number and step. Returns the files in order."""
    digits = len(str(len(recording.steps)))
    targets = []
    for place, step in enumerate(recording.steps):
        number = f"{place + 1:0{digits}}"
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in step.name)
        name = number if step.name == str(place + 1) else f"{number}-{safe}"
        targets.append(folder / f"{name}{suffix}")
        write_still(recording, place, targets[-1], width, height)
    return targets
