"""Files that hold no throughput of a server: what each is, and what gives the file that is wanted."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from astrai_slides.serving.sim.traces import FORMATS


class Other(NamedTuple):
    """What a file `is`, as the rest of a sentence, and the `remedy`."""

    what: str
    remedy: str


_VLLM = "make what can be read by: vllm bench serve --save-result --save-detailed"
_OBJECTS: tuple[tuple[tuple[str, ...], Other], ...] = (
    (("traceEvents",), Other("is a profile of PyTorch or Chrome", _VLLM)),
    (("architectures", "model_type"), Other("is the configuration of a model", _VLLM)),
    (
        ("kind", "schedules"),
        Other(
            "is a configuration of GuideLLM",
            "make what can be read by: guidellm benchmark --output-path benchmarks.json",
        ),
    ),
    (("conversations",), Other("is a data set of conversations, as ShareGPT", _VLLM)),
    (
        ("start_time", "end_time", "request", "response"),
        Other(
            "holds the single requests of inference-perf", "name summary_lifecycle_metrics.json, which lies beside it"
        ),
    ),
    (
        ("performance", "request_info"),
        Other("is the report of trtllm-bench in JSON", "name the summary that it prints, saved as text"),
    ),
    (
        ("benchmark", "metric"),
        Other(
            "is a result of vLLM's in the form of PyTorch's dashboard",
            "name the file beside it without .pytorch in its name",
        ),
    ),
    (
        ("run_name", "batch_size", "prefill_latency"),
        Other(
            "is a single batch of SGLang's bench_one_batch",
            "make what can be read by: python -m sglang.bench_serving --output-file run.jsonl",
        ),
    ),
    (
        ("service_kind", "experiments"),
        Other("is a raw profile of perf_analyzer", "name profile_export_genai_perf.json, which lies beside it"),
    ),
    (("build_commit", "model_filename", "n_gen"), Other("was made by llama-bench, which runs no server", _VLLM)),
    (("results", "versions", "configs"), Other("is an evaluation of answers, as lm-eval writes one", _VLLM)),
)
"""Objects of JSON, by keys that no result has together."""
_BEGINNINGS: tuple[tuple[str, Other], ...] = (
    (
        "instance id,request id,model,input,output,arrival,end_time,",
        Other("was simulated by LLMServingSim, not measured", "name the requests.jsonl that its bench records"),
    ),
    (
        "metric,avg,min,max,",
        Other("is a table of AIPerf or GenAI-Perf", "name the profile_export_....json that lies beside it"),
    ),
    ("<", Other("is a web page or XML", "name the JSON that the tool writes besides")),
)
"""Texts, by what they begin with, in small letters."""
_PRINTED = "= Serving Benchmark Result ="
_SUMMARY = Other(
    "is what a benchmark prints", "run it again with --save-result (vLLM) or --output-file run.jsonl (SGLang)"
)
_SWEEP_COLUMNS = {"output_throughput", "request_throughput"}
_SWEEP = Other("is the table of a sweep of vLLM's", "name summary.json, which lies beside it")
_BEGINNING = 65_536
"""Characters in which it is looked for."""


def other_kind(data: dict[str, Any]) -> Other | None:
    """What the object `data` of JSON is, if it is known and no result."""
    found = next((other for keys, other in _OBJECTS if all(key in data for key in keys)), None)
    return found or _trace(data, json_lines=True)


def other_text(content: str) -> Other | None:
    """What a text is, if it is known and neither a result nor JSON."""
    beginning = content[:_BEGINNING].lstrip()
    folded = beginning[:200].casefold()
    for start, other in _BEGINNINGS:
        if folded.startswith(start):
            return other
    if _PRINTED in beginning:
        return _SUMMARY
    columns = beginning.partition("\n")[0].split(",")
    if {column.strip() for column in columns} >= _SWEEP_COLUMNS:
        return _SWEEP
    return _trace(columns, json_lines=False)


def _trace(columns: Iterable[str], *, json_lines: bool) -> Other | None:
    """A trace with these columns, or keys: lengths and arrivals, without what a server made of them."""
    held = {column.strip().casefold() for column in columns}
    fits = [
        form
        for form in FORMATS.values()
        if form.json_lines == json_lines and held.issuperset(name.casefold() for name in (*form.required, *form.marks))
    ]
    if not fits:
        return None
    form = max(fits, key=lambda each: len(each.marks))
    return Other(
        f"is a trace of requests (format {form.name}), not a measurement of a server",
        'read it by astrai-slides simulate --trace, or in a talk file as workload = { kind = "trace", file = ... }',
    )
