"""Own-made results of benchmarks for tests, in the shapes that tools write."""

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

TIMES = tuple[float, int, int, float, float, float]
"""Of a request: sent, prompt and output tokens, then seconds from sending to its prefill, first and last token."""


def requests(rate: float, slots: int, count: int, seed: int = 0) -> list[TIMES]:
    """Requests that are sent at `rate` a second and wait for one of `slots` slots."""
    rng, sent, free = random.Random(seed), 0.0, [0.0] * slots
    told = []
    for _ in range(count):
        sent += rng.expovariate(rate) if rate else 0.0
        prompt, output = rng.randint(50, 900), rng.randint(2, 200)
        slot = min(range(slots), key=free.__getitem__)
        begun = max(sent, free[slot])
        first = begun + 0.02 + prompt * 2e-4
        free[slot] = first + (output - 1) * 0.02
        told.append((sent, prompt, output, begun - sent, first - sent, free[slot] - sent))
    return told


def vllm(rate: float | str, slots: int, count: int = 12, **extra: Any) -> dict[str, Any]:
    """A detailed result of `vllm bench serve`."""
    each = requests(0.0 if isinstance(rate, str) else rate, slots, count)
    span = max(one[0] + one[5] for one in each)
    inputs, outputs = sum(one[1] for one in each), sum(one[2] for one in each)
    return {
        "date": "20260302-101500",
        "model_id": "Qwen/Qwen3-8B",
        "tokenizer_id": "Qwen/Qwen3-8B",
        "gpu": "1 x H100",
        "request_rate": rate,
        "max_concurrency": None,
        "duration": span,
        "completed": count,
        "failed": 0,
        "total_input_tokens": inputs,
        "total_output_tokens": outputs,
        "request_throughput": count / span,
        "output_throughput": outputs / span,
        "total_token_throughput": (inputs + outputs) / span,
        "mean_ttft_ms": 1000 * sum(one[4] for one in each) / count,
        "input_lens": [one[1] for one in each],
        "output_lens": [one[2] for one in each],
        "ttfts": [one[4] for one in each],
        "itls": [[(one[5] - one[4]) / (one[2] - 1)] * (one[2] - 1) for one in each],
        "start_times": [1000 + one[0] for one in each],
        "errors": [""] * count,
    } | extra


def astrai(slots: int, count: int = 12) -> dict[str, Any]:
    """AstrAI's `/stats`."""
    return {
        "total_tasks": count,
        "avg_decode_tps": 1.0,
        "recent_tasks": [
            {
                "task_id": f"task_{1767225600 + int(sent)}_{number:04x}",
                "input_tokens": prompt,
                "output_tokens": output,
                "queue_wait_ms": 1000 * waited,
                "ttft_ms": 1000 * first,
                "e2e_latency_ms": 1000 * end,
            }
            for number, (sent, prompt, output, waited, first, end) in enumerate(requests(2, slots, count))
        ],
    }


def guidellm(slots: int, count: int = 12) -> dict[str, Any]:
    """GuideLLM's `benchmarks.json`."""
    zero = 1767225600.25
    listed = [
        {
            "prompt_tokens": prompt,
            "output_tokens": output,
            "info": {
                "timings": {
                    "request_start": zero + sent,
                    "first_token_iteration": zero + sent + first,
                    "last_token_iteration": zero + sent + end,
                }
            },
        }
        for sent, prompt, output, _, first, end in requests(2, slots, count)
    ]
    means = {"output_tokens_per_second": 250.0, "requests_per_second": 1.2, "request_latency": 2.5}
    return {
        "benchmarks": [
            {
                "start_time": zero,
                "end_time": zero + 40,
                "config": {"strategy": {"type_": "constant", "rate": 2.0}, "backend": {"model": "Llama-3.1-8B"}},
                "requests": {"successful": listed, "incomplete": [], "errored": [{}]},
                "metrics": {"request_totals": {"successful": count, "incomplete": 0, "errored": 1}}
                | {name: {"successful": {"mean": mean}} for name, mean in means.items()},
            }
        ]
    }


def written(folder: Path, name: str, data: Any) -> Path:
    """`data` as JSON in a file of `folder`."""
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


