"""Readers of measured results: what each tool says, failures counted, text dropped, broken files refused."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured import Labelled, MeasuredRun, MeasuredThroughputs, Tool, measured_throughputs
from astrai_slides.serving.sim.measured.reading import read_run, read_runs

_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(150))


RATES = ("output_throughput", "request_throughput", "total_token_throughput")
UNSAID = dict.fromkeys(("total_input_tokens", "total_output_tokens", "mean_ttft_ms", *RATES))


def faster(times: float) -> dict[str, float]:
    """The totals of the fixture if it had taken so many times less."""
    return {"duration": 2.0 / times} | dict(zip(RATES, (4.5 * times, 1.5 * times, 34.5 * times), strict=True))


def changed(serving_data: Path, folder: Path, name: str = "vllm_detailed.json", **values: Any) -> Path:
    """A copy of a fixture with other values; those that are None are left out."""
    data = json.loads((serving_data / name).read_text("utf-8")) | values
    path = folder / name
    path.write_text(json.dumps({key: value for key, value in data.items() if value is not None}), encoding="utf-8")
    return path


def test_vllm_detailed(serving_data: Path) -> None:
    run = read_run(serving_data / "vllm_detailed.json")
    assert (run.tool, run.model, run.gpu, run.date) == (Tool.VLLM, "Qwen/Qwen3-8B", "1 x H100", "2026-03-02")
    assert (run.output_throughput, run.request_throughput, run.duration) == (4.5, 1.5, 2.0)
    assert (run.completed, run.failed, run.concurrency) == (3, 1, 2)
    assert (run.input_tokens, run.output_tokens) == (60, 9)
    assert not run.all_at_once, "a cap on requests in flight holds most of them back"
    assert [request.output_tokens for request in run.requests] == [4, 3, 2], "in order of start, the failure kept out"
    assert [request.start for request in run.requests] == [0.0, 0.5, 1.5]
    first = run.requests[0]
    assert (first.prompt_tokens, first.first_token, first.end) == (20, 0.25, 1.0)
    assert first.token_times == (0.25, 0.5, 0.75, 1.0)


def test_vllm_old_summary(serving_data: Path) -> None:
    run = read_run(serving_data / "vllm_old_summary.json")
    assert (run.output_throughput, run.completed, run.failed, run.date) == (2000.0, 100, 0, "2024-06-14")
    assert run.all_at_once
    assert run.requests == ()


def test_vllm_request_timestamps_serve_as_starts(serving_data: Path, tmp_path: Path) -> None:
    stamps = [1767225600.5, 1767225600.0, 1767225600.25, 1767225601.5]
    run = read_run(changed(serving_data, tmp_path, start_times=None, request_timestamps=stamps))
    assert [request.start for request in run.requests] == [0.0, 0.5, 1.5]


def test_vllm_without_errors_knows_failures_by_their_missing_answer(serving_data: Path, tmp_path: Path) -> None:
    run = read_run(changed(serving_data, tmp_path, errors=None, failed=None))
    assert (len(run.requests), run.failed) == (3, 1)


def test_sglang_runs_are_told_apart(serving_data: Path) -> None:
    path = serving_data / "sglang.jsonl"
    summary, detailed = read_runs(path)
    assert (summary.output_throughput, summary.completed, summary.requests) == (100.0, 10, ())
    assert (detailed.tool, detailed.model) == (Tool.SGLANG, "meta-llama/Llama-3.1-8B")
    assert [request.start for request in detailed.requests] == [None, None]
    assert detailed.requests[0].token_times == (0.5, 1.0, 1.5)
    assert detailed.all_at_once
    assert read_run(path, 2) == detailed
    with pytest.raises(AstraiSlidesError, match="holds 2 runs; say which one, from 1 to 2"):
        read_run(path)
    with pytest.raises(AstraiSlidesError, match="has no run 3; it holds 2"):
        read_run(path, 3)


def test_guidellm(serving_data: Path) -> None:
    run = read_run(serving_data / "guidellm.json")
    assert (run.tool, run.model, run.gpu, run.date) == (Tool.GUIDELLM, "ibm/granite-8b", "A100", "2026-01-01")
    assert (run.output_throughput, run.request_throughput, run.duration) == (3.0, 0.2, 10.0)
    assert (run.completed, run.failed) == (2, 1)
    early, late = run.requests
    assert (early.start, early.first_token, early.end, early.output_tokens) == (0.0, 0.25, 2.0, 10)
    assert (late.start, late.first_token, late.end, late.output_tokens) == (0.5, 0.5, 2.5, 20)


def test_guidellm_before_timings(serving_data: Path) -> None:
    run = read_run(serving_data / "guidellm_old.json")
    assert (run.model, run.output_throughput, run.failed) == ("ibm/granite-2b", 8.0, 1)
    request = run.requests[0]
    assert (request.start, request.first_token, request.end) == (0.0, 0.5, 2.0)


def test_astrai_stats(serving_data: Path) -> None:
    run = read_run(serving_data / "astrai_stats.json")
    assert (run.tool, run.date, run.exact_starts) == (Tool.ASTRAI, "2026-01-01", False)
    assert (run.completed, run.failed) == (3, 1)
    assert [request.start for request in run.requests] == [0.0, 5.0, 20.0]
    assert [request.first_token for request in run.requests] == [0.25, 0.5, 0.05], "the wait lies within"
    # 201 tokens from second 0 to second 25, when the task of second 5 ends after 20.
    assert run.duration == 25.0
    assert run.output_throughput == pytest.approx(201 / 25)


def test_astrai_stats_of_a_moment_give_no_throughput(serving_data: Path, tmp_path: Path) -> None:
    data = json.loads((serving_data / "astrai_stats.json").read_text("utf-8"))
    path = changed(serving_data, tmp_path, "astrai_stats.json", recent_tasks=data["recent_tasks"][:1])
    run = read_run(path)
    assert run.output_throughput is None
    with pytest.raises(AstraiSlidesError, match=r"over so short a run its seconds are too coarse"):
        measured_throughputs([Labelled("a", run)])


@pytest.mark.parametrize("name", ["vllm_detailed.json", "sglang.jsonl", "guidellm.json", "guidellm_old.json"])
def test_what_was_generated_is_dropped(serving_data: Path, name: str) -> None:
    assert "private" in (serving_data / name).read_text("utf-8")
    for run in read_runs(serving_data / name):
        assert "private" not in repr(dataclasses.asdict(run))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; name a result of vLLM"),
        (b" \n\n", "is empty"),
        (b'{"a": 1,\n"b": [1, 2', r"line 2: not valid JSON: the file ends too early, copy it again"),
        (b'{"a": "tru', r"line 1: not valid JSON: the file ends too early"),
        (b'{"a": 1}\n{"b": nope}', r"line 1: no result of a known tool|line 2: not valid JSON"),
        (b'{"a": 1}', r"line 1: no result of a known tool \(keys: a\); known are vLLM"),
        (b"[1, 2]", "line 1: holds no JSON object"),
        (b"3\n", "line 1: holds no JSON object"),
        (b'{"caf\xe9": 1}', "line 1: not UTF-8"),
        (b"[" * 100_000, "line 1: not usable JSON: nested too deeply; name another file"),
        (b"1" * 5000, "line 1: not usable JSON: a number has too many digits"),
        (b'{"benchmarks": []}', "holds no run; run the benchmark again"),
        (b'{"benchmarks": [3]}', r"benchmarks\[1\]: must be an object; run the benchmark again"),
        (b'{"recent_tasks": {}}', "recent_tasks: must be a list; run the benchmark again"),
    ],
)
def test_a_file_that_is_no_result_is_one_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(AstraiSlidesError, match=message) as caught:
        read_runs(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"output_throughput": -1.0},
            "output_throughput: must be greater than or equal to 0, not -1.0; run the benchmark again",
        ),
        ({"output_throughput": True}, "output_throughput: must be a number, not true; run"),
        ({"completed": 2.5}, "completed: must be a whole number, not 2.5"),
        ({"ttfts": [0.5, 0.25]}, r"input_lens: has 4 entries, ttfts 2; the file is cut or edited"),
        ({"ttfts": [0.5, -0.25, 0.0, 0.25]}, r"ttfts\[2\]: must be greater than or equal to 0, not -0.25"),
        ({"ttfts": ["soon", 0.25, 0.0, 0.25]}, r'ttfts\[1\]: must be a number, not "soon"'),
        (
            {"itls": [[0.1], [1e12], [], []]},
            r"itls\[2\]\[1\]: must be less than or equal to 10000000, not 1000000000000",
        ),
        ({"itls": [[0.1], 5, [], []]}, r"itls\[2\]: must be a list, not 5"),
        (
            {"output_lens": [10**12, 4, 0, 2]},
            r"output_lens\[1\]: must be less than or equal to 10000000, not 1000000000000",
        ),
        ({"start_times": [float("inf"), 0.0, 0.0, 0.0]}, r"start_times\[1\]: must be a finite number, not Infinity"),
        ({"request_rate": 1e10}, "request_rate: must be less than or equal to 1000000000, not 10000000000"),
        ({"start_times": {"a": 1}}, r"start_times: must be a list; run the benchmark again"),
    ],
)
def test_absurd_values_name_their_key(serving_data: Path, tmp_path: Path, values: dict[str, Any], message: str) -> None:
    path = changed(serving_data, tmp_path, **values)
    with pytest.raises(AstraiSlidesError, match=message) as caught:
        read_run(path)
    assert str(caught.value).startswith(str(path))


def test_many_faults_are_told_of_in_a_few_lines(serving_data: Path, tmp_path: Path) -> None:
    keys = ("output_throughput", "request_throughput", "duration", "completed", "failed", "max_concurrency")
    values: dict[str, Any] = dict.fromkeys(keys, -1)
    with pytest.raises(AstraiSlidesError, match="1 more keys are wrong") as caught:
        read_run(changed(serving_data, tmp_path, **values))
    assert len(str(caught.value).splitlines()) == 6


def test_what_is_not_read_of_a_failed_request_may_be_anything(serving_data: Path, tmp_path: Path) -> None:
    data = json.loads((serving_data / "vllm_detailed.json").read_text("utf-8"))
    failed = data["output_lens"].index(0)
    data["input_lens"][failed], data["itls"][failed] = -1, "none"
    path = changed(serving_data, tmp_path, input_lens=data["input_lens"], itls=data["itls"])
    assert read_run(path) == dataclasses.replace(read_run(serving_data / "vllm_detailed.json"), file=path)


def test_not_a_number_is_as_absent_as_null(serving_data: Path, tmp_path: Path) -> None:
    run = read_run(changed(serving_data, tmp_path, output_throughput=float("nan"), completed="unknown"))
    assert (run.output_throughput, run.completed, len(run.requests)) == (None, None, 3)


def test_directory_missing_and_huge_files(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match="is a directory; name a JSON file in it"):
        read_runs(tmp_path)
    with pytest.raises(AstraiSlidesError, match="there is no such file"):
        read_runs(tmp_path / "none.json")


def test_a_file_beyond_the_limit_is_refused(
    serving_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = changed(serving_data, tmp_path)
    monkeypatch.setattr("astrai_slides.serving.sim.measured.reading.LARGEST_FILE", path.stat().st_size - 1)
    with pytest.raises(AstraiSlidesError, match=r"larger than .* bytes; run the benchmark with fewer requests"):
        read_runs(path)
    monkeypatch.setattr("astrai_slides.serving.sim.measured.reading.LARGEST_FILE", path.stat().st_size)
    assert len(read_runs(path)) == 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FIXTURES = ["vllm_detailed.json", "vllm_old_summary.json", "guidellm.json", "guidellm_old.json", "astrai_stats.json"]


@given(name=st.sampled_from(_FIXTURES), data=st.data())
@_FILES
def test_any_value_anywhere_is_read_or_refused(
    serving_data: Path, tmp_path: Path, name: str, data: st.DataObject
) -> None:
    tree = json.loads((serving_data / name).read_text("utf-8"))
    node = tree
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(node[key], (dict, list)) and node[key] and data.draw(st.booleans()):
            node = node[key]
            continue
        node[key] = data.draw(_JSON)
        break
    path = tmp_path / "fuzz.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    read_or_refused(path)


@given(name=st.sampled_from([*_FIXTURES, "sglang.jsonl"]), data=st.data())
@_FILES
def test_a_file_cut_anywhere_is_read_or_refused(
    serving_data: Path, tmp_path: Path, name: str, data: st.DataObject
) -> None:
    whole = (serving_data / name).read_bytes()
    end = data.draw(st.integers(0, len(whole.rstrip()) - 1))
    path = tmp_path / "fuzz.json"
    path.write_bytes(whole[:end])
    before = len(read_runs(serving_data / name))
    runs = read_or_refused(path)
    assert runs is None or len(runs) < before


@given(content=st.binary(max_size=200))
@_FILES
def test_any_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.json"
    path.write_bytes(content)
    assert read_or_refused(path) is None


def read_or_refused(path: Path) -> list[MeasuredRun] | None:
    try:
        return read_runs(path)
    except AstraiSlidesError as error:
        message = str(error)
    assert str(path) in message
    return None


def compared(*runs: MeasuredRun) -> MeasuredThroughputs:
    return measured_throughputs([Labelled(f"run {number}", run) for number, run in enumerate(runs, 1)])


def test_throughputs_of_two_files(serving_data: Path, tmp_path: Path) -> None:
    continuous = read_run(changed(serving_data, tmp_path, **faster(3)))
    figures = compared(read_run(serving_data / "vllm_detailed.json"), continuous)
    assert (figures.values, figures.speedup) == ((4.5, 13.5), 3.0)


def test_runs_that_differ_in_more_than_batching_are_not_compared(serving_data: Path, tmp_path: Path) -> None:
    static = read_run(serving_data / "vllm_detailed.json")
    for key, field in (("model_id", "model"), ("gpu", "gpu")):
        continuous = read_run(changed(serving_data, tmp_path, **{key: "another"}))
        with pytest.raises(AstraiSlidesError, match=f"was measured with {field} another"):
            compared(static, continuous)


def test_a_file_without_the_figure_is_refused(serving_data: Path, tmp_path: Path) -> None:
    run = read_run(changed(serving_data, tmp_path, output_throughput=None))
    with pytest.raises(AstraiSlidesError, match="holds no output_throughput of a completed request"):
        measured_throughputs([Labelled("a", run)])


def test_an_error_in_mid_answer_is_a_failure_whatever_came_before(serving_data: Path, tmp_path: Path) -> None:
    errors = ["", "Traceback: connection reset", "Traceback: connection reset", ""]
    run = read_run(changed(serving_data, tmp_path, errors=errors, completed=2, **UNSAID))
    assert [request.output_tokens for request in run.requests] == [3, 2]
    assert run.failed == 2
