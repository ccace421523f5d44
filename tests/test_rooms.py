"""The rooms of the package: how many arrows there are between them, which way they point, and who climbs in a build."""

import json
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def rooms() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "scripts" / "rooms.py"
    spec = spec_from_file_location("rooms", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["rooms"] = module  # where its dataclasses look for it
    spec.loader.exec_module(module)
    return module


def test_few_arrows_and_none_points_up(rooms: ModuleType) -> None:
    found = rooms.arrows(rooms.imports())
    assert rooms.pointing_up(found) == []
    assert len(found) <= rooms.MOST_ARROWS, sorted(found)
    assert [pair for pair in found if pair[1] == "serving"] == []


def test_few_modules_lie_loose_and_every_room_has_its_place(rooms: ModuleType) -> None:
    assert len(rooms.loose()) <= rooms.MOST_LOOSE, rooms.loose()
    assert set(rooms.rooms()) <= {*rooms.LAYERS, "serving"}


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_nothing_goes_in_a_circle(rooms: ModuleType, depth: int) -> None:
    """Neither rooms nor the folders inside them; a package's own `__init__` belongs to its folder."""
    assert rooms.circles(rooms.arrows(rooms.imports(), depth)) == []


def test_every_kind_of_import_is_seen(rooms: ModuleType, tmp_path: Path) -> None:
    sources = {
        "base/low.py": "def late():\n    from astrai_slides.cli import high\n",
        "cli/high.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import astrai_slides.base.low\n",
        "errors.py": "from astrai_slides.base.low import late\nimport json\n",
        "cli/a/one.py": "from astrai_slides.cli.b.two import three\n",
        "cli/b/two.py": "from astrai_slides.cli.a.one import four\n",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    every = rooms.imports(tmp_path)
    found = rooms.arrows(every)
    assert set(found) == {("base", "cli"), ("cli", "base"), ("errors", "base")}
    assert rooms.pointing_up(found) == [("base", "cli"), ("errors", "base")]
    assert rooms.circles(found) == [["base", "cli"]]
    assert ["cli.a", "cli.b"] in rooms.circles(rooms.arrows(every, 2))
    assert rooms.loose(tmp_path) == ["errors"]


PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
import rooms
seen = rooms.climbs_of_a_build()
print(json.dumps({"climbs": [each.function for each in seen.own], "called": seen.called}))
"""


@pytest.fixture(scope="module")
def way(project_root: Path) -> dict[str, list[str]]:
    """A build to HTML in a process of its own, as nothing may be loaded before."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(project_root), os.environ.get("PYTHONPATH", "")])}
    words = [sys.executable, "-c", PROGRAM, str(project_root / "scripts")]
    run = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr
    found: dict[str, list[str]] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.mark.long
def test_a_build_climbs_seldom(rooms: ModuleType, way: dict[str, list[str]]) -> None:
    assert len(way["climbs"]) <= rooms.MOST_CLIMBS, way["climbs"]
    # there is work to be told of while it goes on, so that an empty list would be a fault of the counting
    assert "build.make._Listener.step" in way["climbs"]


def written_down(project_root: Path) -> list[str]:
    """The modules of the way of a build, as CONTRIBUTING.md lists them."""
    text = (project_root / "CONTRIBUTING.md").read_text("utf-8")
    section = text[text.index("## The way of a build") :].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line[:1].isdigit()]
    return [line.split("`")[1].removesuffix(".py").replace("/", ".") for line in lines]


@pytest.mark.long
def test_the_way_of_a_build_is_the_one_that_is_written_down(project_root: Path, way: dict[str, list[str]]) -> None:
    listed = written_down(project_root)
    assert len(listed) > 8
    assert [each for each in way["called"] if each in listed] == listed


HELPERS = {
    "cli.__init__": "finds the command",
    "cli.options": "what commands have in common",
    "build.page": "settings of a page as options",
    "build.ledger": "where the memory writes",
    "build.watched": "what was read, for the memory",
    "build.planned_steps": "names in a talk file that no step has",
    "build.checking": "findings that a build tells",
    "recording.run.formulas": "formulas that are kept",
    "recording.run.formulas_ahead": "formulas that will be asked for",
    "recording.run.sources": "what LaTeX read",
    "recording.run.resolution": "pixels and frames a second",
    "recording.run.listener": "what a recording tells, each once",
    "recording.run.glyphs": "characters without a glyph",
    "recording.run.texts": "texts of a step",
    "recording.run.photographs": "pictures that stay as they came",
    "recording.run.film": "steps that cannot be drawn",
    "recording.run.pending_steps": "steps whose frames are still drawn",
    "recording.run.painted": "cameras that paint in a way of their own",
    "recording.run.faces": "faces of solids",
    "recording.run.drawn_rows": "mobjects that are drawn frame after frame",
    "recording.run.cut_paths": "sub-paths of what is drawn",
    "recording.run.rests": "texts between two plays",
    "recording.run.drawing_time": "how long a browser takes for a frame",
    "recording.run.cues": "captions and sounds",
    "export.html.built": "the player, put together",
    "export.html.variants": "other values of knobs",
    "export.html.notes": "notes as HTML, where there are any",
    "export.html.markdown": "notes as HTML",
    "export.html.sums": "what the page checks of its parts",
}
"""Modules of a build's own rooms that it goes through without being a stage of it, and what for."""

OWN_ROOMS = ("cli.", "build.", "recording.run.", "export.html.")


@pytest.mark.long
def test_nothing_of_the_way_is_left_unsaid(project_root: Path, way: dict[str, list[str]]) -> None:
    called = {each for each in way["called"] if each.startswith(OWN_ROOMS)}
    told = {each for each in written_down(project_root) if each.startswith(OWN_ROOMS)}
    assert sorted(called - told - HELPERS.keys()) == [], "list it in CONTRIBUTING.md, or above"
    assert sorted(HELPERS.keys() - called) == []
    assert not told & HELPERS.keys()
