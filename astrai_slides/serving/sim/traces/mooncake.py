"""Mooncake's traces: JSON Lines, an object a request, times in milliseconds; `hash_ids` name blocks of its prompt."""

from astrai_slides.serving.sim.traces.table import TraceFormat

MOONCAKE = TraceFormat("mooncake", "timestamp", "input_length", "output_length", json_lines=True, per_second=1000.0)
"""Equal `hash_ids` are equal beginnings of prompts; `simulate --prefix-tokens` reads them."""
