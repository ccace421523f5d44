"""`astrai-slides build` of a deck with knobs, as typed: `--variant`, `--no-variants` and `--most-variants`."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from astrai_slides.cli import main
from astrai_slides.export.registry import FORMATS

DECK = """
from manim import Dot, FadeIn, Text
from astrai_slides.deck.base import Deck

class Rooms(Deck):
    def construct(self):
        self.step("title", notes=f"It is called {self.talk.title}.")
        self.play(FadeIn(Text(self.talk.title)), run_time=0.1)
        self.step("dots")
        self.play(FadeIn(Dot(radius=self.knob("radius", 1, [1, 2]))), run_time=0.1)
"""
TALK = 'scene = "rooms.py:Rooms"\ntitle = "{}"\n[explore]\ntitle = ["Large", "Small"]\n'


@pytest.fixture(autouse=True)
def _deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rooms.py").write_text(DECK, "utf-8")
    Path("rooms.toml").write_text(TALK.format("Large"), "utf-8")
    Path("edited.toml").write_text(TALK.format("Small"), "utf-8")


def build(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["-q", "build", "rooms.toml", "--quality", "l", *arguments])


def written(folder: str) -> dict[str, bytes]:
    """What is in each file of a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()
    }


@pytest.mark.long
@pytest.mark.parametrize("kind", FORMATS)
def test_another_variant_is_built_in_every_format_as_one_edited_by_hand(kind: str) -> None:
    one = ["--to", kind, "--no-variants", "--name", "edited"]
    done = build("--variant", "title=Small", "--variant", "radius=2", *one, "--out", "varied")
    assert done.exit_code == 0, done.output
    assert build(*one, "--out", "default").exit_code == 0
    Path("rooms.py").write_text(DECK.replace('"radius", 1', '"radius", 2'), "utf-8")
    by_hand = ["-q", "build", "edited.toml", "--quality", "l", *one, "--out", "by-hand"]
    assert CliRunner().invoke(main, by_hand).exit_code == 0
    varied = written("varied")
    assert varied == written("by-hand")
    assert varied != written("default")
    if kind == "notes":
        assert "It is called Small." in varied["edited.notes.md"].decode()


@pytest.mark.long
def test_json_names_the_knobs_that_can_be_turned_in_a_file() -> None:
    both = json.loads(build("--to", "html,pdf", "--json").stdout)["files"]
    assert [each.get("knobs") for each in both] == [{"title": ["Large", "Small"], "radius": ["1", "2"]}, None]
    [without] = json.loads(build("--to", "html", "--json", "--no-variants").stdout)["files"]
    assert "knobs" not in without
    assert without["size"] < both[0]["size"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--variant", "title"], "--variant is a knob and its value, as slots=4, not 'title'"),
        (["--variant", "=Small"], "--variant is a knob and its value, as slots=4, not '=Small'"),
        (["--variant", "title=Small", "--variant", "title=Large"], "--variant title is given twice; give one value"),
        (["--variant", "titel=Small"], "--variant titel: there is no such knob; did you mean 'title'"),
        (["--variant", "title=Smal"], "knob 'title' has no value 'Smal'; did you mean 'Small'"),
        (["--variant", "speed=3"], "--variant speed: there is no such knob; known here: title, radius"),
        (["--variant", "radius=7"], "knob 'radius' has no value '7'; known here: 1, 2"),
        (["--to", "html", "--most-variants", "3"], "step 'dots' has 4 variants (2 of 'title' x 2 of 'radius'), and 3"),
        (["--most-variants", "0"], "'--most-variants'"),
    ],
)
def test_what_cannot_be_is_told_and_not_written(arguments: list[str], message: str) -> None:
    result = build(*arguments)
    assert result.exit_code != 0
    assert message in re.sub(r"\s+", " ", result.output)
    there = {path.name for path in Path().iterdir()} - {".cache"}
    assert there == {"edited.toml", "rooms.py", "rooms.toml"}
