"""The corpus' scenes, and each as recorded by us and as drawn by stock manim, made once a session."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

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
