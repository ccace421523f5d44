"""The result file: what was measured, request by request, in the form that `[throughput] source = "measured"` reads."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astrai_slides.base.atomic import write_bytes
from astrai_slides.serving.sim.measured.reference import MADE_BY
from benchmarks.gpu.requests import Asked
from benchmarks.gpu.serving import Served


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: how it batched ("static" or "continuous"), what was asked and what was answered."""

    batching: str
    asked: Asked
    served: Served


@dataclass(frozen=True, slots=True)
class Setting:
    """What all runs of a file share: who computed what, where, and by which command."""

    engine: str
    model: str
    precision: str
    device: str
    version: str
    slots: int
    longest: int
    date: str
    command: str
    notes: tuple[str, ...] = ()


def report(setting: Setting, runs: list[Measured]) -> dict[str, Any]:
    """All `runs` that answered something, as the result file holds them."""
    return {
        "made_by": MADE_BY,
        "engine": setting.engine,
        "model": f"{setting.model}, random weights, {setting.precision}, {setting.slots} slots",
        "gpu": setting.device,
        "version": setting.version,
        "date": setting.date,
        "command": setting.command,
        "slots": setting.slots,
        "longest": setting.longest,
        "notes": list(setting.notes),
        "runs": [_run(each) for each in runs],
    }


def write_report(path: Path, setting: Setting, runs: list[Measured]) -> None:
    """Write `report` to `path`, whole or not at all."""
    write_bytes(path, (json.dumps(report(setting, runs), indent=1) + "\n").encode("utf-8"))


def _run(measured: Measured) -> dict[str, Any]:
    served, asked = measured.served, measured.asked
    inputs = sum(len(each.job.prompt) for each in served.answers)
    outputs = sum(len(each.tokens) for each in served.answers)
    seconds = served.duration
    return {
        "batching": measured.batching,
        "lengths": asked.lengths,
        "about": asked.about,
        "given": served.given,
        "left_out": asked.left_out,
        "cut": served.cut,
        "completed": len(served.answers),
        "duration": seconds,
        "input_tokens": inputs,
        "output_tokens": outputs,
        "output_throughput": outputs / seconds,
        "request_throughput": len(served.answers) / seconds,
        "total_throughput": (inputs + outputs) / seconds,
        "turns": served.turns,
        "rows": served.rows,
        "padded_rows": served.padded,
        "requests": [
            {
                "prompt_tokens": len(each.job.prompt),
                "output_tokens": len(each.tokens),
                "begun": each.begun,
                "first_token": each.times[0],
                "last_token": each.times[-1],
            }
            for each in served.answers
        ],
    }
