"""Qwen-Bailian's anonymous traces: JSON Lines with Mooncake's names, but times in seconds, and chats."""

from astrai_slides.serving.sim.traces.table import TraceFormat

BAILIAN = TraceFormat("bailian", "timestamp", "input_length", "output_length", json_lines=True, marks=("chat_id",))
