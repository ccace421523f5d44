"""BurstGPT: requests to ChatGPT and GPT-4 of a university; v1.1 and the later files with sessions and elapsed time."""

from astrai_slides.serving.sim.traces.table import TraceFormat

BURSTGPT = TraceFormat("burstgpt", "Timestamp", "Request tokens", "Response tokens")
"""Seconds from the start of the trace; a failed request has 0 response tokens."""
