"""Files that were once read wrongly, own-made: every value that such a file says, and no other."""

import gzip
import json
from pathlib import Path

import pytest
from measured_files import AIPERF, MULTI_ROUND, SUMMARY, guidellm_table

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured import Labelled, Tool, measured_throughputs
from astrai_slides.serving.sim.measured.reading import read_run, read_runs
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.sim.traces import Cut, read_trace
from astrai_slides.serving.sim.workload import TraceWorkload, load_workload
from astrai_slides.serving.words import en as words


@pytest.fixture
def truth(serving_data: Path) -> Path:
    return serving_data / "truth"


def test_01_an_own_log_is_no_published_trace(truth: Path) -> None:
    origin = read_trace(truth / "01-own-log-cited-as-azure.csv")[1]
    assert words.workload_source(origin) == "in Azure’s format, from 01-own-log-cited-as-azure.csv"


@pytest.mark.parametrize("name", ["02-astrai-ttft-includes-wait.json", "03-astrai-req-ids.json"])
def test_02_03_astrai_s_first_tokens_count_from_the_arrival(truth: Path, name: str) -> None:
    run = read_run(truth / name)
    assert (run.tool, run.date, run.unfinished, run.cancelled) == (Tool.ASTRAI, "2026-09-21", 0, 0)
    assert [(r.start, r.first_token, r.end) for r in run.requests] == [
        (0.0, 0.105, 10.105),
        (0.0, 2.1, 12.1),
        (10.0, 9.1, 15.1),
    ]
    assert [span.first_token for span in replay(run).spans] == pytest.approx([0.105, 2.1, 19.1])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"queue_wait_ms": 2000.0',
            '"queue_wait_ms": 2200.0',
            r"recent_tasks\[2\]\.queue_wait_ms: 2200 is more than ttft",
        ),
        ('"ttft_ms": 9100.0', '"ttft_ms": 15200.0', r"recent_tasks\[3\]\.ttft_ms: 15200 is more than e2e_latency_ms"),
    ],
)
def test_stats_that_contradict_themselves_are_not_clamped(
    truth: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    content = (truth / "03-astrai-req-ids.json").read_text("utf-8")
    assert content.count(old) == 1
    path = tmp_path / "stats.json"
    path.write_text(content.replace(old, new))
    with pytest.raises(AstraiSlidesError, match=message):
        read_run(path)


def test_stats_of_a_running_server_say_what_is_not_done(truth: Path, tmp_path: Path) -> None:
    content = (truth / "03-astrai-req-ids.json").read_text("utf-8")
    path = tmp_path / "stats.json"
    path.write_text(
        content.replace('"running": 0, "waiting": 0', '"running": 3, "waiting": 2').replace(
            '"cancelled_total": 0', '"cancelled_total": 4'
        )
    )
    run = read_run(path)
    assert (run.unfinished, run.cancelled) == (5, 4)
    assert "4 cancelled, 5 still in flight" in words.replay_caption(replay(run))


def test_04_guidellm_s_n_is_what_its_metrics_cover(truth: Path) -> None:
    run = read_run(truth / "04-guidellm-warmup-counted-in-N.json")
    assert (run.completed, run.failed, len(run.requests)) == (8, 0, 12)
    assert (run.strategy, run.concurrency) == ("concurrent", 2)
    assert (run.output_throughput, run.request_throughput) == (20.0, 0.2)
    assert (run.input_tokens, run.output_tokens) == (None, None), "the list holds what the metrics leave out"
    caption = words.replay_caption(replay(run))
    assert "strategy concurrent, at most 2 requests in flight" in caption
    assert "N = 12, 8 counted by the tool" in caption


@pytest.mark.parametrize(
    ("key", "mean"), [("prompt_token_count", 40.0), ("output_token_count", 112.0), ("time_to_first_token_ms", 150.0)]
)
def test_guidellm_s_means_are_those_of_the_requests_that_it_counts_and_lists(
    truth: Path, tmp_path: Path, key: str, mean: float
) -> None:
    data = json.loads((truth / "04-guidellm-warmup-counted-in-N.json").read_text("utf-8"))
    (benchmark,) = data["benchmarks"]
    means = {"prompt_token_count": 50.0, "output_token_count": 100.0, "time_to_first_token_ms": 200.0}
    benchmark["metrics"] |= {name: {"successful": {"mean": value}} for name, value in means.items()}
    benchmark["metrics"][key]["successful"]["mean"] = mean
    assert read_run(written(tmp_path, data)).completed == 8, "more are listed than its means are of"
    benchmark["requests"]["successful"] = benchmark["requests"]["successful"][2:10]
    odd = rf"benchmarks\[1\]\.metrics\.{key}\.successful\.mean: is {mean:g}, and .* {means[key]:g}; the file was edited"
    with pytest.raises(AstraiSlidesError, match=odd):
        read_run(written(tmp_path, data))
    benchmark["metrics"][key]["successful"]["mean"] = means[key]
    run = read_run(written(tmp_path, data))
    assert (run.completed, run.input_tokens, run.output_tokens) == (8, 400, 800)


def test_guidellm_s_counts_add_up(truth: Path, tmp_path: Path) -> None:
    data = json.loads((truth / "04-guidellm-warmup-counted-in-N.json").read_text("utf-8"))
    data["benchmarks"][0]["metrics"]["request_totals"]["total"] = 18
    with pytest.raises(AstraiSlidesError, match=r"benchmarks\[1\]\.request_totals\.total: is 18, and .*errored 8;"):
        read_run(written(tmp_path, data))


def test_13_requests_are_replayed_in_a_row(truth: Path) -> None:
    run = read_run(truth / "13-replay-not-the-first.json")
    shown = replay(run, max_requests=13)
    assert [span.number for span in shown.spans] == list(range(1, 14))
    first = sorted(request.start for request in run.requests if request.start is not None)[:13]
    assert [span.start for span in shown.spans] == pytest.approx(first)
    assert f"first 13 of 100 requests, {shown.beside} more ran beside them" in words.replay_caption(shown)
    few = replay(run, max_rows=6, max_requests=13)
    assert "first 6 of 100 requests, as six rows hold no more" in words.replay_caption(few)


def written(folder: Path, content: object, name: str = "result.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_06_aiperf(truth: Path) -> None:
    run = read_run(truth / "06-aiperf-taken-for-vllm.json")
    assert (run.tool, run.request_throughput, run.output_throughput) == (Tool.AIPERF, 4.0, 800.0)
    assert (run.total_throughput, run.completed, run.duration) == (1200.0, 400, 100.0)


def test_07_mooncake_s_times_are_milliseconds(truth: Path) -> None:
    rows, origin = read_trace(truth / "07-mooncake.jsonl")
    assert rows.prompt_tokens.tolist() == [500, 501, 502, 503, 504, 505]
    assert rows.output_tokens.tolist() == [20, 21, 22, 23, 24, 25]
    assert rows.arrivals.tolist() == [0, 1, 2, 3, 4, 5]
    assert words.workload_source(origin) == "in Mooncake’s format, from 07-mooncake.jsonl"
    assert len(read_trace(truth / "07-mooncake.jsonl", cut=Cut(window=(1, 3)))[0].arrivals) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"timestamp": 1, "input_length": -4, "output_length": 2}', "line 2: input_length is '-4': a token count"),
        ('{"timestamp": 1, "input_length": 4}', "line 2: output_length is '': a token count is missing"),
        ('{"timestamp": 1, ', "line 2: not valid JSON: .*; mend or drop the line"),
        ("[1, 2]", "line 2: no object of JSON"),
    ],
)
def test_a_faulty_line_of_json_is_named(truth: Path, tmp_path: Path, line: str, message: str) -> None:
    first = (truth / "07-mooncake.jsonl").read_text("utf-8").splitlines()[0]
    with pytest.raises(AstraiSlidesError, match=message):
        read_trace(written(tmp_path, f"{first}\n{line}\n", "trace.jsonl"))


