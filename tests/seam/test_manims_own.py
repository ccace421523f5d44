"""What a deck puts in the place of manim's own is followed while it is recorded, and is gone afterwards."""

from collections.abc import Callable
from pathlib import Path

import manim
import pytest
from manim import Mobject, Square, VMobject

from astrai_slides.base.inputs import fresh_modules
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run.load import scene_names
from astrai_slides.recording.run.record import record_scene
from astrai_slides.seam.manims_own import manim_restored

DECK = """
import functools
import manim
from manim import RIGHT, Dot, FadeIn, Mobject, Square, VGroup, VMobject
from manim_slides import Slide

{head}

class Deck(Slide):
    def construct(self):
        dot = Dot()
        {body}
        self.add(VGroup(Square(), dot))
        self.play(FadeIn(Square(2)), run_time=0.5)
"""
UPDATE = """
before = Mobject.update
@functools.wraps(before)
def update(self, dt=0, recursive=True):
    if isinstance(self, Dot):
        self.shift(RIGHT * dt)
    return before(self, dt, recursive)
Mobject.update = update
"""
FAMILY = """
before = Mobject.get_family
def get_family(self, recurse=True):
    return [each for each in before(self, recurse) if not isinstance(each, Dot)]
Mobject.get_family = get_family
"""
INHERITED = "Dot.update = lambda self, dt=0, recursive=True: self.shift(RIGHT * dt)"
COLOURS = """
before = VMobject.interpolate_color
VMobject.interpolate_color = lambda self, *others: before(self, *others).set_stroke(width=9)
"""
NUMBER = "manim.Dot.DEPTH = VMobject.tolerance_for_point_equality = 0.5\nself_made = Square.__init__"
CHANGES = {
    "a method of all": (UPDATE, "pass"),
    "which parts there are": (FAMILY, "pass"),
    "a method that is inherited": (INHERITED, "pass"),
    "a method of one mobject": ("", "dot.update = lambda dt=0, recursive=True: dot.shift(RIGHT * dt)"),
    "colours": (COLOURS, "pass"),
    "in the scene": ("", UPDATE.replace("\n", "\n        ").strip()),
}


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[[str, str], bytes]:
    """Records a deck with this before its class, and in its `construct`."""

    def recorded(head: str, body: str) -> bytes:
        (tmp_path / "deck.py").write_text(DECK.format(head=head, body=body), "utf-8")
        return dump(record_scene(tmp_path / "deck.py", "Deck", fps=10, width=160, height=90))

    return recorded


@pytest.mark.parametrize("change", CHANGES)
def test_a_deck_shows_what_it_puts_in_the_place_of_manims_own(
    recorded: Callable[[str, str], bytes], change: str
) -> None:
    plain = recorded("", "pass")
    changed = recorded(*CHANGES[change])
    assert changed != plain
    # also where a file is run twice, and its own is put around what it had put there
    assert recorded(*CHANGES[change]) == changed
    assert recorded("", "pass") == plain


def test_nothing_is_left_of_it(recorded: Callable[[str, str], bytes], tmp_path: Path) -> None:
    kinds = (Mobject, VMobject, Square, manim.Dot)
    before = [dict(vars(kind)) for kind in kinds]
    for head in (UPDATE, FAMILY, INHERITED, COLOURS, NUMBER):
        recorded(head, "pass")
        with fresh_modules():
            scene_names(tmp_path / "deck.py")
        now = [dict(vars(kind)) for kind in kinds]
        assert [{name for name in one.keys() | other.keys() if one.get(name) is not other.get(name)}
                for one, other in zip(now, before, strict=True)] == [set()] * len(kinds)  # fmt: skip


def test_what_a_package_puts_there_while_it_is_imported_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    package = compile(
        "def update(self, dt=0, recursive=True): return self", Path(manim.__file__).with_name("_.py"), "exec"
    )
    made: dict[str, object] = {}
    exec(package, made)
    monkeypatch.setattr(Mobject, "update", Mobject.update)
    with manim_restored():
        Mobject.update = made["update"]  # type: ignore[method-assign, assignment]
    assert Mobject.update is made["update"]
