"""Traces in the form of the simulator Vidur; those without `arrived_at` give lengths only."""

from astrai_slides.serving.sim.traces.table import TraceFormat

VIDUR = TraceFormat("vidur", "arrived_at", "num_prefill_tokens", "num_decode_tokens", arrival_required=False)
