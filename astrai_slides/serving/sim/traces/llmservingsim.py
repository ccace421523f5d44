"""Workloads of LLMServingSim: JSON Lines, arrivals in nanoseconds; its sessions of chained requests are not read."""

from astrai_slides.serving.sim.traces.table import TraceFormat

LLMSERVINGSIM = TraceFormat(
    "llmservingsim", "arrival_time_ns", "input_toks", "output_toks", json_lines=True, per_second=1e9
)
