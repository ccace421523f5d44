"""Texts that are read directly are those that manim reads, to the last bit."""

import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import svgelements
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples
from manim import BLUE, BOLD, ITALIC, RED, YELLOW, MarkupText, Square, SVGMobject, Text, VMobject, tempconfig

from astrai_slides.base.replaced import replaced
from astrai_slides.seam import pango_svg
from astrai_slides.seam.later_paths import PathLater
from astrai_slides.seam.pango_svg import texts_read_sooner
from astrai_slides.seam.svgs import forget_svgs, svgs_read_sooner

MARKS = ("b", "i", "u", "s", "sub", "sup", "tt", "big", "span foreground='#12a0ff'", "span size='x-large'")

words = st.text(string.ascii_letters + string.digits + " .,;:%äßéñπЖ→–\n", min_size=1, max_size=12).filter(
    lambda each: each.strip() == each
)


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with tempconfig({"media_dir": str(tmp_path_factory.mktemp("texts"))}):
        yield


@contextmanager
def counted() -> Iterator[list[object]]:
    """Read texts directly, and say how many were left to manim all the same."""
    left: list[object] = []

    def general(text: Any) -> Any:
        left.append(text)
        return stock(text)

    stock = pango_svg._GENERATE
    with texts_read_sooner(), replaced(pango_svg, "_GENERATE", general):
        yield left


