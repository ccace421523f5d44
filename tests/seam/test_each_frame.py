"""What manim asks of every mobject in every frame gives what the original gives."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import manim
import manim.camera.camera
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples
from manim import RIGHT, Circle, Dot, Group, Mobject, Square, VGroup, VMobject

from astrai_slides.base.identity import address
from astrai_slides.seam.speedups import faster_manim

COLOURS = ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "sheen_direction")
WIDTHS = ("stroke_width", "background_stroke_width", "sheen_factor")


def coloured(alpha: float) -> VMobject:
    """A square between two others, by whichever manim there is now."""
    first = Square(color="#123456", fill_opacity=0.3, stroke_width=3)
    second = Square(color=["#fedcba", "#777777"], fill_opacity=0.9, sheen_factor=0.4).set_stroke(width=7)
    for each in (first, second):
        each.align_rgbas(second)
    return Square().interpolate_color(first, second, alpha)


@pytest.mark.parametrize("alpha", [0, 0.0, 1 / 3, 0.7, 1, 1.0, np.float64(0.2)])
def test_colours_between_two_are_the_same_to_the_last_bit(alpha: float) -> None:
    wanted = coloured(alpha)
    with faster_manim():
        found = coloured(alpha)
    for name in COLOURS:
        assert getattr(found, name).tobytes() == getattr(wanted, name).tobytes()
    for name in WIDTHS:
        assert repr(getattr(found, name)) == repr(getattr(wanted, name))  # whole numbers stay such
    assert list(vars(found)) == list(vars(wanted))


def test_an_end_is_a_copy_that_nobody_else_has() -> None:
    first, second = Square(), Circle(color="#123456")
    with faster_manim():
        made = Square().interpolate_color(first, second, 1.0)
    assert made.fill_rgbas is not second.fill_rgbas
    assert made.fill_rgbas.tobytes() == second.fill_rgbas.tobytes()


def test_colours_that_a_class_has_in_a_way_of_its_own_are_asked_for() -> None:
    class Wide(Square):
        @property
        def stroke_width(self) -> float:
            return float(self.__dict__.get("width", 1.0))

        @stroke_width.setter
        def stroke_width(self, value: float) -> None:
            self.__dict__["width"] = 2 * value

    first, second = Wide(), Wide()
    wanted = Wide().interpolate_color(first, second, 0.5).stroke_width
    with faster_manim():
        assert Wide().interpolate_color(first, second, 0.5).stroke_width == wanted


def updated() -> list[Any]:
    """What is called when a tree is updated, in order."""
    called: list[Any] = []

    class Own(Dot):
        def update(self, dt: float = 0, recursive: bool = True) -> Any:
            called.append(("own", dt))
            return super().update(dt, recursive)

    def timed(mobject: Mobject, dt: float) -> None:
        called.append((names[mobject], dt))

    inner, leaf, still, own = VGroup(Dot(), Square()), Dot(), VGroup(Dot()), Own()
    root = VGroup(inner, leaf, still, own)
    names: dict[Mobject, str] = {inner: "inner", inner[1]: "square", leaf: "leaf", still[0]: "still", root: "root"}
    for each in (inner, inner[1], still[0], root):
        each.add_updater(timed, call_updater=False)
    leaf.add_updater(lambda mobject: called.append("leaf"))
    still.suspend_updating(recursive=False)
    called.clear()
    root.update(0.25)
    root.update(0.5, recursive=False)
    return called


def test_the_same_updaters_are_called_in_the_same_order() -> None:
    wanted = updated()
    with faster_manim():
        found = updated()
    assert found == wanted
    assert [each for each in found if "still" in each] == []
    assert ("square", 0.25) in found


def test_members_with_points_are_the_same() -> None:
    class Counted(Square):
        def get_num_points(self) -> int:
            return 0

    root = Group(VGroup(), Dot(), Counted(), Mobject(), VGroup(Circle()))
    wanted = root.family_members_with_points()
    with faster_manim():
        assert Mobject.family_members_with_points.__module__ != manim.Mobject.__module__
        assert root.family_members_with_points() == wanted
    assert len(wanted) == 2


def test_addresses_tell_objects_apart() -> None:
    things: list[object] = [object(), [], Dot(), int, 1.5, "x"]
    assert len({address(each) for each in things}) == len(things)
    assert [address(each) for each in things] == [address(each) for each in things]


CHANGES: dict[str, Callable[[Group], object]] = {
    "nothing": lambda root: None,
    "a part more": lambda root: root[1].add(Dot()),
    "a part less": lambda root: root[1].remove(root[1][0]),
    "other parts": lambda root: setattr(root[1], "submobjects", [Square()]),
    "a part twice": lambda root: root[1].add(root[0]),
    "in another order": lambda root: root.submobjects.reverse(),
    "no points": lambda root: root[0].clear_points(),
    "points where there were none": lambda root: root[2].set_points(Square().points),
    "further to the front": lambda root: root[0].set_z_index(3),
    "more to draw": lambda root: root.add(Circle()),
    "an updater": lambda root: root[1][1].add_updater(lambda mobject: mobject.shift(RIGHT)),
    "one that hides its parts": lambda root: root.add(Hidden(Square())),
}
"""What may happen to mobjects between two frames."""


class Hidden(VGroup):
    """Shows nothing of what it is made of."""

    def get_family(self, recurse: bool = True) -> list[Any]:
        return [self]


def frames(changes: Sequence[str], *, use_z_index: bool) -> list[Any]:
    """What of a tree is displayed frame after frame, and where it is, as one change after the other comes."""
    root = Group(Square(), VGroup(Dot(), Circle()), VMobject(), VGroup(Square(), Square()).set_z_index(2))
    names = {each: number for number, each in enumerate(root.get_family())}
    scene = SimpleNamespace(mobjects=[root])
    told = []
    for change in ("nothing", *changes, "nothing"):
        CHANGES[change](root)
        shown = manim.camera.camera.extract_mobject_family_members(
            scene.mobjects, use_z_index=use_z_index, only_those_with_points=True
        )
        told.append([(names.get(each), type(each).__name__, len(each.points)) for each in shown])
        shown.clear()  # whoever gets it may do with it what it likes
        manim.Scene.update_mobjects(scene, 0.1)  # type: ignore[arg-type]
        told.append([each.points.tobytes() for each in root.get_family()])
    return told


@pytest.mark.parametrize("use_z_index", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_displayed_and_updated_is_the_same_after_a_change(change: str, use_z_index: bool) -> None:
    wanted = frames([change], use_z_index=use_z_index)
    with faster_manim():
        assert frames([change], use_z_index=use_z_index) == wanted


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=5), st.booleans())
def test_what_is_displayed_and_updated_is_the_same_after_many(changes: list[str], use_z_index: bool) -> None:
    try:
        wanted = frames(changes, use_z_index=use_z_index)
    except IndexError:  # of a part that is not there any more
        return
    with faster_manim():
        assert frames(changes, use_z_index=use_z_index) == wanted
