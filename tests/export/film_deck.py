"""A deck with films and pictures that tell which step and frame they show, as those of `signal_deck` do."""

import hashlib
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image
from signal_deck import END, FPS, frame, recording, step

from astrai_slides.export.html.page import write_html
from astrai_slides.recording.format.model import Blob, Film, Frame, Picture, Step
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.talk.document import Document

SIZE = (640, 360)
LENGTH = 30


def _pixels(shown: Frame) -> np.ndarray:
    return rgb(rasterise(shown, {}, *SIZE))


def _blob(mime: str, data: bytes) -> Blob:
    return Blob(hashlib.sha256(data).hexdigest(), mime, data)


def still_of(shown: Frame) -> tuple[Blob, Frame]:
    """A picture of a frame, and a frame that shows it."""
    buffer = io.BytesIO()
    Image.fromarray(_pixels(shown)).save(buffer, "PNG")
    blob, view = _blob("image/png", buffer.getvalue()), shown.view
    across, down = view.width // 2, view.height // 2
    return blob, replace(shown, ops=(Picture(blob.digest, *SIZE, (-across, down, across, down, -across, -down)),))


def film_of(index: int, target: Path) -> Blob:
    """The step `index` as a film, which is written to `target` on the way."""
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS))
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "10", "g": "10"}
        for number in (*range(LENGTH), END):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_pixels(frame(index, number)), format="rgb24")))
        container.mux(stream.encode(None))
    return _blob("video/mp4", target.read_bytes())


def write_film_deck(folder: Path) -> Path:
    """Write the deck into the empty `folder`: a step of paths, a film, a film that loops, a picture, paths again."""
    blobs: dict[str, Blob] = {}

    def filmed(index: int, name: str, **settings: object) -> Step:
        film = film_of(index, folder / f"{name}.mp4")
        (first, start), (last, end) = still_of(frame(index, 0)), still_of(frame(index, END))
        blobs.update({blob.digest: blob for blob in (film, first, last)})
        made = step(index, name, LENGTH, **settings)
        return replace(made, frames=(start,), runs=((0, LENGTH),), end=end, film=Film(film.digest, "a test"))

    picture, still = still_of(frame(3, 7))
    blobs[picture.digest] = picture
    pictured = replace(step(3, "picture"), frames=(still,), runs=((0, 10),))
    steps = (step(0, "paths"), filmed(1, "film"), filmed(2, "turning", loop=True), pictured, step(4, "last"))
    target = folder / "film.html"
    write_html(recording(*steps, blobs=blobs), target, Document(title="Films"))
    return target