SUMMARY = """[07/01/2026] [TRT-LLM] [I] done
===========================================================
= PYTORCH BACKEND
===========================================================
Model:			meta-llama/Llama-3.1-8B-Instruct
Model Path:		None
===========================================================
= REQUEST DETAILS
===========================================================
Number of requests:             40
Number of concurrent requests:  9.6050
Average Input Length (tokens):  128.0000
Average Output Length (tokens): 64.0000
===========================================================
= PERFORMANCE OVERVIEW
===========================================================
Request Throughput (req/sec):                 	8.0000
Total Output Throughput (tokens/sec):             512.0000
Total Token Throughput (tokens/sec):              1536.0000
Total Latency (ms):                               5000.0000
Average request latency (ms):                     1200.0000
Average time-to-first-token [TTFT] (ms):          150.0000
Average time-per-output-token [TPOT] (ms):        16.5000
"""


def aiperf_records() -> list[dict[str, Any]]:
    zero = 1_759_813_207_532_900_363
    records: list[dict[str, Any]] = [
        {
            "metadata": {"request_start_ns": zero + int(sent * 1e9), "benchmark_phase": "profiling"},
            "metrics": {
                "input_sequence_length": {"value": prompt, "unit": "tokens"},
                "output_sequence_length": {"value": output, "unit": "tokens"},
                "time_to_first_token": {"value": 1000 * first, "unit": "ms"},
                "request_latency": {"value": 1000 * end, "unit": "ms"},
            },
            "error": None,
        }
        for sent, prompt, output, _, first, end in requests(2, 3, 12)
    ]
    failed = {"metadata": {"request_start_ns": zero}, "metrics": {}, "error": {"code": 499}}
    warm_up = records[0] | {"metadata": {"request_start_ns": zero - 10**9, "benchmark_phase": "warmup"}}
    return [warm_up, failed, *records]


def served(**changed: Any) -> dict[str, Any]:
    times = {"queued_ts": 27536.5, "scheduled_ts": 27537.0, "first_token_ts": 27537.5, "last_token_ts": 27540.5}
    return {"request_id": "b", "input_toks": 23, "output_toks": 7, "arrival_time": 1787267980.1} | times | changed


SGLANG_2024 = {
    "backend": "sglang",
    "request_rate": 2.0,
    "total_input_tokens": 4000,
    "total_output_tokens": 1000,
    "total_output_tokens_retokenized": 998,
    "mean_e2e_latency_ms": 2098.0,
    "median_ttft_ms": 606.0,
    "output_throughput": 100.0,
    "random_input_len": 1024,
    "random_output_len": 1024,
    "random_range_ratio": 0.0,
    "duration": 10.0,
    "completed": 20,
}
"""What the first versions append: no rate of requests, no rate of all tokens."""


AIPERF = {
    "aiperf_version": "0.11.0",
    "request_count": {"avg": 400},
    "benchmark_duration": {"avg": 100.0},
    "request_throughput": {"avg": 4.0},
    "output_token_throughput": {"avg": 800.0},
    "total_token_throughput": {"avg": 1200.0},
    "total_isl": {"avg": 40_000},
    "total_osl": {"avg": 80_000},
    "output_sequence_length": {"avg": 200.0},
}
LIFECYCLE = {
    "load_summary": {},
    "successes": {
        "count": 10,
        "throughput": {"output_tokens_per_sec": 50.0, "requests_per_sec": 2.0, "total_tokens_per_sec": 250.0},
        "prompt_len": {"mean": 100.0},
        "output_len": {"mean": 25.0},
    },
}
LLMPERF = {
    "results_mean_output_throughput_token_per_s": 50.0,
    "results_num_completed_requests_per_min": 120.0,
    "results_num_completed_requests": 10,
    "results_number_output_tokens_mean": 25.0,
}
OFFLINE = {
    "elapsed_time": 4.0,
    "num_requests": 8,
    "total_num_tokens": 400,
    "requests_per_second": 2.0,
    "tokens_per_second": 100.0,
}


