"""Pictures painted over what they share with the one before are those painted each by itself."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.check.layers import Layers
from astrai_slides.recording.format.model import Draw, Frame, Paint, Path, Style, View
from astrai_slides.recording.paint.raster import rasterise, rgb

WIDTH, HEIGHT = 32, 18
VIEWS = View(0, 0, 3200, 1800), View(800, 400, 3200, 1800)
GROUNDS = 0x000000FF, 0x2060A0FF


def square(side: int) -> Path:
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    points = [corners[0]]
    for start, end in pairwise(corners):
        points += [start, end, end]
    xy = b"".join(value.to_bytes(4, "little", signed=True) for point in points for value in point)
    return Path(((4, True),), xy)


DRAWS = [
    Draw(square(900), Style(Paint((colour,))), x, y, source=number)
    for number, (colour, x, y) in enumerate(
        [(0xFF0000FF, -900, -600), (0x00FF0080, -500, -300), (0x0000FFFF, 0, 0), (0xFFFF0080, 300, -700)]
    )
]
"""Some of them let through what is below."""

PICTURES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.lists(st.sampled_from(DRAWS), max_size=3),
        st.sampled_from(VIEWS),
        st.sampled_from(GROUNDS),
    ),
    min_size=3,
    max_size=8,
)
"""Of each how many of the ops before it keeps, the lowest, what lies on them, its view and its background."""


@settings(max_examples=examples(200))
@given(PICTURES)
@example([(0, DRAWS[:2], VIEWS[0], GROUNDS[0]), (2, [], VIEWS[0], GROUNDS[0]), (1, DRAWS[2:], VIEWS[0], GROUNDS[0])])
def test_each_picture_is_as_painted_by_itself(pictures: Sequence[tuple[int, list[Draw], View, int]]) -> None:
    painted = Layers({}, WIDTH, HEIGHT)
    ops: list[Draw] = []
    for kept, others, view, ground in pictures:
        ops = [*ops[:kept], *others]
        alone = rgb(rasterise(Frame(tuple(ops), view, ground), {}, WIDTH, HEIGHT))
        assert np.array_equal(painted.opaque(ops, view, ground), alone)
