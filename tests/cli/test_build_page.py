"""`--title`, `--html` and `--css` of `astrai-slides build`, and `[html]` of a talk file: what is built from them."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from astrai_slides.cli import main

pytestmark = pytest.mark.long

DECK = """
from manim import Square
from manim_slides import Slide

class Small(Slide):
    def construct(self):
        self.add(Square())
        self.wait(0.2)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose recording all tests share."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "presentations").mkdir()
    (folder / "slides").mkdir()
    (folder / "slides" / "small.py").write_text(DECK, "utf-8")
    (folder / "my.css").write_text("/* of the root */ a {}", "utf-8")
    return folder


@pytest.fixture(autouse=True)
def inside(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(project / "cache"))
    (project / "presentations" / "own.toml").write_text('scene = "slides/small.py:Small"\n', "utf-8")


def build(*options: str, target: str = "slides/small.py", to: str = "html") -> Result:
    return CliRunner().invoke(main, ["build", target, "--to", to, "--quality", "l", *options])


def page(name: str = "Small.html") -> str:
    return Path(name).read_text("utf-8")


def settings(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="settings">(.*?)</script>', text)
    assert found
    told = dict(json.loads(found[1]))
    assert len(told.pop("plan")) == 1, "a time for each step"
    return told


def own_css(text: str) -> str | None:
    found = re.search(r'<style id="css-own">(.*?)</style>', text, re.DOTALL)
    return found and found[1]


def test_a_deck_without_a_talk_file_is_called_what_title_says() -> None:
    assert build("--title", "A <better> name").exit_code == 0
    assert "<title>A &lt;better&gt; name</title>" in page()
    assert build().exit_code == 0
    assert "<title>Small</title>" in page()


def test_a_talk_that_has_a_title_is_not_called_otherwise() -> None:
    result = build("--title", "Another", target="own")
    assert result.exit_code == 1
    assert re.search(r"set title in .*presentations.own\.toml$", result.output.strip())


def test_keys_of_the_command_line_are_in_the_page_and_a_build_with_others_is_another() -> None:
    assert build("--html", "controls=true", "--html", "auto_slide=2").exit_code == 0
    assert settings(page()) == {
        "slide_number": "c/t", "progress": True, "controls": True, "loop": False, "auto_slide": 2, "background": ""
    }  # fmt: skip
    assert "unchanged" in build("--html", "controls=true", "--html", "auto_slide=2").output
    assert "unchanged" not in build("--html", "controls=true", "--html", "auto_slide=3").output
    assert settings(page())["auto_slide"] == 3


def test_the_background_is_also_that_of_what_surrounds_the_canvas() -> None:
    assert build("--html", "background=white").exit_code == 0
    assert "--background: #ffffff; --ink: #000;" in page()


@pytest.mark.parametrize("options", [["--css", "other.css"], ["--html", "css=other.css"]])
def test_an_edited_style_sheet_is_seen_and_nothing_is_recorded_for_it(options: list[str]) -> None:
    sheet = Path("other.css")
    sheet.write_text("a { color: red }", "utf-8")
    assert build(*options).exit_code == 0
    assert own_css(page()) == "a { color: red }"
    assert "font-src data:" in html.unescape(page())
    assert "unchanged" in build(*options).output
    sheet.write_text("a { color: blue }", "utf-8")
    recordings = {path.stat().st_mtime_ns for path in Path("cache").glob("*.astrai")}
    result = build(*options)
    assert result.exit_code == 0
    assert "unchanged" not in result.output
    assert own_css(page()) == "a { color: blue }"
    assert {path.stat().st_mtime_ns for path in Path("cache").glob("*.astrai")} == recordings


def test_a_picture_of_a_style_sheet_is_an_input_too() -> None:
    Path("other.css").write_text("a { background: url(dot.svg) }", "utf-8")
    Path("dot.svg").write_text("<svg/>", "utf-8")
    assert build("--css", "other.css").exit_code == 0
    before = page()
    Path("dot.svg").write_text("<svg></svg>", "utf-8")
    assert build("--css", "other.css").exit_code == 0
    assert page() != before


def test_a_talk_file_says_the_same_and_the_command_line_goes_before_it() -> None:
    talk = Path("presentations/own.toml")
    talk.write_text(talk.read_text("utf-8") + '[html]\nloop = true\nslide_number = "c"\ncss = "my.css"\n', "utf-8")
    assert build(target="own").exit_code == 0
    text = page("presentations/own.html")
    assert (settings(text)["loop"], settings(text)["slide_number"]) == (True, "c")
    assert own_css(text) == "/* of the root */ a {}"
    Path("presentations/my.css").write_text("/* beside */ a {}", "utf-8")
    assert build("--html", "loop=false", target="own").exit_code == 0
    text = page("presentations/own.html")
    Path("presentations/my.css").unlink()
    assert (settings(text)["loop"], settings(text)["slide_number"]) == (False, "c")
    assert own_css(text) == "/* beside */ a {}"


def test_a_fault_of_a_talks_style_sheet_names_talk_key_file_and_line() -> None:
    Path("bad.css").write_text("a {}\n@import 'b.css';", "utf-8")
    talk = Path("presentations/own.toml")
    talk.write_text(talk.read_text("utf-8") + '[html]\ncss = "bad.css"\n', "utf-8")
    result = build(target="own")
    assert result.exit_code == 1
    assert re.search(r"presentations.own\.toml: html\.css: .*bad\.css, line 2: @import; put", result.output)


@pytest.mark.parametrize(
    ("options", "to", "told"),
    [
        (["--html", "shuffle=true"], "html", "--html shuffle: unknown key; known here"),
        (["--html", "auto_slide=5000"], "html", "must be less than or equal to 3600"),
        (["--html", "loop"], "html", "write KEY=VALUE"),
        (["--html", "loop=true"], "pdf", "--html is for HTML, which --to does not name"),
        (["--css", "my.css"], "pdf", "--css is for HTML, which --to does not name"),
        (["--css", "my.css", "--html", "css=my.css"], "html", "the same; give one of them"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_done(options: list[str], to: str, told: str) -> None:
    result = build(*options, to=to)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
