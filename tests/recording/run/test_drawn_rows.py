"""Mobjects that are drawn frame after frame are drawn as each would be by itself."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import RIGHT, UP, Circle, Dot, Line, Square, Star, Text, VMobject
from manim.camera.camera import Camera
from manim.camera.moving_camera import MovingCamera
from manim.constants import CapStyleType, LineJointType

from astrai_slides.recording.format.model import Draw
from astrai_slides.recording.run import cut_paths, drawn_rows
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.drawn_again import DrawnAgain, looks_of

MOBJECTS = 12
FAR = 40_000.0
"""Units; further out than the grid tells."""


class Own(Square):
    """Tells its colours in a way of its own."""

    def get_fill_rgbas(self) -> Any:
        return np.array([[0.1, 0.2, 0.3, 0.4]])


def made() -> list[VMobject]:
    kinds: Sequence[Callable[[], VMobject]] = (
        Square,
        lambda: Circle(fill_opacity=0.5),
        lambda: Star(fill_opacity=1).set_fill(["#ff0000", "#00ff00"]),
        lambda: Line().set_stroke("#abcdef", 8, background=True),
        Dot,
        lambda: Text("g")[0],
    )
    return [kinds[place % len(kinds)]().shift(RIGHT * place / 3) for place in range(MOBJECTS)]


def bent(mobject: VMobject) -> object:
    mobject.points = mobject.points * np.array([1.0, 1.3, 1.0])
    return mobject


def nudged(mobject: VMobject) -> object:
    # the same on the grid, from the first point on
    mobject.points = mobject.points + 1e-9
    return mobject


def in_place(mobject: VMobject) -> object:
    mobject.points[:, 0] += 0.25
    return mobject


def set_points(mobject: VMobject, value: float) -> object:
    mobject.points = np.where(np.arange(mobject.points.size).reshape(-1, 3) == 4, value, mobject.points)
    return mobject


CHANGES: dict[str, Callable[[VMobject], object]] = {
    "moved": lambda mobject: mobject.shift(UP / 3),
    "nudged": nudged,
    "bent": bent,
    "in place": in_place,
    # about a point, as manim finds no centre of two points
    "turned": lambda mobject: mobject.rotate(0.3, about_point=RIGHT),
    "coloured": lambda mobject: mobject.set_color("#123456"),
    "faded": lambda mobject: mobject.set_opacity(0.25),
    "gone": lambda mobject: mobject.set_opacity(0),
    "wide": lambda mobject: mobject.set_stroke(width=9),
    "without a stroke": lambda mobject: mobject.set_stroke(width=0),
    "behind": lambda mobject: mobject.set_stroke("#fedcba", 5, background=True),
    "gradient": lambda mobject: mobject.set_fill(["#ff0000", "#0000ff"], 1),
    "sheen": lambda mobject: mobject.set_sheen_direction(UP),
    "plain": lambda mobject: mobject.set_color("#00ff00"),
    "joint": lambda mobject: setattr(mobject, "joint_type", LineJointType.ROUND),
    "cap": lambda mobject: mobject.set_cap_style(CapStyleType.ROUND),
    "longer": lambda mobject: mobject.set_points(np.concatenate((mobject.points, mobject.points))),
    "short": lambda mobject: mobject.set_points(mobject.points[:2]),
    "far": lambda mobject: mobject.shift(RIGHT * FAR),
    "far off": lambda mobject: set_points(mobject, FAR),
    "no number": lambda mobject: set_points(mobject, np.nan),
    "endless": lambda mobject: set_points(mobject, np.inf),
    "text for a width": lambda mobject: setattr(mobject, "stroke_width", "3"),
}


class Frames:
    """What two collectors make of the same frames: one by rows, one of each mobject by itself."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.rows, self.single = Collector(), Collector()

    def play(self) -> None:
        for each in (self.rows, self.single):
            each.begin_play()

    def draw(self, mobjects: Sequence[VMobject]) -> list[tuple[Draw | None, int | None]]:
        row = self.rows.draw_all(self.camera, mobjects)
        alone = [self.single.draw(self.camera, each) for each in mobjects]
        assert told(row) == told(alone)
        return told(row)


def told(draws: Sequence[Draw | None]) -> list[tuple[Draw | None, int | None]]:
    return [(draw, draw.source if draw else None) for draw in draws]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(sorted(CHANGES)), st.sets(st.integers(0, MOBJECTS - 1), min_size=1)),
            st.sampled_from(["play", "reversed", "fewer", "one", "forget"]),
        ),
        max_size=12,
    ),
    st.sampled_from([Camera, MovingCamera]),
)
def test_rows_are_drawn_as_each_mobject_by_itself(acts: list[Any], camera: type[Camera]) -> None:
    frames, mobjects = Frames(camera()), made()
    for _ in range(3):
        frames.draw(mobjects)
    for act in acts:
        if act == "play":
            frames.play()
        elif act == "reversed":
            mobjects.reverse()
        elif act == "fewer":
            frames.draw(mobjects[:-1])
        elif act == "one":
            one = mobjects[3]
            assert frames.rows.draw(frames.camera, one) == frames.single.draw(frames.camera, one)
        elif act == "forget":
            frames.rows.forget()
            frames.single.forget()
        else:
            name, places = act
            for place in places:
                CHANGES[name](mobjects[place])
        for _ in range(2):
            frames.draw(mobjects)


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_change_is_seen(name: str) -> None:
    frames, mobjects = Frames(Camera()), made()
    for _ in range(3):
        before = frames.draw(mobjects)
    for mobject in mobjects[:6]:
        CHANGES[name](mobject)
    after = frames.draw(mobjects)
    if name not in ("nudged", "sheen", "plain"):
        assert after[:6] != before[:6]
    assert after[6:] == before[6:]


