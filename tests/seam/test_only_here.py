"""Only `seam` names private attributes of manim, manim-slides, svgelements and manimpango, or replaces any."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from reaching import LIBRARIES, defined_in, is_private, reaches

import astrai_slides

ROOT = Path(astrai_slides.__file__).parent.parent
SEAM = ROOT / "astrai_slides" / "seam"
FILES = sorted(
    path for folder in ("astrai_slides", "slides") for path in (ROOT / folder).rglob("*.py") if SEAM not in path.parents
)

OTHERS = {
    "sys._getframe": ["astrai_slides/base/inputs.py", "astrai_slides/recording/run/checkpoints.py"],
    # who calls it is found instead
    "setattr": [
        "astrai_slides/base/replaced.py",
        # the deck's own class, which is a subclass made for the recording, and one whose code was edited
        "astrai_slides/recording/run/record.py",
        "astrai_slides/recording/run/code_changes.py",
    ],
    "delattr": ["astrai_slides/base/replaced.py", "astrai_slides/recording/run/code_changes.py"],
    "os._exit": [
        "astrai_slides/base/process_state.py",
        "astrai_slides/base/interrupts.py",
        "astrai_slides/export/video/executor.py",
        "astrai_slides/present/builder.py",
        "astrai_slides/build/quick.py",
    ],
    # python-pptx has no other way to the XML that it writes
    "_element": ["astrai_slides/export/pptx/base.py"],
    "_rels": ["astrai_slides/export/pptx/base.py"],
    "_spTree": ["astrai_slides/export/pptx/base.py"],
}
"""What else reaches into other code, private names of other libraries first of all, and the files that may use it."""


def allowed(path: Path) -> list[str]:
    place = path.relative_to(ROOT).as_posix()
    return [name.rpartition(".")[2] for name, places in OTHERS.items() if place in places]


def test_no_other_module_reaches_into_a_library() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in FILES
        for line, what in reaches(path.read_text("utf-8"), allowed(path))
    ]
    assert len(FILES) > 300
    assert not found, "give it a name in astrai_slides/seam:\n" + "\n".join(found)


@pytest.mark.parametrize("name", OTHERS)
def test_every_exception_is_needed(name: str) -> None:
    for place in OTHERS[name]:
        found = reaches((ROOT / place).read_text("utf-8"))
        assert any(what.endswith(name) for _, what in found) or name in calls((ROOT / place).read_text("utf-8")), place


def calls(source: str) -> set[str]:
    """The names of the functions that `source` calls."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("from manim._config.utils import config_file_paths", "imports manim._config.utils.config_file_paths"),
        ("from manim.animation.animation import _Wait", "imports manim.animation.animation._Wait"),
        ("import manimpango.cmanimpango", "imports manimpango.cmanimpango"),
        ("from manimpango.register_font import registered_fonts", "imports manimpango.register_font.registered_fonts"),
        ("count = scene._current_animation", "names scene._current_animation"),
        ("self._slides.clear()", "names self._slides"),
        ("getattr(scene, '_slides')", "names _slides in a string"),
        ("vars(config)['_d']", "names _d in a string"),
        ("mock.patch.object(Text, '__init__', init)", "patches Text"),
        ("mock.patch.object(kind, 'become', become)", "patches kind"),
        ("mock.patch('manim.scene.scene.CairoRenderer')", "patches 'manim.scene.scene.CairoRenderer'"),
        ("replaced(kind, 'become', become)", "patches kind"),
        ("setattr(mobject, 'text', '')", "sets attributes of mobject"),
        ("Text.become = become", "replaces manim.Text.become"),
        ("manim.Scene.play = play", "replaces manim.Scene.play"),
        ("del Text.become", "replaces manim.Text.become"),
    ],
)
def test_the_finder_finds(line: str, what: str) -> None:
    source = f"import manim\nfrom unittest import mock\nfrom manim import Text\n{line}\n"
    assert (4, what) in reaches(source)


@pytest.mark.parametrize(
    "line",
    [
        "config.frame_rate = 5",
        "mock.patch.object(os, 'stat', stat)",
        "replaced(os, 'stat', stat)",
        "from manimpango import register_font",
        "self._mine = 5; print(self._mine, other._mine)",
        "print(scene.__dict__, '_what nobody calls anything')",
        "text.color = 5",
    ],
)
def test_the_finder_leaves_alone(line: str) -> None:
    source = f"import os\nfrom unittest import mock\nfrom manim import Text, config\ntext = Text('')\n{line}\n"
    assert reaches(source) == []


def classes_on_libraries() -> Iterator[type]:
    """The package's classes outside `seam` that are made from a library's."""
    for path in FILES:
        if not any(name in path.read_text("utf-8") for name in LIBRARIES) or ROOT / "slides" in path.parents:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for value in vars(importlib.import_module(name)).values():
            if inspect.isclass(value) and value.__module__ == name and libraries_below(value):
                yield value


def libraries_below(kind: type) -> list[type]:
    return [each for each in kind.__mro__ if each.__module__.partition(".")[0] in LIBRARIES]


def private_names(kind: type) -> set[str]:
    """The private names that the source of a class gives or uses."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return set(filter(is_private, named))


def test_no_class_gives_another_meaning_to_a_private_name_of_its_library() -> None:
    names = []
    for kind in classes_on_libraries():
        theirs = (defined_in(Path(inspect.getfile(each))) for each in libraries_below(kind))
        assert not private_names(kind) & frozenset[str]().union(*theirs), kind
        names.append(kind.__name__)
    assert {"Deck", "RecordingCamera", "RecordingRenderer"} <= set(names)