def plain(value: Any) -> Any:
    """What can be compared of `value`, bits and order included."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, VMobject):
        return type(value).__name__, [(name, plain(each)) for name, each in vars(value).items() if name not in LATER]
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return [(name, plain(each)) for name, each in value.items()]
    return type(value).__name__, str(value)


LATER = ("id_to_vgroup_dict", "path_obj", "submobjects", "chars")


def compare(made: Any, wanted: Any) -> None:
    assert plain(made) == plain(wanted)
    assert len(made.submobjects) == len(wanted.submobjects)
    for glyph, other in zip(made.submobjects, wanted.submobjects, strict=True):
        assert plain(glyph) == plain(other)
        if not hasattr(other, "path_obj"):  # manim puts a dot in the place of a character without a glyph
            assert not hasattr(glyph, "path_obj")
            continue
        assert isinstance(glyph.path_obj, PathLater)
        assert glyph.path_obj.d() == other.path_obj.d()
        assert glyph.path_obj.values == other.path_obj.values
    assert groups(made) == groups(wanted)


def groups(text: Any) -> list[tuple[str, list[int]]]:
    places = {id(glyph): place for place, glyph in enumerate(text.submobjects)}
    return [(name, [places[id(each)] for each in group]) for name, group in text.id_to_vgroup_dict.items()]


def both(make: Callable[[], Any]) -> None:
    forget_svgs()
    wanted = make()  # writes the file, which serves both
    forget_svgs()
    with counted() as left:
        made = make()
    assert not left
    compare(made, wanted)


@settings(max_examples=examples(25), deadline=None)
@given(
    words,
    st.floats(6, 90),
    st.sampled_from(["", "DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", "monospace"]),
    st.fixed_dictionaries(
        {},
        optional={
            "slant": st.just(ITALIC),
            "weight": st.just(BOLD),
            "color": st.just(YELLOW),
            "fill_opacity": st.floats(0, 1),
            "stroke_width": st.integers(0, 4),
            "line_spacing": st.floats(0.5, 2),
            "disable_ligatures": st.booleans(),
            "gradient": st.just((RED, BLUE)),
            "height": st.floats(0.5, 3),
        },
    ),
    st.booleans(),
)
def test_texts_are_the_same(words: str, size: float, font: str, options: dict[str, Any], coloured: bool) -> None:
    own = {"t2c": {words[:1]: RED}} if coloured and "gradient" not in options else {}
    both(lambda: Text(words, font_size=size, font=font, **options, **own))


@settings(max_examples=examples(15), deadline=None)
@given(st.lists(st.tuples(words, st.sampled_from(("", *MARKS))), min_size=1, max_size=4), st.floats(8, 60))
def test_texts_with_markup_are_the_same(parts: list[tuple[str, str]], size: float) -> None:
    marked = [f"<{mark}>{part}</{mark.split()[0]}>" if mark else part for part, mark in parts]
    both(lambda: MarkupText("".join(marked), font_size=size))


@pytest.mark.parametrize(
    ("definition", "curves"),
    [
        ("M 0 0 L 4 0 L 4 3 Z M 0 0 ", 3),
        ("M 0 0 L 4 0 L 0 0.00005 Z", 2),
        ("M 1 2 C 3 4 5 6 7 8 Z M 3 3 L 4 4 M 9 9 ", 3),
        ("", 0),
    ],
)
def test_an_outline_has_the_curves_of_manims(definition: str, curves: int) -> None:
    from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

    made = pango_svg._outline(definition).placed(0.1, 0.7)
    path = abs(svgelements.Path(definition) * svgelements.Matrix.translate(0.1, 0.7))
    wanted = VMobjectFromSVGPath(path).points
    assert made.tobytes() == (wanted + 0.0).tobytes()
    assert len(made) == 4 * curves


@pytest.mark.parametrize(
    "definition", ["m 0 0 L 1 1", "M 0 0 A 1 1 0 0 0 2 2", "L 1 1", "M 0 0 L 1", "M 0 0 L x y", "M 0 0 L 1 1 Z L 2 2",
                   "M 0 0 L 1 1 L 0 0.0001 Z", "M0,0L1,1"],
)  # fmt: skip
def test_another_outline_is_left_to_manim(definition: str) -> None:
    with pytest.raises(pango_svg._OtherFileError):
        pango_svg._outline(definition)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("</svg>", '<rect x="0" y="0" width="40" height="10"/></svg>'),
        ('version="1.1"', 'version="1.1" fill="#ff0000"'),
        ("<g style", '<g transform="scale(2)" style'),
        ('x="30"', 'x="30pt"'),
        ('href="#glyph0-1"', 'href="#glyph9-9"'),
        ("</defs>", '<clipPath id="c"><path d="M 0 0 L 1 1"/></clipPath></defs>'),
    ],
)
def test_a_file_with_more_in_it_is_left_to_manim(part: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Text._text2svg

    def changed(text: Any, color: Any) -> str:
        path = Path(write(text, color))
        svg = path.read_text("utf-8")
        if other not in svg:
            assert part in svg
            path.write_text(svg.replace(part, other, 1), "utf-8")
        return str(path)

    monkeypatch.setattr(Text, "_text2svg", changed)
    words = f"more {len(part)}"
    wanted = Text(words, font_size=20)
    with counted() as left:
        made = Text(words, font_size=20)
    assert left == [made]
    assert [each.points.tobytes() for each in made] == [each.points.tobytes() for each in wanted]


def test_a_text_with_a_way_of_its_own_is_read_by_it() -> None:
    class Own(Text):
        def get_mob_from_shape_element(self, shape: Any) -> Any:
            return Square()

    with counted() as left:
        assert len(left) == 0
        assert isinstance(Own("ab")[0], Square)
    assert len(left) == 1


def test_the_groups_of_an_svg_are_manims(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><g id="one"><rect width="2" height="1"/><g id="two">'
        '<circle r="1"/><path id="two" d="M 0 0 L 1 1 L 0 1 Z"/></g></g><g id="one"><line x2="3" y2="1"/></g></svg>',
        encoding="utf-8",
    )
    wanted = SVGMobject(path, use_svg_cache=False)
    with svgs_read_sooner():
        made = SVGMobject(path, use_svg_cache=False)
    assert groups(made) == groups(wanted)
    assert {"one", "two", "root"} <= set(made.id_to_vgroup_dict)
    copied = made.copy()
    assert groups(copied) == groups(wanted)
    assert copied.id_to_vgroup_dict["root"][0] is copied[0]
