"""The deck of measured runs, recorded at a few frames a second: its steps, and what is on screen at rest."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from measured_files import astrai, guidellm, vllm, written

from astrai_slides.check.checker import check
from astrai_slides.check.registry import RULES
from astrai_slides.look.theme import LONGEST_MOTION
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.run.record import record_scene
from astrai_slides.serving.talk_command import talk
from astrai_slides.talk.file import deck_attributes, load_talk

pytestmark = pytest.mark.long

QUICK = 2
"""Frames a second."""
SETS = {
    "vllm": {"run.json": vllm(4, 4)},
    "astrai": {"run.json": astrai(2, 30)},
    "guidellm": {"run.json": guidellm(3)},
    "sweep": {f"at-{rate}.json": vllm(rate, 4) for rate in (1, 2, 4, 8)},
    "two": {
        "static.json": vllm("inf", 2, max_concurrency=8),
        "continuous.json": vllm("inf", 6, max_concurrency=8, failed=2),
    },
}

IN_TEST = {"vllm", "sweep"}
"""One run with its replay, and runs beside each other; the others in `make wide`."""


@pytest.fixture(
    scope="session", params=[each if each in IN_TEST else pytest.param(each, marks=pytest.mark.wide) for each in SETS]
)
def measured(request, tmp_path_factory) -> tuple[str, Recording]:
    folder = tmp_path_factory.mktemp(request.param)
    files = [written(folder, name, data) for name, data in SETS[request.param].items()]
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        assert CliRunner().invoke(talk, [*map(str, files), "--name", "own"]).exit_code == 0
        own = load_talk(Path("own.toml"))
        (file, name), *_ = own.scenes
        return request.param, record_scene(file, name, fps=QUICK, attributes=deck_attributes(own))


def test_steps_and_what_they_say(measured: tuple[str, Recording]) -> None:
    name, recording = measured
    steps: dict[str, Step] = {step.name: step for step in recording.steps}
    last = "sweep" if name == "sweep" else "throughput"
    replays = ["replay/1", "replay/2"] if name == "two" else ["replay"]
    assert list(steps) == ["title", *replays, last]
    assert recording.warnings == ()
    assert all(step.notes.strip().startswith("# ") for step in steps.values())
    said = {step: " ".join(run.text for run in steps[step].texts) for step in steps}
    assert f"requests in flight, of all {30 if name == 'astrai' else 12} with times" in said[replays[0]]
    if name == "two":
        assert "2 failed kept out" in said["throughput"]
        assert steps["replay/1"].title == "Static, as measured"
        assert "at most 8 requests in flight" in said["throughput"]
    elif name == "sweep":
        assert all(f"{rate} requests/s" in said["sweep"] for rate in (2, 4, 8))
        assert "sent at 1, 2, 4 and 8 requests/s" in said["sweep"]
        assert "| 1 request/s |" in steps["sweep"].notes
    else:
        assert steps["throughput"].title == "Throughput"
        assert "mean latency of a whole request" in said["title"]
    assert ("waiting prefill" in said[replays[0]]) == (name == "astrai")
    if name == "guidellm":
        assert "strategy constant at 2 requests/s" in said["throughput"]


def test_nothing_is_found_that_an_audience_could_not_read(measured: tuple[str, Recording]) -> None:
    checked = check(measured[1], rules=set(RULES) - {"moves-too-long", "flashing", "crossing-texts"})
    assert [finding.sentence for finding in checked.findings] == []
    for step in measured[1].steps:
        assert sum(length for _, length in step.runs) / QUICK <= LONGEST_MOTION + 1, step.name
