"""Parts of a `Transform` that are worked out at once are where manim has them, to the last bit."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import (
    PI,
    RIGHT,
    UP,
    Circle,
    Dot,
    FadeIn,
    FadeOut,
    Mobject,
    MoveToTarget,
    Rotate,
    Square,
    Text,
    Transform,
    TransformFromCopy,
    VGroup,
    VMobject,
    linear,
    smooth,
    there_and_back,
)
from manim.animation.animation import Animation
from manim.utils.paths import path_along_arc, path_along_circles, spiral_path

from astrai_slides.seam.speedups import faster_manim

NAMES = (
    *("points", "fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "stroke_width", "background_stroke_width"),
    *("sheen_direction", "sheen_factor"),
)


def row() -> VGroup:
    """Parts of many kinds: with gradients, with holes, without points of their own."""
    return VGroup(
        Square(color=["#fedcba", "#777777"], fill_opacity=0.9, sheen_factor=0.4),
        VGroup(Circle(stroke_width=7), Dot()),
        Square(stroke_width=0.1 + 0.2).set_stroke("#123456", 3, background=True),
        Text("flow"),
        Circle(fill_opacity=1 / 3).shift(UP / 3),
    ).arrange(RIGHT)


def faded(**options: Any) -> Animation:
    return FadeIn(row(), shift=UP / 3, scale=0.7, **options)


def moved(**options: Any) -> Animation:
    group = row()
    group.generate_target()
    group.target.shift(UP).scale(1 / 3).set_color("#abcdef")
    return MoveToTarget(group, **options)


def became(**options: Any) -> Animation:
    return Transform(row(), row().rotate(1.0).set_stroke(width=1), **options)


def turned(**options: Any) -> Animation:
    return Rotate(row(), PI / 3, **options)


def along_arc(**options: Any) -> Animation:
    return Transform(row(), row().shift(UP), path_arc=1.0, **options)


MADE: tuple[Callable[..., Animation], ...] = (
    faded,
    moved,
    became,
    lambda **options: FadeOut(row(), **options),
    lambda **options: TransformFromCopy(row(), row().shift(UP), **options),
    turned,
    along_arc,
)


def seen(animation: Animation) -> list[Any]:
    return [
        (name, value.tobytes() if isinstance(value, np.ndarray) else repr(value))
        for each in animation.mobject.get_family()
        for name, value in vars(each).items()
        if name in NAMES
    ]


def played(make: Callable[..., Animation], moments: list[float], **options: Any) -> Iterator[list[Any]]:
    animation = make(**options)
    animation.begin()
    yield seen(animation)
    for moment in moments:
        animation.interpolate(moment)
        yield seen(animation)
    animation.finish()
    yield seen(animation)


@given(
    st.sampled_from(MADE),
    st.lists(st.one_of(st.sampled_from([0, 1, 0.0, 1.0, 0.5]), st.floats(0, 1)), min_size=1, max_size=4),
    st.sampled_from([0, 0.0, 0.1, 1]),
    st.sampled_from([linear, smooth, there_and_back, lambda moment: moment**2]),
    st.booleans(),
)
def test_parts_are_where_manim_has_them(
    make: Callable[..., Animation], moments: list[float], lag_ratio: float, rate: Any, reverse: bool
) -> None:
    options = {"lag_ratio": lag_ratio, "rate_func": rate, "reverse_rate_function": reverse}
    wanted = list(played(make, moments, **options))
    with faster_manim():
        assert list(played(make, moments, **options)) == wanted


@pytest.mark.parametrize("make", MADE[-2:])
def test_parts_that_turn_are_worked_out_together(make: Callable[..., Animation]) -> None:
    with faster_manim():
        animation = make()
        animation.begin()
        animation.interpolate(0.3)
        base = animation.mobject[0].points.base
        assert base is not None
        assert base is animation.mobject[4].points.base


def test_a_center_that_is_written_to_is_seen() -> None:
    def turned() -> Any:
        center = np.array([1.0, 0.0, 0.0])
        animation = Transform(row(), row().shift(UP), path_func=path_along_circles(1.0, center))
        animation.begin()
        animation.interpolate(0.2)
        center += 0.5
        animation.interpolate(0.4)
        return seen(animation)

    wanted = turned()
    with faster_manim():
        assert turned() == wanted


@pytest.mark.parametrize(
    "path_func",
    [
        path_along_circles(1.0, np.array([1, 0, 0])),  # whole numbers
        path_along_circles(1.0, np.zeros((1, 3))),
        path_along_arc(np.array(1.0)),
        path_along_arc(PI),
        path_along_arc(1.0, UP),
        spiral_path(1.0),
        lambda start, end, alpha: start if alpha < 0.5 else end,
    ],
)
def test_any_way_is_gone_as_manim_goes_it(path_func: Any) -> None:
    def gone() -> Any:
        animation = Transform(row(), row().shift(UP), path_func=path_func)
        animation.begin()
        animation.interpolate(0.7)
        return seen(animation)

    wanted = gone()
    with faster_manim():
        assert gone() == wanted


def test_parts_are_worked_out_together() -> None:
    with faster_manim():
        animation = faded()
        animation.begin()
        before = animation.mobject[0].points
        animation.interpolate(0.3)
        base = animation.mobject[0].points.base
        assert base is not None
        assert base is animation.mobject[4].points.base
        assert animation.mobject[0].points is not before
        animation.finish()
        # what stays keeps no memory of the others
        assert animation.mobject[0].points.base is None


def new_parts(animation: Any) -> None:
    for each in (animation.mobject, animation.starting_mobject, animation.target_copy):
        each.add(Square().shift(RIGHT * len(each)))


def moved_target(animation: Any) -> None:
    animation.target_copy[0].shift(UP)


def recoloured_target(animation: Any) -> None:
    animation.target_copy[4].set_fill("#123456")


def faded_begin(animation: Any) -> None:
    animation.starting_mobject[0].set_opacity(0.9)


def wider_target(animation: Any) -> None:
    animation.target_copy[0].set_stroke(width=11)


def written_points(animation: Any) -> None:
    animation.target_copy[0].points += 1.0


def written_begin(animation: Any) -> None:
    animation.starting_mobject[4].points *= 0.5


def without_points(animation: Any) -> None:
    for each in (animation.mobject, animation.starting_mobject, animation.target_copy):
        each[0].clear_points()


def only_the_first_without_points(animation: Any) -> None:
    # manim pairs the others by their order then
    animation.mobject[0].clear_points()
    animation.mobject.add(Square())


def another_target(animation: Any) -> None:
    animation.target_copy = animation.target_copy.copy().shift(UP)


@pytest.mark.parametrize(
    "change",
    [
        new_parts,
        moved_target,
        recoloured_target,
        faded_begin,
        wider_target,
        written_points,
        written_begin,
        without_points,
        only_the_first_without_points,
        another_target,
    ],
)
@pytest.mark.parametrize("make", [faded, turned, along_arc])
def test_what_changes_in_between_is_seen(make: Callable[..., Animation], change: Callable[[Any], None]) -> None:
    def changed() -> Any:
        animation = make()
        animation.begin()
        animation.interpolate(0.2)
        change(animation)
        animation.interpolate(0.4)
        return seen(animation)

    wanted = changed()
    with faster_manim():
        assert changed() == wanted


def test_ends_that_follow_something_are_asked_each_time() -> None:
    def followed() -> Any:
        animation = became()
        animation.target_mobject[0].add_updater(lambda mobject: mobject.points.__iadd__(0.1))
        animation.begin()
        for moment in (0.2, 0.4):
            animation.update_mobjects(0.1)
            animation.interpolate(moment)
        return seen(animation)

    wanted = followed()
    with faster_manim():
        assert followed() == wanted


@pytest.mark.parametrize("name", ["interpolate", "interpolate_color", "__setattr__"])
def test_a_class_with_a_way_of_its_own_goes_it(name: str) -> None:
    called: list[str] = []

    def own(self: Any, *arguments: Any, **named: Any) -> Any:
        called.append(name)
        return getattr(Square, name)(self, *arguments, **named)

    kind = type("Own", (Square,), {name: own})
    with faster_manim():
        animation = FadeIn(VGroup(kind(), *(Square() for _ in range(4))))
        animation.begin()
        called.clear()
        animation.interpolate(0.5)
    assert called


def test_a_part_that_lost_its_points_is_no_pair_as_in_manim() -> None:
    with faster_manim():
        animation = faded()
        animation.begin()
        animation.mobject[0].clear_points()
        with pytest.raises(ValueError, match="zip"):
            animation.interpolate(0.4)


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Mobject, "interpolate"), (VMobject, "interpolate_color"), (Transform, "interpolate_submobject")],
)
def test_what_a_deck_puts_in_their_place_is_asked(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real, called = getattr(owner, name), []

    def own(self: Any, *arguments: Any) -> Any:
        called.append(name)
        return real(self, *arguments)

    monkeypatch.setattr(owner, name, own)
    with faster_manim():
        animation = faded()
        animation.begin()
        called.clear()
        animation.interpolate(0.5)
    assert called
