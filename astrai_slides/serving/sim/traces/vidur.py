"""Traces in the form of the simulator Vidur; those without `arrived_at` give lengths only."""

from astrai_slides.serving.sim.traces.table import TraceFormat


def _cite(year: int | None) -> str:
    return "trace in Vidur's form (Agrawal et al., Vidur, MLSys 2024)"


VIDUR = TraceFormat("vidur", "arrived_at", "num_prefill_tokens", "num_decode_tokens", _cite, arrival_required=False)
