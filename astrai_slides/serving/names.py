"""What every language writes alike: proper names, and low digits."""

from collections.abc import Mapping

from astrai_slides.serving.sim.measured import Tool

TOOLS: Mapping[Tool, str] = {
    Tool.VLLM: "vLLM bench serve",
    Tool.SGLANG: "SGLang bench_serving",
    Tool.GUIDELLM: "GuideLLM",
    Tool.ASTRAI: "AstrAI /stats",
    Tool.AIPERF: "AIPerf",
    Tool.VLLM_THROUGHPUT: "vLLM bench throughput",
    Tool.VLLM_LATENCY: "vLLM bench latency",
    Tool.MULTI_ROUND_QA: "multi-round-qa",
    Tool.INFERENCE_PERF: "inference-perf",
    Tool.LLMPERF: "LLMPerf",
    Tool.LLMSERVINGSIM: "LLMServingSim’s bench of vLLM",
    Tool.TENSORRT_LLM: "trtllm-bench",
    Tool.REFERENCE: "astrai-slides benchmarks/gpu",
}
AZURE_PAPERS: Mapping[int, str] = {2023: "Patel et al., Splitwise, ISCA 2024"}
MOST_FILES = 6
"""That a caption names one by one."""
_LOW_DIGITS = {ord(str(digit)): chr(ord("₀") + digit) for digit in range(10)}


def low(number: int) -> str:
    """A number as an index, set low."""
    return str(number).translate(_LOW_DIGITS)
