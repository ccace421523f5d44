"""Runs kinds of manim's through a recording and through stock manim, many in one scene, and compares pixels."""

import io
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import av
import numpy as np
from census import is_in_3d
from manim import DEGREES, Animation, Scene, ThreeDScene
from scenes import frame_at, spread
from similarity import BT709, ssim
from stock import REST, Pixels, StockStep, stock_steps_of

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.recording.run.record import Order, record

FPS = 12
SIZE = (320, 180)
MOTION = 3
"""Moments in motion that are compared; the end is compared besides."""

LEAST_SSIM = 0.97
MARGIN = 8
"""Pixels around what stock draws that are compared with it."""

_default_rng = np.random.default_rng


def _seeded(seed: Any = None) -> np.random.Generator:
    """What manim draws from an unseeded generator of numpy's (convex hulls) is another shape each time."""
    return _default_rng(0 if seed is None else seed)


@contextmanager
def seeded(name: str) -> Iterator[None]:
    """Within, whatever draws random numbers draws the same ones each time that `name` is given."""
    random.seed(name)
    np.random.seed(0)
    with mock.patch.object(np.random, "default_rng", _seeded):
        yield


Makers = dict[str, Callable[[], Any]]


@dataclass
class Kind:
    """What came of one kind."""

    name: str
    likeness: list[float] = field(default_factory=list)
    filmed: str = ""
    drawn: bool = False
    """Whether stock drew anything."""
    refused: str = ""
    """Why stock could not make or play it."""
    wrong: str = ""
    """What is wrong beyond likeness."""

    @property
    def is_right(self) -> bool:
        return not self.wrong and bool(self.likeness) and min(self.likeness) >= LEAST_SSIM

    def __str__(self) -> str:
        least = f"{min(self.likeness):.4f}" if self.likeness else "none"
        return ": ".join(part for part in (self.name, f"SSIM {least}", self.filmed, self.refused, self.wrong) if part)


def listing(makers: Makers, base: type[Scene] = Scene) -> tuple[type[Scene], dict[str, str]]:
    """Return a scene with a step for each of `makers`, and where it notes what could not be made or played."""
    refused: dict[str, str] = {}

    class Listing(base):  # type: ignore[misc,valid-type]
        def construct(self) -> None:
            if isinstance(self, ThreeDScene):
                self.set_camera_orientation(phi=65 * DEGREES, theta=-50 * DEGREES)
            for name, make in makers.items():
                self.clear()
                try:
                    with seeded(name):
                        self.show(make())
                except Exception as error:
                    refused[name] = f"{type(error).__name__}: {error}"
                    self.clear()
                    self.wait(1 / FPS)
                self.next_section(name)

        def show(self, made: Any) -> None:
            if isinstance(made, Animation):
                self.play(made)
                return
            self.add(made)
            self.wait(1 if made.has_time_based_updater() else 1 / FPS)

    return Listing, refused


def compare_kinds(makers: Makers, media: Path) -> dict[str, Kind]:
    """Compare each of `makers`, mobjects or animations of the census, in a scene that can show it."""
    flat = {name: make for name, make in makers.items() if not is_in_3d(name)}
    deep = {name: make for name, make in makers.items() if is_in_3d(name)}
    found = compare(flat, media) if flat else {}
    return {**found, **(compare(deep, media, ThreeDScene) if deep else {})}


def compare_one(name: str, scene: type[Scene], media: Path) -> Kind:
    """Compare all steps of `scene`, as one kind; one that neither stock nor a recording can run is refused."""
    try:
        steps = compare_scene(scene, None, {}, media)
    except AstraiSlidesError as error:
        try:
            stock_steps_of(lambda: scene, fps=FPS, width=16, height=16, media=media, wants=lambda *_: False)
        except Exception as raised:
            return Kind(name, refused=f"{type(raised).__name__}: {raised}")
        return Kind(name, wrong=str(error))
    return Kind(
        name,
        [likeness for step in steps.values() for likeness in step.likeness],
        next((step.filmed for step in steps.values() if step.filmed), ""),
        all(step.drawn for step in steps.values()),
        wrong="; ".join(step.wrong for step in steps.values() if step.wrong),
    )


