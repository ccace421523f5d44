"""Readers of further tools, on own-made files of the shapes that public repositories hold."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from measured_files import (
    AIPERF,
    LIFECYCLE,
    LLMPERF,
    OFFLINE,
    SGLANG_2024,
    SUMMARY,
    aiperf_records,
    guidellm,
    guidellm_table,
    requests,
    served,
    vllm,
    written,
)

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured import Labelled, Tool, measured_throughputs
from astrai_slides.serving.sim.measured.reading import read_run, read_runs
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.sim.traces import read_trace
from astrai_slides.serving.sim.workload import TraceWorkload, load_workload
from astrai_slides.serving.sim.yaml_files import parse_yaml
from astrai_slides.serving.words import en as words


def lines(folder: Path, name: str, entries: list[Any]) -> Path:
    path = folder / name
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return path


def test_aiperf_s_requests_are_a_timeline(tmp_path: Path) -> None:
    run = read_run(lines(tmp_path, "profile_export.jsonl", aiperf_records()))
    times = requests(2, 3, 12)
    assert (run.tool, run.completed, run.failed) == (Tool.AIPERF, 12, 1)
    zero = times[0][0]
    assert [each.start for each in run.requests] == pytest.approx([sent - zero for sent, *_ in times])
    span = max(sent - zero + end for sent, *_, end in times)
    assert run.output_throughput == pytest.approx(sum(each[2] for each in times) / span)
    assert replay(run).total == 12


def test_aiperf_s_errors_are_counted_where_their_number_is_null(serving_data: Path, tmp_path: Path) -> None:
    data = json.loads((serving_data / "truth" / "06-aiperf-taken-for-vllm.json").read_text("utf-8"))
    data |= {
        "error_request_count": None,
        "error_summary": [{"count": 81}, {"count": 3}],
        "total_osl": {"avg": 79_777.0},
    }
    run = read_run(written(tmp_path, "export.json", data))
    assert (run.failed, run.output_tokens) == (84, 79_777)


def test_llmperf_s_responses(tmp_path: Path) -> None:
    good = {"error_code": None, "ttft_s": 0.1, "end_to_end_latency_s": 0.9, "number_output_tokens": 86}
    bad = {"error_code": 500, "error_msg": "x", "number_output_tokens": 0}
    run = read_run(written(tmp_path, "individual_responses.json", [good | {"number_input_tokens": 266}, bad, good]))
    assert (run.tool, run.completed, run.failed) == (Tool.LLMPERF, 2, 1)
    assert (run.input_tokens, run.output_tokens) == (266, 172)
    assert (run.latencies.first_token, run.latencies.latency) == (0.1, 0.9)
    assert run.output_throughput is None, "nobody knows when they were sent"


def test_llmservingsim_s_bench_tells_waiting_from_prefill(tmp_path: Path) -> None:
    later = served(queued_ts=27538.5, scheduled_ts=27538.5, first_token_ts=27539.0, last_token_ts=27542.5)
    run = read_run(lines(tmp_path, "requests.jsonl", [served(), later]))
    assert (run.tool, run.duration, run.output_throughput) == (Tool.LLMSERVINGSIM, 6.0, 14 / 6)
    shown = replay(run)
    assert shown.apart
    assert [(span.start, span.prefill, span.first_token, span.end) for span in shown.spans] == [
        (0.0, 0.5, 1.0, 4.0),
        (2.0, 2.0, 2.5, 6.0),
    ]
    with pytest.raises(AstraiSlidesError, match=r"\[2\].*contradict each other"):
        read_run(lines(tmp_path, "odd.jsonl", [served(), served(first_token_ts=27536.9)]))
    with pytest.raises(AstraiSlidesError, match=r"\[2\]: must be an object"):
        read_run(lines(tmp_path, "odd.jsonl", [served(), 3]))


def test_a_simulation_is_no_measurement(tmp_path: Path) -> None:
    path = tmp_path / "sim.csv"
    path.write_text("instance id,request id,model,input,output,arrival,end_time,latency,queuing_delay,TTFT,TPOT,ITL\n")
    with pytest.raises(AstraiSlidesError, match=r"was simulated by LLMServingSim, not measured; name the requests"):
        read_run(path)


def test_tensorrt_llm_s_summary(tmp_path: Path) -> None:
    path = tmp_path / "bench.log.gz"
    path.write_bytes(gzip.compress(SUMMARY.encode()))
    run = read_run(path)
    assert (run.tool, run.model, run.completed) == (Tool.TENSORRT_LLM, "meta-llama/Llama-3.1-8B-Instruct", 40)
    assert (run.output_throughput, run.request_throughput, run.total_throughput) == (512.0, 8.0, 1536.0)
    assert (run.duration, run.input_tokens, run.output_tokens) == (5.0, 5120, 2560)
    assert (run.latencies.latency, run.latencies.first_token, run.latencies.per_token) == (1.2, 0.15, 0.0165)
    (tmp_path / "odd.log").write_text(SUMMARY.replace("512.0000", "nan"))
    with pytest.raises(AstraiSlidesError, match=r"odd\.log, line 18: Total Output Throughput .* is no figure: nan"):
        read_run(tmp_path / "odd.log")
    for old, new in (("8.0000", "4.0000"), ("512.0000", "256.0000"), ("1536.0000", "512.0000")):
        (tmp_path / "odd.log").write_text(SUMMARY.replace(old, new))
        with pytest.raises(AstraiSlidesError, match=r"odd\.log: .* Throughput .*; the file was edited or cut: copy it"):
            read_run(tmp_path / "odd.log")
    (tmp_path / "odd.log").write_text(SUMMARY * 2)
    with pytest.raises(AstraiSlidesError, match="holds 2 summaries; save each in a file of its own"):
        read_run(tmp_path / "odd.log")


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 20)
)
MERGES = "m0: &m0 {x: 1}\n" + "".join(
    f"m{level}: &m{level} {{<<: [{', '.join([f'*m{level - 1}'] * 9)}]}}\n" for level in range(1, 20)
)


@pytest.mark.parametrize("content", [BOMB, MERGES], ids=["lists", "merges"])
def test_yaml_that_makes_much_of_little_is_refused_before_it_is_made(content: str, tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.yaml"
    path.write_text(f"{content}benchmarks: []\n", encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=r"benchmarks\.yaml, line \d+: aliases make more than [\d,]+ parts"):
        parse_yaml(path.read_text("utf-8"), path)


def test_yaml_that_holds_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"a\.yaml, line 2: \*all holds itself; write the report without"):
        parse_yaml("benchmarks: &all\n- *all\n", tmp_path / "a.yaml")


def test_yaml_may_say_a_thing_once_and_mean_it_twice(tmp_path: Path) -> None:
    content = "one: &one {a: [1, 2], b: &text x}\ntwo: *one\nthree: [*text, *one]\n"
    one = {"a": [1, 2], "b": "x"}
    wanted = {"one": one, "two": one, "three": ["x", one]}
    assert parse_yaml(content, tmp_path / "a.yaml") == wanted


def test_guidellm_s_yaml_is_as_its_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    path = tmp_path / "benchmarks.yaml"
    path.write_text(yaml.safe_dump(guidellm(2)), encoding="utf-8")
    run, same = read_run(path), read_run(written(tmp_path, "benchmarks.json", guidellm(2)))
    assert (run.completed, run.output_throughput, run.requests) == (12, 250.0, same.requests)
    path.write_text("benchmarks:\n- {")
    with pytest.raises(AstraiSlidesError, match=r"line 3: not valid YAML"):
        read_run(path)
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(AstraiSlidesError, match=r"needs PyYAML: pip install 'astrai-slides\[yaml\]', or let GuideLLM"):
        read_run(path)


@pytest.mark.parametrize(
    ("form", "content", "arrivals"),
    [
        (
            "bailian",
            '{"chat_id": 1, "parent_chat_id": -1, "timestamp": 61.5, "input_length": 5, "output_length": 2}\n'
            '{"chat_id": 2, "parent_chat_id": 1, "timestamp": 63.0, "input_length": 9, "output_length": 3}\n',
            [0.0, 1.5],
        ),
        (
            "mooncake",
            '{"timestamp": 500, "input_length": 5, "output_length": 2}\n'
            '{"timestamp": 2000, "input_length": 9, "output_length": 3}\n',
            [0.0, 1.5],
        ),
        (
            "splitwise",
            "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n"
            "0,2,0,1,1,5,2\n1,2,0,2.5,1,9,3\n",
            [0.0, 1.5],
        ),
        (
            "llmservingsim",
            '{"input_toks": 5, "output_toks": 2, "arrival_time_ns": 500000000}\n'
            '{"input_toks": 9, "output_toks": 3, "arrival_time_ns": 2000000000}\n',
            [0.0, 1.5],
        ),
    ],
)
def test_traces_are_told_apart_by_content(tmp_path: Path, form: str, content: str, arrivals: list[float]) -> None:
    path = tmp_path / "trace.txt"
    path.write_text(content)
    rows, origin = read_trace(path)
    assert (origin.form, list(rows.prompt_tokens), list(rows.output_tokens)) == (form, [5, 9], [2, 3])
    assert list(rows.arrivals) == pytest.approx(arrivals)
    assert len(load_workload(TraceWorkload(kind="trace", file=str(path)), Path)) == 2


def test_sglang_of_2024_has_the_rates_that_its_counts_give(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, "old.jsonl", SGLANG_2024))
    assert run.tool is Tool.SGLANG
    assert (run.output_throughput, run.request_throughput, run.total_throughput) == (100.0, 2.0, 500.0)
    assert run.latencies.latency == 2.098
    bare = {key: value for key, value in SGLANG_2024.items() if key != "output_throughput"} | {"request_rate": "trace"}
    run = read_run(written(tmp_path, "bare.jsonl", bare))
    assert (run.output_throughput, run.request_rate) == (100.0, None)


@pytest.mark.parametrize(
    ("data", "keys", "against"),
    [
        (vllm(4, 3, 4), "output_throughput", "total_output_tokens / duration"),
        (vllm(4, 3, 4), "request_throughput", "completed / duration"),
        (vllm(4, 3, 4), "total_token_throughput", r"total_input_tokens \+ total_output_tokens / duration"),
        (vllm(4, 3, 4, output_throughput=None, total_token_throughput=None), "total_output_tokens", "output_lens"),
        (vllm(4, 3, 4, total_token_throughput=None), "total_input_tokens", "input_lens"),
        (vllm(4, 3, 4, request_throughput=None), "completed", "output_lens"),
        (vllm(4, 3, 4), "mean_ttft_ms", "ttfts"),
        (SGLANG_2024, "output_throughput", "total_output_tokens / duration"),
        (AIPERF, "request_throughput.avg", "request_count / benchmark_duration"),
        (AIPERF, "output_token_throughput.avg", "total_osl / benchmark_duration"),
        (AIPERF, "total_token_throughput.avg", r"total_isl \+ total_osl / benchmark_duration"),
        (AIPERF, "output_sequence_length.avg", "request_throughput x output_sequence_length"),
        (LIFECYCLE, "successes.throughput.output_tokens_per_sec", "requests_per_sec x output_len.mean"),
        (
            LIFECYCLE,
            "successes.throughput.total_tokens_per_sec",
            r"requests_per_sec x \(prompt_len.mean \+ output_len.mean\)",
        ),
        (LLMPERF, "results_mean_output_throughput_token_per_s", "results_num_completed_requests_per_min / 60 x"),
        (OFFLINE, "requests_per_second", "num_requests / elapsed_time"),
        (OFFLINE, "tokens_per_second", "total_num_tokens / elapsed_time"),
    ],
)
@pytest.mark.parametrize("times", [3.0, 0.4])
def test_a_total_that_the_file_s_others_contradict_is_refused(
    tmp_path: Path, data: dict[str, Any], keys: str, against: str, times: float
) -> None:
    data = json.loads(json.dumps(data))
    assert read_run(written(tmp_path, "whole.json", data))
    *parents, key = keys.split(".")
    place = data
    for parent in parents:
        place = place[parent]
    kind = type(place[key])
    place[key] = kind(place[key] * times)
    with pytest.raises(AstraiSlidesError, match=rf"edited\.json: .*{against} .*; the file was edited or cut: copy it"):
        read_run(written(tmp_path, "edited.json", data))


def test_runs_that_answered_requests_of_other_lengths_are_said_to(tmp_path: Path) -> None:
    one, more = vllm("inf", 3, 12), vllm("inf", 3, 30)
    runs = [
        Labelled(label, read_run(written(tmp_path, f"{label}.json", data)))
        for label, data in (("a", one), ("b", vllm("inf", 6, 12)), ("c", more))
    ]
    lengths = [run.run.output_tokens / run.run.completed for run in runs]
    assert lengths[0] == lengths[1]
    assert abs(lengths[0] - lengths[2]) > 0.1 * max(lengths), "or nothing is shown here"
    assert measured_throughputs(runs[:2]).unlike is None
    assert "different lengths" not in words.comparison(measured_throughputs(runs[:2])).caption
    caption = words.comparison(measured_throughputs(runs)).caption
    assert "Caution: a and c answered requests of different lengths." in caption


def test_totals_may_be_rounded(tmp_path: Path) -> None:
    data = vllm(4, 3, 4)
    rounded = {key: round(value, 1) if isinstance(value, float) else value for key, value in data.items()}
    assert read_run(written(tmp_path, "rounded.json", rounded | {"request_throughput": 0.73}))


@pytest.mark.parametrize("three", [False, True])
def test_guidellm_s_table_has_a_run_a_row(tmp_path: Path, three: bool) -> None:
    path = tmp_path / "benchmarks.csv"
    speed = ("Token Throughput", "Successful Output Tokens/Sec", "Mean")
    heading: Any = speed if three else "Successful Output tokens per second mean"
    path.write_text(guidellm_table(three, [{}, {heading: 300.0}]), encoding="utf-8")
    run, other = read_runs(path)
    assert (run.tool, run.model, run.date, run.strategy) == (
        Tool.GUIDELLM, "Llama-3.1-8B", "2026-01-02", "constant@2.00",
    )  # fmt: skip
    assert (run.output_throughput, run.request_throughput, run.total_throughput) == (250.0, 1.5, 400.0)
    assert (run.completed, run.failed, run.duration) == (12, 3, 40.0)
    assert (run.input_tokens, run.output_tokens) == (1200, 600)
    assert (run.latencies.first_token, run.latencies.latency, run.latencies.per_token) == (0.12, 2.5, 0.02)
    assert other.output_throughput == 300.0
    path.write_text(guidellm_table(three, [{heading: "fast"}]), encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=rf"line {4 if three else 2}: .*utput .* is no figure: fast"):
        read_runs(path)
    shifted = guidellm_table(three, [{}]) + "a,b,c\n"
    path.write_text(shifted, encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=r"has 3 cells under 1\d headings.*name benchmarks\.json"):
        read_runs(path)
    path.write_text(guidellm_table(three, []), encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match="holds no run"):
        read_runs(path)
