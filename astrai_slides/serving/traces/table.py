"""What all trace formats share: a CSV table with a header, a request a row, read in one pass in bounded memory."""

import csv
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.traces.lines import read_lines
from astrai_slides.serving.traces.times import Clock

MOST_TOKENS = 10_000_000
"""In a prompt or an answer; more is absurd, no model reads or writes it."""
MOST_ROWS = 50_000_000
"""Requests kept of one trace: 24 bytes each. Larger ones can be cut while they are read."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows of a trace to keep, in this order: a window in time, every k-th of what is left, the first N.

    `window`: from and to (excluded), in seconds after the first row; None for all of it.
    """

    window: tuple[float, float] | None = None
    every: int = 1
    first: int | None = None

    def words(self) -> list[str]:
        """The cut in words, for captions."""
        words = []
        if self.window is not None:
            words.append(f"seconds {self.window[0]:g} to {self.window[1]:g}")
        if self.every > 1:
            words.append(f"every {_ordinal(self.every)} request")
        if self.first is not None:
            words.append(f"first {self.first:,}")
        return words


@dataclass(frozen=True, slots=True)
class TraceFormat:
    """One format: which columns hold what (compared without regard to case), and how to cite the trace.

    `arrival` None: the format has no arrival times. `cite` gets the year of the first row, or None.
    """

    name: str
    arrival: str
    prompt: str
    output: str
    cite: Callable[[int | None], str]
    arrival_required: bool = True

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which a file is not in this format."""
        return (self.arrival, self.prompt, self.output) if self.arrival_required else (self.prompt, self.output)


@dataclass(frozen=True, slots=True, eq=False)
class TraceRows:
    """Requests of a trace in order of arrival; `arrivals` in seconds after the first of them, all 0 if unknown.

    `skipped`: rows kept out because they have no prompt or no answer (failures).
    """

    prompt_tokens: npt.NDArray[np.int64]
    output_tokens: npt.NDArray[np.int64]
    arrivals: npt.NDArray[np.float64]
    skipped: int
    timed: bool
    year: int | None


def header(path: Path) -> list[str]:
    """The column names of `path`; raises AstraiSlidesError for a file that has none."""
    rows = _rows(path)
    try:
        for _, row in rows:
            return [column.strip() for column in row]
    finally:
        rows.close()
    raise AstraiSlidesError(f"{path}: is empty; a trace has a header and a line a request")


def read_rows(path: Path, form: TraceFormat, cut: Cut) -> TraceRows:
    """The requests of `path`, in format `form`, that `cut` keeps.

    Raises AstraiSlidesError with file, line and remedy for a missing column and for a row that makes no sense.
    """
    rows = _rows(path)
    try:
        return _read(path, rows, form, cut)
    finally:
        rows.close()


def _read(path: Path, rows: Iterator[tuple[int, list[str]]], form: TraceFormat, cut: Cut) -> TraceRows:
    line, columns = next(rows, (1, []))
    if not columns:
        raise AstraiSlidesError(f"{path}: is empty; a {form.name} trace has the columns {', '.join(form.required)}")
    places = {column.strip().casefold(): place for place, column in enumerate(columns)}
    for needed in form.required:
        if needed.casefold() not in places:
            shown = ", ".join(column.strip()[:40] for column in columns[:12])
            raise AstraiSlidesError(
                f"{path}, line {line}: no column {needed} for a {form.name} trace (found: {shown});"
                " name the columns in the first line, or choose another format"
            )
    arrival_place = places.get(form.arrival.casefold())
    if arrival_place is None and cut.window is not None:
        raise AstraiSlidesError(
            f"{path}, line {line}: no column {form.arrival}, so there is no time to cut a window by;"
            " cut by first or every instead"
        )
    kept = _Kept(path, cut)
    prompt_place, output_place = places[form.prompt.casefold()], places[form.output.casefold()]
    clock = Clock()
    origin: int | None = None
    zero = 0.0
    for line, row in rows:
        try:
            prompt, output = row[prompt_place], row[output_place]
            # Two decimal digits groups are the common case; what is not goes the long way round.
            prompt_tokens = int(prompt) if prompt.isdecimal() and len(prompt) < 8 else tokens(prompt)
            output_tokens = int(output) if output.isdecimal() and len(output) < 8 else tokens(output)
            time = 0.0
            if arrival_place is not None:
                text = row[arrival_place]
                if origin is None:
                    origin = clock.origin(text)
                    zero = clock.seconds(text, origin)
                time = clock.seconds(text, origin)
        except IndexError:
            raise AstraiSlidesError(
                f"{path}, line {line}: {len(row)} values where the header has {len(columns)}; mend or drop the line"
            ) from None
        except ValueError as error:
            column, value = _culprit(row, form, places)
            raise AstraiSlidesError(
                f"{path}, line {line}: {column} is {value!r:.60}: {error}; mend or drop the line"
            ) from None
        if kept.full(prompt_tokens, output_tokens, time, time - zero):
            break
    return kept.rows(timed=arrival_place is not None, origin=origin)


class _Kept:
    """Rows kept so far."""

    def __init__(self, path: Path, cut: Cut) -> None:
        self._path = path
        self._cut = cut
        self._prompts, self._outputs, self._times = array("q"), array("q"), array("d")
        self._seen = 0
        self._skipped = 0

    def full(self, prompt_tokens: int, output_tokens: int, time: float, since_first: float) -> bool:
        """Take in a row if the cut keeps it, and say whether no other one is wanted."""
        cut = self._cut
        if cut.window is not None and not cut.window[0] <= since_first < cut.window[1]:
            return False
        if prompt_tokens == 0 or output_tokens == 0:
            self._skipped += 1
            return False
        self._seen += 1
        if (self._seen - 1) % cut.every:
            return False
        if len(self._times) == MOST_ROWS:
            raise AstraiSlidesError(
                f"{self._path}: more than {MOST_ROWS:,} requests; cut it with first, every or window"
            )
        self._prompts.append(prompt_tokens)
        self._outputs.append(output_tokens)
        self._times.append(time)
        return len(self._times) == cut.first

    def rows(self, timed: bool, origin: int | None) -> TraceRows:
        """All rows kept, in order of arrival."""
        if not self._times:
            reason = f" ({self._skipped:,} rows without prompt or answer were kept out)" if self._skipped else ""
            wider = "; widen the cut" if self._cut != Cut() else "; name a file with requests"
            raise AstraiSlidesError(f"{self._path}: no request is left{reason}{wider}")
        times = np.frombuffer(self._times, dtype=np.float64)
        order = np.argsort(times, kind="stable")
        # A trace counts from its own zero, or tells the calendar time of its first row.
        year = 1970 + int(origin // 31_556_952) if origin is not None and origin > 31_556_952 else None
        return TraceRows(
            prompt_tokens=np.frombuffer(self._prompts, dtype=np.int64)[order],
            output_tokens=np.frombuffer(self._outputs, dtype=np.int64)[order],
            arrivals=times[order] - times[order[0]],
            skipped=self._skipped,
            timed=timed,
            year=year,
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


def _culprit(row: list[str], form: TraceFormat, places: dict[str, int]) -> tuple[str, str]:
    """Which column of `row` cannot be read, and what it says."""
    for column in (form.prompt, form.output):
        value = row[places[column.casefold()]]
        try:
            tokens(value)
        except ValueError:
            return column, value
    return form.arrival, row[places[form.arrival.casefold()]]


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and values of each row that is not blank."""
    reader = csv.reader(read_lines(path))
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()):
                yield reader.line_num, row
    except csv.Error as error:
        raise AstraiSlidesError(
            f"{path}, line {reader.line_num}: not CSV: {error}; a quotation mark may be missing"
        ) from None


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
