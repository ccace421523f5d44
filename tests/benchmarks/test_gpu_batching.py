"""The measurement's engine in NumPy: same tokens however requests are batched, padding that costs, and its result."""

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.measured_talk import MeasuredTalk
from astrai_slides.serving.sim import Options, Policy
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.measured import Tool
from astrai_slides.serving.sim.measured.reading import read_run, read_runs
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.talk import ServingTalk
from astrai_slides.serving.words import en as words
from benchmarks.gpu.__main__ import main
from benchmarks.gpu.arrays import NumPyArrays
from benchmarks.gpu.model import SIZES, Model, Row
from benchmarks.gpu.serving import Job, serve_continuous, serve_static

SIZE = SIZES["tiny"]
LONGEST = 64
NEVER = float("inf")


def jobs(count: int) -> list[Job]:
    random = np.random.default_rng(5)
    return [
        Job(random.integers(0, SIZE.vocabulary, int(random.integers(1, 30))).tolist(), int(random.integers(1, 20)))
        for _ in range(count)
    ]


def model(slots: int) -> Model:
    return Model(NumPyArrays(3), SIZE, slots, LONGEST)


def ticks() -> Iterator[float]:
    return itertools.count(0.0, 1.0)


class Counted:
    """The tiny model, with what every forward was asked."""

    def __init__(self, slots: int) -> None:
        self._model = model(slots)
        self.slots, self.longest = slots, LONGEST
        self.asked: list[list[Row]] = []

    def forward(self, rows: Sequence[Row]) -> list[int]:
        self.asked.append(list(rows))
        return self._model.forward(rows)


def test_tokens_are_the_same_alone_in_a_static_batch_and_in_a_continuous_one() -> None:
    many = jobs(11)
    alone = [serve_continuous(model(1), [job], lambda: 0.0, NEVER).answers[0].tokens for job in many]
    assert len({token for tokens in alone for token in tokens}) > 20, "a model that repeats itself shows nothing"
    clock = ticks()
    for serve in (serve_static, serve_continuous):
        served = serve(model(4), many, lambda: next(clock), NEVER)
        assert [answer.tokens for answer in served.answers] == alone
        assert [answer.job for answer in served.answers] == many
        assert not served.cut


def test_a_forward_reads_what_its_slot_holds_and_nothing_else() -> None:
    job = Job(jobs(1)[0].prompt[:5], 50)
    whole = serve_continuous(model(1), [job], lambda: 0.0, NEVER).answers[0].tokens
    # the prompt and the answer so far, read at once, go on as they did one by one
    at_once = [model(1).forward([Row(0, 0, [*job.prompt, *whole[:count]])])[0] for count in range(len(whole))]
    assert at_once == whole
    read = [*job.prompt, *whole[:-1]]
    used = model(2)
    used.forward([Row(1, 0, [7, 7, 7]), Row(0, 0, [9] * LONGEST)])
    used.forward([Row(0, 0, read[:-1])])
    # beside a row that holds more, so that this one's places are padded
    _, token = used.forward([Row(1, LONGEST - 1, [7]), Row(0, len(read) - 1, read[-1:])])
    assert token == whole[-1], "what an earlier request left in the slot is not seen"


def test_keys_are_cut_before_they_are_gathered() -> None:
    """A copy of all places of all slots, layer by layer, takes longer than what is computed with it."""
    longest, gathered = 4000, []

    class Watched(NumPyArrays):
        def attention(self, queries: object, keys: object, values: object, seen: object) -> object:
            gathered.extend((keys, values))
            return super().attention(queries, keys, values, seen)

    model = Model(Watched(), SIZE, 2, longest)
    model.forward([Row(0, 0, [1, 2, 3]), Row(1, 0, [4, 5])])
    gathered.clear()
    model.forward([Row(0, 3, [1]), Row(1, 2, [4])])
    assert gathered
    for array in gathered:
        # what a copy was cut from is what it refers to
        whole = array if array.base is None else array.base
        assert whole.shape[2] == 4


@pytest.mark.parametrize("slots", [1, 3, 16])
def test_both_policies_take_the_turns_that_the_simulator_counts(slots: int) -> None:
    many = jobs(11)
    outputs = [job.output for job in many]
    for policy, serve in ((Policy.STATIC, serve_static), (Policy.CONTINUOUS, serve_continuous)):
        counted = Counted(slots)
        served = serve(counted, many, lambda: 0.0, NEVER)
        assert served.turns == len(counted.asked) == run(outputs, policy, Options(slots)).turns
        assert served.rows == sum(map(len, counted.asked)) == sum(outputs) + served.padded
    assert served.padded == 0, "continuous batching computes no row of a request that ended"


def test_rows_of_ended_requests_are_computed_until_the_batch_ends() -> None:
    counted = Counted(2)
    served = serve_static(counted, [Job([1, 2], 1), Job([3], 4)], lambda: 0.0, NEVER)
    assert [len(rows) for rows in counted.asked] == [2, 2, 2, 2]
    assert [row.position for row in counted.asked[3]] == [4, 3]
    assert (served.rows, served.padded) == (8, 3)
    assert [len(answer.tokens) for answer in served.answers] == [1, 4]


