"""The names of the blocks of each prompt, of a trace of JSON Lines that has them (`hash_ids`, as Mooncake's)."""

import json
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces.lines import read_lines
from astrai_slides.serving.sim.traces.table import Cut, IntArray, TraceFormat

KEY = "hash_ids"


def read_hash_ids(path: Path, form: TraceFormat, cut: Cut, prompts: IntArray) -> list[tuple[int, ...]]:
    """The `hash_ids` of the requests that `cut` keeps of the trace at `path`, which was read before, in its order.

    `prompts`: the tokens of their prompts, as they were read. Raises AstraiSlidesError with file, line and remedy for
    a trace without them.
    """
    if not form.json_lines:
        raise AstraiSlidesError(f"{path}: has no {KEY}, which say what prompts begin alike; name a trace of Mooncake's")
    rows: list[tuple[float, int, tuple[int, ...]]] = []
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        data = json.loads(line)
        if int(data.get(form.prompt) or 0) < 1 or int(data.get(form.output) or 0) < 1:
            continue
        names = data.get(KEY)
        if not isinstance(names, list) or not all(type(name) is int for name in names):
            raise AstraiSlidesError(
                f"{path}, line {number}: {KEY} must be a list of whole numbers; leave --prefix-tokens out, or mend it"
            )
        rows.append((float(data[form.arrival]) / form.per_second, int(data[form.prompt]), tuple(names)))
    zero = rows[0][0] if rows else 0.0
    low, high = cut.window or (0.0, float("inf"))
    kept = [row for row in rows if low <= row[0] - zero < high][:: cut.every][: cut.first]
    kept.sort(key=lambda row: row[0])
    if [row[1] for row in kept] != prompts.tolist():
        raise AstraiSlidesError(f"{path}: was changed while it was read; read it again")
    return [row[2] for row in kept]
