"""Results of benchmarks: one reader a tool, one model for all.

What reads them is in `reading`, which a deck that shows none does not import: that takes a tenth of a second.
"""

from astrai_slides.serving.sim.measured.comparison import (
    Conditions,
    Labelled,
    MeasuredThroughputs,
    Metric,
    WrittenThroughputs,
    measured_throughputs,
)
from astrai_slides.serving.sim.measured.model import Batch, MeasuredRequest, MeasuredRun, Tool

__all__ = [
    "Batch",
    "Conditions",
    "Labelled",
    "MeasuredRequest",
    "MeasuredRun",
    "MeasuredThroughputs",
    "Metric",
    "Tool",
    "WrittenThroughputs",
    "measured_throughputs",
]