def test_padding_stays_in_its_slot() -> None:
    full = Job([1] * (LONGEST - 1), 1)
    served = serve_static(model(2), [full, Job([3], 9)], lambda: 0.0, NEVER)
    assert [len(answer.tokens) for answer in served.answers] == [1, 9]


def measured(folder: Path, *arguments: str, clock: Iterator[float] | None = None) -> tuple[int, Path]:
    out = folder / "batching.json"
    small = ["--arrays", "numpy", "--size", "tiny", "--slots", "3", "--longest", "120", "--requests", "7"]
    small += ["--prompt", "9", "--mean", "12", "--out", str(out)]
    now = clock or itertools.count(0.0, 0.01)
    return main([*small, *arguments], lambda: next(now)), out


TRACE = "TIMESTAMP,ContextTokens,GeneratedTokens\n" + "".join(
    f"2024-05-12 00:00:0{second},{prompt},{output}\n"
    for second, (prompt, output) in enumerate([(5, 2), (900, 4), (7, 30), (11, 3), (6, 9), (4, 1)])
)


def test_the_result_is_what_a_talk_compares(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text(TRACE)
    code, _ = measured(tmp_path, "--trace", str(tmp_path / "trace.csv"))
    assert code == 0
    traced, out = tmp_path / "batching-trace.json", tmp_path / "batching-memoryless.json"
    runs = [run for file in (traced, out) for run in read_runs(file)]
    assert [each.strategy for each in runs] == ["static", "continuous"] * 2
    assert [each.completed for each in runs] == [5, 5, 7, 7]
    assert [each["left_out"] for each in json.loads(traced.read_text())["runs"]] == [1, 1], "900 tokens do not fit"
    talk = tmp_path / "talk.toml"
    bars = "".join(
        f'[[throughput.run]]\nlabel = "{label}"\nfile = "{out}"\nrun = {number}\n'
        for number, label in ((1, "static"), (2, "continuous"))
    )
    toy = '[toy]\nslots = 2\nrequests = [{ prompt = 4, output = 2 }]\n[throughput]\nsource = "measured"\n'
    (tmp_path / "deck.py").write_text("class Deck: ...\n")
    talk.write_text(f'scene = "deck.py:Deck"\ntitle = "t"\n{toy}{bars}')
    comparison = words.comparison(ServingTalk.load(talk).figures())
    assert comparison.kind == "measured"
    assert [bar.value for bar in comparison.bars] == [runs[2].output_throughput, runs[3].output_throughput]
    assert comparison.bars[1].value > comparison.bars[0].value
    assert "astrai-slides benchmarks/gpu: reference tiny, random weights, float64, 3 slots" in comparison.caption
    shown = replay(runs[3])
    assert shown.apart, "it tells waiting from prefill"
    assert (
        max(sum(span.prefill <= at < span.end for span in shown.spans) for at in (span.end for span in shown.spans))
        <= 3
    )


def test_time_that_runs_out_ends_the_run_with_what_was_measured(tmp_path: Path) -> None:
    code, out = measured(tmp_path, "--lengths", "memoryless", "--seconds", "1.9")
    data = json.loads(out.read_text())
    assert code == 3
    assert [each["batching"] for each in data["runs"]] == ["static", "continuous"]
    static, continuous = data["runs"]
    assert static["cut"]
    assert 0 < static["completed"] < static["given"] == 7
    assert static["completed"] % 3 == 0, "whole batches only"
    assert continuous["completed"] == static["completed"], "both answered the same"
    run = read_run(out, 1)
    assert run.unfinished == 7 - static["completed"]
    assert "still in flight" in words.run_figures(run)


def test_nothing_measured_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"not one batch was answered in 0 s.*more --seconds"):
        measured(tmp_path, "--lengths", "memoryless", "--seconds", "0")
    assert not (tmp_path / "batching.json").exists()
    with pytest.raises(AstraiSlidesError, match="none fits into 9 tokens; give more by --longest"):
        measured(tmp_path, "--lengths", "memoryless", "--longest", "9")


def test_a_result_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    _, out = measured(tmp_path, "--lengths", "memoryless")
    data = json.loads(out.read_text())
    data["runs"][1]["output_throughput"] *= 2
    out.write_text(json.dumps(data))
    with pytest.raises(AstraiSlidesError, match=r"runs\[2\]\.output_throughput: is .*, and output_tokens / duration"):
        read_runs(out)


def test_a_talk_on_the_result_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from astrai_slides.serving.measured_talk_text import read_all, talk_text

    monkeypatch.chdir(tmp_path)
    _, out = measured(tmp_path, "--lengths", "memoryless")
    named = read_all([out], tmp_path)
    assert [each.label for each in named] == ["static", "continuous"]
    talk = MeasuredTalk.from_text(tmp_path / "talk.toml", talk_text(named, "t"))
    assert [label for label, _ in talk.replays()] == ["static", "continuous"]
    assert {each.tool for each in talk.runs()} == {Tool.REFERENCE}
