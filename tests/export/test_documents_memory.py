"""Long decks are written in the memory of a few slides, not of all."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from documents import DOCUMENT
from moving import moving

from astrai_slides.export.pdf.pages import write_pdf
from astrai_slides.export.pptx.presentation import write_pptx
from astrai_slides.recording.format.model import GRID, Draw, Frame, Recording

pytestmark = pytest.mark.long

SHAPES = 500
FEW, MANY = 4, 14
PPTX_STEP, PDF_STEP = 25_000, 5_000
"""Bytes that may be left of a step, of some 350,000 of a slide's XML and 17,000 of a page's operators."""


def crowded(count: int) -> Recording:
    """`count` steps of many shapes that none shares with another."""
    made = moving()
    end = made.steps[0].end
    shape = next(op for op in end.ops if isinstance(op, Draw))

    def frame(number: int) -> Frame:
        draws = [replace(shape, x=n * 7 - 4 * GRID, y=(number * 31 + n) % (3 * GRID)) for n in range(SHAPES)]
        return replace(end, ops=tuple(draws))

    steps = [replace(made.steps[0], name=f"step {n}", texts=(), end=frame(n)) for n in range(count)]
    return replace(made, steps=tuple(steps))


def as_pptx(made: Recording, target: Path) -> None:
    write_pptx(made, target, DOCUMENT, [None] * len(made.steps))


def as_pdf(made: Recording, target: Path) -> None:
    write_pdf(made, target, DOCUMENT)


def peak(write: Callable[[Recording, Path], None], count: int, target: Path) -> int:
    made = crowded(count)
    tracemalloc.start()
    try:
        write(made, target)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("write", "left"), [(as_pptx, PPTX_STEP), (as_pdf, PDF_STEP)])
def test_memory_does_not_grow_with_steps(write: Callable[[Recording, Path], None], left: int, tmp_path: Path) -> None:
    peak(write, 1, tmp_path / "warm")  # what is imported and remembered at first
    few, many = (peak(write, count, tmp_path / f"{count}") for count in (FEW, MANY))
    assert many - few < (MANY - FEW) * left
