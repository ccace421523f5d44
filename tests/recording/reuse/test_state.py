"""Digests of scenes: equal when made anew, another when anything that shows is."""

import importlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import manim
import numpy as np
import pytest
from manim import (
    BLUE,
    LEFT,
    RED,
    RIGHT,
    UP,
    Circle,
    FadeIn,
    Scene,
    Square,
    Text,
    Transform,
    VGroup,
    Wait,
    linear,
    smooth,
)

from astrai_slides.base import inputs
from astrai_slides.recording.reuse import state

pytestmark = pytest.mark.long

SIZE = 2.0


class Boxed(VGroup):
    """A deck's own class, which only adds to VGroup."""

    def __init__(self) -> None:
        super().__init__(Square(), Circle())
        self.note = "mine"

    def widen(self) -> None:
        self.stretch(2, 0)


class Odd(VGroup):
    """A deck's own class that may do anything."""

    def interpolate(self, *args: Any, **kwargs: Any) -> Any:
        return super().interpolate(*args, **kwargs)


def nothing(mobject: Any) -> None:
    pass


def scaled(t: float) -> float:
    return float(smooth(t) * SIZE)


SIZES = np.array([1.0, 2.0])
INK = manim.ManimColor("#010203")
PLACE = Square()
sine = math.sin


def halved(t: float) -> float:
    return t / 2


def looking_up(t: float) -> float:
    return scaled(t) + SIZES[1] + sine(INK.to_rgb()[0] + PLACE.get_y()) + halved(t)


def scene(*mobjects: Any) -> Any:
    made = Scene()
    made.add(*mobjects)
    return made


def digest(change: Callable[[Any, Any], Any] = lambda scene, box: FadeIn(box)) -> str | None:
    """The digest of a small scene in which `change` has made a difference, about to play what it returns."""
    box, group = Square(color=RED), VGroup(Circle(), Text("ab"))
    made = scene(box, group)
    played = change(made, box)
    return state.before(made, played if isinstance(played, list) else [played or FadeIn(box)])


def test_the_same_made_anew_is_the_same() -> None:
    assert digest() == digest() is not None
    assert digest(lambda scene, box: box.set_color(RED) and None) == digest()


@pytest.mark.parametrize(
    "change",
    [
        lambda scene, box: box.shift(1e-9 * RIGHT) and None,
        lambda scene, box: box.set_color(BLUE) and None,
        lambda scene, box: box.set_stroke(width=3) and None,
        lambda scene, box: box.set_z_index(1) and None,
        lambda scene, box: box.add(Circle()) and None,
        lambda scene, box: scene.add(Circle()) and None,
        lambda scene, box: scene.bring_to_back(scene.mobjects[1]) and None,
        lambda scene, box: scene.add_foreground_mobject(box) and None,
        lambda scene, box: setattr(scene.renderer.camera, "background_color", BLUE),
        lambda scene, box: FadeIn(box, run_time=2),
        lambda scene, box: FadeIn(box, rate_func=linear),
        lambda scene, box: FadeIn(box, shift=UP),
        lambda scene, box: FadeIn(scene.mobjects[1]),
        lambda scene, box: [FadeIn(box), FadeIn(scene.mobjects[1])],
        lambda scene, box: Transform(box, Square().shift(LEFT)),
        lambda scene, box: Transform(box, Square().shift(UP)),
        lambda scene, box: Wait(1),
        lambda scene, box: manim.LaggedStart(FadeIn(box), lag_ratio=0.2),
        lambda scene, box: manim.LaggedStart(FadeIn(box), lag_ratio=0.3),
        lambda scene, box: FadeIn(box, rate_func=lambda t: t * 0.5),
        lambda scene, box: FadeIn(box, rate_func=lambda t: t * 0.25),
        lambda scene, box: FadeIn(box, rate_func=scaled),
        lambda scene, box: FadeIn(Boxed()),
    ],
)
def test_what_shows_makes_a_difference(change: Any, seen: dict[str, Any]) -> None:
    found = digest(change)
    assert found is not None
    assert found != digest()
    assert found == digest(change)
    assert seen.setdefault(found, change) is change


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """Changes by the digests that they led to."""
    return {}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("SIZE", 3.0),
        ("SIZES", np.array([1.0, 3.0])),
        ("INK", manim.ManimColor("#010204")),
        ("PLACE", Square().shift(UP)),
        ("halved", lambda t: t / 4),
        ("sine", np.sin),
    ],
)
def test_what_a_function_of_the_deck_looks_up_counts(name: str, other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(scene: Any, box: Any) -> Any:
        return FadeIn(box, rate_func=looking_up)

    before = digest(change)
    assert before == digest(change) is not None
    monkeypatch.setitem(globals(), name, other)
    assert digest(change) not in {None, before}


@pytest.mark.parametrize(
    "change",
    [
        lambda scene, box: box.add_updater(nothing) and None,
        lambda scene, box: scene.mobjects[1][0].add_updater(nothing) and None,
        lambda scene, box: manim.UpdateFromFunc(box, nothing),
        lambda scene, box: FadeIn(Odd(Square())),
        lambda scene, box: FadeIn(box, rate_func=lambda t: UNHEARD.at(t)),
        lambda scene, box: setattr(box, "mine", object.__new__(Unheard)),
    ],
)
def test_what_may_do_anything_has_no_digest(change: Any) -> None:
    assert digest(change) is None


class Unheard:
    """No class of a library."""

    def at(self, t: float) -> float:
        return t


UNHEARD = Unheard()


def test_after_tells_what_was_left() -> None:
    def left(shift: float, more: int = 0) -> str | None:
        box = Square()
        made = scene(box, *(Circle() for _ in range(more)))
        played = [FadeIn(box)]
        box.shift(shift * UP)
        return state.after(made, played)

    assert left(0) == left(0) is not None
    assert len({left(0), left(1), left(0, 1), left(np.pi)}) == 4


def test_the_empty_mobject_of_a_wait_makes_no_difference() -> None:
    def change(scene: Any, box: Any) -> None:
        scene.mobjects.insert(0, manim.Mobject())

    assert digest(change) == digest()


SWEEP = """
from manim import FadeIn


class Sweep(FadeIn):
    same_from_same = True


class Wipe(Sweep):
    pass
"""


def test_another_package_s_animation_is_told_where_it_says_so_and_by_its_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "harbour_parts"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "sweeps.py").write_text(SWEEP, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with inputs.fresh_modules():
        sweeps = importlib.import_module("harbour_parts.sweeps")
        scene, square = Scene(), Square()
        assert state.before(scene, [sweeps.Sweep(square)]) is None, "it may change while it is looked at"
        monkeypatch.setattr(state, "is_local", lambda _: False)
        digests = []
        for edited in (False, False, True):
            if edited:
                (package / "sweeps.py").write_text(SWEEP.replace("pass", "lag = 1"), "utf-8")
            state._sources.cache_clear()
            digests.append(state.before(scene, [sweeps.Sweep(square)]))
        state._sources.cache_clear()
        assert digests[0] is not None
        assert digests[0] == digests[1] != digests[2] is not None
        assert state.before(scene, [sweeps.Wipe(square)]) is None, "what it changes nobody has said"
