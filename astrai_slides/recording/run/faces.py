"""What a 3D camera shows of many faces, worked out for all of them at once.

manim projects and shades one face after the other, in some thirty small calls of NumPy a face and frame. The same
formulas over all faces of a frame give the same numbers to the last bits of a float.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import UP, VMobject
from manim.camera.camera import Camera
from manim.camera.three_d_camera import ThreeDCamera
from manim.utils.space_ops import get_unit_normal

from astrai_slides.recording.format.model import GRID
from astrai_slides.seam.manims_own import has_own

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CURVE = 4
"""Points of a cubic curve."""

_FEWEST = 8
"""Fewer mobjects than these are not worth arrays."""

_BEHIND = 10.0**6
_LEAST_NORM = 1e-5
"""Corners that are flatter than that are left to manim, which goes another way from 1e-6 on."""

_CAMERA_METHODS = (
    "transform_points_pre_display",
    "project_points",
    "modified_rgbas",
    "get_fill_rgbas",
    "get_stroke_rgbas",
)
_MOBJECT_METHODS = ("get_gradient_start_and_end_points", "get_anchors", "get_num_points", "get_stroke_width")


@dataclass(frozen=True, slots=True)
class Faces:
    """Mobjects whose points are one array: of mobject k those from `starts[k]` to `starts[k + 1]`."""

    mobjects: list[VMobject]
    starts: Ints
    """One more than there are mobjects."""
    points: Floats
    """Projected, shape (points, 2), scene units."""
    stops: Ints
    """Shape (mobjects, 4): colours (RGBA) at the first and last corner, of the fill and then of the stroke."""
    ends: Floats
    """Shape (mobjects, 4): x and y of the gradient's first point and of its last."""


def batched(camera: Camera, mobjects: Sequence[VMobject]) -> Faces | None:
    """Return those of `mobjects` that can be worked out at once, as `camera` shows them; None if too few can be."""
    if len(mobjects) < _FEWEST or not isinstance(camera, ThreeDCamera):
        return None
    if not has_own(type(camera), ThreeDCamera, _CAMERA_METHODS):
        return None
    plain = {kind for kind in set(map(type, mobjects)) if has_own(kind, VMobject, _MOBJECT_METHODS)}
    chosen, colours, shaded = [], [], []
    for mobject in mobjects:
        told = _colours(camera, mobject) if type(mobject) in plain else None
        if told is not None:
            chosen.append(mobject)
            colours.append(told[:2])
            shaded.append(told[2])
    if len(chosen) < _FEWEST:
        return None
    starts, world = _joined(chosen)
    if not np.isfinite(world).all():
        finite = [bool(np.isfinite(mobject.points).all()) for mobject in chosen]
        chosen, colours = list(compress(chosen, finite)), list(compress(colours, finite))
        shaded = list(compress(shaded, finite))
        if len(chosen) < _FEWEST:
            return None
        starts, world = _joined(chosen)
    points = _project(camera, world)
    first = starts[:-1]
    last = first + (starts[1:] - first - 1) // 6 * 3
    rgbas = np.stack(
        [*_two_of_each([fill for fill, _ in colours]), *_two_of_each([stroke for _, stroke in colours])], 1
    )
    lit = np.array(shaded)
    if lit.any():
        sun = np.asarray(camera.light_source.points[0], dtype=np.float64)
        for corner, places in ((first, (0, 2)), (last, (1, 3))):
            light = _light(world, starts, corner, sun)
            for place in places:
                rgbas[lit, place, :3] += light[lit, None]
    parts = np.rint(np.clip(rgbas * 0xFF, 0, 0xFF)).astype(np.int64)
    stops = parts[..., 0] << 24 | parts[..., 1] << 16 | parts[..., 2] << 8 | parts[..., 3]
    return Faces(chosen, starts, points, stops, np.hstack((points[first], points[last])))


def _joined(mobjects: Sequence[VMobject]) -> tuple[Ints, Floats]:
    """Where the points of each of `mobjects` start among those of all, and all points."""
    starts = np.cumsum([0, *(len(mobject.points) for mobject in mobjects)])
    return starts, np.concatenate([mobject.points for mobject in mobjects])


