"""A trace of JSON Lines as the rows of a table: its columns are the keys of the first object."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError


class JsonRows:
    """The rows of `lines`, the names of the columns first, as `csv.reader` gives them; `line_num` as there."""

    def __init__(self, path: Path, lines: Iterator[str]) -> None:
        self._path, self._lines = path, lines
        self._columns: list[str] = []
        self._first: list[str] | None = None
        self.line_num = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        if self._first is not None:
            row, self._first = self._first, None
            return row
        for line in self._lines:
            self.line_num += 1
            if line.strip():
                break
        else:
            raise StopIteration
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "nested too deeply, or a number with too many digits")
            raise self._error(f"not valid JSON: {reason}; mend or drop the line") from None
        if not isinstance(values, dict) or not values:
            raise self._error("no object of JSON; a trace has one a request")
        if not self._columns:
            self._columns = list(values)
            self._first = self._row(values)
            return self._columns
        return self._row(values)

    def _row(self, values: dict[str, Any]) -> list[str]:
        return [_text(values.get(column)) for column in self._columns]

    def _error(self, problem: str) -> AstraiSlidesError:
        return AstraiSlidesError(f"{self._path}, line {self.line_num}: {problem}")


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    return str(value)
