"""BurstGPT: requests to ChatGPT and GPT-4 of a university; v1.1 and the later files with sessions and elapsed time."""

from astrai_slides.serving.sim.traces.table import TraceFormat


def _cite(year: int | None) -> str:
    return "BurstGPT trace (CC-BY; Wang et al., BurstGPT, KDD 2025)"


BURSTGPT = TraceFormat("burstgpt", "Timestamp", "Request tokens", "Response tokens", _cite)
"""Seconds from the start of the trace; a failed request has 0 response tokens."""
