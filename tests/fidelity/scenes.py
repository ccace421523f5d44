"""The corpus' scenes, and each as recorded by us and as drawn by stock manim, made once a session."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from stock import REST, Pixels, StockStep, stock_steps

from astrai_slides.recording.format.model import Frame, Recording, Step
from astrai_slides.recording.run.record import record_scene

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FPS = 12
HD = (1280, 720)
UHD = (3840, 2160)

MOST_STEPS = 4
"""Of a deck with more steps, these many are compared, spread from first to last."""

MOTION = 3
"""How many frames of each step's motion are compared: first, middle and last. Its rest state is compared besides."""


def corpus_scenes() -> list[tuple[Path, str]]:
    """Every scene of every deck, in order of the files."""
    scene = re.compile(r"^class (\w+)\(.*(?:Slide|Scene)\b.*\):", re.MULTILINE)
    return [(deck, name) for deck in sorted(CORPUS.glob("*.py")) for name in scene.findall(deck.read_text("utf-8"))]


SEEN_IN_A_BROWSER = """
Zooming Magnified Writing Fading MatchingShapes OffScreen SubPaths NotANumber Pictures FadingPictures TurnedPicture
PointCloud SolidSurface MixedDeck Opacities ZIndex GradientText FadingGradients Backgrounds Plot Canvas Skipping Files
PlainSections Joins GrowingCaps Dashes BackgroundStroke InterText TinyText
"""
"""Scenes whose frames every run compares on the canvas: each thing that a browser draws in a way of its own.

Whether a recording is right is seen in frames of our painter, of every scene.
"""

SEEN_IN_CLIPS = (
    "Zooming Writing FadingPictures SolidSurface Opacities Backgrounds Plot Canvas Files ManySteps Joins InterText"
)
"""The same for clips, which are frames of our painter, encoded."""

SEEN_AT_4K = "Writing"
"""The scene that every run compares at 3840 x 2160, texts being drawn and outlined."""


def scenes_with(seen: str) -> list[Any]:
    """Every scene as a test's parameter: those named in `seen` for every run, the others for `make wide`."""
    names = seen.split()
    scenes = corpus_scenes()
    assert set(names) <= {name for _, name in scenes}, "a scene has been renamed"
    return [pytest.param(scene, id=scene[1], marks=[] if scene[1] in names else pytest.mark.wide) for scene in scenes]


def spread(length: int, count: int) -> list[int]:
    """Up to `count` places from 0 to `length` - 1, the ends included; a single one is the middle."""
    if length <= count:
        return list(range(length))
    if count == 1:
        return [length // 2]
    return sorted({round(place * (length - 1) / (count - 1)) for place in range(count)})


def frame_at(step: Step, place: int) -> Frame:
    """The frame that `step` shows at frame `place` of its motion, or at rest."""
    if place == REST:
        return step.end
    for index, count in step.runs:
        if place < count:
            return step.frames[index]
        place -= count
    raise IndexError(place)


def _shows_file(step: Step) -> bool:
    """Whether `step` shows a file, which manim-slides plays and manim never draws."""
    return step.length == 1 or (step.film is not None and step.film.reason.startswith("shows the video"))


@dataclass
class Shot:
    """One scene of the corpus, at one size in pixels."""

    deck: Path
    name: str
    size: tuple[int, int]
    media: Path
    motion: int = MOTION
    steps: int = MOST_STEPS
    _stock: list[StockStep] | None = field(default=None, repr=False)

    @cached_property
    def recording(self) -> Recording:
        width, height = self.size
        return record_scene(self.deck, self.name, fps=FPS, width=width, height=height, media=self.media)

    @cached_property
    def compared(self) -> dict[int, list[int]]:
        """Which places of which steps are compared."""
        drawn = [number for number, step in enumerate(self.recording.steps) if not _shows_file(step)]
        chosen = [drawn[place] for place in spread(len(drawn), self.steps)]
        return {step: [*spread(self.recording.steps[step].length, self.motion), REST] for step in chosen}

    @cached_property
    def stock(self) -> list[StockStep]:
        width, height = self.size
        return stock_steps(
            self.deck,
            self.name,
            fps=FPS,
            width=width,
            height=height,
            media=self.media,
            wants=lambda step, place: place in self.compared.get(step, ()),
        )

    def pairs(self) -> list[tuple[int, int, Pixels]]:
        """(step, place, stock's pixels (height, width, 4)) of all that is compared."""
        return [
            (number, place, self.stock[number].frames[place])
            for number, places in self.compared.items()
            for place in places
        ]
