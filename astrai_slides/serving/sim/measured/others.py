"""Files of benchmarks that hold no throughput of a server: what each is, and the command that gives what is wanted."""

from typing import Any

_VLLM = "vllm bench serve --save-result --save-detailed"
_OTHERS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("traceEvents",), "a profile of PyTorch or Chrome", _VLLM),
    (("architectures", "model_type"), "the configuration of a model", _VLLM),
    (
        ("kind", "schedules"),
        "a configuration of GuideLLM",
        "guidellm benchmark --output-path benchmarks.json",
    ),
)


def other_kind(data: dict[str, Any]) -> tuple[str, str] | None:
    """What `data` is, and the command whose result can be read; None for what is not known either."""
    return next(((what, command) for keys, what, command in _OTHERS if all(key in data for key in keys)), None)