def _two_of_each(rgbas: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The first colour of each, and the second or, where there is only one, that."""
    counts = np.fromiter(map(len, rgbas), np.int64, len(rgbas))
    joined, first = np.concatenate(rgbas), np.cumsum(counts) - counts
    return joined[first], joined[first + (counts > 1)]


def _colours(camera: ThreeDCamera, mobject: VMobject) -> tuple[Floats, Floats, bool] | None:
    """The colours of fill and stroke without light, and whether there is light; None of what goes a way of its own.

    `mobject` has manim's own methods.
    """
    points = mobject.points
    if (
        len(points) < _CURVE
        or len(points) % _CURVE
        or mobject in camera.fixed_in_frame_mobjects
        or mobject in camera.fixed_orientation_mobjects
        or mobject.background_stroke_width > 0
    ):
        return None
    fill, stroke = mobject.get_fill_rgbas(), mobject.get_stroke_rgbas()
    lit = bool(camera.should_apply_shading and mobject.shade_in_3d)
    if not len(fill) or not len(stroke) or (not lit and (len(fill) > 1 or len(stroke) > 1)):
        return None
    return fill, stroke, lit


def _project(camera: ThreeDCamera, points: Floats) -> Floats:
    """As `ThreeDCamera.project_points`, x and y. Sums are spelt out: BLAS rounds a row by where it stands."""
    x, y, z = (points - camera.frame_center).T
    across, up, out = (row[0] * x + row[1] * y + row[2] * z for row in camera.get_rotation_matrix())
    focal = camera.get_focal_distance()
    with np.errstate(divide="ignore", over="ignore"):
        if camera.exponential_projection:
            factor = np.exp(out / focal)
            behind = out < 0
            factor[behind] = focal / (focal - out[behind])
        else:
            factor = focal / (focal - out)
            factor[(focal - out) < 0] = _BEHIND
    factor *= camera.get_zoom()
    return np.stack((across * factor, up * factor), axis=1)


def _light(points: Floats, starts: Ints, corner: Ints, sun: Floats) -> Floats:
    """How much lighter each mobject is at the point `corner`: as `get_shaded_rgb` over `get_3d_vmob_unit_normal`."""
    count = np.diff(starts)
    at = corner - starts[:-1]
    before = np.where(at > 2, at - 3, count - 4) + starts[:-1]
    after = np.where(at < count - 3, at + 3, 3) + starts[:-1]
    place = points[corner]
    normal = _normals(points[after] - place, points[before] - place)
    normal[count <= _CURVE] = UP
    to_sun = sun - place
    distance = np.sqrt(_dots(to_sun, to_sun))[:, None]
    to_sun = np.divide(to_sun, distance, out=np.zeros_like(to_sun), where=distance > 0)
    light = 0.5 * _dots(normal, to_sun) ** 3
    return np.where(light < 0, light * 0.5, light)


def _normals(one: Floats, other: Floats) -> Floats:
    """As `get_unit_normal` of each row."""
    sizes = [np.abs(side).max(axis=1, keepdims=True) for side in (one, other)]
    u, v = (
        np.divide(side, size, out=np.zeros_like(side), where=size > 0)
        for side, size in zip((one, other), sizes, strict=True)
    )
    (ux, uy, uz), (vx, vy, vz) = u.T, v.T
    product = np.stack((uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx), axis=1)
    norm = np.sqrt(_dots(product, product))
    flat = norm <= _LEAST_NORM
    norm[flat] = 1.0
    normals: Floats = product / norm[:, None]
    for row in np.flatnonzero(flat):
        normals[row] = get_unit_normal(one[row], other[row])
    return normals


def _dots(one: Floats, other: Floats) -> Floats:
    product: Floats = one * other
    return np.asarray(product[:, 0] + product[:, 1] + product[:, 2])


@dataclass(frozen=True, slots=True)
class FacesOnGrid:
    """Faces on the grid: where each starts, and its sub-paths."""

    near: list[bool]
    """Whether a face lies where the grid can tell it."""
    x: list[int]
    y: list[int]
    kept: bytes
    """All points from their face's first on, little-endian int32 pairs, without anchors that repeat."""
    kept_from: list[int]
    """Where a face's part of `kept` begins; one more than there are faces."""
    curves: list[int]
    """Curves of each sub-path of all faces."""
    closed: list[bool]
    subpaths_from: list[int]


_PAIR = 8
"""Bytes of two int32."""


def placed(faces: Faces, limit: float, relative_tolerance: float) -> FacesOnGrid:
    """Put `faces` on the grid and cut them into sub-paths, as `Collector` does one by one."""
    xy, starts = faces.points, faces.starts
    first, count = starts[:-1], np.diff(starts)
    with np.errstate(invalid="ignore"):
        away = (xy - np.repeat(xy[first], count, axis=0)) * GRID
        peak = np.maximum(np.maximum.reduceat(np.abs(away).max(axis=1), first), np.abs(xy[first]).max(axis=1) * GRID)
        near = peak <= limit
    far = ~np.repeat(near, count)
    if far.any():
        xy, away = np.where(far[:, None], 0.0, xy), np.where(far[:, None], 0.0, away)
    grid = np.rint(away).astype("<i4")
    begin, end = xy[::_CURVE], xy[_CURVE - 1 :: _CURVE]
    of_face = np.repeat(np.arange(len(count)), count // _CURVE)
    tolerance = np.array([mobject.tolerance_for_point_equality for mobject in faces.mobjects])[of_face][:, None]
    cut = np.ones(len(begin), dtype=bool)
    cut[1:] = (np.abs(end[:-1] - begin[1:]) > tolerance[1:] + relative_tolerance * np.abs(begin[1:])).any(axis=1)
    cut[first // _CURVE] = True
    opening = np.flatnonzero(cut)
    ending = np.append(opening[1:], len(cut)) - 1
    gap = np.abs(begin[opening] - end[ending])
    closed = ~(gap > tolerance[opening] + relative_tolerance * np.abs(end[ending])).any(axis=1)
    kept = np.ones(len(xy), dtype=bool)
    kept[::_CURVE] = cut
    kept_before = np.concatenate(([0], np.cumsum(kept)))
    corner = np.rint(xy[first] * GRID).astype(np.int64)
    return FacesOnGrid(
        near.tolist(),
        corner[:, 0].tolist(),
        corner[:, 1].tolist(),
        grid[kept].tobytes(),
        (kept_before[starts] * _PAIR).tolist(),
        (ending + 1 - opening).tolist(),
        closed.tolist(),
        np.searchsorted(opening, starts // _CURVE).tolist(),
    )


def lines(faces: Faces, limit: float) -> list[list[int]]:
    """The gradients' ends on the grid: x0, y0, x1, y1 of each face."""
    with np.errstate(invalid="ignore"):
        ends: Any = np.nan_to_num(np.clip(faces.ends * GRID, -limit, limit))
    rounded: list[list[int]] = np.rint(ends).astype(np.int64).tolist()
    return rounded
