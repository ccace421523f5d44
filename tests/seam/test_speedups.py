"""What is replaced in manim gives what the original gives."""

import copy
import random
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import manim
import manim.mobject.mobject
import manim.utils.paths
import numpy as np
import pytest
import svgelements
from manim import Circle, Dot, Mobject, Square, Text, VGroup
from manim.utils.space_ops import rotation_matrix

from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run.record import record_scene
from astrai_slides.seam import speedups
from astrai_slides.seam.speedups import faster_manim

_READ = svgelements.SVGLexicalParser.parse
CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def tree(random_: random.Random, depth: int, seen: list[Mobject]) -> Mobject:
    made = VGroup() if depth else Dot()
    for _ in range(random_.randrange(4) if depth else 0):
        # some are there twice, as manim allows
        again = seen and random_.random() < 0.2
        made.submobjects.append(random_.choice(seen) if again else tree(random_, depth - 1, seen))
    seen.append(made)
    return made


def test_families_are_the_same_in_order_and_number() -> None:
    stock = Mobject.get_family
    repeated = 0
    for seed in range(60):
        seen: list[Mobject] = []
        root = tree(random.Random(seed), 4, seen)
        wanted = stock(root)
        with faster_manim():
            assert Mobject.get_family is not stock
            found = root.get_family()
        assert list(map(id, found)) == list(map(id, wanted))
        repeated += sum(len(each.submobjects) for each in wanted) > len(wanted) - 1
    assert repeated > 5
    assert Mobject.get_family is stock


def test_a_family_of_another_kind_is_asked() -> None:
    class Lonely(Square):
        def get_family(self, recurse: bool = True) -> list[Mobject]:
            return [self]

    lonely = Lonely()
    lonely.submobjects.append(Dot())
    root = VGroup(Circle(), lonely)
    with faster_manim():
        assert root.get_family() == [root, *root.submobjects]


def test_copies_are_as_deep_and_share_what_they_shared() -> None:
    shared = np.arange(3.0)
    one = VGroup(Square(color="#123456"), Text("ab"))
    one.first, one.second, one.words, one.back = shared, shared, ["x", shared], one
    stock = copy.deepcopy(one)
    with faster_manim():
        made = copy.deepcopy(one)
    for each in (stock, made):
        assert each.first is each.second is each.words[1]
        assert each.first is not shared
        assert each.back is each
        assert each[0] is not one[0]
        assert each[0].points is not one[0].points
        assert each.original_id == str(id(one))
    for a, b in zip(stock.get_family(), made.get_family(), strict=True):
        assert type(a) is type(b)
        assert a.__dict__.keys() == b.__dict__.keys()
        assert np.array_equal(a.points, b.points)
        assert a.get_color() == b.get_color()


def test_a_class_that_watches_its_attributes_still_does() -> None:
    log: list[str] = []

    class Watched(Square):
        def __setattr__(self, name: str, value: object) -> None:
            log.append(name)
            super().__setattr__(name, value)

    original = Watched()
    log.clear()
    with faster_manim():
        copy.deepcopy(original)
    assert "points" in log


@pytest.mark.parametrize(
    "definition",
    [
        "M 1 2 L 3 4 L 5 1 Z M 7 7 C 1 2 3 4 5 6 S 8 8 9 9 Z",
        "m1 2h3v4l-1-1q1 1 2 2t3 1a2 3 30 0 1 4 4zm2 2 3 3",
        "M 0 0 Q 1 1 2 0 T 4 0 A 1 2 0 1 0 3 3 H 2 V 9",
        "",
    ],
)
def test_a_path_is_read_once_and_every_reader_has_its_own(definition: str) -> None:
    wanted = svgelements.Path(definition)
    with faster_manim(), mock.patch.object(svgelements.SVGLexicalParser, "parse", autospec=True) as read:
        read.side_effect = _READ
        for _ in range(3):
            found = svgelements.Path(definition)
            assert list(map(repr, found)) == list(map(repr, wanted))
            found *= "translate(9, 9) scale(2)"  # nobody else's
        assert read.call_count == 1
        # what continues a path is read in its light
        assert svgelements.Path("M 1 1") + "l 1 1" == wanted.__class__("M 1 1 l 1 1")


def test_a_path_that_cannot_be_read_is_refused_every_time() -> None:
    with faster_manim():
        for _ in range(2):
            with pytest.raises(ValueError):  # noqa: PT011 - without a message
                svgelements.Path("M 1 1 m")


