"""Points of many mobjects are cut into sub-paths at once as each would be by itself."""

import numpy as np
import numpy.typing as npt

from astrai_slides.recording.run.cut_paths import POINTS_PER_CURVE, CutPath, cut, cut_each

TOLERANCE = 1e-6
GRID = 4096

Points = npt.NDArray[np.float64]


def curves(*anchors: float) -> Points:
    """Straight curves from one of `anchors` to the next but one, as manim keeps them: each with both its ends."""
    starts, ends = np.array(anchors[::2]), np.array(anchors[1::2])
    shares = np.linspace(0, 1, POINTS_PER_CURVE)
    along = (starts[:, None] * (1 - shares) + ends[:, None] * shares).ravel()
    return np.stack((along, along**2), axis=1)


def on_grid(points: Points) -> npt.NDArray[np.int32]:
    return np.rint((points - points[0]) * GRID).astype("<i4")


def numbers(told: CutPath) -> list[list[int]]:
    return np.frombuffer(told[1], "<i4").reshape(-1, 2).tolist()


SHAPES = {
    "closed": (curves(0, 1, 1, 2, 2, 0), ((3, True),)),
    "open": (curves(0, 1, 1, 2, 2, 3), ((3, False),)),
    "two of one shape": (curves(0, 1, 1, 0, 5, 6), ((2, True), (1, False))),
    "two of another": (curves(0, 1, 4, 5, 5, 4), ((1, False), (2, True))),
    "all apart": (curves(0, 1, 2, 3, 4, 5), ((1, False), (1, False), (1, False))),
    "nearly joined": (curves(0, 1, 1 + TOLERANCE / 2, 2, 2, 0), ((3, True),)),
    "one curve": (curves(0, 1), ((1, False),)),
    "a point too many": (np.concatenate((curves(0, 1, 1, 0), [[7.0, 7.0]])), ((2, True),)),
}


def test_what_does_not_meet_is_a_sub_path_of_its_own() -> None:
    for points, subpaths in SHAPES.values():
        (told,) = cut(points[None], on_grid(points)[None], TOLERANCE)
        assert told[0] == subpaths
        assert len(numbers(told)) == sum(1 + 3 * count for count, _ in subpaths)


def test_an_anchor_that_repeats_is_told_once() -> None:
    (told,) = cut(curves(0, 3, 3, 6)[None], on_grid(curves(0, 3, 3, 6))[None], TOLERANCE)
    assert [x for x, _ in numbers(told)] == [place * GRID for place in range(7)]


def test_many_are_cut_as_each_by_itself() -> None:
    many = [points for points, _ in SHAPES.values()] * 2
    tolerances = [TOLERANCE] * len(SHAPES) + [2.0] * len(SHAPES)
    alone = [
        told
        for points, tolerance in zip(many, tolerances, strict=True)
        for told in cut(points[None], on_grid(points)[None], tolerance)
    ]
    assert cut_each(many, list(map(on_grid, many)), tolerances) == alone
    assert len(set(alone)) > len(SHAPES)


def test_none_are_cut_into_none() -> None:
    assert cut_each([], [], []) == []
