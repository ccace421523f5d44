"""What all trace formats share: a CSV table with a header, a request a row, read in one pass in bounded memory."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces.json_lines import JsonRows
from astrai_slides.serving.sim.traces.lines import read_lines
from astrai_slides.serving.sim.traces.times import Clock

MOST_TOKENS = 10_000_000
"""In a prompt or an answer; more is absurd, no model reads or writes it."""
BLOCK = 65_536
"""Rows turned into arrays at once."""
MOST_ROWS = 50_000_000
"""Requests kept of one trace: 24 bytes each. Larger ones can be cut while they are read."""

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows of a trace to keep, in this order: a window in time, every k-th of what is left, the first N.

    `window`: from and to (excluded), in seconds after the first row; None for all of it.
    """

    window: tuple[float, float] | None = None
    every: int = 1
    first: int | None = None


@dataclass(frozen=True, slots=True)
class TraceFormat:
    """One format: which columns hold what, compared without regard to case.

    `arrival_required` False: there are files without arrival times. `json_lines`: an object a request, and no table.
    `per_second`: in what times are counted, if they are numbers: 1000 for milliseconds. `marks`: columns by which it is
    told from a format with the same names.
    """

    name: str
    arrival: str
    prompt: str
    output: str
    arrival_required: bool = True
    json_lines: bool = False
    per_second: float = 1.0
    marks: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which a file is not in this format."""
        return (self.arrival, self.prompt, self.output) if self.arrival_required else (self.prompt, self.output)


@dataclass(frozen=True, slots=True, eq=False)
class TraceRows:
    """Requests of a trace in order of arrival; `arrivals` in seconds after the first of them, all 0 if unknown.

    `skipped`: rows kept out because they have no prompt or no answer (failures).
    """

    prompt_tokens: IntArray
    output_tokens: IntArray
    arrivals: FloatArray
    skipped: int


def header(path: Path) -> list[str]:
    """The column names of `path`; raises AstraiSlidesError for a file that has none."""
    return [column.strip() for column in _header(path, _rows(path))]


def read_rows(path: Path, form: TraceFormat, cut: Cut) -> TraceRows:
    """The requests of `path`, in format `form`, that `cut` keeps.

    Raises AstraiSlidesError with file, line and remedy for a missing column and for a row that makes no sense.
    """
    reader = _rows(path)
    columns = _header(path, reader)
    places = {column.strip().casefold(): place for place, column in enumerate(columns)}
    for needed in form.required:
        if needed.casefold() not in places:
            shown = ", ".join(column.strip()[:40] for column in columns[:12])
            raise AstraiSlidesError(
                f"{path}, line {reader.line_num}: no column {needed}, as the format {form.name} has (found: {shown});"
                " name the columns in the first line, or choose another format"
            )
    arrival = places.get(form.arrival.casefold())
    if arrival is None and cut.window is not None:
        raise AstraiSlidesError(
            f"{path}, line {reader.line_num}: no column {form.arrival}, so there is no time to cut a window by;"
            " cut by first or every instead"
        )
    parser = _Parser(arrival, places[form.prompt.casefold()], places[form.output.casefold()], len(columns), form)
    kept = _Kept(path, cut)
    more = True
    while more and not kept.full:
        try:
            more = parser.parse(reader)
        except ValueError as error:
            # A row beyond those that are wanted is none of the reader's business.
            kept.take(*parser.block())
            if kept.full:
                break
            raise AstraiSlidesError(f"{path}, line {reader.line_num}: {error}; mend or drop the line") from None
        except csv.Error as error:
            raise AstraiSlidesError(
                f"{path}, line {reader.line_num}: not CSV: {error}; a quotation mark may be missing"
            ) from None
        kept.take(*parser.block())
    return kept.rows()


def _rows(path: Path) -> Any:
    """The rows of a table, or of JSON Lines, with `line_num`."""
    lines = read_lines(path)
    first = next(lines, None)
    if first is None:
        return csv.reader(lines)
    whole = chain([first], lines)
    return JsonRows(path, whole) if first.lstrip().startswith("{") else csv.reader(whole)


def _header(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        for row in reader:
            if any(value.strip() for value in row):
                return row
    except csv.Error as error:
        raise AstraiSlidesError(f"{path}, line 1: not CSV: {error}; name a CSV file") from None
    raise AstraiSlidesError(f"{path}: is empty; a trace has a line that names its columns and a line a request")


class _Parser:
    """Turns rows into numbers, a block at a time."""

    def __init__(self, arrival: int | None, prompt: int, output: int, columns: int, form: TraceFormat) -> None:
        self._arrival, self._prompt, self._output = arrival, prompt, output
        self._columns = columns
        self._form = form
        self._clock = Clock()
        self._clear()
        self.origin: int | None = None
        """The whole second, by the trace's own count, from which times are counted."""

    def _clear(self) -> None:
        self._prompts: list[int] = []
        self._outputs: list[int] = []
        self._times: list[float] = []

    def parse(self, reader: Iterator[list[str]]) -> bool:
        """Read up to `BLOCK` rows, and say whether there may be more; raises ValueError for a row without sense."""
        prompt_place, output_place, arrival_place = self._prompt, self._output, self._arrival
        least = max(prompt_place, output_place, arrival_place or 0) + 1
        prompts, outputs, times = self._prompts, self._outputs, self._times
        clock = self._clock
        row: list[str] | None = None
        for row in islice(reader, BLOCK):
            if len(row) < least:
                if not any(value.strip() for value in row):
                    continue
                raise ValueError(f"{len(row)} values where the header has {self._columns}")
            prompt, output = row[prompt_place], row[output_place]
            # Plain digits are the common case; what is not goes the long way round.
            prompt_tokens = int(prompt) if prompt.isdecimal() and len(prompt) < 8 else self._tokens(row, prompt_place)
            output_tokens = int(output) if output.isdecimal() and len(output) < 8 else self._tokens(row, output_place)
            if arrival_place is not None:
                try:
                    if self.origin is None:
                        self.origin = clock.origin(row[arrival_place])
                    times.append(clock.seconds(row[arrival_place], self.origin))
                except ValueError as error:
                    raise ValueError(f"{self._form.arrival} is {row[arrival_place][:60]!r}: {error}") from None
            prompts.append(prompt_tokens)
            outputs.append(output_tokens)
        return row is not None

    def _tokens(self, row: list[str], place: int) -> int:
        try:
            return tokens(row[place])
        except ValueError as error:
            column = self._form.prompt if place == self._prompt else self._form.output
            raise ValueError(f"{column} is {row[place][:60]!r}: {error}") from None

    def block(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Prompts, outputs and times of the rows read since the last call; seconds from `origin`."""
        rows = len(self._prompts)
        times = np.array(self._times[:rows], dtype=np.float64) if self._times else np.zeros(rows)
        block = (
            np.array(self._prompts, dtype=np.int64),
            np.array(self._outputs, dtype=np.int64),
            times / self._form.per_second,
        )
        self._clear()
        return block


class _Kept:
    """Rows kept so far."""

    def __init__(self, path: Path, cut: Cut) -> None:
        self._path = path
        self._cut = cut
        self._blocks: list[tuple[IntArray, IntArray, FloatArray]] = []
        self._zero: float | None = None
        self._kept = 0
        self._seen = 0
        self._skipped = 0

    @property
    def full(self) -> bool:
        """Whether the cut wants no more rows."""
        return self._cut.first is not None and self._kept >= self._cut.first

    def take(self, prompts: IntArray, outputs: IntArray, times: FloatArray) -> None:
        """Take in those of the next rows that the cut keeps."""
        if not len(times):
            return
        if self._zero is None:
            self._zero = float(times[0])
        cut = self._cut
        within = np.ones(len(times), dtype=np.bool_)
        if cut.window is not None:
            since = times - self._zero
            within = (cut.window[0] <= since) & (since < cut.window[1])
        answered = (prompts > 0) & (outputs > 0)
        number = self._seen + np.cumsum(within & answered) - 1
        wanted = within & answered & (number % cut.every == 0)
        places = np.flatnonzero(wanted)
        failed = np.flatnonzero(within & ~answered)
        if cut.first is not None and len(places) >= cut.first - self._kept:
            places = places[: cut.first - self._kept]
            failed = failed[failed < places[-1]] if len(places) else failed
        self._skipped += len(failed)
        self._seen += int(np.count_nonzero(within & answered))
        self._kept += len(places)
        if self._kept > MOST_ROWS:
            raise AstraiSlidesError(f"{self._path}: more than {MOST_ROWS:,} requests; cut it: first, every or window")
        self._blocks.append((prompts[places], outputs[places], times[places]))

    def rows(self) -> TraceRows:
        """All rows kept, in order of arrival."""
        if not self._kept:
            reason = f" ({self._skipped:,} rows without prompt or answer were kept out)" if self._skipped else ""
            remedy = "widen the cut" if self._cut != Cut() else "name a file with requests"
            raise AstraiSlidesError(f"{self._path}: no request is left{reason}; {remedy}")
        prompts, outputs, times = (np.concatenate(parts) for parts in zip(*self._blocks, strict=True))
        order = np.argsort(times, kind="stable")
        return TraceRows(
            prompt_tokens=prompts[order],
            output_tokens=outputs[order],
            arrivals=times[order] - times[order[0]],
            skipped=self._skipped,
        )


def tokens(text: str) -> int:
    """A token count, also as pandas writes one ("374.0"); raises ValueError with what is wrong."""
    text = text.strip()
    if not text:
        raise ValueError("a token count is missing")
    if len(text) > 40:
        raise ValueError("no token count has so many digits")
    try:
        value = float(text)
    except ValueError:
        raise ValueError("a token count is a whole number") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("a token count is a finite number")
    if value < 0:
        raise ValueError("a token count cannot be negative")
    if value > MOST_TOKENS:
        raise ValueError(f"more than {MOST_TOKENS:,} tokens are absurd")
    if value != int(value):
        raise ValueError("a token count is a whole number")
    return int(value)
