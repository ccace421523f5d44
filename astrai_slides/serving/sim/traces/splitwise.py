"""Traces of the simulator splitwise-sim: a request a row, arrivals in seconds."""

from astrai_slides.serving.sim.traces.table import TraceFormat

SPLITWISE = TraceFormat("splitwise", "arrival_timestamp", "prompt_size", "token_size")
