"""From a Python file to the scenes that it defines."""

import ast
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

from astrai_slides.base.importing import importable
from astrai_slides.base.interrupts import received
from astrai_slides.base.process_state import process_restored
from astrai_slides.base.reason import reason, said
from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError, DeckError
from astrai_slides.recording.reuse.earlier import StartOverError

_NOT_OF_A_DECK = {"manim", "manim_slides", "astrai_slides"}
_MANIM_GL = {"manimlib", "manim_imports_ext"}


def load_scene(scene_file: Path, scene_name: str) -> type[Any]:
    """Run `scene_file` and return its class `scene_name`, any manim or manim-slides scene.

    Raises AstraiSlidesError if there is no such file or scene, and if the file cannot be run.
    """
    module = _load(scene_file)
    found: Any = getattr(module, scene_name, None)
    if not _is_scene(found):
        scenes = _scenes(module)
        remedy = did_you_mean(scene_name, scenes) if scenes else "the file has none; name another file"
        raise AstraiSlidesError(f"{scene_file}: there is no scene {scene_name!r}; {remedy}")
    if not _has_construct(found):
        known = ", ".join(each for each in _scenes(module) if _has_construct(vars(module).get(each)))
        remedy = f"name a scene that has one: {known}" if known else _how_to_show_something(found)
        raise AstraiSlidesError(
            f"{scene_file}: {scene_name} has no construct of its own, so that there is nothing to show; {remedy}"
        )
    scene: type[Any] = found
    return scene


def _how_to_show_something(scene: type[Any]) -> str:
    near = get_close_matches("construct", [name for name, each in vars(scene).items() if callable(each)], n=1)
    return f"is its {near[0]!r} meant to be it?" if near else "say in `def construct(self):` what it shows"


def scene_names(scene_file: Path) -> tuple[list[str], list[str]]:
    """Names of the scenes that `scene_file` defines, in order of the file, and of those without a `construct`.

    The latter are what others are derived from. Raises AstraiSlidesError as `load_scene`.
    """
    from manim import tempconfig

    from astrai_slides.seam.manims_own import manim_restored

    with process_restored(), manim_restored(), tempconfig({}):  # what the file sets is for its own scenes
        module = _load(scene_file)
    shown: list[str] = []
    bases: list[str] = []
    for name in _scenes(module):
        (shown if _has_construct(vars(module).get(name)) else bases).append(name)
    return shown, bases


@contextmanager
def blaming(what: str, scene_file: Path) -> Iterator[None]:
    """Say of a fault inside the block that `what` failed, and in which line of `scene_file` it arose.

    A deck that ends Python (`sys.exit`) is at fault too: the build would end with nothing built, and code 0.
    """
    try:
        yield
    except DeckError as error:
        raise AstraiSlidesError(f"{scene_file}: {what}: {_where(error, scene_file)}") from error
    except (AstraiSlidesError, KeyboardInterrupt, StartOverError):
        raise
    except BaseException as error:
        if isinstance(error, SystemExit) and received:
            raise  # not the deck: the command was told to end
        if isinstance(error, ModuleNotFoundError) and error.name in _MANIM_GL:
            raise AstraiSlidesError(_for_manim_gl(f"{scene_file}: {_where(error, scene_file)}")) from error
        raise AstraiSlidesError(f"{scene_file}: {what}: {_where(error, scene_file)}") from error


def _is_scene(value: object) -> bool:
    from manim import Scene

    return inspect.isclass(value) and issubclass(value, Scene)


def _has_construct(scene: Any) -> bool:
    """Whether `scene`, or a class of the deck's that it is derived from, says what is shown."""
    construct = getattr(scene, "construct", None)
    return getattr(construct, "__module__", "").partition(".")[0] not in _NOT_OF_A_DECK


def _scenes(module: ModuleType) -> list[str]:
    values = list(vars(module).values())
    return [value.__name__ for value in values if _is_scene(value) and value.__module__ == module.__name__]


def _load(scene_file: Path) -> ModuleType:
    path = scene_file.resolve()
    if not path.is_file():
        raise AstraiSlidesError(f"{scene_file}: there is no such scene file")
    _refuse_manim_gl(scene_file, path)
    name = _module_name(scene_file)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AstraiSlidesError(f"{scene_file}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with importable(path.parent), blaming("cannot be run", scene_file):
        spec.loader.exec_module(module)
    return module


def _refuse_manim_gl(scene_file: Path, path: Path) -> None:
    """Raise AstraiSlidesError for a deck of the other manim, whose scenes would not be seen as any."""
    source = path.read_bytes()
    if not any(name.encode() in source for name in _MANIM_GL):
        return
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return  # told with its line when it is run
    for each in statements:
        imported = each.names if isinstance(each, ast.Import) else ()
        names = [each.module or ""] if isinstance(each, ast.ImportFrom) else [name.name for name in imported]
        if any(name.partition(".")[0] in _MANIM_GL for name in names):
            raise AstraiSlidesError(_for_manim_gl(f"{scene_file}: line {each.lineno}"))


def _for_manim_gl(where: str) -> str:
    return (
        f"{where}: made for ManimGL (manimlib), which cannot be recorded; port it to Manim Community "
        "(from manim import *), or render and show it with manim-slides itself"
    )


def _where(error: BaseException, scene_file: Path) -> str:
    """Name the line of the user's file in which `error` arose."""
    # a cell of a notebook is called what cannot be resolved, and a deck may have changed the working directory
    names = {str(scene_file), _module_name(scene_file)}
    line, trace = None, error.__traceback__
    while trace:
        if names & {trace.tb_frame.f_code.co_filename, trace.tb_frame.f_globals.get("__name__")}:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SystemExit):
        told = f"{reason(error)}; what ends Python would end the build with nothing built, so leave by return"
    else:
        told = said(error) if isinstance(error, DeckError) else reason(error) + _remedy(error)
    return f"line {line}: {told}" if line else told


def _remedy(error: BaseException) -> str:
    """What to do about a name of manim's that the deck does not import, if `error` is about one."""
    name = error.name if isinstance(error, NameError) else None
    if not isinstance(name, str) or name.startswith("_") or not hasattr(sys.modules.get("manim"), name):
        return ""
    return f"; it is manim's: from manim import {name}"


def _module_name(scene_file: Path) -> str:
    return f"_astrai_slides_deck_{scene_file.stem}"
