"""`build --profile`: where the time went."""

import json
import math
import os
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner
from fake_latex import fake_latex

from astrai_slides.base import inputs, phases
from astrai_slides.base.forks import FORKS
from astrai_slides.cli import main

pytestmark = pytest.mark.long

OWN = 0.2
"""Seconds of processor time that the deck's own code takes in its second step."""

DECK = f"""
import time
from manim import Circle, Create, MathTex, Square, Text
from manim_slides import Slide

class Slow(Slide):
    def construct(self):
        self.play(Create(Text("words that are set in the first step")), run_time=3)
        self.next_slide()
        until = time.thread_time() + {OWN}
        while time.thread_time() < until:
            pass
        self.play(Create(Circle()), run_time=0.2)
        self.next_slide()
        MathTex("a + b")
        self.play(Create(Square()), run_time=0.2)
"""
COMMAND = ["-q", "build", "deck.py", "--quality", "l", "--to", "html", "--workers", "2"]


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    fake_latex(tmp_path / "bin", monkeypatch)
    path = tmp_path / "deck.py"
    path.write_text(DECK, encoding="utf-8")
    return path


def built(*more: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, [*COMMAND, *more])
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def taken(parts: list[dict[str, Any]], name: str) -> float:
    return sum(float(each["processor"] + each["elsewhere"]) for each in parts if each["phase"] == name)


@pytest.mark.usefixtures("deck")
def test_each_kind_of_work_lands_in_its_row_and_the_sums_are_what_the_build_took() -> None:
    process = psutil.Process()
    before, began = process.cpu_times(), time.perf_counter()
    profile = built("--profile", "--json")["profile"]
    after, clock = process.cpu_times(), time.perf_counter() - began
    assert profile["recorded"] == ["Slow"]
    assert [(each["scene"], each["step"]) for each in profile["steps"]] == [
        *(("Slow", name) for name in ("1", "2", "3", "after the last step")),
        (None, None),
    ]
    first, second, third = (each["phases"] for each in profile["steps"][:3])
    assert taken(second, phases.DECK) >= OWN > taken(first, phases.DECK) + taken(third, phases.DECK)
    assert taken(first, phases.TEXTS) > 0 == taken(second, phases.TEXTS) == taken(third, phases.TEXTS)
    formulas = [taken(each, phases.FORMULAS) for each in (first, second, third)]
    assert formulas[2] > max(formulas[:2]) == 0
    if hasattr(os, "waitid"):
        assert sum(each["elsewhere"] for each in third if each["phase"] == phases.FORMULAS) > 0.01, "two programs ran"
    if FORKS:
        assert sum(each["elsewhere"] for each in first if each["phase"] == phases.COLLECTING) > 0
    for kind in (phases.PLAYING, phases.ANIMATING, phases.COLLECTING, phases.ENCODING, "writing html"):
        assert taken(profile["phases"], kind) > 0, kind
    in_all = sum(after[:4]) - sum(before[:4])  # of this process and its children
    sums = sum(taken([each], each["phase"]) for each in profile["phases"])
    assert sums + profile["threads"] + profile["other_processes"] == pytest.approx(profile["processor"], abs=1e-4)
    assert sum(each["clock"] for each in profile["phases"]) == pytest.approx(profile["clock"], abs=1e-4)
    steps = sum(taken([part], part["phase"]) for step in profile["steps"] for part in step["phases"])
    assert steps == pytest.approx(sums, abs=1e-4)
    assert profile["processor"] == pytest.approx(in_all, rel=0.15)
    assert profile["clock"] == pytest.approx(clock, rel=0.15)


@pytest.mark.usefixtures("deck")
def test_the_file_is_the_same_with_and_without_and_an_unchanged_build_says_that_nothing_was_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # modules that other tests left imported were written since this process began, which is told of each build anew
    monkeypatch.setattr(inputs, "_BEGAN", math.inf)
    plain = CliRunner().invoke(main, [*COMMAND, "--force"])
    assert plain.stderr == ""
    page = Path("Slow.html").read_bytes()
    result = CliRunner().invoke(main, [*COMMAND, "--force", "--profile"])
    assert result.stdout == plain.stdout == "Slow.html\n"
    assert Path("Slow.html").read_bytes() == page
    words = " ".join(result.stderr.split())
    for row in ("the deck's own code", "writing html", "sum", "100%", "By step", "after the last step"):
        assert row in words
    assert "Nothing was recorded" not in words
    result = CliRunner().invoke(main, [*COMMAND, "--profile"])
    assert result.stderr.startswith("Nothing was recorded: no file that the recording was made from has changed.")
    assert "By step" not in result.stderr


@pytest.mark.usefixtures("deck")
def test_what_a_failed_build_took_is_told_as_well(deck: Path) -> None:
    deck.write_text(DECK + "        raise ValueError('no such thing')\n", encoding="utf-8")
    result = CliRunner().invoke(main, [*COMMAND, "--profile", "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert "no such thing" in told["error"]
    assert taken(told["profile"]["phases"], phases.DECK) >= OWN
