"""docs/parts.md: every example is recorded as it stands, and nothing is found on it, whatever the theme and aspect.

`make test` takes one of three, `make wide` all.
"""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from astrai_slides.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
FEW_FRAMES = "[CLI]\nframe_rate = 5\npixel_width = 480\npixel_height = 270\n"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("parts_script", ROOT / "scripts" / "part_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PARTS = load()
EXAMPLES = PARTS.examples()
SOME = EXAMPLES[::3]
COMBINED = [(theme, aspect) for theme in PARTS.THEMES for aspect in PARTS.ASPECTS]


def nothing_is_found(
    folder: Path, theme: str, aspect: str, monkeypatch: pytest.MonkeyPatch, examples: list[Any] = EXAMPLES
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(folder / "cache"))
    Path("manim.cfg").write_text(FEW_FRAMES, "utf-8")
    PARTS.write_decks(folder, examples)
    talk = PARTS.write_talk(folder, examples, theme, aspect)
    result = CliRunner().invoke(main, ["-q", "check", talk.stem, "--strict"])
    assert result.exit_code == 0, result.output
    assert result.output.count("no finding") == len(examples), result.output


@pytest.mark.long
def test_some_examples_are_recorded_and_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_is_found(tmp_path, *COMBINED[0], monkeypatch, SOME)


@pytest.mark.wide
@pytest.mark.parametrize(("theme", "aspect"), COMBINED)
def test_nothing_is_found_in_any_theme_and_aspect(
    theme: str, aspect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_found(tmp_path, theme, aspect, monkeypatch)


@pytest.mark.wide
def test_the_page_of_pictures_has_one_of_each_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    few = [each for each in EXAMPLES if each.name in ("Points", "Photograph")]
    PARTS.draw(tmp_path / "out", few, ["light"], ["4:3"])
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    shown = re.findall(r'<img src="(light-4x3/[^"]+)" alt="([^"]+)"', page)
    assert [name.rpartition("/")[2] for name, _ in shown] == ["05-all.png", "06-picture.png"]
    assert "Rows of cells" in shown[1][1]
    assert all((tmp_path / "out" / name).is_file() for name, _ in shown)


def test_every_link_of_the_page_of_pictures_leads_somewhere(tmp_path: Path) -> None:
    page = PARTS.page(tmp_path, [], [])
    links = re.findall(r'href="([^"]*)"', page)
    inside = [each[1:] for each in links if each.startswith("#")]
    assert len(inside) == len(EXAMPLES)
    assert set(inside) <= set(re.findall(r'id="([^"]*)"', page))
    files = [each.partition("#")[0] for each in links if not each.startswith(("#", "https:"))]
    assert files
    assert all((tmp_path / each).is_file() for each in files)


def test_every_part_that_the_table_names_has_its_section_and_every_section_an_example() -> None:
    text = PARTS.PAGE.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.M)
    anchors = [re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert re.findall(r"^\| \[.+?\]\(#([a-z-]+)\)", text, re.M) == anchors
    assert [each.heading for each in EXAMPLES] == headings
    assert len({each.name for each in EXAMPLES}) == len(EXAMPLES)


def test_every_part_of_the_package_is_in_the_page() -> None:
    text = PARTS.PAGE.read_text("utf-8")
    modules = {path.stem for path in (ROOT / "astrai_slides" / "deck" / "parts").glob("*.py")} - {"__init__"}
    used_by_others = {"qr", "strip"}
    assert {name for name in modules if f"deck.parts.{name}`" not in text} == used_by_others
    taken = set(re.findall(r"^from astrai_slides\.deck\.parts\.(\w+) import", text, re.M))
    assert modules - taken == used_by_others
