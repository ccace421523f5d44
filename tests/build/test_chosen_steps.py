"""Steps by name, number and range, and what is built of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from moving import moving
from pypdf import PdfReader

from astrai_slides.build.chosen_steps import choose, only, suffix
from astrai_slides.cli import main
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import step_blobs

NAMES = ["request", "flow/static", "2", "a..b", "end"]

DECK = """
from manim import Circle, Create, Square
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        for kind in (Circle, Square):
            self.play(Create(kind()), run_time=0.2)
            self.next_slide(notes=f"# {kind.__name__} is there")
        self.wait(0.2)
"""


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (["end"], [4]),
        (["2"], [2]),  # a name goes before a number
        (["1"], [0]),
        (["5", "request", "request"], [0, 4]),
        (["flow/static..end"], [1, 2, 3, 4]),
        (["..flow/static"], [0, 1]),
        (["4.."], [3, 4]),
        (["a..b"], [3]),
        (["request .. 3"], [0, 1, 2]),
        (["..", "1"], [0, 1, 2, 3, 4]),
    ],
)
def test_steps_are_found(wanted: list[str], places: list[int]) -> None:
    assert choose(NAMES, wanted) == places


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("reqest", "did you mean 'request'?"),
        ("9", "by name or by number to 5; known here: request, flow/static, 2, a..b, end"),
        ("0", "no such step"),
        ("-1", "no such step"),
        ("\u00b2", "no such step"),
        ("1..nowhere", "--step 'nowhere': there is no such step"),
        ("1-3", "for a range write 1..3"),
        ("end..request", "'request' comes before 'end'; write request..end"),
    ],
)
def test_what_is_no_step_is_told_with_the_remedy(wanted: str, told: str) -> None:
    with pytest.raises(AstraiSlidesError) as caught:
        choose(NAMES, [wanted])
    assert told in str(caught.value)


def test_files_are_called_after_the_steps() -> None:
    assert suffix(["flow/static", "2..", "..end"]) == "flow-static-2-to-last-first-to-end"


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deck.py").write_text(DECK, encoding="utf-8")
    return tmp_path


def build(*more: str) -> list[str]:
    result = CliRunner().invoke(main, ["-q", "build", "deck.py", "Deck", "--quality", "l", *more])
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


@pytest.mark.usefixtures("deck")
def test_the_steps_alone_are_built_beside_the_whole_deck_and_nothing_is_recorded_again() -> None:
    (whole,) = build("--to", "pdf")
    old = Path(whole).read_bytes()
    result = CliRunner().invoke(
        main, ["build", "deck.py", "Deck", "--quality", "l", "--to", "pdf,png,notes", "--step", "2..3"]
    )
    assert "recording" not in result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "Deck-2-to-3.pdf",
        "Deck-2-to-3-png/index.json",
        "Deck-2-to-3.notes.md",
    ]
    reader = PdfReader("Deck-2-to-3.pdf")
    assert len(reader.pages) == 2
    names = [path.name for path in Path("Deck-2-to-3-png").iterdir()]
    assert sorted(names) == ["02-circle-is-there.png", "03-square-is-there.png", "index.json"]
    headings = [line for line in Path("Deck-2-to-3.notes.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings == ["## 1. Circle is there", "## 2. Square is there"]
    assert Path(whole).read_bytes() == old
    again = CliRunner().invoke(main, ["build", "deck.py", "Deck", "--quality", "l", "--to", "pdf", "--step", "2..3"])
    assert again.stdout.count("unchanged") == 1
    other = CliRunner().invoke(main, ["-q", "build", "deck.py", "Deck", "--quality", "l", "--to", "pdf", "--step", "1"])
    assert other.stdout == "Deck-1.pdf\n"
    assert build("--to", "pdf", "--step", "1", "--name", "mine") == ["mine.pdf"]
    assert Path("mine.pdf").read_bytes() == Path("Deck-1.pdf").read_bytes()


@pytest.mark.usefixtures("deck")
@pytest.mark.long
def test_a_video_holds_the_frames_of_its_steps_only(deck: Path) -> None:
    import av

    lengths = {}
    for steps in (["--step", "3"], []):
        (file,) = build("--to", "mp4", "--workers", "1", *steps)
        with av.open(file) as video:
            lengths[file] = sum(1 for _ in video.decode(video=0))
    assert lengths["Deck.mp4"] == 3 * lengths["Deck-3.mp4"] > 0


@pytest.mark.usefixtures("deck")
def test_an_unknown_step_fails_with_nothing_written() -> None:
    result = CliRunner().invoke(main, ["build", "deck.py", "Deck", "--quality", "l", "--to", "png", "--step", "ten"])
    assert result.exit_code == 1
    assert "astrai-slides: --step 'ten': there is no such step" in result.stderr
    assert [path.name for path in Path().iterdir() if path.name not in ("__pycache__", ".cache")] == ["deck.py"]
    for empty in ("", "..", " "):
        assert CliRunner().invoke(main, ["build", "deck.py", "--step", empty]).exit_code == 2


def test_a_step_that_was_below_another_stands_alone_and_only_its_pictures_come_with_it() -> None:
    made = moving()
    steps = tuple(replace(step, direction="vertical") for step in made.steps)
    chosen = only(replace(made, steps=steps), [1, 2])
    assert [step.direction for step in chosen.steps] == ["horizontal", "vertical"]
    assert made.blobs
    used = {name for step in made.steps[1:] for name in step_blobs(step)}
    assert set(chosen.blobs) == used
    assert only(made, [0]).blobs != only(made, [1]).blobs
