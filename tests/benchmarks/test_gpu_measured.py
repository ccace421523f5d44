"""What was measured on an H200 and is kept: talks read it, and the README says of it what it says."""

import re
from pathlib import Path

import pytest

from astrai_slides.serving.measured_talk import MeasuredTalk
from astrai_slides.serving.measured_talk_text import read_all, talk_text
from astrai_slides.serving.sim import Options, Policy
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.measured import MeasuredRun
from astrai_slides.serving.sim.measured.reading import read_runs
from astrai_slides.serving.talk import ServingTalk
from astrai_slides.serving.words import en as words

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks/gpu"
KEPT = ("trace", "memoryless")
ROW = re.compile(r"\| (trace|memoryless)\b[^|]*\| ([\d,.]+) \| ([\d,.]+) \| ([\d.]+) \| ([\d.]+) \|")
"""A workload, static and continuous output tokens/s, and how many times they are, as measured and by turns."""


def kept(lengths: str) -> Path:
    return FOLDER / f"h200-astrai-{lengths}.json"


def turns(measured: MeasuredRun, policy: Policy) -> int:
    assert measured.requests
    return run([each.output_tokens for each in measured.requests], policy, Options(16)).turns


@pytest.mark.parametrize("lengths", KEPT)
def test_a_talk_compares_what_is_kept(lengths: str, tmp_path: Path) -> None:
    bars = "".join(
        f'[[throughput.run]]\nlabel = "{label}"\nfile = "{kept(lengths)}"\nrun = {number}\n'
        for number, label in ((1, "static"), (2, "continuous"))
    )
    toy = '[toy]\nslots = 2\nrequests = [{ prompt = 4, output = 2 }]\n[throughput]\nsource = "measured"\n'
    (tmp_path / "deck.py").write_text("class Deck: ...\n")
    (tmp_path / "talk.toml").write_text(f'scene = "deck.py:Deck"\ntitle = "t"\n{toy}{bars}')
    comparison = words.comparison(ServingTalk.load(tmp_path / "talk.toml").figures())
    assert comparison.kind == "measured"
    assert [bar.value for bar in comparison.bars] == [each.output_throughput for each in read_runs(kept(lengths))]
    assert "Measured with astrai-slides benchmarks/gpu: AstrAI 1b" in comparison.caption
    assert "NVIDIA H200, 2026-11-27" in comparison.caption


@pytest.mark.parametrize("lengths", KEPT)
def test_a_talk_is_made_of_what_is_kept_alone(lengths: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    named = read_all([kept(lengths)], FOLDER)
    talk = MeasuredTalk.from_text(FOLDER / "talk.toml", talk_text(named, "t"))
    assert [label for label, _ in talk.replays()] == ["static", "continuous"]


@pytest.mark.parametrize("lengths", KEPT)
def test_what_is_kept_is_whole_and_names_no_machine(lengths: str) -> None:
    runs = read_runs(kept(lengths))
    assert [each.strategy for each in runs] == ["static", "continuous"]
    assert [(each.completed, each.unfinished) for each in runs] == [(48, 0), (48, 0)]
    text = kept(lengths).read_text()
    assert not re.search(r"/(tmp|root|work)/|\.data|\.astrai", text)


def test_the_table_of_the_readme_is_what_the_files_hold() -> None:
    rows = ROW.findall((FOLDER / "README.md").read_text())
    expected = []
    for lengths in KEPT:
        static, continuous = read_runs(kept(lengths))
        rates = static.output_throughput, continuous.output_throughput
        assert rates[0]
        assert rates[1]
        by_turns = turns(static, Policy.STATIC) / turns(static, Policy.CONTINUOUS)
        expected.append(
            (lengths, f"{rates[0]:,.1f}", f"{rates[1]:,.1f}", f"{rates[1] / rates[0]:.2f}", f"{by_turns:.2f}")
        )
    assert rows == expected
