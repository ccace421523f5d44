"""Random recordings, within what the format can hold."""

import hashlib

import numpy as np
from hypothesis import strategies as st

from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.recording.format.model import (
    Blob,
    Cap,
    Draw,
    Film,
    Frame,
    Join,
    Op,
    Paint,
    Path,
    Picture,
    Recording,
    Rest,
    Step,
    Style,
    TextRun,
    View,
)

BLOBS = {
    digest: Blob(digest, "image/png", data)
    for data in (b"one", b"two", b"three")
    for digest in [hashlib.sha256(data).hexdigest()]
}
FILM = Blob(hashlib.sha256(b"film").hexdigest(), "video/mp4", b"film")

coordinates = st.integers(-(1 << 26), 1 << 26)
"""Differences of differences of these still fit into 32 bits."""

near = st.integers(-3000, 3000)
colours = st.integers(0, 0xFFFFFFFF)
solid = st.builds(Paint, st.tuples(colours))
gradients = st.builds(
    Paint, st.lists(colours, min_size=2, max_size=5).map(tuple), st.tuples(coordinates, coordinates, near, near)
)
paints = solid | gradients
widths = st.integers(1, 1 << 24)


@st.composite
def styles(draw: st.DrawFn) -> Style:
    fill, stroke, back = (draw(st.none() | paints) for _ in range(3))
    return Style(
        fill,
        stroke,
        draw(widths) if stroke else 0,
        back,
        draw(widths) if back else 0,
        draw(st.sampled_from(Join)),
        draw(st.sampled_from(Cap)),
    )


@st.composite
def paths(draw: st.DrawFn, number: st.SearchStrategy[int] = coordinates | near) -> Path:
    subpaths = tuple(draw(st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=3)))
    count = sum(1 + 3 * curves for curves, _ in subpaths)
    points = draw(st.lists(st.tuples(number, number), min_size=count - 1, max_size=count - 1))
    return Path(subpaths, np.array([(0, 0), *points], dtype="<i4").tobytes())


@st.composite
def moved(draw: st.DrawFn, path: Path) -> Path:
    """`path` with every point but the first a little elsewhere, as animation does."""
    points = path.points.astype(np.int64)
    shift = draw(st.lists(st.tuples(near, near), min_size=len(points) - 1, max_size=len(points) - 1))
    points[1:] += np.array(shift, dtype=np.int64).reshape(-1, 2)
    return Path(path.subpaths, points.astype("<i4").tobytes())


pictures = st.builds(
    Picture,
    st.sampled_from(sorted(BLOBS)),
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.tuples(*[coordinates] * 6),
    st.integers(0, 255),
    st.booleans(),
    st.integers(1, 6),
)
views = st.builds(View, coordinates, coordinates, st.integers(1, 1 << 20), st.integers(1, 1 << 20))


@st.composite
def frames(draw: st.DrawFn) -> list[Frame]:
    """Some frames, each made from the one before by edits, so that every kind of command comes up."""
    known_paths = draw(st.lists(paths(), min_size=1, max_size=4))
    known_styles = draw(st.lists(styles(), min_size=1, max_size=4))
    draws = st.builds(
        Draw, st.sampled_from(known_paths), st.sampled_from(known_styles), coordinates, coordinates, st.integers(1, 6)
    )
    ops: list[Op] = draw(st.lists(draws | pictures, max_size=6))
    view, background = draw(views), draw(colours)
    result = [Frame(tuple(ops), view, background)]
    for _ in range(draw(st.integers(0, 5))):
        after: list[Op] = []
        for op in ops:
            fate = draw(st.sampled_from(["keep", "keep", "move", "bend", "drop", "precede"]))
            if fate == "drop":
                continue
            if fate == "precede":
                after.append(draw(draws | pictures))
            if isinstance(op, Draw) and fate == "move":
                op = Draw(op.path, draw(st.sampled_from(known_styles)), op.x + draw(near), op.y, op.source)
            if isinstance(op, Draw) and fate == "bend":
                op = Draw(draw(moved(op.path)), op.style, op.x, op.y, op.source)
            after.append(op)
        ops = after
        view = draw(st.just(view) | views)
        background = draw(st.just(background) | colours)
        result.append(Frame(tuple(ops), view, background))
    return result


@st.composite
def steps(draw: st.DrawFn) -> Step:
    shown = draw(frames())
    *motion, end = shown
    names = st.text(max_size=12)
    runs = draw(
        st.lists(st.tuples(st.integers(0, len(motion) - 1), st.integers(1, 1 << 16)), max_size=8)
        if motion
        else st.just([])
    )
    boxes = st.tuples(coordinates, coordinates, coordinates, coordinates)
    rests = []
    at = 0
    for index, count in runs:
        if draw(st.booleans()):
            texts = st.lists(st.builds(TextRun, names, boxes, spans(len(motion[index].ops))), max_size=2)
            rests.append(Rest(at + draw(st.integers(0, count - 1)), tuple(draw(texts))))
        at += count
    return Step(
        draw(names),
        tuple(motion),
        tuple(runs),
        end,
        draw(names),
        draw(names),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.floats(0.25, 4)),
        draw(st.floats(0.25, 4)),
        draw(st.sampled_from(["horizontal", "vertical"])),
        tuple(draw(st.lists(st.builds(TextRun, names, boxes, spans(len(end.ops))), max_size=2))),
        draw(st.none() | st.just(Film(FILM.digest, "why"))),
        rests=tuple(rests),
    )


def spans(ops: int) -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    """(first, how many) of so many ops."""
    firsts = st.integers(0, ops - 1) if ops else st.nothing()
    span = firsts.flatmap(lambda first: st.tuples(st.just(first), st.integers(1, ops - first)))
    return st.lists(span, max_size=2 if ops else 0).map(tuple)


recordings = st.builds(
    Recording,
    st.text(min_size=1, max_size=12),
    st.sampled_from([12.0, 29.97, 60.0]),
    st.integers(1, 8000),
    st.integers(1, 8000),
    colours,
    st.lists(steps(), min_size=1, max_size=2).map(tuple),
    st.just({**BLOBS, FILM.digest: FILM}),
    st.lists(st.builds(BuildWarning, st.sampled_from(Kind), st.text(max_size=12)), max_size=2).map(tuple),
)


def shown(step: Step) -> list[Frame]:
    """What one sees of `step`, frame by frame, equal neighbours once; the end state last."""
    seen: list[Frame] = []
    for index, count in step.runs:
        seen += [step.frames[index]] * (count > 0)
    return [*seen, step.end]
