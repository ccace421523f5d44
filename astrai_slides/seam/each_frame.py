"""What manim asks of every mobject in every frame, sooner and with exactly the same answers; part of `faster_manim`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from operator import attrgetter, is_
from typing import Any

from manim import Mobject, Scene, VMobject
from manim.camera import camera
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import remove_list_redundancies

from astrai_slides.seam.manims_own import has_own, sooner


@contextmanager
def frames_told_sooner() -> Iterator[None]:
    """Have families, updates and colours of mobjects worked out sooner inside the block."""
    with ExitStack() as stack:
        for owner, name, quick in (
            (Mobject, "get_family", _family),
            (Mobject, "family_members_with_points", _with_points),
            (Mobject, "update", _update),
            (VMobject, "interpolate_color", _interpolate_color),
            (camera, "extract_mobject_family_members", _extracting()),
            (Scene, "update_mobjects", _updating()),
        ):
            stack.enter_context(sooner(owner, name, quick))
        yield


def _family(self: Mobject, recurse: bool = True) -> list[Mobject]:
    """As `Mobject.get_family`: in preorder, and each once, where it comes last."""
    family: list[Mobject] = [self]
    for part in self.submobjects:
        _gather(part, family)
    return family if len(set(family)) == len(family) else remove_list_redundancies(family)


def _has_own(mobject: Mobject, name: str, quick: object) -> bool:
    """Whether `mobject`, or its class, has another method `name` than `quick`."""
    return getattr(type(mobject), name) is not quick or name in mobject.__dict__


def _gather(mobject: Mobject, family: list[Mobject]) -> None:
    """Add `mobject` and what it is made of to `family`."""
    if _has_own(mobject, "get_family", _family):
        family += mobject.get_family()
        return
    family.append(mobject)
    for part in mobject.submobjects:
        if part.submobjects or type(part).get_family is not _family or "get_family" in part.__dict__:
            _gather(part, family)
        else:
            family.append(part)


_NUM_POINTS = Mobject.get_num_points


def _with_points(self: Mobject) -> list[Mobject]:
    """As `Mobject.family_members_with_points`."""
    kind = type(self)
    if not self.submobjects and kind.get_family is _family and kind.get_num_points is _NUM_POINTS:
        return [self] if len(self.points) > 0 else []
    return [
        each
        for each in self.get_family()
        if (each.get_num_points() if _has_own(each, "get_num_points", _NUM_POINTS) else len(each.points)) > 0
    ]


class _Whole:
    """Mobjects with all that they are made of, as they were when they were asked for."""

    def __init__(self, tops: Sequence[Any]) -> None:
        self.members: list[Any] = [each for top in tops for each in top.get_family()]
        self._tops = tops
        self._made_of = [each.submobjects[:] for each in self.members]
        self._tells_all = all(has_own(kind, Mobject, _METHODS) for kind in set(map(type, self.members))) and not any(
            name in each.__dict__ for each in self.members for name in _METHODS
        )

    def is_of(self, tops: Sequence[Any]) -> bool:
        """Whether it is that of `tops` still, which have what they are made of by no way of their own."""
        return (
            self._tells_all
            and len(tops) == len(self._tops)
            and all(map(is_, tops, self._tops))
            and [*map(_made_of, self.members)] == self._made_of
        )

    def follows(self) -> bool:
        """Whether anything of it has an updater."""
        return not self._tells_all or any(map(_updaters, self.members))


_METHODS = ("get_family", "get_num_points", "update")
_made_of, _updaters, _points, _z_index = map(attrgetter, ("submobjects", "updaters", "points", "z_index"))


class _Displayed:
    """What of mobjects is to be painted, as it was found last."""

    def __init__(self, tops: Sequence[Any], use_z_index: bool) -> None:
        self._whole = _Whole(tops)
        self.found = _extracted(tops, use_z_index)
        shown = set(self.found)
        self._empty = [each for each in self._whole.members if each not in shown]
        self._use_z_index = use_z_index
        self._z = [*map(_z_index, self.found)]

    def is_of(self, tops: Sequence[Any], use_z_index: bool) -> bool:
        """Whether the same is to be painted of `tops`."""
        return (
            use_z_index == self._use_z_index
            and self._whole.is_of(tops)
            and all(map(len, map(_points, self.found)))
            and not any(map(len, map(_points, self._empty)))
            and (not use_z_index or [*map(_z_index, self.found)] == self._z)
        )


def _extracting() -> Callable[..., list[Any]]:
    """As `extract_mobject_family_members`: mostly the same are asked for, frame after frame."""
    last: list[_Displayed] = []

    def extracted(
        mobjects: Iterable[Any], use_z_index: bool = False, only_those_with_points: bool = False
    ) -> list[Any]:
        if not only_those_with_points:
            return extract_mobject_family_members(mobjects, use_z_index, only_those_with_points)
        tops = list(mobjects)
        if not (last and last[0].is_of(tops, use_z_index)):
            last[:] = [_Displayed(tops, use_z_index)]
        return last[0].found[:]

    return extracted


def _extracted(mobjects: Iterable[Any], use_z_index: bool) -> list[Any]:
    """As `extract_mobject_family_members` of those with points, without a list for each that is made of no others."""
    found: list[Any] = []
    for each in mobjects:
        kind = type(each)
        if each.submobjects or kind.get_family is not _family or kind.get_num_points is not _NUM_POINTS:
            found += Mobject.family_members_with_points(each)
        elif len(each.points) > 0:
            found.append(each)
    if len(set(found)) != len(found):
        found = remove_list_redundancies(found)
    return sorted(found, key=_z_index) if use_z_index else found


_UPDATE_MOBJECTS = Scene.update_mobjects


def _updating() -> Callable[[Scene, float], None]:
    """As `Scene.update_mobjects`: mostly nothing has an updater, and is the same as in the frame before."""
    last: list[_Whole] = []

    @wraps(_UPDATE_MOBJECTS)  # those who ask whose it is are told manim's
    def update_mobjects(self: Scene, dt: float) -> None:
        tops = self.mobjects
        if not (last and last[0].is_of(tops)):
            last[:] = [_Whole(list(tops))]
        if last[0].follows():
            _UPDATE_MOBJECTS(self, dt)

    return update_mobjects


_UPDATE = Mobject.update


def _update(self: Mobject, dt: float = 0, recursive: bool = True) -> Mobject:
    """As `Mobject.update`, without a call for each part that has no updater."""
    if self.updating_suspended:
        return self
    if self.updaters:
        _UPDATE(self, dt, recursive=False)
    if recursive:
        for part in self.submobjects:
            if part.submobjects or part.updaters or type(part).update is not _update or "update" in part.__dict__:
                part.update(dt, recursive=recursive)
    return self


_COLOURS = (
    "fill_rgbas",
    "stroke_rgbas",
    "background_stroke_rgbas",
    "stroke_width",
    "background_stroke_width",
    "sheen_direction",
    "sheen_factor",
)
_INTERPOLATE_COLOUR = VMobject.interpolate_color


def _interpolate_color(self: VMobject, mobject1: VMobject, mobject2: VMobject, alpha: float) -> VMobject:
    """As `VMobject.interpolate_color`, of mobjects that have all of it as their own, by no way of their own."""
    made, first, second = self.__dict__, mobject1.__dict__, mobject2.__dict__
    if alpha == 1.0 or type(self).__setattr__ is not object.__setattr__:
        return _INTERPOLATE_COLOUR(self, mobject1, mobject2, alpha)
    rest = 1 - alpha
    try:
        values = [rest * first[name] + alpha * second[name] for name in _COLOURS]
    except KeyError:
        return _INTERPOLATE_COLOUR(self, mobject1, mobject2, alpha)
    made.update(zip(_COLOURS, values, strict=True))
    return self
