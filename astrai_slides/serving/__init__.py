"""What a server does with requests: workloads, schedulers, timelines and figures. No manim here."""

from astrai_slides.serving.figures import Bar, Comparison, computed_comparison, decode_rule_comparison
from astrai_slides.serving.options import DecodeRule, FirstToken, Options, TurnCost
from astrai_slides.serving.request import Request
from astrai_slides.serving.scheduler import continuous_batching, schedule, static_batching
from astrai_slides.serving.timeline import Cell, Phase, Policy, Timeline, Turn

__all__ = [
    "Bar",
    "Cell",
    "Comparison",
    "DecodeRule",
    "FirstToken",
    "Options",
    "Phase",
    "Policy",
    "Request",
    "Timeline",
    "Turn",
    "TurnCost",
    "computed_comparison",
    "continuous_batching",
    "decode_rule_comparison",
    "schedule",
    "static_batching",
]