def test_08_a_detailed_result_is_a_workload(truth: Path, tmp_path: Path) -> None:
    spec = TraceWorkload(kind="trace", file="08-vllm-detailed-as-workload.json")
    workload = load_workload(spec, lambda name: truth / name)
    assert workload.output_tokens.tolist() == [10, 30, 20, 20]
    assert workload.arrivals.tolist() == [0, 0.5, 1, 2.5]
    told = "requests of a run of vLLM bench serve, 08-vllm-detailed-as-workload.json"
    assert words.workload_source(workload.origin) == told
    cut = TraceWorkload(kind="trace", file=spec.file, window=(0.5, 2.5), every=2, first=1)
    assert load_workload(cut, lambda name: truth / name).output_tokens.tolist() == [30]
    lengths = json.loads((truth / spec.file).read_text("utf-8"))
    lengths["input_lens"][1:3], lengths["total_input_tokens"] = [None, None], None
    silent = written(tmp_path, lengths | {"total_token_throughput": None})
    with pytest.raises(
        AstraiSlidesError, match=r"result\.json: does not say how long the prompts of 2 of its 4 requests"
    ):
        load_workload(spec, lambda name: silent)
    with pytest.raises(AstraiSlidesError, match="holds no single requests, so it is no workload"):
        load_workload(TraceWorkload(kind="trace", file="06-aiperf-taken-for-vllm.json"), lambda name: truth / name)


