"""Azure's public LLM inference traces: 2023 (conv, code), 2024 (one week each), 2025 (multimodal, with NumImages)."""

from astrai_slides.serving.sim.traces.table import TraceFormat

AZURE = TraceFormat("azure", "TIMESTAMP", "ContextTokens", "GeneratedTokens")
"""ISO times with any number of fractional digits, in 2024 with a zone. Images are not counted as tokens."""
