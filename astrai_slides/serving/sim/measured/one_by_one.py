"""Runs of which a file holds the requests alone, an object each: what they give together."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.client_lists import from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import Model, Place, checked


def run_of(tool: Tool, file: Path, requests: Sequence[MeasuredRequest], failed: int) -> MeasuredRun:
    """The run of completed `requests`; throughput over the span from the first start to the last end, if all are known.

    Raises AstraiSlidesError where there is none.
    """
    if not requests:
        raise AstraiSlidesError(f"{file}: holds no completed request; run the benchmark again")
    ordered = from_earliest(list(requests))
    inputs, outputs = sum(each.prompt_tokens for each in ordered), sum(each.output_tokens for each in ordered)
    run = MeasuredRun(
        tool, file, completed=len(ordered), failed=failed, input_tokens=inputs, output_tokens=outputs, requests=ordered
    )
    ends = [each.start + each.end for each in ordered if each.start is not None and each.end is not None]
    span = max(ends) if len(ends) == len(ordered) else 0.0
    if not span:
        return run
    return replace(
        run,
        output_throughput=outputs / span,
        request_throughput=len(ordered) / span,
        total_throughput=(inputs + outputs) / span,
        duration=span,
    )


def each_checked(entries: Sequence[dict[str, Any]], file: Path, model: type[Model]) -> list[Model]:
    """All `entries` as `model`; the first that is faulty is told of, by its number."""
    return [checked(Place(file, f"[{number}]"), entry, model) for number, entry in enumerate(entries, 1)]
