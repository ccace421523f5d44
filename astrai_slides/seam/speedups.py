"""While a scene is recorded: the same results from manim's most used functions, sooner.

Without pixels to paint, a recording spends most of its time in manim's own bookkeeping. What is replaced here gives
exactly what the original gives (tests compare them); a subclass that has its own version keeps it.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from math import isfinite
from typing import Any

import manim.mobject.mobject
import manim.scene.scene
import manim.utils.paths
import manim.utils.space_ops
import numpy as np
import svgelements
from manim import Axes, CapStyleType, ImageMobject, LineJointType, ManimColor, Mobject, NumberLine, VMobject
from manim.camera import three_d_camera
from manim.mobject.types import image_mobject
from manim.utils.space_ops import normalize, rotation_matrix

from astrai_slides.base.replaced import replaced
from astrai_slides.seam.colors import color_array
from astrai_slides.seam.curves_added import inserted_curves
from astrai_slides.seam.depth_order import sorting_by_depth_sooner
from astrai_slides.seam.each_frame import frames_told_sooner
from astrai_slides.seam.extents import critical_point, points_defining_boundary
from astrai_slides.seam.held_pixels import HeldOpacity, HeldPixels, note_copy, pixels_held
from astrai_slides.seam.implicit_curves import implicit_curves_traced_sooner
from astrai_slides.seam.manims_own import sooner
from astrai_slides.seam.numbers_redrawn import digits_scaled_once
from astrai_slides.seam.pango_svg import texts_read_sooner
from astrai_slides.seam.pixels_between import pixels_between
from astrai_slides.seam.plots_redrawn import coords_to_point, number_to_point, subpaths_from_points
from astrai_slides.seam.rotations import rotated_by
from astrai_slides.seam.svgs import svgs_read_sooner
from astrai_slides.seam.transforms_together import transforms_worked_out_together

_SHARED = frozenset(
    {
        *(type(None), bool, int, float, str, bytes, complex, np.float64, ManimColor, LineJointType, CapStyleType),
        *(HeldOpacity, HeldPixels),
    }
)
"""Types whose values never change, so that a copy may keep them."""

_OPACITIES = frozenset({type(None), int, float, np.float64})


@contextmanager
def faster_manim() -> Iterator[None]:
    """Make manim faster inside the block."""
    with ExitStack() as stack:
        for owner, name, quick in (
            (Mobject, "__deepcopy__", _deepcopy),
            (VMobject, "update_rgbas_array", _update_rgbas_array),
            (VMobject, "consider_points_equals", _consider_points_equals),
            (VMobject, "generate_rgbas_array", _generate_rgbas_array),
            (VMobject, "get_points_defining_boundary", points_defining_boundary),
            (Mobject, "get_critical_point", critical_point),
            (VMobject, "insert_n_curves_to_point_list", inserted_curves),
            (NumberLine, "number_to_point", number_to_point),
            (Axes, "coords_to_point", coords_to_point),
            (VMobject, "get_subpaths_from_points", subpaths_from_points),
            (image_mobject, "interpolate", pixels_between),
            (manim.utils.paths, "rotation_matrix", _rotation_matrix),
            (manim.utils.space_ops, "rotation_matrix", _rotation_matrix),
            (manim.mobject.mobject, "rotation_matrix", _rotation_matrix),
            (three_d_camera, "rotation_matrix", _rotation_matrix),
        ):
            stack.enter_context(sooner(owner, name, quick))
        stack.enter_context(pixels_held())
        stack.enter_context(frames_told_sooner())
        stack.enter_context(digits_scaled_once())
        stack.enter_context(transforms_worked_out_together())
        stack.enter_context(implicit_curves_traced_sooner())
        stack.enter_context(replaced(manim.scene.scene, "tqdm", _Unshown))
        # every glyph keeps the path it was read from, and copying those takes longer than all the rest
        stack.enter_context(
            sooner(svgelements.Path, "__deepcopy__", lambda path, _: path),
        )
        stack.enter_context(sorting_by_depth_sooner())
        stack.enter_context(svgs_read_sooner())
        stack.enter_context(texts_read_sooner())
        stack.enter_context(sooner(svgelements.Path, "parse", _parser(svgelements.Path.parse)))
        yield


class _Unshown:
    """In place of the bar that tqdm shows of a play: its lock is one for all processes, and a child that is killed
    while it holds it would have all others wait for ever."""

    def __init__(self, moments: Any, *_: Any, **__: Any) -> None:
        self._moments = moments

    def __iter__(self) -> Iterator[Any]:
        return iter(self._moments)

    def __len__(self) -> int:
        return len(self._moments)

    def set_description(self, *_: Any, **__: Any) -> None:
        pass

    def update(self, *_: Any, **__: Any) -> None:
        pass

    def close(self) -> None:
        pass


def _parser(parse: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    """As `svgelements.Path.parse`, but a definition is read once: texts are the same few glyphs over and over."""
    known: dict[str, list[Any]] = {}

    def parse_once(self: Any, pathdef: str) -> None:
        if self._segments:
            parse(self, pathdef)
            return
        segments = known.get(pathdef)
        if segments is None:
            parse(self, pathdef)
            known[pathdef] = [copy.copy(segment) for segment in self._segments]
        else:
            self._segments = [copy.copy(segment) for segment in segments]

    return parse_once


def _rotation_matrix(angle: float, axis: Any, homogeneous: bool = False) -> Any:
    """As `rotation_matrix`, but once for all the faces that turn by the same angle. The array is not to be written."""
    return _turned(float(angle), tuple(map(float, axis)), homogeneous)


@lru_cache(maxsize=256)
def _turned(angle: float, axis: tuple[float, ...], homogeneous: bool) -> Any:
    turned = rotated_by(angle * normalize(np.array(axis)))
    if turned is None:
        matrix = rotation_matrix(angle, np.array(axis), homogeneous)
    elif homogeneous:
        matrix = np.eye(4)
        matrix[:3, :3] = turned
    else:
        matrix = turned
    matrix.flags.writeable = False
    return matrix


_UPDATE_RGBAS, _GENERATE_RGBAS = VMobject.update_rgbas_array, VMobject.generate_rgbas_array


def _update_rgbas_array(self: VMobject, array_name: str, color: Any = None, opacity: Any = None) -> VMobject:
    """As `VMobject.update_rgbas_array`, but for making a colour of which only the opacity is used."""
    rgbas = self.__dict__.get(array_name)
    if (
        color is not None
        or rgbas is None
        or type(opacity) not in _OPACITIES
        or type(self).generate_rgbas_array not in (_GENERATE_RGBAS, _generate_rgbas_array)
        or len(rgbas) < (1 if self.get_sheen_factor() == 0 else 2)
    ):
        return _UPDATE_RGBAS(self, array_name, color, opacity)
    if opacity is not None:
        rgbas[:, 3] = opacity
    return self


def _generate_rgbas_array(self: VMobject, color: Any, opacity: Any) -> Any:
    """As `VMobject.generate_rgbas_array`, of one colour and one opacity, without a copy of the colour and lists."""
    if type(color) is not ManimColor or type(opacity) not in _OPACITIES or self.get_sheen_factor() != 0:
        return _GENERATE_RGBAS(self, color, opacity)
    rgba = np.empty((1, 4))
    rgba[0, :3] = color_array(color)[:3]
    rgba[0, 3] = opacity if opacity is not None else 0.0
    return rgba


_CONSIDER_EQUAL = VMobject.consider_points_equals
_RELATIVE = 1e-5
"""What `numpy.allclose` lets numbers differ by, for their size."""


def _consider_points_equals(self: VMobject, p0: Any, p1: Any) -> bool:
    """As `VMobject.consider_points_equals`, which asks NumPy of three numbers."""
    if (
        not (type(p0) is type(p1) is np.ndarray)
        or not p0.dtype == p1.dtype == np.float64
        or not p0.ndim == p1.ndim == 1
        or p0.size != p1.size
        or type(self.tolerance_for_point_equality) is not float
    ):
        return bool(_CONSIDER_EQUAL(self, p0, p1))
    tolerance = self.tolerance_for_point_equality
    for one, other in zip(p0.tolist(), p1.tolist(), strict=True):
        if not isfinite(one) or not isfinite(other):
            return bool(_CONSIDER_EQUAL(self, p0, p1))
        if not abs(one - other) <= tolerance + _RELATIVE * abs(other):
            return False
    return True


def _deepcopy(self: Mobject, clone_from_id: dict[int, Any]) -> Mobject:
    """As `Mobject.__deepcopy__`, but for asking of every number whether it has to be copied."""
    cls = self.__class__
    result = cls.__new__(cls)
    clone_from_id[id(self)] = result
    plain = cls.__setattr__ is object.__setattr__
    attributes = result.__dict__
    for name, value in self.__dict__.items():
        kind = type(value)
        if kind in _SHARED:
            copied = value
        elif kind is np.ndarray and id(value) not in clone_from_id and not value.dtype.hasobject:
            copied = clone_from_id[id(value)] = value.copy("K")
        else:
            copied = _copied(value, clone_from_id)
        if plain:
            attributes[name] = copied
        else:
            setattr(result, name, copied)
    result.original_id = str(id(self))
    if isinstance(result, ImageMobject):
        note_copy(result)
    return result


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """As `copy.deepcopy`, for what mobjects hold. Nothing has to be kept alive for `memo`: what is copied does that."""
    known = memo.get(id(value))
    if known is not None:
        return known
    kind = type(value)
    if kind is np.ndarray and not value.dtype.hasobject:
        made: Any = value.copy("K")
        memo[id(value)] = made
    elif kind is list:
        made = []
        memo[id(value)] = made
        for each in value:
            made.append(each if type(each) in _SHARED else _copied(each, memo))
    elif kind is dict:
        made = {}
        memo[id(value)] = made
        for name, each in value.items():
            made[_copied(name, memo)] = _copied(each, memo)
    elif kind in _SHARED:
        made = value
    elif getattr(kind, "__deepcopy__", None) is _deepcopy:
        made = _deepcopy(value, memo)
    else:
        made = copy.deepcopy(value, memo)
    return made
