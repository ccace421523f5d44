"""How many requests a measurement asks for: as many as fit into its time, and what it says where none do."""

import itertools
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.gpu.__main__ import main, measure
from benchmarks.gpu.model import Row
from benchmarks.gpu.pace import FEWEST, WARM_UP, Pace, as_many_as_fit, try_out, warm_ups
from benchmarks.gpu.requests import memoryless
from benchmarks.gpu.serving import Clock, Job, Served, serve_continuous, serve_static

NEVER = float("inf")
TICK = 0.01
"""Seconds between two looks at the clock."""


class Timed:
    """An engine of a known pace, with a clock of its own."""

    def __init__(self, slots: int, turn: float, prompt: float) -> None:
        self.slots, self.longest = slots, 10_000
        self.now = 0.0
        self.asked: list[list[Row]] = []
        self._turn, self._prompt = turn, prompt

    def clock(self) -> float:
        return self.now

    def forward(self, rows: Sequence[Row]) -> list[int]:
        self.asked.append(list(rows))
        self.now += self._turn + self._prompt * sum(len(row.tokens) > 1 for row in rows)
        return [0] * len(rows)


def test_warming_up_computes_batches_of_every_size_more_than_twice() -> None:
    engine = Timed(5, 0.1, 0.0)
    jobs = [Job([1] * 9, 400)] * 5
    warm = warm_ups(jobs, 10_000)
    serve_continuous(engine, warm, engine.clock, NEVER)
    sizes = Counter(len(rows) for rows in engine.asked if all(len(row.tokens) == 1 for row in rows))
    assert sizes == dict.fromkeys(range(1, 6), WARM_UP)
    assert [len(job.prompt) for job in warm] == [9] * 5, "prompts as long as they are measured, where they fit"
    short = warm_ups(jobs, 12)
    assert all(0 < len(job.prompt) <= 12 - job.output < 12 for job in short), "what a slot holds is kept to"


def test_a_batch_that_is_tried_tells_the_pace() -> None:
    engine = Timed(4, 0.1, 0.02)
    jobs = [Job([1, 2], 300), Job([1, 2], 1), Job([1, 2], 5), Job([1, 2], 40)]
    pace = try_out(lambda some, clock, until: serve_static(engine, some, clock, until), jobs, engine.clock, NEVER)
    assert pace
    assert pace.turn == pytest.approx(0.1)
    assert pace.prompt == pytest.approx((0.1 + 4 * 0.02) / 4)
    assert len(engine.asked) == 8, "and takes but a few turns"
    late = engine.now + 0.2
    assert (
        try_out(lambda some, clock, until: serve_static(engine, some, clock, until), jobs, engine.clock, late) is None
    )


@pytest.mark.parametrize("seconds", [0.0, 60.0, 150.0, 300.0, 1e9])
def test_as_many_requests_are_asked_for_as_both_policies_answer(seconds: float) -> None:
    slots, jobs = 8, [Job([1, 2], 1 + 13 * number % 90) for number in range(203)]
    turn, prompt = 0.05, 0.01
    count = as_many_as_fit(Pace(turn, prompt), jobs, slots, seconds)
    assert count == len(jobs) or count % slots == 0, "whole batches"
    took = 0.0
    for serve in (serve_static, serve_continuous):
        engine = Timed(slots, turn, prompt)
        serve(engine, jobs[:count], engine.clock, NEVER)
        took += engine.now
    if seconds == 0:
        assert count == FEWEST * slots
    elif seconds == 1e9:
        assert count == len(jobs)
    else:
        assert 0.5 * seconds < took <= seconds


def test_fewer_requests_than_a_batch_are_all_asked_for() -> None:
    assert as_many_as_fit(Pace(1.0, 1.0), [Job([1], 2)] * 3, 8, 0.0) == 3


def run_main(folder: Path, *arguments: str) -> tuple[int, Path]:
    out = folder / "batching.json"
    small = ["--arrays", "numpy", "--size", "tiny", "--slots", "3", "--longest", "120", "--prompt", "9"]
    now = itertools.count(0.0, TICK)
    return main([*small, "--mean", "12", "--out", str(out), *arguments], lambda: next(now)), out


def test_fewer_requests_are_said_where_all_do_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run_main(tmp_path, "--lengths", "memoryless", "--requests", "400", "--seconds", "30")
    data = json.loads(out.read_text())
    assert code == 0, "what was asked of the engine was answered"
    static, continuous = data["runs"]
    count = static["completed"]
    assert 9 <= count < 400
    assert count % 3 == 0
    assert (static["given"], static["cut"]) == (continuous["given"], continuous["cut"]) == (count, False)
    assert continuous["completed"] == count
    note = f"{count} of 400 requests, as many as were expected to be answered in time: a batch that was tried took "
    assert any(each.startswith(note) for each in data["notes"])
    assert f"memoryless: {note}" in capsys.readouterr().err


def test_nothing_is_said_of_requests_that_all_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run_main(tmp_path, "--lengths", "memoryless", "--requests", "7")
    assert code == 0
    assert len(json.loads(out.read_text())["notes"]) == 1
    assert "expected" not in capsys.readouterr().err


def test_a_workload_that_is_missing_is_said_and_its_time_is_given_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = tmp_path / "trace.csv"
    lines = "".join(f"2024-05-12 00:00:0{second},5,110\n" for second in range(4))
    trace.write_text(f"TIMESTAMP,ContextTokens,GeneratedTokens\n{lines}")
    code, out = run_main(tmp_path, "--trace", str(trace), "--requests", "7", "--seconds", "8")
    said = capsys.readouterr().err
    assert code == 3
    assert "trace: static batching answered not one batch in the " in said
    assert "so it is missing; give more --seconds, fewer --slots or a smaller --size" in said
    assert not out.with_stem("batching-trace").exists()
    runs = json.loads(out.with_stem("batching-memoryless").read_text())["runs"]
    assert [each["cut"] for each in runs] == [False, False]


def test_time_that_a_missing_workload_leaves_goes_to_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0

    def gone(jobs: Sequence[Job], clock: Clock, until: float) -> Served:
        nonlocal now
        now += 1.0
        return Served((), len(jobs), 0.0, 0, 0, 0)

    asked = [memoryless(12, 9, 7, 120, 256, 0)] * 2
    found = measure({"static": gone, "continuous": gone}, asked, lambda: now, 10.0, 3)
    assert not found.runs
    assert found.missing == [
        f"memoryless: the first tokens of one batch were not answered in the {seconds} s that there were for it, so it"
        " is missing; give more --seconds, fewer --slots or a smaller --size"
        for seconds in ("5.0", "9.0")
    ]
    assert capsys.readouterr().err.splitlines() == found.missing
