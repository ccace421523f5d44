"""Own-made results of benchmarks for tests, in the shapes that tools write."""

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
