"""Whatever stands in a library's place while a scene is recorded takes every argument that the original takes."""

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import manim
import manim_slides
import pytest
from manim.scene.scene_file_writer import SceneFileWriter

from astrai_slides.deck.base import Deck
from astrai_slides.recording.run.record import Order, record
from astrai_slides.seam.fonts import auditing_registered

LIBRARIES = ("manim", "manim_slides", "manimpango", "svgelements")


def functions() -> dict[str, Callable[..., Any]]:
    """Every function of the libraries and of their classes, by where it stands."""
    found: dict[str, Callable[..., Any]] = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in LIBRARIES or module is None:
            continue
        for key, value in list(vars(module).items()):
            if inspect.isfunction(value):
                found[f"{name}.{key}"] = value
            elif inspect.isclass(value) and value.__module__.partition(".")[0] in LIBRARIES:
                members = {each: member for each, member in vars(value).items() if inspect.isfunction(member)}
                found |= {f"{value.__module__}.{value.__qualname__}.{each}": it for each, it in members.items()}
    return found


def overridden(kind: type[Any], skip: tuple[type[Any], ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Methods of ours in `kind` in place of those of a library: name, original, replacement."""
    places = kind.__mro__
    for index, place in enumerate(places):
        for name, method in vars(place).items():
            ours = inspect.isfunction(method) and method.__module__.startswith("astrai_slides.")
            rest = (*places[index + 1 :], *skip)
            original = next((vars(each)[name] for each in rest if name in vars(each)), None)
            if ours and inspect.isfunction(original) and original.__module__.partition(".")[0] in LIBRARIES:
                yield f"{place.__name__}.{name}", original, method


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """What is replaced while a scene is recorded: original and replacement by name."""
    before = functions()
    found: dict[str, tuple[Any, Any]] = {}

    class Looking(manim_slides.Slide):  # type: ignore[misc]
        def construct(self) -> None:
            with auditing_registered():
                now = functions()
            found.update({name: (before[name], it) for name, it in now.items() if before.get(name, it) is not it})
            for kind in (type(self), type(self.renderer), type(self.camera)):
                found.update({name: (original, ours) for name, original, ours in overridden(kind)})
            self.wait(0.1)

    class LookingPlain(manim.ThreeDScene):
        def construct(self) -> None:
            for kind in (type(self), type(self.camera)):
                found.update({name: (original, ours) for name, original, ours in overridden(kind)})
            writer = type(self.renderer.file_writer)
            found.update({name: (it, ours) for name, it, ours in overridden(writer, (SceneFileWriter,))})
            self.wait(0.1)

    media = tmp_path_factory.mktemp("media")
    for kind in (Looking, LookingPlain):
        record(kind, Order(10, 320, 180, media))
    found.update({name: (original, ours) for name, original, ours in overridden(Deck)})
    # made by us, with what manim hands to any renderer and any writer
    return {name: each for name, each in found.items() if not name.endswith("__init__") or "text" in name}


def faults(original: Any, replacement: Any) -> list[str]:
    """What `original` takes and `replacement` does not, and names that the replacement takes for itself."""
    asked = list(inspect.signature(original).parameters.values())
    given = inspect.signature(replacement).parameters
    kinds = {each.kind for each in given.values()}
    by_name = {name for name, each in given.items() if each.kind is not each.POSITIONAL_ONLY and not _many(each)}
    wrong = []
    for each in asked[1:] if asked and asked[0].name == "self" else asked:
        if _many(each):
            if each.kind not in kinds and not replacement.__name__.startswith("__"):
                wrong.append(f"{each} is not taken")
        elif each.name not in by_name and each.VAR_KEYWORD not in kinds:
            wrong.append(f"{each.name}= is not taken")
    known = {each.name for each in asked}
    return wrong + [f"{name}= is taken for itself" for name in by_name if name not in known and name != "self"]


def _many(parameter: inspect.Parameter) -> bool:
    return parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}


def test_enough_is_found(replaced: dict[str, tuple[Any, Any]]) -> None:
    needed = {"become", "clean_up_from_scene", "register_font", "get_family", "__deepcopy__", "parse", "next_section"}
    needed |= {"next_slide", "play", "add_frame", "capture_mobjects", "__init__", "update_rgbas_array"}
    assert needed <= {name.rpartition(".")[2] for name in replaced}
    assert len(replaced) > 25


def test_what_stands_in_its_place_takes_what_the_original_takes(replaced: dict[str, tuple[Any, Any]]) -> None:
    wrong = {name: faults(*each) for name, each in replaced.items()}
    assert {name: each for name, each in wrong.items() if each} == {}


def test_a_text_and_a_font_can_be_named(tmp_path: Path) -> None:
    class Named(manim_slides.Slide):  # type: ignore[misc]
        def construct(self) -> None:
            first = manim.Text(text="hello", font_size=60)
            self.play(manim.FadeIn(first), manim.FadeIn(manim.MarkupText(text="<b>hello</b>")), run_time=0.1)
            self.play(first.animate.become(mobject=manim.Text(text="again")), run_time=0.1)

    (step,) = record(Named, Order(10, 320, 180, tmp_path)).recording.steps
    assert {run.text for run in step.texts} == {"again", "hello"}
