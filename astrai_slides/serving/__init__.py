"""What a server does with requests: workloads, schedulers, timelines and figures. No manim here."""

from astrai_slides.serving.figures import Bar, Comparison, computed_comparison
from astrai_slides.serving.request import Request
from astrai_slides.serving.scheduler import continuous_batching, static_batching
from astrai_slides.serving.timeline import Cell, Phase, Policy, Timeline, Turn

__all__ = [
    "Bar",
    "Cell",
    "Comparison",
    "Phase",
    "Policy",
    "Request",
    "Timeline",
    "Turn",
    "computed_comparison",
    "continuous_batching",
    "static_batching",
]
