"""A deck is recorded as in a new process: nothing of the deck that was recorded before is in it."""

import sys
import textwrap
from pathlib import Path

import pytest
from manim import Circle, Square

from astrai_slides.base import inputs
from astrai_slides.base.inputs import watching
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run.record import record_scene

pytestmark = pytest.mark.long

HEAD = "from manim import *\n"
BLUE_SQUARE = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9" fill="#0000ff"/></svg>'
RED_CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg"><circle cx="5" cy="5" r="5" fill="#ff0000"/></svg>'


def recorded(folder: Path, name: str, body: str, before: str = "") -> bytes:
    deck = folder / f"{name}.py"
    construct = textwrap.indent(body, " " * 8)
    deck.write_text(f"{HEAD}{before}\nclass Deck(Scene):\n    def construct(self):\n{construct}\n", "utf-8")
    return dump(record_scene(deck, "Deck", fps=10, width=160, height=90, media=folder / "media"))


def test_a_picture_is_read_by_each_deck_that_shows_it(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(BLUE_SQUARE)
    body = f"self.add(SVGMobject({str(logo)!r}))"
    first = recorded(tmp_path, "first", body)
    with watching() as read:
        assert recorded(tmp_path, "first", body) == first
    assert str(logo) in read, "or an edit of the picture would leave the second deck as it is"
    logo.write_text(RED_CIRCLE)
    assert recorded(tmp_path, "first", body) != first


@pytest.mark.parametrize(
    ("kind", "default", "shown"),
    [
        ("Square", "color=RED", "self.add(Square())"),
        ("VMobject", "color=RED", "self.add(Square())"),
        ("Text", "font_size=20", "self.add(Text('one'))"),
        ("Wait", "run_time=0.3", "self.play(Wait())"),
    ],
)
@pytest.mark.parametrize("loading", [True, False])
def test_defaults_end_with_the_deck_that_set_them(
    tmp_path: Path, kind: str, default: str, shown: str, loading: bool
) -> None:
    alone = recorded(tmp_path, "deck", shown)
    setting = f"{kind}.set_default({default})"
    before, body = (setting, shown) if loading else ("", f"{setting}\n{shown}")
    recorded(tmp_path, "other", body, before)
    assert recorded(tmp_path, "deck", shown) == alone


def test_defaults_set_twice_and_by_a_module_beside_the_deck_end_too(tmp_path: Path) -> None:
    alone = recorded(tmp_path, "deck", "self.add(Square(), Circle())")
    (tmp_path / "our_looks.py").write_text(f"{HEAD}Circle.set_default(color=BLUE)\nSquare.set_default(color=BLUE)\n")
    other = recorded(
        tmp_path, "other", "Square.set_default(fill_opacity=1)\nself.add(Square(), Circle())", "import our_looks\n"
    )
    assert other != alone
    assert recorded(tmp_path, "deck", "self.add(Square(), Circle())") == alone


def test_defaults_of_an_installed_package_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is imported once a process, and each deck that imports it is to look the same."""
    package = tmp_path / "lib" / "site-packages" / "house_looks"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"{HEAD}Square.set_default(color=BLUE)\n")
    monkeypatch.syspath_prepend(str(package.parent))
    inputs._installed_folders.cache_clear()
    init = vars(Square)["__init__"]
    try:
        body = "import house_looks\nself.add(Square())"
        first = recorded(tmp_path, "deck", body)
        assert recorded(tmp_path, "deck", body) == first
        assert vars(Square)["__init__"] is not init
        assert Circle.__init__ is Circle._original__init__
    finally:
        Square.set_default()
        sys.modules.pop("house_looks", None)
        monkeypatch.undo()
        inputs._installed_folders.cache_clear()
