"""Azure's public LLM inference traces: 2023 (conv, code), 2024 (one week each), 2025 (multimodal, with NumImages)."""

from astrai_slides.serving.sim.traces.table import TraceFormat

_PAPERS = {
    2023: "; Patel et al., Splitwise, ISCA 2024",
    2024: "; Stojkovic et al., DynamoLLM, HPCA 2025",
}


def _cite(year: int | None) -> str:
    return f"Azure LLM inference trace{f' {year}' if year else ''} (CC-BY{_PAPERS.get(year or 0, '')})"


AZURE = TraceFormat("azure", "TIMESTAMP", "ContextTokens", "GeneratedTokens", _cite)
"""ISO times with any number of fractional digits, in 2024 with a zone. Images are not counted as tokens."""