@pytest.mark.parametrize("by", ["one", "another row"])
def test_what_a_row_was_last_is_what_one_is_compared_with(by: str) -> None:
    frames, mobjects = Frames(Camera()), made()
    for _ in range(3):
        frames.draw(mobjects)
    placed, colour = mobjects[3].points, mobjects[3].get_color()
    mobjects[3].points = placed + 1.0
    mobjects[3].set_color("#123456")
    frames.draw(mobjects)
    mobjects[3].points = placed
    mobjects[3].set_color(colour)
    if by == "one":
        assert frames.rows.draw(frames.camera, mobjects[3]) == frames.single.draw(frames.camera, mobjects[3])
    else:
        frames.draw(mobjects[2:])


def test_a_path_is_cut_by_the_points_that_came_first_in_a_play_whoever_drew_them() -> None:
    tolerance = Square().tolerance_for_point_equality

    def gap(size: float) -> None:
        """Leave a gap between two curves that the grid does not tell, but manim does."""
        points = bent_square.copy()
        points[4] = points[3] + size * tolerance
        mobjects[0].points = points

    frames, mobjects = Frames(Camera()), made()
    mobjects[0].points = mobjects[0].points - mobjects[0].points[3]  # as what is far from zero may be further apart
    bent_square = mobjects[0].points * 1.5
    for _ in range(3):
        frames.draw(mobjects)
    gap(0.5)
    frames.draw(mobjects)
    gap(1.5)
    assert frames.rows.draw(frames.camera, mobjects[0]) == frames.single.draw(frames.camera, mobjects[0])
    frames.play()
    frames.draw(mobjects)


def test_only_what_changed_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    frames, mobjects = Frames(Camera()), made()
    frames.draw(mobjects)
    frames.draw(mobjects)
    asked: list[VMobject] = []
    monkeypatch.setattr(Collector, "draw_each", lambda self, camera, mobjects: asked.extend(mobjects))
    kept = list(frames.rows.draw_all(frames.camera, mobjects))
    mobjects[4].shift(UP)
    changed = frames.rows.draw_all(frames.camera, mobjects)
    assert not asked
    assert [place for place in range(MOBJECTS) if kept[place] is not changed[place]] == [4]


def test_what_is_drawn_for_the_first_time_is_cut_together(monkeypatch: pytest.MonkeyPatch) -> None:
    cuts: list[int] = []

    def noted(points: Any, *rest: Any) -> Any:
        cuts.append(len(points))
        return cut(points, *rest)

    cut = cut_paths.cut
    monkeypatch.setattr(cut_paths, "cut", noted)
    frames, mobjects = Frames(Camera()), [Square().rotate(place / 10) for place in range(MOBJECTS)]
    frames.rows.draw_all(frames.camera, mobjects)
    assert cuts == [MOBJECTS]
    frames.rows.draw_all(frames.camera, mobjects)
    assert cuts == [MOBJECTS]


def test_one_that_is_drawn_twice_at_first_is_as_one() -> None:
    frames, mobjects = Frames(Camera()), made()
    frames.draw([*mobjects, mobjects[2]])
    mobjects[2].rotate(0.3)
    frames.draw([*mobjects, mobjects[2]])


def test_two_rows_of_a_frame_are_each_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    frames, first, second = Frames(Camera()), made(), made()
    for _ in range(2):
        frames.draw(first)
        frames.draw(second)
    asked: list[VMobject] = []
    monkeypatch.setattr(Collector, "draw_each", lambda self, camera, mobjects: asked.extend(mobjects))
    frames.rows.draw_all(frames.camera, first)
    frames.rows.draw_all(frames.camera, second)
    assert not asked


def test_mobjects_with_a_way_of_their_own_are_no_row() -> None:
    assert looks_of([*made(), Own()]) is None
    frames, mobjects = Frames(Camera()), [*made(), Own()]
    for _ in range(3):
        mobjects[-1].shift(UP)
        frames.draw(mobjects)


@pytest.mark.parametrize("owner", [VMobject, Camera])
def test_what_a_deck_puts_in_the_place_of_manim_s_own_is_asked(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    frames, mobjects = Frames(Camera()), made()
    colours = np.array([[0.1, 0.2, 0.3, 0.4]])
    for _ in range(3):
        frames.draw(mobjects)
    monkeypatch.setattr(owner, "get_fill_rgbas", lambda *_: colours)
    [fill] = {draw.style.fill for draw, _ in frames.draw(mobjects) if draw is not None}
    assert fill is not None


def test_what_changed_is_left_alone_where_it_cannot_be_told() -> None:
    mobjects = made()
    looks = looks_of(mobjects)
    assert looks is not None
    again = DrawnAgain(looks, 1000.0 * drawn_rows.LIMIT)
    points = again.points(0).copy()
    set_points(mobjects[0], np.nan)
    assert again.take(looks_of(mobjects)) is None
    assert np.array_equal(again.points(0), points)
    assert not again.was_moved
