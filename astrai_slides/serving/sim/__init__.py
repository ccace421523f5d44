"""What a server does with requests: workloads, schedulers, timelines and figures. No manim here."""

from astrai_slides.serving.sim.figures import Bar, Comparison, computed_comparison, decode_rule_comparison
from astrai_slides.serving.sim.options import DecodeRule, FirstToken, Options, TurnCost
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.scheduler import continuous_batching, schedule, static_batching
from astrai_slides.serving.sim.timeline import Cell, Phase, Policy, Timeline, Turn

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
