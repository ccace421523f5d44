"""What a benchmark of a server measured, whichever tool wrote it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Tool(StrEnum):
    """What wrote a result."""

    VLLM = "vllm"
    """`vllm bench serve`"""
    SGLANG = "sglang"
    """SGLang's `bench_serving`"""
    GUIDELLM = "guidellm"
    ASTRAI = "astrai"
    """AstrAI's `GET /stats`"""
    AIPERF = "aiperf"
    VLLM_THROUGHPUT = "vllm-throughput"
    """`vllm bench throughput`"""
    VLLM_LATENCY = "vllm-latency"
    """`vllm bench latency`"""
    MULTI_ROUND_QA = "multi-round-qa"
    INFERENCE_PERF = "inference-perf"
    LLMPERF = "llmperf"
    LLMSERVINGSIM = "llmservingsim"
    """vLLM, as LLMServingSim's `bench` recorded it in the server"""
    TENSORRT_LLM = "tensorrt-llm"
    """`trtllm-bench`"""
    REFERENCE = "reference"
    """This project's own `benchmarks/gpu`"""


@dataclass(frozen=True, slots=True)
class MeasuredRequest:
    """One completed request, as its client saw it; times in seconds.

    `start`: when it was sent, after the earliest request of the run; None where the tool did not record it.
    `first_token`, `end` and `token_times` count from this request's own start. `first_token` is None where only
    start and end are known. `token_times` are those of the chunks that the client received: one a token, or fewer
    where a chunk carried several; empty where they were not recorded. `waited`: from `start` until the server began to
    read the prompt, where the tool tells it apart.
    """

    prompt_tokens: int
    output_tokens: int
    start: float | None
    first_token: float | None
    end: float | None
    token_times: tuple[float, ...] = ()
    waited: float | None = None


@dataclass(frozen=True, slots=True)
class Latencies:
    """Means over the completed requests of a run, in seconds; None where a file does not say.

    `first_token`: from sending to the first token, `latency`: to the last one, `per_token`: of the tokens after the
    first, each.
    """

    first_token: float | None = None
    latency: float | None = None
    per_token: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What the speaker says of a batch that was run time after time: how many requests, and tokens of each."""

    size: int
    output_len: int
    input_len: int | None = None


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """One run of a benchmark. What a file does not say is None, or empty.

    `tool` wrote `file`; throughput in tokens and requests a second (`total_throughput`: tokens of prompts and answers
    together), `duration` in seconds, `date` ISO 8601.
    `completed` requests count, `failed` ones were kept out; `unfinished` were still waiting or running, `cancelled`
    given up. `concurrency`: the client's cap on requests in flight. `request_rate`: requests sent a second, infinite
    for all at once. `strategy`: how the tool calls its way of sending.
    `all_at_once`: every request was sent at the start, without a cap. `exact_starts` False: starts are known to the
    second only. `requests` are the completed ones, where the tool recorded them one by one. `told` are the mean
    latencies that the file states; see `latencies`. `iterations`: how often one `batch` was run, where that is all that
    was measured; its throughput is of the mean latency, and known if the batch is given.
    """

    tool: Tool
    file: Path
    output_throughput: float | None = None
    request_throughput: float | None = None
    total_throughput: float | None = None
    duration: float | None = None
    completed: int | None = None
    failed: int = 0
    unfinished: int = 0
    cancelled: int = 0
    model: str = ""
    gpu: str = ""
    date: str = ""
    concurrency: int | None = None
    request_rate: float | None = None
    strategy: str = ""
    all_at_once: bool = False
    exact_starts: bool = True
    input_tokens: int | None = None
    output_tokens: int | None = None
    requests: tuple[MeasuredRequest, ...] = ()
    told: Latencies = Latencies()
    iterations: int | None = None
    batch: Batch | None = None

    @property
    def latencies(self) -> Latencies:
        """Mean latencies: what the file states, and what it leaves out as its requests give it, if all of them do."""
        each = self.requests
        return Latencies(
            _known(self.told.first_token, [request.first_token for request in each]),
            _known(self.told.latency, [request.end for request in each]),
            _known(self.told.per_token, [_per_token(request) for request in each if request.output_tokens > 1]),
        )


def _known(told: float | None, times: Sequence[float | None]) -> float | None:
    if told is not None:
        return told
    given = [time for time in times if time is not None]
    return sum(given) / len(given) if given and len(given) == len(times) else None


def _per_token(request: MeasuredRequest) -> float | None:
    if request.first_token is None or request.end is None:
        return None
    return (request.end - request.first_token) / (request.output_tokens - 1)