def guidellm_table(three: bool, rows: list[dict[str, Any]]) -> str:
    """Rows in either of GuideLLM's forms, with a column between that is not read."""
    one = {
        "Type": "generative",
        "Run Id": "r",
        "Id": "i",
        "Name": "constant@2.00",
        "Start Time": "2026-01-02 10:00:00",
        "Duration": 40.0,
        "Successful Requests": 12,
        "Successful Requests per second mean": 1.5,
        "Successful Request latency mean": 2.5,
        "Successful Prompt token count mean": 100.0,
        "Successful Output token count mean": 50.0,
        "Successful Time to first token ms mean": 120.0,
        "Successful Inter token latency ms mean": 20.0,
        "Successful Output tokens per second mean": 250.0,
        "Successful Output tokens per second [min, 0.1, 1]": "[1, 2]",
        "Successful Tokens per second mean": 400.0,
        "Incomplete Requests": 1,
        "Errored Requests": 2,
        "Backend": '{"model": "Llama-3.1-8B"}',
    }
    three_lines = {
        ("Run Info", "Run ID", ""): "r",
        ("Run Info", "Run Index", ""): 0,
        ("Run Info", "Backend", ""): '{"model": "Llama-3.1-8B"}',
        ("Benchmark", "Strategy", ""): "constant@2.00",
        ("Timings", "Start Time", ""): "2026-01-02 10:00:00",
        ("Timings", "Duration", "Sec"): 40.0,
        ("Request Counts", "Successful", ""): 12,
        ("Request Counts", "Incomplete", ""): 1,
        ("Request Counts", "Errored", ""): 2,
        ("Request Latency", "Successful Sec", "Mean"): 2.5,
        ("Request Latency", "Successful Sec", "Percentiles"): "[1, 2]",
        ("Time to First Token", "Successful ms", "Mean"): 120.0,
        ("Inter Token Latency", "Successful ms", "Mean"): 20.0,
        ("Server Throughput", "Successful Requests/Sec", "Mean"): 1.5,
        ("Token Metrics", "Successful Input Tokens", "Mean"): 100.0,
        ("Token Metrics", "Successful Output Tokens", "Mean"): 50.0,
        ("Token Throughput", "Successful Output Tokens/Sec", "Mean"): 250.0,
        ("Token Throughput", "Successful Total Tokens/Sec", "Mean"): 400.0,
    }
    file = io.StringIO()
    writer = csv.writer(file)
    whole: dict[Any, Any] = three_lines if three else one
    for number in range(3 if three else 1):
        writer.writerow([heading[number] if three else heading for heading in whole])
    for changed in rows:
        writer.writerow((whole | changed).values())
    return file.getvalue()


MULTI_ROUND = """prompt_tokens,generation_tokens,ttft,generation_time,user_id,question_id,launch_time,finish_time
100,20,0.5,1.5,1,1,1790000000.0,1790000002.0
100,40,1.0,3.0,2,1,1790000001.0,1790000005.0
100,0,0.0,0.0,3,1,1790000001.0,1790000001.0
"""


def reference(slots: int, count: int = 12) -> dict[str, Any]:
    """A file of `python -m benchmarks.gpu`: static batching, of fewer slots, and continuous batching."""
    return {
        "made_by": "astrai-slides benchmarks/gpu",
        "model": "tiny, random weights",
        "gpu": "1 x H100",
        "date": "2026-11-26",
        "runs": [_reference_run("static", slots, count), _reference_run("continuous", 2 * slots, count)],
    }


def _reference_run(batching: str, slots: int, count: int) -> dict[str, Any]:
    each = requests(0.0, slots, count)
    span = max(one[5] for one in each)
    inputs, outputs = sum(one[1] for one in each), sum(one[2] for one in each)
    return {
        "batching": batching,
        "given": count,
        "completed": count,
        "duration": span,
        "input_tokens": inputs,
        "output_tokens": outputs,
        "output_throughput": outputs / span,
        "request_throughput": count / span,
        "total_throughput": (inputs + outputs) / span,
        "requests": [
            {
                "prompt_tokens": one[1],
                "output_tokens": one[2],
                "begun": one[3],
                "first_token": one[4],
                "last_token": one[5],
            }
            for one in each
        ],
    }


LLMPERF_ANSWER = {
    "error_code": None,
    "ttft_s": 0.1,
    "end_to_end_latency_s": 0.9,
    "number_input_tokens": 266,
    "number_output_tokens": 86,
}