@pytest.mark.parametrize(("deck", "name"), [("motion", "Updaters"), ("creation", "Writing")])
def test_a_recording_has_the_same_bytes_without(
    deck: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recorded() -> bytes:
        return dump(record_scene(CORPUS / f"{deck}.py", name, fps=10, width=640, height=360, media=tmp_path))

    quick = recorded()

    @contextmanager
    def nothing():  # type: ignore[no-untyped-def]
        yield

    monkeypatch.setattr(speedups, "faster_manim", nothing)
    assert manim.Mobject.get_family.__module__.startswith("manim")
    assert recorded() == quick


@pytest.mark.parametrize("sheen", [0, 0.4])
@pytest.mark.parametrize("colours", [1, 2, 3])
@pytest.mark.parametrize(
    "asked", [{}, {"opacity": 0.25}, {"opacity": 1}, {"opacity": (0.1, 0.9)}, {"color": manim.RED}]
)
def test_colours_change_alike(sheen: float, colours: int, asked: dict[str, object]) -> None:
    before = np.random.default_rng(colours).random((colours, 4))

    def changed() -> np.ndarray:
        shape = Square()
        shape.sheen_factor = sheen
        shape.fill_rgbas = before.copy()
        shape.update_rgbas_array("fill_rgbas", **asked)
        shape.update_rgbas_array("more_rgbas", **asked)
        return np.vstack([shape.fill_rgbas, shape.more_rgbas])

    wanted = changed()
    with faster_manim():
        assert np.array_equal(changed(), wanted)


def test_a_shape_that_makes_its_own_colours_is_asked() -> None:
    class Pale(Square):
        def generate_rgbas_array(self, color: object, opacity: object) -> np.ndarray:
            return np.array([[0, 0, 0, 0.125]])

    with faster_manim():
        pale = Pale()
        pale.update_rgbas_array("fill_rgbas", None, 0.5)
        assert pale.fill_rgbas[0, 3] == 0.125


@pytest.mark.parametrize("sheen", [0, 0.3])
@pytest.mark.parametrize("opacity", [None, 0, 0.25, np.float64(0.5), [0.1, 0.9]])
@pytest.mark.parametrize("color", [manim.RED, None, "#123456", [manim.RED, manim.BLUE]], ids=str)
def test_colours_are_the_same_to_the_last_bit(color: object, opacity: object, sheen: float) -> None:
    shape = Square().set_sheen(sheen)
    wanted = shape.generate_rgbas_array(color, opacity)
    with faster_manim():
        assert manim.VMobject.generate_rgbas_array is speedups._generate_rgbas_array
        found = shape.generate_rgbas_array(color, opacity)
        assert (found.tobytes(), found.shape) == (wanted.tobytes(), wanted.shape)
        found[:] = 7
        assert shape.generate_rgbas_array(color, opacity).tobytes() == wanted.tobytes()


def test_a_rotation_is_that_of_manim_and_made_once() -> None:
    for angle, axis, homogeneous in ((0.3, manim.OUT, False), (-2.0, np.array([1.0, 2.0, 0.5]), True)):
        stock = rotation_matrix(angle, axis, homogeneous)
        with faster_manim():
            ours = manim.utils.paths.rotation_matrix(angle, axis, homogeneous)
            again = manim.mobject.mobject.rotation_matrix(angle, list(axis), homogeneous)
        assert np.array_equal(stock, ours)
        assert again is ours
        assert not ours.flags.writeable


def test_points_are_equal_where_manim_says_so() -> None:
    dot, random_ = Dot(), np.random.default_rng(5)
    stock = Dot.consider_points_equals
    odd, origin = (np.array([1.0, np.nan, 0]), np.full(3, np.inf), np.array([0.0, np.inf, 0])), np.zeros(3)
    pairs = [*((each, each.copy()) for each in odd), *((each, origin) for each in odd)]
    pairs += [(origin, [0, 0, 0]), (origin, np.zeros(3, int))]
    for size in (1e-8, 1e-6, 1.0, 1e6):
        for away in (0.0, 0.9e-6, 1e-6, 1.1e-6, 1e-5, 1.1e-5, 2.1e-5):
            point = random_.normal(0, size, 3)
            pairs += [
                (point, point + away),
                (point * (1 + away), point),
                (point, point + np.array([0, 0, away * size])),
            ]
    wanted = [bool(stock(dot, *pair)) for pair in pairs]
    with faster_manim():
        assert Dot.consider_points_equals is not stock
        assert [dot.consider_points_equals(*pair) for pair in pairs] == wanted
    assert {True, False} == set(wanted)
