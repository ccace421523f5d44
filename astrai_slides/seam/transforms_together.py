"""All parts that a `Transform` moves along lines or arcs, worked out as one array; part of `faster_manim`.

manim asks one part after the other, in some forty small calls of NumPy and Python a part and frame. The same formula
over the points of all of them gives the same numbers to the last bit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from inspect import getattr_static
from operator import attrgetter, is_
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from manim import Animation, Mobject, Transform, VMobject
from manim.utils import bezier

from astrai_slides.seam.manims_own import has_own, sooner
from astrai_slides.seam.ways_together import Way, straight, way_of

Floats = npt.NDArray[np.float64]

_FEWEST = 4
"""Fewer parts than these are not worth arrays."""

_ARRAYS = {
    "points": (None, 3),
    "fill_rgbas": (None, 4),
    "stroke_rgbas": (None, 4),
    "background_stroke_rgbas": (None, 4),
    "sheen_direction": (3,),
}
"""With their shapes, of which None may be any number."""

_NUMBERS = ("stroke_width", "background_stroke_width", "sheen_factor")
_NUMBER_KINDS = frozenset({int, float, np.float64})


_INTERPOLATE_MOBJECT = Animation.interpolate_mobject
_METHODS = ("get_all_families_zipped", "interpolate_submobject", "get_sub_alpha")
_RATES = "manim.utils.rate_functions"
_UNKNOWN: Any = object()


@contextmanager
def transforms_worked_out_together() -> Iterator[None]:
    """Have the parts of each `Transform` worked out at once inside the block."""
    known: WeakKeyDictionary[Any, _Parts | None] = WeakKeyDictionary()

    def interpolate_mobject(self: Any, alpha: float) -> None:
        kind: Any = type(self)
        if not issubclass(kind, Transform) or kind.__hash__ is not object.__hash__:
            _INTERPOLATE_MOBJECT(self, alpha)
            return
        parts = known.get(self, _UNKNOWN)
        if parts is _UNKNOWN or (parts is not None and not parts.are_those_of(self)):
            parts = known[self] = _parts(self)
        if parts is None or not parts.work_out(_alphas(self, alpha, len(parts.families))):
            _INTERPOLATE_MOBJECT(self, alpha)

    with sooner(Animation, "interpolate_mobject", interpolate_mobject):
        yield


def _parts(animation: Any) -> "_Parts | None":
    """The parts of `animation`; None where they cannot be worked out together."""
    kind: Any = type(animation)
    if not has_own(kind, Transform, _METHODS) or not has_own(bezier, bezier, ("interpolate",)):
        return None
    way = way_of(animation.path_func)
    parts = _Parts(animation, way) if way is not None else None
    return parts if parts is not None and parts.can_be_worked_out else None


def _mixes_as_manim(kind: Any) -> bool:
    """Whether mobjects of class `kind` have no way of their own to be between two others."""
    return (
        issubclass(kind, VMobject)
        and has_own(kind, VMobject, ("interpolate", "interpolate_color"))
        and kind.__setattr__ is object.__setattr__
        and kind.__getattribute__ is object.__getattribute__
        and not any(hasattr(getattr_static(kind, name, None), "__set__") for name in (*_ARRAYS, *_NUMBERS))
    )


def _alphas(animation: Any, alpha: float, count: int) -> float | Sequence[float]:
    """How far each part is; one number where all are equally far."""
    if animation.lag_ratio == 0 and getattr(animation.rate_func, "__module__", "") == _RATES:
        far: float = animation.get_sub_alpha(alpha, 0, count)
        return far
    return [animation.get_sub_alpha(alpha, index, count) for index in range(count)]


_parts_of, _points_of = attrgetter("submobjects"), attrgetter("points")
_numbers_of = attrgetter(*_NUMBERS)
_tops = attrgetter("mobject", "starting_mobject", "target_copy")


class _Parts:
    """Parts of a `Transform`, each with what it begins and ends as."""

    def __init__(self, animation: Any, way: Way) -> None:
        self._way = way
        self.families: list[tuple[Any, ...]] = list(animation.get_all_families_zipped())
        self._tops = _tops(animation)
        self.can_be_worked_out = len(self.families) >= _FEWEST and self._begin()

    def are_those_of(self, animation: Any) -> bool:
        """Whether nobody has changed what `animation` moves, or what that begins and ends as."""
        return (
            self._way.still_is(animation.path_func)
            and all(map(is_, self._tops, _tops(animation)))
            and [*map(_parts_of, self._whole)] == self._made_of
            and all(map(len, map(_points_of, self._moved)))
            and [*map(_numbers_of, self._ends)] == self._end_numbers
            and all(rows.are_held() for rows in self._arrays)
        )

    def _begin(self) -> bool:
        """Put the arrays together, if that can be done."""
        _, *ends = self._tops
        if any(each.updaters for end in ends for each in end.get_family()):
            return False  # these may write to what is kept here
        self._whole = [each for top in self._tops for each in top.get_family()]
        if not all(has_own(kind, Mobject, ("get_family",)) for kind in set(map(type, self._whole))):
            return False
        self._made_of = [each.submobjects[:] for each in self._whole]
        if not all(map(_mixes_as_manim, {type(each) for mobjects in self.families for each in mobjects})):
            return False
        for mobjects in self.families:
            if not _match(mobjects[1].__dict__, mobjects[2].__dict__):
                return False
        self._moved = [moved for moved, _, _ in self.families]
        self._ends = [each for _, *ends in self.families for each in ends]
        if len(set(self._ends)) < len(self._ends):
            return False
        self._end_numbers = [*map(_numbers_of, self._ends)]
        firsts, lasts = ([mobjects[end].__dict__ for mobjects in self.families] for end in (1, 2))
        self._numbers = [
            (tuple(first[name] for name in _NUMBERS), tuple(last[name] for name in _NUMBERS))
            for first, last in zip(firsts, lasts, strict=True)
        ]
        firsts_of, lasts_of = self._ends[::2], self._ends[1::2]
        points, *others = _ARRAYS
        self._arrays = [_Rows(points, firsts_of, lasts_of, self._way)]
        self._arrays += [_Rows(name, firsts_of, lasts_of) for name in others]
        return True

    def work_out(self, alphas: float | Sequence[float]) -> bool:
        """Bring each part to where it is at `alphas`; False, without a change, where that is left to manim."""
        if isinstance(alphas, Sequence):
            if any(type(each) not in _NUMBER_KINDS for each in alphas):
                return False
            each_alpha: Sequence[float] = alphas
        else:
            if alphas == 1 or type(alphas) not in _NUMBER_KINDS:
                return False
            each_alpha = [alphas] * len(self.families)
        mixed = [rows.mixed(alphas) for rows in self._arrays]
        for (mobject, _, last), alpha, numbers, points, fill, stroke, back, sheen in zip(
            self.families, each_alpha, self._numbers, *mixed, strict=True
        ):
            if alpha == 1.0:  # manim copies colours then
                mobject.points = points
                mobject.interpolate_color(last, last, alpha)
                continue
            rest = 1 - alpha
            (width, back_width, factor), (last_width, last_back_width, last_factor) = numbers
            mobject.__dict__.update(
                points=points,
                fill_rgbas=fill,
                stroke_rgbas=stroke,
                background_stroke_rgbas=back,
                stroke_width=rest * width + alpha * last_width,
                background_stroke_width=rest * back_width + alpha * last_back_width,
                sheen_direction=sheen,
                sheen_factor=rest * factor + alpha * last_factor,
            )
        return True


def _match(first: dict[str, Any], last: dict[str, Any]) -> bool:
    """Whether two mobjects have all that is mixed as their own, of one shape and kind."""
    for name, (*_, width) in _ARRAYS.items():
        one, other = first.get(name), last.get(name)
        if not (
            type(one) is type(other) is np.ndarray
            and one.dtype == other.dtype == np.float64
            and one.shape == other.shape
            and one.ndim == len(_ARRAYS[name])
            and one.shape[-1] == width
        ):
            return False
    return all(type(each.get(name)) in _NUMBER_KINDS for each in (first, last) for name in _NUMBERS)


class _Rows:
    """Arrays of the same width, one below the other: where they begin, and where they end.

    The mobjects hold views of these from then on, so that whoever writes to one of theirs writes here.
    """

    def __init__(self, name: str, firsts: Sequence[Any], lasts: Sequence[Any], way: Way | None = None) -> None:
        """`firsts` are what each part begins as, `lasts` what it ends as; `name` names the array, which goes `way`,
        straight without one."""
        self._of = attrgetter(name)
        self._flat = len(_ARRAYS[name]) == 1  # a direction is one row
        self._counts = [1 if self._flat else len(self._of(each)) for each in firsts]
        stops = np.cumsum(self._counts).tolist()
        self._slices = [slice(stop - count, stop) for count, stop in zip(self._counts, stops, strict=True)]
        self._holders: list[Any] = [*firsts, *lasts]
        self._views: list[Floats] = []
        first, last = self._rows(name, firsts), self._rows(name, lasts)
        self._way = way or straight()
        self._way.begin(first, last, self._slices)

    def _rows(self, name: str, mobjects: Sequence[Any]) -> Floats:
        arrays = [*map(self._of, mobjects)]
        rows: Floats = np.array(arrays) if self._flat else np.concatenate(arrays)
        for mobject, view in zip(mobjects, self._apart(rows), strict=True):
            mobject.__dict__[name] = view
            self._views.append(view)
        return rows

    def _apart(self, rows: Floats) -> list[Floats]:
        return list(rows) if self._flat else [rows[each] for each in self._slices]

    def are_held(self) -> bool:
        """Whether the mobjects have these arrays still."""
        return all(map(is_, map(self._of, self._holders), self._views))

    def mixed(self, alphas: float | Sequence[float]) -> list[Floats]:
        """The arrays in between; each has its own memory within one that is new."""
        alpha: Any = alphas
        if isinstance(alphas, Sequence):
            alpha = np.repeat(np.array(alphas, np.float64), self._counts)[:, None]
        return self._apart(self._way.at(alphas, alpha))
