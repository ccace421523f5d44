"""A small recording with all that video has to do with: motion, holds, a loop, a picture, a camera move, a film."""

import hashlib
import io
from dataclasses import replace
from itertools import pairwise

import av
import numpy as np
from PIL import Image

from astrai_slides.recording.format.model import (
    GRID,
    Blob,
    Draw,
    Film,
    Frame,
    Op,
    Paint,
    Path,
    Picture,
    Recording,
    Step,
    Style,
    View,
)

WIDTH, HEIGHT, FPS = 320, 180, 30
VIEW = View(0, 0, 16 * GRID, 9 * GRID)
BACKGROUND = 0x10141CFF
_CORNERS = [(0, 0), (GRID, 0), (GRID, GRID), (0, GRID), (0, 0)]
_EDGES = [point for start, stop in pairwise(_CORNERS) for point in (start, stop, stop)]
SQUARE = Path(((4, True),), np.array([_CORNERS[0], *_EDGES], "<i4").tobytes())
RED = Style(fill=Paint((0xF04030FF,)), stroke=Paint((0xFFFFFFFF,)), stroke_width=3000)
BLUE = Style(fill=Paint((0x3060F0C0,)))


def frame(*ops: Op, view: View = VIEW) -> Frame:
    return Frame(ops, view, BACKGROUND)


def square(x: float, y: float, style: Style = RED) -> Draw:
    return Draw(SQUARE, style, round(x * GRID), round(y * GRID))


def blob(data: bytes, mime: str) -> Blob:
    return Blob(hashlib.sha256(data).hexdigest(), mime, data)


def picture() -> tuple[Picture, Blob]:
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:8, :, 1] = 200
    pixels[:, :8, 2] = 200
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    image = blob(buffer.getvalue(), "image/png")
    return Picture(image.digest, 16, 16, (2 * GRID, 3 * GRID, 4 * GRID, 3 * GRID, 2 * GRID, GRID)), image


def film(frames: int) -> Blob:
    """A 64 x 64 film, at 30 frames a second, whose grey rises with every frame."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "5"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            grey = np.full((64, 64, 3), 30 + 200 * number // frames, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode(None))
    return blob(buffer.getvalue(), "video/mp4")


def slide(name: str, frames: list[Frame], end: Frame, hold: int = 0) -> Step:
    runs = [(index, 1) for index in range(len(frames))]
    if hold:
        runs.append((len(frames) - 1, hold))
    return Step(name, tuple(frames), tuple(runs), end, title=f"Step {name}", notes=f"Notes of {name}")


def moving(length: int = 40) -> Recording:
    """Three steps: squares that move past a still one and a picture; a loop; a camera move with a hold."""
    image, image_blob = picture()
    still = square(-6, -3, BLUE)

    def at(part: float) -> Frame:
        return frame(still, square(-7 + 12 * part, 0), image)

    first = slide("one", [at(n / length) for n in range(length)], at(1.0))
    loop = replace(
        slide("loop", [frame(still, square(0, n % 3)) for n in range(9)], frame(still, square(0, 0))),
        loop=True,
        auto_next=True,
    )
    views = [replace(VIEW, x=n * GRID // 8, width=VIEW.width - n * GRID // 4) for n in range(12)]
    camera = slide("camera", [frame(still, image, view=view) for view in views], frame(still, view=views[-1]), hold=50)
    return Recording("Moving", FPS, WIDTH, HEIGHT, BACKGROUND, (first, loop, camera), {image_blob.digest: image_blob})


def filmed(length: int = 20) -> Recording:
    """One step that is a film."""
    movie = film(length)
    step = Step("film", (frame(),), ((0, length),), frame(), film=Film(movie.digest, "a test"))
    return Recording("Filmed", FPS, WIDTH, HEIGHT, BACKGROUND, (step,), {movie.digest: movie})
