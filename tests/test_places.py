"""What names a module or a file of the package by its place, and would break without a word when that moves."""

import ast
import importlib
import inspect
import pkgutil
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import click
import manim
import pytest

import astrai_slides
from astrai_slides.base import identity, inputs
from astrai_slides.cli import main
from astrai_slides.export.html import built, page
from astrai_slides.export.video import executor
from astrai_slides.recording.reuse import state

PACKAGE = Path(astrai_slides.__file__).parent
ROOT = PACKAGE.parent
MODULES = [
    each.name for each in pkgutil.walk_packages([str(PACKAGE)], "astrai_slides.") if not each.name.endswith("__main__")
]

BESIDE = sorted(path.relative_to(ROOT) for folder in ("benchmarks", "scripts") for path in (ROOT / folder).glob("*.py"))
"""What is written for this project but is no part of the package."""


def settings(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def test_every_file_of_the_package_is_part_of_its_fingerprint_and_none_is_an_input() -> None:
    files = [Path(inspect.getfile(importlib.import_module(name))) for name in MODULES]
    assert [file for file in files if identity.PACKAGE not in file.parents] == []
    assert [file for file in files if inputs._counts(str(file))] == []
    assert len(files) > 300


def test_a_file_beside_the_package_is_an_input(project_root: Path) -> None:
    assert inputs._counts(str(project_root / "slides" / "continuous_batching.py"))


def test_every_animation_of_the_package_shows_the_same_from_the_same() -> None:
    values = [(name, value) for name in MODULES for value in vars(importlib.import_module(name)).values()]
    ours = [value for name, value in values if inspect.isclass(value) and value.__module__ == name]
    animations = [value for value in ours if issubclass(value, manim.Animation)]
    assert animations
    assert [value for value in animations if not state.is_pure(value)] == []


@pytest.mark.parametrize("prefix", [each for each in state._ANIMATIONS if each.startswith("manim")])
def test_manim_has_the_modules_whose_animations_are_known(prefix: str) -> None:
    importlib.import_module(prefix)


def test_an_animation_of_a_deck_is_not_known() -> None:
    class Own(manim.Animation):
        pass

    assert not state.is_pure(Own)


def test_a_worker_loads_what_it_draws_with(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(importlib, "import_module", loaded.append)
        patched.setattr(executor.signal, "signal", lambda *_: None)
        executor._start_worker()
    assert [importlib.import_module(name).encode_chunk for name in loaded]


def test_the_page_finds_the_player_and_reveal() -> None:
    assert all(page._player(name) for name in ("html.j2", "player.css"))
    assert all(built.built().scripts)
    assert (built.SOURCES / "main.js").is_file()


def test_the_doctor_finds_reveal() -> None:
    from astrai_slides.build.doctor import examine

    assert [part.ok for part in examine() if part.name == "reveal.js"] == [True]


def test_every_command_can_be_loaded() -> None:
    context = click.Context(main)
    names = main.list_commands(context)
    assert {"build", "list", "simulate", "talk", "clean", "doctor", "completion"} <= set(names)
    assert all(main.get_command(context, name) for name in names)


def test_the_build_writes_where_the_page_reads(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(project_root / "scripts"))
    page_files = importlib.import_module("page_files")
    assert project_root / page_files.TARGET == built.FOLDER
    assert project_root / page_files.PLAYER == built.SOURCES
    wheel = settings(project_root)["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert f"{page_files.TARGET.as_posix()}/*" in wheel["artifacts"]
    assert f"{page_files.PLAYER.as_posix()}/*.js" in wheel["exclude"]
    assert f"{page_files.TARGET.as_posix()}/" in (project_root / ".gitignore").read_text().splitlines()


def test_the_settings_name_files_that_are_there(project_root: Path) -> None:
    tool = settings(project_root)["tool"]
    for pattern in tool["ruff"]["lint"]["per-file-ignores"]:
        assert list(project_root.glob(pattern)), pattern
    own = [name for each in tool["mypy"]["overrides"] for name in each["module"] if name.startswith("astrai_slides")]
    assert own
    assert set(own) <= set(MODULES)


@pytest.mark.parametrize("path", BESIDE, ids=str)
def test_what_lies_beside_the_package_finds_what_it_names(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    name = path.stem if path.parts[0] == "scripts" else ".".join(path.with_suffix("").parts)
    monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module(name)
    assert Path(str(module.__file__)) == ROOT / path
    # names that a function imports only when it runs
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("astrai_slides"):
            for each in node.names:
                source = importlib.import_module(str(node.module))
                assert hasattr(source, each.name) or f"{node.module}.{each.name}" in MODULES, ast.unparse(node)


def test_every_class_has_a_name_of_its_own() -> None:
    """One word means one thing, also in what a reader of two modules sees side by side."""
    named = defaultdict(set)
    for path in (*BESIDE, *(each.relative_to(ROOT) for each in PACKAGE.rglob("*.py"))):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                named[node.name].add(path.as_posix())
    assert {name: places for name, places in named.items() if len(places) > 1} == {}
