"""What is switched off, what is told once, and findings as text, JSON, annotations and a page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from moving import BACKGROUND, VIEW, frame, moving, square

from astrai_slides.check.checker import Checked, Off, check, of_plain, off_in_source, plain
from astrai_slides.check.finding import Breach, Finding, Severity
from astrai_slides.check.report import report, write_report
from astrai_slides.check.rules import heavy, too_small, typed_number
from astrai_slides.check.seen import DeckSeen
from astrai_slides.check.source import DeckSource
from astrai_slides.check.told import as_annotations, as_text, to_json
from astrai_slides.recording.format.model import (
    GRID,
    Blob,
    Paint,
    Recording,
    Rest,
    Step,
    Style,
    TextRun,
)

WHITE = Style(fill=Paint((0xFFFFFFFF,)))
DECK = b"""
from astrai_slides.deck.base import Deck

class Mine(Deck):
    def construct(self):
        self.step("one")
        self.add(Text("12"))  # check: off too-small it is a picture of a text
"""


def text(words: str, scale: float, x: float = 0.0) -> tuple[Step, Recording]:
    """A step that rests on a text whose letters are squares, `scale` units high."""
    glyphs = [square(x + n, 0, WHITE) for n, _ in enumerate(words.replace(" ", ""))]
    path = replace(glyphs[0].path, xy=(glyphs[0].path.points * scale).astype("<i4").tobytes())
    glyphs = [replace(each, path=path, source=n + 1) for n, each in enumerate(glyphs)]
    end = frame(*glyphs)
    run = TextRun(words, (0, 0, len(glyphs) * GRID, round(scale * GRID)), ((0, len(glyphs)),))
    step = Step("one", (end,), ((0, 5),), end, title="One", notes="# One", texts=(run,))
    return step, Recording("Mine", 30, 320, 180, BACKGROUND, (step,))


def test_a_formula_is_measured_by_half_of_its_letters() -> None:
    def found(scale: float) -> list[tuple[Severity, str]]:
        deck = DeckSeen(text(r"\frac{a}{b}", scale * VIEW.height / GRID / 8)[1])
        return [(breach.severity, breach.measured) for breach in too_small.find(deck.steps[0])]

    assert found(0.10) == [(Severity.ERROR, "its letters are 1.2% of the frame's height")]
    assert found(0.13) == [(Severity.WARNING, "its letters are 1.6% of the frame's height")]  # and nothing is larger
    assert found(0.15) == []


def test_a_text_that_the_camera_shows_closer_elsewhere_is_large_enough() -> None:
    step, recording = text("ABC", 0.12)
    near = replace(step.end, view=replace(VIEW, width=VIEW.width // 2, height=VIEW.height // 2))
    both = replace(recording, steps=(step, replace(step, name="two", end=near)))
    assert len([*too_small.find(DeckSeen(recording).steps[0])]) == 1
    assert [*too_small.find(DeckSeen(both).steps[0])] == []


def test_what_stays_is_told_once_and_again_where_it_changes() -> None:
    step, recording = text("ABC", 0.12)
    other, _ = text("ABC", 0.12, x=2.0)
    steps = (step, replace(step, name="two"), replace(other, name="three"))
    found = check(replace(recording, steps=steps)).findings
    assert [(each.step, each.place) for each in found if each.rule == "too-small"] == [("one", 0), ("three", 2)]


def test_a_number_in_a_deck_of_ours_is_found_but_for_years_and_names() -> None:
    source = DeckSource("deck.py", "Mine", DECK)
    for words, count in (("12", 1), ("13", 0)):
        deck = DeckSeen(text(words, 0.5)[1], source)
        assert len([*typed_number.find(deck.steps[0])]) == count
    for words in ("2024", "R12"):
        deck = DeckSeen(
            text(words, 0.5)[1], DeckSource("deck.py", "Mine", DECK.replace(b'"12"', f'"{words}"'.encode()))
        )
        assert [*typed_number.find(deck.steps[0])] == []
    plain_deck = DeckSource("deck.py", "Mine", DECK.replace(b"astrai_slides", b"manim_slides"))
    assert [*typed_number.find(DeckSeen(text("12", 0.5)[1], plain_deck).steps[0])] == []


@pytest.mark.parametrize(("count", "megabytes", "found"), [(30, 100, 0), (31, 1, 1), (1, 101, 1)])
def test_too_many_videos_and_megabytes_are_heavy(count: int, megabytes: int, found: int) -> None:
    recording = moving(2)
    steps = tuple(replace(recording.steps[0], name=str(n)) for n in range(count))
    blobs = {"a": Blob("a", "video/mp4", bytes(megabytes * 1_000_000))}
    deck = DeckSeen(replace(recording, steps=steps, blobs=blobs))
    assert len([breach for step in deck.steps for breach in heavy.find(step)]) == found


def test_what_could_not_be_looked_at_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    step, recording = text("ABC", 0.5)
    rests = tuple(Rest(at, step.texts if at % 2 else ()) for at in range(3))
    both = replace(recording, steps=(step, replace(step, name="two", rests=rests)))
    checked = check(both)
    assert of_plain(json.loads(json.dumps(plain(checked)))) == checked
    as_text([checked])
    said = "2 of the 3 moments at which its picture stands before its end were not looked at"
    (line,) = [each for each in capsys.readouterr().out.splitlines() if "not looked at" in each]
    assert line.startswith(f"  warning step 2, two: {said}: it has too many texts. ")
    assert json.loads(to_json([checked]))[0]["unseen"] == [{"step": "two", "number": 2, "rests": 3, "unseen": 2}]
    assert any(f"::{said}" in each for each in as_annotations([checked]))
    assert said in report([(checked, both)])
    assert check(recording).unseen == ()


def test_a_comment_switches_a_rule_off_in_its_step() -> None:
    _, recording = text("12", 0.1)
    source = DeckSource("deck.py", "Mine", DECK)
    off, faults = off_in_source(source, recording)
    assert (off, faults) == ([Off("too-small", "one", "it is a picture of a text", "deck.py, line 7")], [])
    checked = check(recording, source, off)
    assert "too-small" not in [each.rule for each in checked.findings]
    assert [(each.rule, switch.reason) for each, switch in checked.off] == [("too-small", "it is a picture of a text")]
    other = Off("flashing", "one", "it flashes", "here")
    assert check(recording, source, [*off, other]).unneeded == (other,)


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# check: off", "names no rule"),
        ("# check: off too-smal because", "there is no rule 'too-smal'; "),
        ("# check: off too-small", "says no reason"),
    ],
)
def test_a_faulty_comment_is_named(comment: str, said: str) -> None:
    content = DECK.replace(b"# check: off too-small it is a picture of a text", comment.encode())
    _, (breach,) = off_in_source(DeckSource("deck.py", "Mine", content), text("12", 0.1)[1])
    assert breach.startswith("deck.py, line 7: # check: off: ")
    assert said in breach


@pytest.fixture
def found() -> tuple[Checked, Recording]:
    recording = moving(4)
    error = Breach(Severity.ERROR, "“100 %, <b>: x” is small", "1 %", "2 %", "Mend it.", 0.1, (0, 0, GRID, GRID), "x")
    warning = Breach(Severity.WARNING, "It says nothing", "no notes", "notes", "Write them.")
    findings = (
        Finding("too-small", "one", 0, error, "deck.py", 7, (0.5, 0.4, 0.6, 0.5)),
        Finding("unsaid", "loop", 1, warning),
    )
    switch = Off("flashing", "camera", "it is slow there", "talk.toml: check.off, entry 1")
    steps = tuple((step.name, step.title) for step in recording.steps)
    return Checked("Moving", steps, findings, ((replace(findings[0], place=2), switch),), ()), recording


def test_what_was_found_comes_back_from_json(found: tuple[Checked, Recording]) -> None:
    assert of_plain(json.loads(json.dumps(plain(found[0])))) == found[0]


def test_findings_are_printed(found: tuple[Checked, Recording], capsys: pytest.CaptureFixture[str]) -> None:
    as_text([found[0]])
    said = capsys.readouterr().out
    assert said.startswith("Moving: 3 steps, 1 error, 1 warning\n  step 1, one  Step one\n")
    assert "error   too-small: at 0.1 s, “100 %, <b>: x” is small: 1 %; 2 %. Mend it.\n            deck.py:7\n" in said
    assert "off in one: too-small: it is slow there" in said


def test_findings_are_json_and_annotations(found: tuple[Checked, Recording]) -> None:
    (deck,) = json.loads(to_json([found[0]]))
    assert (deck["errors"], deck["warnings"], len(deck["off"])) == (1, 1, 1)
    assert deck["findings"][0] == {
        "rule": "too-small", "severity": "error", "step": "one", "number": 1, "seconds": 0.1, "text": "x",
        "what": "“100 %, <b>: x” is small", "measured": "1 %", "limit": "2 %", "remedy": "Mend it.",
        "file": "deck.py", "line": 7, "box": [0.5, 0.4, 0.6, 0.5],
    }  # fmt: skip
    assert [*as_annotations([found[0]])] == [
        "::error file=deck.py,line=7,title=too-small%2C step one::“100 %25, <b>: x” is small: 1 %25; 2 %25. Mend it.",
        "::warning title=unsaid%2C step loop::It says nothing: no notes; notes. Write them.",
    ]


def test_the_page_has_a_marked_picture_of_each(found: tuple[Checked, Recording], tmp_path: Path) -> None:
    page = report([found])
    assert page.count("<article") == page.count("<use ") == 2
    assert page.count("<rect ") == 1
    assert "<b>: x" not in page
    assert "http" not in page.replace("Content-Security-Policy", "").replace("http-equiv", "")
    assert page.count("data:image/png") == 2
    write_report([found], tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page
