"""What manim asks of every mobject in every frame, sooner and with exactly the same answers; part of `faster_manim`."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from operator import attrgetter
from typing import Any

from manim import Mobject, VMobject
from manim.camera import camera
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import remove_list_redundancies

from astrai_slides.seam.manims_own import sooner


@contextmanager
def frames_told_sooner() -> Iterator[None]:
    """Have families, updates and colours of mobjects worked out sooner inside the block."""
    with ExitStack() as stack:
        for owner, name, quick in (
            (Mobject, "get_family", _family),
            (Mobject, "family_members_with_points", _with_points),
            (Mobject, "update", _update),
            (VMobject, "interpolate_color", _interpolate_color),
            (camera, "extract_mobject_family_members", _extracted),
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


_z_index = attrgetter("z_index")


def _extracted(mobjects: Iterable[Any], use_z_index: bool = False, only_those_with_points: bool = False) -> list[Any]:
    """As `extract_mobject_family_members`, without a list for each mobject that is made of no others."""
    if not only_those_with_points:
        return extract_mobject_family_members(mobjects, use_z_index, only_those_with_points)
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
