"""What a page's click on the picture is answered with: the line that made what is there, opened if that is wished."""

import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from astrai_slides.build.clicked import MadeLines

MOST_BYTES = 1000
"""Of what a page says of a click."""

OpenLine: TypeAlias = Callable[[str, int], str]
"""Opens a file at a line, and returns why that cannot be, "" if it can."""


class Clicks:
    """Answers clicks on the deck of one number, whose lines are known."""

    def __init__(self, open_line: OpenLine | None) -> None:
        """Every line is opened by `open_line`, if there is one."""
        self._open_line = open_line
        self._deck = 0
        self._lines: MadeLines | None = None
        self._texts: dict[str, list[str]] = {}
        """Lines of the files that the deck was made from, as they were then."""

    def show(self, deck: int, data: bytes | None, read: Iterable[str] = ()) -> None:
        """Answer for the deck of that number, made of the files `read`; `data` is as `MadeLines` reads it."""
        self._deck = deck
        self._lines = MadeLines(data) if data is not None else None
        # as they are now, for a line that is looked for when the file is another
        files = self._lines.files if self._lines is not None else frozenset()
        self._texts = {file: _lines_of(file) for file in files.intersection(read)}

    def answer(self, content: bytes) -> dict[str, Any] | None:
        """Return what there is to say of a click; None for what is none.

        `content` is JSON: `deck`, `step` (from 0), `frame` (None: the end), `x`, `y` and `aspect` as
        `MadeLines.place` has them.
        """
        try:
            told = json.loads(content)
            deck, step, frame = int(told["deck"]), int(told["step"]), told["frame"]
            frame = None if frame is None else int(frame)
            x, y, aspect = (float(told[name]) for name in ("x", "y", "aspect"))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None
        if not all(map(math.isfinite, (x, y, aspect))) or aspect <= 0:
            return None
        lines = self._lines
        if lines is None or deck != self._deck:
            return {"said": "this picture is being recorded; its lines are known once that is done"}
        place = lines.place(step, frame, x, y, aspect)
        # of nothing else is there anything to be told, whatever the recording says
        if place is None or place[0] not in self._texts:
            return {"said": "no line of the deck made what is there"}
        return self._place(*place)

    def _place(self, file: str, line: int) -> dict[str, Any]:
        """Say where the line is now that was number `line` when the deck was recorded, as an edit may have moved it."""
        text = self._texts[file][line - 1] if line <= len(self._texts[file]) else ""
        now = _lines_of(file)
        same = [place for place, each in enumerate(now, 1) if each == text]
        there = min(same, key=lambda place: abs(place - line), default=line)
        path, here = Path(file), Path.cwd()
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        said = "" if same else "edited since this was recorded"
        if self._open_line is not None:
            said = self._open_line(file, there) or said
        return {"place": f"{shown}:{there}", "text": text.strip(), "said": said}


def _lines_of(file: str) -> list[str]:
    try:
        return Path(file).read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
