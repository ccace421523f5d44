"""What stages of a build are expected to take."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from astrai_slides.base.forecast import DRAWING, RECORDING, JobProgress, Pace, writing
from astrai_slides.base.progress import Advance, SilentProgress
from astrai_slides.build.memory import Memory


class Watched(SilentProgress):
    def __init__(self) -> None:
        self.seen: list[object] = []

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        self.seen.append((name, total))
        with super().stage(name, total) as advance:
            yield advance

    def expect(self, stages: Mapping[str, float]) -> None:
        self.seen.append(dict(stages))

    def leave_out(self, stages: Iterable[str]) -> None:
        self.seen.append(list(stages))

    def say(self, line: str) -> None:
        self.seen.append(line)


def test_what_was_never_built_takes_as_long_as_its_motion_suggests() -> None:
    short, long = Pace(motion=10), Pace(motion=40)
    for stage in (RECORDING, DRAWING, writing("html")):
        assert long.expected(stage) == pytest.approx(4 * short.expected(stage))
        assert Pace().expected(stage) > 0
    assert long.expected(DRAWING) > long.expected(RECORDING) > long.expected(writing("html"))


def test_what_was_built_takes_as_long_as_last_time() -> None:
    pace = Pace(motion=10, stages={RECORDING: 77.0})
    assert pace.expected(RECORDING) == 77
    assert pace.expected(DRAWING) == Pace(motion=10).expected(DRAWING)


def test_a_jobs_stages_bear_its_name_and_are_timed() -> None:
    watched = Watched()
    progress = JobProgress(watched, "a talk", Pace(stages={DRAWING: 5.0}))
    assert dict(progress.expected([DRAWING])) == {"a talk: drawing and encoding": 5.0}
    progress.expect({RECORDING: 3.0})
    with progress.stage(RECORDING, 2):
        pass
    progress.leave_out([DRAWING])
    progress.say("careful")
    assert watched.seen == [
        {"a talk: recording": 3.0},
        ("a talk: recording", 2),
        ["a talk: drawing and encoding"],
        "careful",
    ]
    assert 0 < progress.pace.stages[RECORDING] < 3
    assert progress.pace.stages[DRAWING] == 5


def test_a_stage_that_failed_tells_nothing_of_its_time() -> None:
    progress = JobProgress(SilentProgress(), "a talk", Pace())
    with pytest.raises(OSError, match="full"), progress.stage(RECORDING):
        raise OSError("full")
    assert progress.pace.stages == {}


def test_a_pace_is_remembered_and_a_damaged_one_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    key = "a" * 64
    assert memory.pace(key) == Pace()
    pace = Pace(12.5, {RECORDING: 3.0})
    memory.keep_pace(key, pace)
    assert memory.pace(key) == pace
    (entry,) = tmp_path.rglob(f"{key}.json")
    for damaged in ({"motion": "long", "stages": [1]}, {"stages": {RECORDING: "long"}}, [], "{"):
        entry.write_text(damaged if isinstance(damaged, str) else json.dumps(damaged))
        assert memory.pace(key) == Pace()