def test_09_offline_throughput_counts_prompts_too(truth: Path) -> None:
    run = read_run(truth / "09-vllm-bench-throughput.json")
    assert (run.total_throughput, run.output_throughput, run.request_throughput) == (1000.0, None, 2.5)
    with pytest.raises(AstraiSlidesError, match='write metric = "request_throughput" or "total_throughput"'):
        measured_throughputs([Labelled("it", run)])
    shown = words.comparison(measured_throughputs([Labelled("it", run)], "total_throughput"))
    assert (shown.bars[0].value, shown.unit) == (1000.0, "prompt and output tokens/s")


def test_10_a_sweep_is_a_list_of_runs(truth: Path) -> None:
    path = truth / "10-vllm-sweep-summary.json"
    assert [run.output_throughput for run in read_runs(path)] == [13.3, 13.3]
    with pytest.raises(AstraiSlidesError, match="holds 2 runs; say which one"):
        read_run(path)


def test_packed_files_are_read_as_they_are(truth: Path, tmp_path: Path) -> None:
    for name in ("06-aiperf-taken-for-vllm.json", "07-mooncake.jsonl"):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress((truth / name).read_bytes()))
    assert read_run(tmp_path / "06-aiperf-taken-for-vllm.json.gz").completed == 400
    packed = tmp_path / "07-mooncake.jsonl.gz"
    assert len(read_trace(packed)[0].arrivals) == 6
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(AstraiSlidesError, match=r"07-mooncake\.jsonl\.gz: the packed file is damaged .*copy it again"):
        read_trace(packed)


def test_multi_round_qa_is_a_whole_timeline(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, MULTI_ROUND, "summary.csv"))
    assert (run.tool, run.completed, run.failed, run.duration) == (Tool.MULTI_ROUND_QA, 2, 1, 5.0)
    assert (run.output_throughput, run.request_throughput, run.total_throughput) == (12.0, 0.4, 52.0)
    assert [(r.start, r.first_token, r.end) for r in run.requests] == [(0.0, 0.5, 2.0), (1.0, 1.0, 4.0)]
    assert replay(run).shown == 2
    for old, new, message in (("1.0,3.0", "9.0,3.0", "contradict each other"), ("40", "many", "a token count")):
        faulty = written(tmp_path, MULTI_ROUND.replace(old, new), "summary.csv")
        with pytest.raises(AstraiSlidesError, match=rf"summary\.csv, line 3: .*{message}"):
            read_run(faulty)


def test_inference_perf(tmp_path: Path) -> None:
    throughput = {"input_tokens_per_sec": 50.0, "output_tokens_per_sec": 30.0, "requests_per_sec": 2.0}
    run = read_run(
        written(
            tmp_path,
            {
                "load_summary": {"count": 12, "requested_rate": 4.0},
                "successes": {
                    "count": 10,
                    "throughput": {**throughput, "total_tokens_per_sec": 80.0},
                    "prompt_len": {"mean": 25.0},
                    "output_len": {"mean": 15.0},
                },
                "failures": {"count": 2},
            },
        )
    )
    assert (run.tool, run.output_throughput, run.total_throughput) == (Tool.INFERENCE_PERF, 30.0, 80.0)
    assert (run.request_throughput, run.request_rate, run.completed, run.failed) == (2.0, 4.0, 10, 2)
    assert (run.input_tokens, run.output_tokens) == (250, 150)


def test_llmperf_counts_by_the_minute(tmp_path: Path) -> None:
    summary = {
        "model": "own",
        "num_concurrent_requests": 5,
        "results_num_completed_requests": 30,
        "results_num_completed_requests_per_min": 90.0,
        "results_mean_output_throughput_token_per_s": 200.0,
        "results_number_errors": 1,
    }
    run = read_run(written(tmp_path, summary))
    assert (run.tool, run.request_throughput, run.output_throughput) == (Tool.LLMPERF, 1.5, 200.0)
    assert (run.completed, run.failed, run.concurrency, run.model) == (30, 1, 5, "own")