def compare(makers: Makers, media: Path, base: type[Scene] = Scene, size: tuple[int, int] = SIZE) -> dict[str, Kind]:
    """Compare each of `makers`, shown by a scene of class `base`."""
    scene, refused = listing(makers, base)
    return compare_scene(scene, list(makers), refused, media, size)


def compare_scene(
    scene: type[Scene], names: Sequence[str] | None, refused: dict[str, str], media: Path, size: tuple[int, int] = SIZE
) -> dict[str, Kind]:
    """Compare the steps of `scene`, called `names`, which notes in `refused` what it could not do."""
    width, height = size
    recording = record(scene, Order(FPS, width, height, media)).recording
    ours = dict(refused)
    refused.clear()
    places = places_of(recording)
    stock = stock_steps_of(
        lambda: scene,
        fps=FPS,
        width=width,
        height=height,
        media=media,
        wants=lambda step, place: step < len(places) and place in places[step],
    )
    names = [str(number) for number in range(1, len(stock) + 1)] if names is None else names
    assert len(recording.steps) == len(stock) == len(names), (len(recording.steps), len(stock), len(names))
    kinds = {}
    for number, name in enumerate(names):
        kind = kinds[name] = Kind(name, refused=refused.get(name, ""))
        step = recording.steps[number]
        if ours.get(name) != refused.get(name):
            kind.wrong = f"recorded: {ours.get(name)}; stock: {refused.get(name)}"
        elif not kind.refused:
            compare_step(kind, recording, step, stock[number], places[number])
    return kinds


def places_of(recording: Recording) -> list[list[int]]:
    """Which frames of each step are compared: see `MOTION`."""
    return [[*spread(step.length, MOTION), REST] for step in recording.steps]


def compare_step(kind: Kind, recording: Recording, step: Step, stock: StockStep, places: list[int]) -> None:
    """Note in `kind` how like `stock`'s frames those of `step` are, at each of `places`."""
    width, height = recording.width, recording.height
    if step.length != stock.length:
        kind.wrong = f"{step.length} frames, stock has {stock.length}"
        return
    film: list[Pixels] = []
    if step.film is not None:
        kind.filmed = step.film.reason
        if not any(step.film.reason in warning.text for warning in recording.warnings):
            kind.wrong = "filmed without a word"
        film = _decoded(recording.blobs[step.film.digest].data)
    for place in places:
        if film and place != REST:
            got = film[place]
        else:
            got = rgb(rasterise(frame_at(step, place), recording.blobs, width, height))
        wanted = stock.frames[place][..., :3]
        if (stock.frames[place][..., 3] == 0).any() and (not film or place == REST):
            alpha = rasterise(frame_at(step, place), recording.blobs, width, height)[..., 3].astype(np.int16)
            if np.abs(alpha - stock.frames[place][..., 3]).mean() > 1:
                kind.wrong = "not as transparent as stock"
        part = _drawn(wanted)
        if part is None:
            # stock draws nothing here: neither must we
            kind.likeness.append(ssim(got, wanted, BT709))
            continue
        kind.drawn = True
        kind.likeness.append(ssim(got[part], wanted[part], BT709))


def _drawn(pixels: Pixels) -> tuple[slice, slice] | None:
    """Rows and columns around what differs from the corner's colour, so that a small thing is not lost in the dark."""
    seen = np.abs(pixels.astype(np.int16) - pixels[0, 0]).max(axis=-1) > 8
    if not seen.any():
        return None
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return (
        slice(max(0, rows[0] - MARGIN), rows[-1] + 1 + MARGIN),
        slice(max(0, columns[0] - MARGIN), columns[-1] + 1 + MARGIN),
    )


def _decoded(data: bytes) -> list[Pixels]:
    with av.open(io.BytesIO(data)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
