"""A text that was set before equals one that is set now, and what may set it otherwise sets it again."""

from collections.abc import Iterator
from typing import Any

import manim
import manimpango
import numpy as np
import pytest
from manim import MarkupText, Text, VMobject

from astrai_slides.look.fonts import FONT, register_font
from astrai_slides.recording.reuse.typeset import Typesetter
from astrai_slides.seam.fonts import forget_fonts


@pytest.fixture
def texts() -> Iterator[Typesetter]:
    forget_fonts()
    typesetter = Typesetter()
    with typesetter.keeping():
        yield typesetter


TEXTS = [
    lambda: Text("Hello, world"),
    lambda: Text("two\nlines", color="#ff0000", line_spacing=1, weight="BOLD"),
    lambda: Text("gradient", gradient=("#ff0000", "#00ff00")),
    lambda: Text("in colours", t2c={"col": "#0000ff"}),
    lambda: Text("a b  c", disable_ligatures=True, font_size=17.3),
    lambda: MarkupText('<span foreground="red">R</span> &amp; B', font_size=30),
]


def same(one: Any, other: Any) -> None:
    """Assert that two mobjects have the same family, attribute by attribute."""
    for a, b in zip(one.get_family(), other.get_family(), strict=True):
        assert type(a) is type(b)
        assert list(vars(a)) == list(vars(b))
        for name, value in vars(a).items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, vars(b)[name]), name
            elif isinstance(value, str | int | float | manim.ManimColor) and name != "original_id":
                assert value == vars(b)[name], name


@pytest.mark.parametrize("make", TEXTS)
def test_set_once_and_the_same_every_time(make: Any, texts: Typesetter) -> None:
    first = make()
    assert len(texts.used) == 1
    second, third = make(), make()
    assert len(texts.used) == 1
    for each in (second, third):
        same(first, each)
        assert each.get_family()[1] is not first.get_family()[1]
    second[0].shift(manim.UP)
    same(first, make())
    with Typesetter(texts.used).keeping():
        same(first, make())


def test_as_manim_sets_it(texts: Typesetter) -> None:
    Text("glyphs")
    again = Text("glyphs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "__init__", Text._original__init__)
        wanted = Text("glyphs")
    same(wanted, again)
    assert set(again.id_to_vgroup_dict) == set(wanted.id_to_vgroup_dict)
    for name, group in wanted.id_to_vgroup_dict.items():
        found = again.id_to_vgroup_dict[name]
        assert [again.submobjects.index(glyph) for glyph in found] == [wanted.submobjects.index(g) for g in group]
    copied = again.copy()
    assert copied.id_to_vgroup_dict["root"][0] is copied[0]
    assert again[0].path_obj.d() == wanted[0].path_obj.d()


def test_what_decides_how_a_text_looks_is_told_apart(texts: Typesetter) -> None:
    Text("one")
    Text("one", font_size=20)
    Text("two")
    MarkupText("one")
    assert len(texts.used) == 4
    register_font()
    try:
        Text("one", font=FONT)
        Text("one")
    finally:
        forget_fonts()
    assert FONT not in manimpango.list_fonts()
    assert len(texts.used) == 6


def test_defaults_of_the_deck_are_kept(texts: Typesetter) -> None:
    wide = Text("one").width
    Text.set_default(font_size=20)
    try:
        assert Text("one").width < wide
    finally:
        Text.set_default()
    used = len(texts.used)
    VMobject.set_default(fill_opacity=0.5)  # which texts are made of: no text is used again, and none is kept
    try:
        Text("one")
        Text("two")
    finally:
        VMobject.set_default()
    assert Text("one").width == wide
    assert len(texts.used) == used


def test_a_class_of_the_deck_that_changes_how_texts_are_set_does(texts: Typesetter) -> None:
    class Wide(Text):
        def move_into_position(self) -> Any:
            self.stretch(2, 0)
            return super().move_into_position()

    class Named(Text):
        def __init__(self, content: str) -> None:
            super().__init__(content)
            self.named = content

    assert Wide("one").width != Text("one").width == Text("one").width != Wide("one").width
    assert Named("two").named == Named("two").named == "two"
    assert Named("two").width == Text("two").width