def test_old_sglang_files_give_requests_a_second(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, {"sharegpt_output_len": None, "duration": 50.0, "completed": 200}))
    assert (run.tool, run.request_throughput) == (Tool.SGLANG, 4.0)


VLLM = "make what can be read by: vllm bench serve"
PRINTED = "INFO started\n============ Serving Benchmark Result ============\nSuccessful requests:   32\n"
AZURE_HEAD = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n"
BAILIAN_ROW = {"chat_id": 1, "timestamp": 61.5, "input_length": 5, "output_length": 2}
SIMULATED = "instance id,request id,model,input,output,arrival,end_time,latency,queuing_delay,TTFT,TPOT,ITL\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"traceEvents": []}, f"is a profile of PyTorch or Chrome; {VLLM}"),
        ({"architectures": ["LlamaForCausalLM"], "model_type": "llama"}, f"is the configuration of a model; {VLLM}"),
        ({"kind": "sweep", "schedules": []}, "is a configuration of GuideLLM; make what can be read by: guidellm"),
        ([{"id": "a", "conversations": []}], f"is a data set of conversations, as ShareGPT; {VLLM}"),
        (
            [{"start_time": 1.0, "end_time": 2.0, "request": "{}", "response": "", "info": {}, "error": None}],
            "holds the single requests of inference-perf; name summary_lifecycle_metrics.json",
        ),
        (
            {"request_info": {}, "performance": {}, "world_info": {}},
            "is the report of trtllm-bench in JSON; name the summ",
        ),
        (
            [{"benchmark": {"name": "vLLM benchmark"}, "metric": {}}],
            "is a result of vLLM's in .*; name the file beside",
        ),
        (
            {"run_name": "a", "batch_size": 1, "prefill_latency": 0.1},
            "is a single batch of SGLang.*sglang.bench_serving",
        ),
        ({"service_kind": "openai", "experiments": []}, "is a raw profile of perf_analyzer; name profile_export_genai"),
        ([{"build_commit": "a", "model_filename": "b", "n_gen": 128}], f"was made by llama-bench, .*; {VLLM}"),
        ({"results": {}, "versions": {}, "configs": {}}, f"is an evaluation of answers, .*; {VLLM}"),
        ("Metric,avg,min,max,p1\nRequest Latency (ms),1,1,1,1\n", "is a table of AIPerf .*; name the profile_export"),
        ("<!DOCTYPE html>\n<html></html>", "is a web page or XML; name the JSON"),
        (PRINTED, r"is what a benchmark prints; run it again with --save-result \(vLLM\)"),
        ("run,request_throughput,output_throughput\n1,2,3\n", "is the table of a sweep of vLLM's; name summary.json"),
        (SIMULATED, "was simulated by LLMServingSim, not measured; name the requests.jsonl"),
        (
            AZURE_HEAD,
            r"is a trace of requests \(format azure\), not a measurement .*; read it by astrai-slides simulate",
        ),
        (BAILIAN_ROW, r"is a trace of requests \(format bailian\), not a measurement"),
        ({"timestamp": 1, "input_length": 5, "output_length": 2}, r"is a trace of requests \(format mooncake\), not"),
    ],
)
def test_wrong_files_are_called_what_they_are(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(AstraiSlidesError, match=rf"result\.json, line 1: {message}"):
        read_run(written(tmp_path, content))


def test_results_that_are_no_json_are_workloads_as_those_that_are(tmp_path: Path) -> None:
    spec = TraceWorkload(kind="trace", file="result")
    workload = load_workload(spec, lambda name: written(tmp_path, MULTI_ROUND, name))
    assert (workload.output_tokens.tolist(), workload.arrivals.tolist()) == ([20, 40], [0.0, 1.0])
    assert "requests of a run of multi-round-qa, result" in words.workload_source(workload.origin)
    for without in (guidellm_table(three=True, rows=[{}]), SUMMARY, AIPERF):
        with pytest.raises(AstraiSlidesError, match=r"result: holds no single requests, so it is no workload"):
            load_workload(spec, lambda name, content=without: written(tmp_path, content, name))
