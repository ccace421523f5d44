"""Traces of real requests: lengths and arrival times, without what was said. One reader a format."""

from dataclasses import dataclass
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces.azure import AZURE
from astrai_slides.serving.sim.traces.bailian import BAILIAN
from astrai_slides.serving.sim.traces.burstgpt import BURSTGPT
from astrai_slides.serving.sim.traces.llmservingsim import LLMSERVINGSIM
from astrai_slides.serving.sim.traces.mooncake import MOONCAKE
from astrai_slides.serving.sim.traces.published import Published, published_trace
from astrai_slides.serving.sim.traces.splitwise import SPLITWISE
from astrai_slides.serving.sim.traces.table import Cut, TraceFormat, TraceRows, header, read_rows
from astrai_slides.serving.sim.traces.vidur import VIDUR

FORMATS: dict[str, TraceFormat] = {
    form.name: form for form in (AZURE, BURSTGPT, VIDUR, MOONCAKE, BAILIAN, SPLITWISE, LLMSERVINGSIM)
}
"""All formats by name."""

__all__ = ["FORMATS", "Cut", "Published", "TraceFormat", "TraceOrigin", "TraceRows", "detect_format", "read_trace"]


@dataclass(frozen=True, slots=True)
class TraceOrigin:
    """Where requests come from: a `file` in one of `FORMATS`, the `cut`, and the known trace that it is, if any.

    `skipped` rows had no prompt or no answer and were kept out.
    """

    file: Path
    form: str
    cut: Cut
    skipped: int
    published: Published | None = None


def detect_format(path: Path) -> TraceFormat:
    """The format of `path`, by the column names in its first line.

    Raises AstraiSlidesError naming the column that is missing, or all known formats.
    """
    columns = {column.casefold() for column in header(path)}
    matches = {
        name: [column for column in (*form.required, *form.marks) if column.casefold() not in columns]
        for name, form in FORMATS.items()
    }
    # Azure and BurstGPT share the name of their time column, so one column alone tells nothing.
    missing, _, name = min((len(lacking), -len(FORMATS[name].marks), name) for name, lacking in matches.items())
    form = FORMATS[name]
    if missing and missing >= len(form.required) - 1:
        known = "; ".join(f"{each.name}: {', '.join(each.required)}" for each in FORMATS.values())
        raise AstraiSlidesError(f"{path}, line 1: the columns are those of no known trace; known are {known}")
    return form


def read_trace(path: Path, form: str = "auto", cut: Cut = Cut()) -> tuple[TraceRows, TraceOrigin]:  # noqa: B008 (immutable)
    """The requests of the trace at `path` that `cut` keeps, and where they come from.

    `form` is "auto" or a name in `FORMATS`. Raises AstraiSlidesError with file, line and remedy.
    """
    chosen = detect_format(path) if form == "auto" else FORMATS[form]
    rows = read_rows(path, chosen, cut)
    known = published_trace(path, chosen.arrival, chosen.prompt, chosen.output)
    return rows, TraceOrigin(path, chosen.name, cut, rows.skipped, known)
