"""Recordings of the deck, each made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from astrai_slides.deck.base import Deck
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.file import deck_attributes, load_talk

QUICK = 2
"""Frames a second: what rests is the same at any rate."""


@dataclass(frozen=True)
class Recorded:
    """A recording, and how many seconds every step asked for, whatever the frame rate."""

    recording: Recording
    seconds: list[float]


@contextmanager
def timing() -> Iterator[list[float]]:
    seconds: list[float] = []
    asked: list[float] = []
    play, get_run_time = Deck.play, Deck.get_run_time

    def noted(self: Deck, animations) -> float:
        # Before manim lengthens it to a whole frame.
        asked.append(max(animation.run_time for animation in animations))
        return get_run_time(self, animations)

    def timed(self: Deck, *args, **kwargs) -> None:
        asked.clear()
        play(self, *args, **kwargs)
        seconds.extend([0.0] * (len(self.step_infos) - len(seconds)))
        seconds[-1] += asked[0]

    with (
        mock.patch.object(Deck, "get_run_time", noted),
        mock.patch.object(Deck, "play", timed),
        mock.patch.object(Deck, "whole_frames", lambda self, s: s),
    ):
        yield seconds


def record(project_root: Path, talk: Path | None = None) -> Recorded:
    deck = project_root / "slides" / "continuous_batching.py"
    with timing() as seconds:
        attributes = deck_attributes(load_talk(talk) if talk else None)
        recording = record_scene(deck, "ContinuousBatching", fps=QUICK, attributes=attributes)
    return Recorded(recording, seconds)


def written_talk(folder: Path, project_root: Path, body: str) -> Path:
    talk = folder / "talk.toml"
    scene = f"{project_root / 'slides' / 'continuous_batching.py'}:ContinuousBatching"
    talk.write_text(f'scene = "{scene}"\ntitle = "Continuous Batching"\n{body}')
    return talk


@pytest.fixture(scope="session")
def default_deck(project_root: Path) -> Recorded:
    return record(project_root, project_root / "presentations" / "continuous-batching.toml")


@pytest.fixture(scope="session")
def measured_deck(project_root: Path, tmp_path_factory) -> Recorded:
    """One tiny request, a measured flow, and measured bars whose number of slots nobody knows; in Klingon."""
    data = project_root / "tests" / "serving" / "data"
    body = f"""
speaker = "Ada Lovelace"
language = "tlh"
[toy]
slots = 1
requests = [{{ prompt = 4, output = 2 }}]
[flow]
replay = "{data / "vllm_detailed.json"}"
[throughput]
source = "table"
static = 812
continuous = 1934
measured_by = "our cluster team"
gpu = "1 x H100"
"""
    return record(project_root, written_talk(tmp_path_factory.mktemp("measured"), project_root, body))


@pytest.fixture(scope="session")
def divided_deck(project_root: Path, tmp_path_factory) -> Recorded:
    """Long steps divided, a toy scaled from a drawn workload, and bars of a workload of one's own."""
    body = """
substeps = true
[toy]
slots = 2
[toy.workload]
kind = "geometric"
requests = 500
mean = 60
[toy.pick]
requests = 4
longest_output = 4
[throughput]
source = "computed"
slots = 8
[throughput.workload]
kind = "uniform"
requests = 800
mean = 60
"""
    return record(project_root, written_talk(tmp_path_factory.mktemp("divided"), project_root, body))
