"""A benchmark's detailed result as a workload: the lengths and arrivals of its requests, without what was measured."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.files import BROKEN, open_bytes
from astrai_slides.serving.sim.measured import MeasuredRun, Tool
from astrai_slides.serving.sim.traces import FORMATS, Cut
from astrai_slides.serving.sim.traces.lines import LONGEST_LINE
from astrai_slides.serving.sim.traces.table import TraceRows


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """Requests come from the result `file` of a `tool`, cut; `timed`: it says when they were sent."""

    file: Path
    tool: Tool
    cut: Cut
    skipped: int
    timed: bool


def is_result(path: Path) -> bool:
    """Whether the file at `path` is a result: one that is no JSON, or JSON but for traces, an object a request."""
    try:
        with open_bytes(path) as file:
            beginning = file.read(LONGEST_LINE).removeprefix(b"\xef\xbb\xbf")
    except (OSError, *BROKEN):
        return False
    from astrai_slides.serving.sim.measured.reading import is_text_result

    if is_text_result(beginning.decode("utf-8", "replace")):
        return True
    line = beginning.partition(b"\n")[0].strip()
    if not line.startswith((b"{", b"[")):
        return False
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return True
    lines = [set(form.required) for form in FORMATS.values() if form.json_lines]
    return not (isinstance(first, dict) and any(names <= set(first) for names in lines))


def read_recorded(path: Path, cut: Cut) -> tuple[TraceRows, RunOrigin]:
    """The requests of the result at `path` that `cut` keeps, in order of arrival; all at 0 where it says no times.

    Raises AstraiSlidesError for a result that names no single requests, or not how long their prompts were.
    """
    from astrai_slides.serving.sim.measured.reading import read_run

    run = read_run(path)
    if not run.requests:
        raise AstraiSlidesError(
            f"{path}: holds no single requests, so it is no workload; run the benchmark again with per-request details:"
            " vllm bench serve --save-result --save-detailed"
        )
    silent = sum(request.prompt_tokens < 1 for request in run.requests)
    if silent:
        raise AstraiSlidesError(
            f"{path}: does not say how long the prompts of {silent:,} of its {len(run.requests):,} requests were, so it"
            " is no workload; run the benchmark again with per-request details: vllm bench serve --save-result"
            " --save-detailed"
        )
    timed = all(request.start is not None for request in run.requests)
    kept = _cut(run, cut, timed)
    prompts = np.array([run.requests[at].prompt_tokens for at in kept], dtype=np.int64)
    outputs = np.array([run.requests[at].output_tokens for at in kept], dtype=np.int64)
    arrivals = np.array([run.requests[at].start or 0.0 for at in kept], dtype=np.float64)
    rows = TraceRows(prompts, outputs, arrivals - arrivals.min(), run.failed)
    return rows, RunOrigin(path, run.tool, cut, run.failed, timed)


def _cut(run: MeasuredRun, cut: Cut, timed: bool) -> list[int]:
    if cut.window is not None and not timed:
        raise AstraiSlidesError(f"{run.file}: says no times to cut a window by; cut by first or every instead")
    low, high = cut.window or (0.0, float("inf"))
    within = [at for at, request in enumerate(run.requests) if low <= (request.start or 0.0) < high]
    kept = within[:: cut.every][: cut.first]
    if not kept:
        raise AstraiSlidesError(f"{run.file}: no request is left; widen the cut")
    return kept
