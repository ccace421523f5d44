"""What a server does with requests: workloads, schedulers, timelines and figures. No manim, no sentences."""

from astrai_slides.serving.sim.figures import ComputedSpeedups, chat_figures, computed_speedups
from astrai_slides.serving.sim.options import DecodeRule, FirstToken, Options, TurnCost
from astrai_slides.serving.sim.questions import (
    DecodeRow,
    State,
    busiest_decode,
    decode_rows,
    first_takeover,
    largest_group,
    states_at,
    takeovers,
)
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.scheduler import continuous_batching, schedule, static_batching
from astrai_slides.serving.sim.timeline import Cell, LoopPhase, Phase, Policy, Timeline, Turn

__all__ = [
    "Cell",
    "ComputedSpeedups",
    "DecodeRow",
    "DecodeRule",
    "FirstToken",
    "LoopPhase",
    "Options",
    "Phase",
    "Policy",
    "Request",
    "State",
    "Timeline",
    "Turn",
    "TurnCost",
    "busiest_decode",
    "chat_figures",
    "computed_speedups",
    "continuous_batching",
    "decode_rows",
    "first_takeover",
    "largest_group",
    "schedule",
    "states_at",
    "static_batching",
    "takeovers",
]
