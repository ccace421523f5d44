"""A deck whose pictures say which step and frame they are: what a screen shows can be read back.

Every frame is a row of cells: `STEP_CELLS` bits of the step, `FRAME_CELLS` bits of the frame (all set: the end state),
and a parity cell, on a background that is no colour of a cell.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from astrai_slides.recording.format.model import (
    GRID,
    Blob,
    Draw,
    Frame,
    Paint,
    Path,
    Recording,
    Step,
    Style,
    TextRun,
    View,
)

FPS = 30
WIDTH, HEIGHT = 1280, 720
STEP_CELLS, FRAME_CELLS = 4, 6
CELLS = STEP_CELLS + FRAME_CELLS + 1
END = (1 << FRAME_CELLS) - 1

BACKGROUND = 0x145A46FF
OFF, ON = 0x3264C8FF, 0xFAD23CFF
_VIEW = View(0, 0, 16 * GRID, 9 * GRID)
_CELL = GRID
_PITCH = _CELL * 5 // 4
_LEFT = -_PITCH * CELLS // 2
_SQUARE = Path(
    ((4, True),),
    np.array(
        [(0, 0), (1, 0), (1, 0), (3, 0), (3, 1), (3, 1), (3, 3), (2, 3), (2, 3), (0, 3), (0, 2), (0, 2), (0, 0)], "<i4"
    )
    .__mul__(_CELL // 3)
    .astype("<i4")
    .tobytes(),
)


@dataclass(frozen=True)
class Shown:
    """What a screen was read to show; `frame` is END for an end state."""

    step: int
    frame: int


def frame(step: int, number: int) -> Frame:
    """The picture of frame `number` of `step`."""
    bits = [step >> bit & 1 for bit in range(STEP_CELLS)] + [number >> bit & 1 for bit in range(FRAME_CELLS)]
    bits.append(sum(bits) & 1)
    ops = tuple(
        Draw(_SQUARE, Style(fill=Paint((ON if bit else OFF,))), _LEFT + place * _PITCH, -_CELL // 2, source=place)
        for place, bit in enumerate(bits)
    )
    return Frame(ops, _VIEW, BACKGROUND)


def step(index: int, name: str, length: int = 20, **settings: object) -> Step:
    """A step of `length` frames, each another picture."""
    assert length < END
    return Step(
        name,
        tuple(frame(index, number) for number in range(length)),
        tuple((number, 1) for number in range(length)),
        frame(index, END),
        **{"title": name.title(), **settings},  # type: ignore[arg-type]
    )


def recording(*steps: Step, blobs: dict[str, Blob] | None = None) -> Recording:
    """A recording of `steps`."""
    return Recording("Signal", FPS, WIDTH, HEIGHT, BACKGROUND, steps, blobs or {})


HOSTILE = """</script></aside></section><script>window.pwned = 1</script><img src=x onerror="window.pwned=2">"""


def talk() -> Recording:
    """Steps of every kind."""
    return recording(
        step(
            0,
            "title",
            notes=f"# Notes of *title*\n\n{HOSTILE}\n\n[bad](javascript:alert(1)) ![pic](http://x.test/a.png)",
        ),
        step(1, "pipeline", notes="Say **this**.", texts=(TextRun("Waiting & <Queue>", (0, 0, 1, 1)),)),
        step(2, "turning", 10, loop=True),
        step(3, "turn once more", 10, loop=True, finish_loop=True),
        step(4, "flow/static", 10, auto_next=True, title=HOSTILE),
        step(5, "flow/continuous"),
        step(6, 'last "one" <b>', 60, texts=(TextRun(HOSTILE, (0, 0, 1, 1)),)),
    )


def frame_at(seconds: float) -> int:
    """Which frame shows at a time of a step; less than the steps of any browser's clock makes up for rounding."""
    return int(seconds * FPS + 1e-6)


def read(pixels: npt.NDArray[np.uint8], view: tuple[float, float, float, float] | None = None) -> Shown | None:
    """Read a screen, shape (height, width, 3 or more); None where it shows no whole frame of this deck.

    `view` is (left, top, width, height) of the frame on it, in pixels; by default as large as fits.
    """
    height, width = pixels.shape[:2]
    if view is None:
        scale = min(width / 16, height / 9)
        view = ((width - 16 * scale) / 2, (height - 9 * scale) / 2, 16 * scale, 9 * scale)
    left, top, shown_width, shown_height = view
    bits = []
    for place in range(CELLS):
        middle = (_LEFT + place * _PITCH + _CELL / 2) / GRID
        x, y = int(left + (middle / 16 + 0.5) * shown_width), int(top + shown_height / 2)
        near = [colour for colour in (OFF, ON) if _alike(pixels[y, x], colour)]
        if len(near) != 1:
            return None
        bits.append(int(near[0] == ON))
    above = pixels[int(top + 0.1 * shown_height), int(left + 0.5 * shown_width)]
    if not _alike(above, BACKGROUND) or sum(bits[:-1]) & 1 != bits[-1]:
        return None
    values = [sum(bit << place for place, bit in enumerate(part)) for part in (bits[:STEP_CELLS], bits[STEP_CELLS:-1])]
    return Shown(*values)


def _alike(pixel: npt.NDArray[np.uint8], colour: int) -> bool:
    wanted = [colour >> shift & 0xFF for shift in (24, 16, 8)]
    return all(abs(int(got) - want) <= 30 for got, want in zip(pixel[:3], wanted, strict=True))
