import json
from pathlib import Path

import numpy as np
import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.limited_fast import serve_limited
from astrai_slides.serving.sim.limits import Limits, WhenFull
from astrai_slides.serving.sim.measured.reading import read_run
from astrai_slides.serving.sim.options import Options, PrefillRule, TurnCost
from astrai_slides.serving.sim.timeline import Policy
from astrai_slides.serving.sim.trial import Trial, try_run

REAL = TurnCost(15_000_000, per_token_ns=20_000, prompt_token_ns=40_000, context_token_ns=100)
"""Near to what Llama-3.1-8B costs on one GPU."""
LIMITS = Limits(kv_tokens=20_000, token_budget=2048)


def write_run(path: Path, requests: int, limits: Limits, change_second_half: float = 1.0) -> Path:
    """A detailed result of vLLM's form, of a server that costs what `REAL` does."""
    draw = np.random.Generator(np.random.PCG64(5))
    prompts = draw.integers(10, 2000, requests)
    outputs = draw.geometric(1 / 150, requests) + 1
    starts = np.cumsum(draw.exponential(0.12, requests))
    starts -= starts[0]
    options = Options(64, honour_arrivals=True, cost=REAL, prefill_rule=PrefillRule.MIXED, limits=limits)
    arrivals = np.rint(starts * 1e9).astype(np.int64)
    server = serve_limited(outputs, prompts, arrivals, None, Policy.CONTINUOUS, options)
    first = server.first_token_ns / 1e9 - starts
    end = server.finished_ns / 1e9 - starts
    half = np.arange(requests) >= requests // 2
    end = np.where(half, first + (end - first) * change_second_half, end)
    gaps = (end - first) / (outputs - 1)
    run = {
        "backend": "vllm",
        "date": "20261126-120000",
        "completed": requests,
        "failed": 0,
        "duration": float((starts + end).max()),
        "total_output_tokens": int(outputs.sum()),
        "request_throughput": requests / float((starts + end).max()),
        "output_throughput": int(outputs.sum()) / float((starts + end).max()),
        "input_lens": prompts.tolist(),
        "output_lens": outputs.tolist(),
        "ttfts": first.tolist(),
        "itls": [[gap] * (tokens - 1) for gap, tokens in zip(gaps.tolist(), outputs.tolist(), strict=True)],
        "start_times": starts.tolist(),
        "errors": [""] * requests,
    }
    path.write_text(json.dumps(run), "utf-8")
    return path


def trial_of(path: Path, limits: Limits) -> Trial:
    return try_run(read_run(path), Options(64, prefill_rule=PrefillRule.MIXED, limits=limits))


@pytest.mark.long
@pytest.mark.parametrize("limits", [LIMITS, Limits(token_budget=2048)], ids=["memory full", "memory free"])
def test_costs_of_a_server_that_keeps_the_rules_are_found_from_times_alone(tmp_path: Path, limits: Limits) -> None:
    trial = trial_of(write_run(tmp_path / "run.json", 160, limits), limits)
    assert (trial.preemptions > 0) == (limits.kv_tokens is not None)
    for part in (trial.fitted, trial.tried, trial.whole):
        for pair in (part.time_to_first_token, part.latency, part.span):
            assert abs(pair.error) < 0.03
    cost = trial.options.turn_cost
    assert cost.prompt_token_ns == pytest.approx(REAL.prompt_token_ns, rel=0.1)
    # Turns, their rows and their context grow together, so that only the sum of the three is sure.
    rows, context = 20, 20 * 1000
    assert cost.turn_ns(1, rows, 0, 0, context) == pytest.approx(REAL.turn_ns(1, rows, 0, 0, context), rel=0.1)


@pytest.mark.long
def test_the_second_half_is_not_looked_at_when_costs_are_fitted(tmp_path: Path) -> None:
    same = trial_of(write_run(tmp_path / "same.json", 60, LIMITS), LIMITS)
    other = trial_of(write_run(tmp_path / "other.json", 60, LIMITS, change_second_half=3.0), LIMITS)
    assert other.options.turn_cost == same.options.turn_cost
    assert other.fitted == same.fitted
    assert other.tried.latency.error < same.tried.latency.error - 0.3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start_times": []}, "does not say when each request was sent"),
        ({"input_lens": []}, "does not say when each request had how long a prompt"),
    ],
)
def test_a_run_that_does_not_say_enough_is_refused_with_what_is_missing(tmp_path: Path, change, message: str) -> None:
    path = write_run(tmp_path / "run.json", 12, LIMITS)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(AstraiSlidesError, match=message):
        trial_of(path, LIMITS)


def test_too_few_requests_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match="holds 5 single requests, and costs are fitted on 8 at least"):
        trial_of(write_run(tmp_path / "run.json", 5, LIMITS), LIMITS)


@pytest.mark.parametrize("when_full", WhenFull)
def test_a_request_that_no_memory_holds_is_told_whatever_happens_when_it_is_full(
    when_full: WhenFull, tmp_path: Path
) -> None:
    path = write_run(tmp_path / "run.json", 8, Limits())
    run = json.loads(path.read_text("utf-8"))
    # the longest prompt is not that of the longest request
    run["input_lens"] = [10] * 7 + [1700]
    run["total_input_tokens"] = sum(run["input_lens"])
    path.write_text(json.dumps(run), "utf-8")
    limits = Limits(kv_tokens=1600, when_full=when_full)
    with pytest.raises(AstraiSlidesError, match=r"run\.json: request 8 needs KV memory for .* give more --kv-tokens"):
        trial_of(path, limits)


def test_answers_of_no_token_count_in_the_totals_of_the_tool_and_do_not_make_it_wrong(tmp_path: Path) -> None:
    path = write_run(tmp_path / "run.json", 20, Limits())
    run = json.loads(path.read_text("utf-8"))
    for row in range(4):
        run["output_lens"][row], run["itls"][row], run["ttfts"][row] = 0, [], 0.0
    run["total_output_tokens"] = sum(run["output_lens"])
    run["output_throughput"] = run["total_output_tokens"] / run["duration"]
    run["total_input_tokens"] = sum(run["input_lens"])
    run["mean_ttft_ms"] = 1000 * sum(run["ttfts"]) / 20
    path.write_text(json.dumps(run), "utf-8")
    assert len(read_run(path).requests) == 16
    run["output_throughput"] *= 2
    path.write_text(json.dumps(run), "utf-8")
    with pytest.raises(AstraiSlidesError, match="output_throughput"):
        read_run(path)
