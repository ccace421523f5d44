"""Which of the files that a build read have been edited since: asked again and again, by looking and not by reading."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from astrai_slides.base import inputs
from astrai_slides.base.inputs import ABSENT, CHANGED, FONTS, INSTALLED, LINK, PRESENT, Inputs

_Look: TypeAlias = tuple[int, ...] | str | None
"""What tells without reading that a file may have been written: its state, or what a link names."""
_EDITS_IN_A_ROW = 3
"""So many builds in a row may be edited while they run by a hand; what is written more often, the deck writes."""
_NEVER: _Look = ()
"""In place of a look, where a file is to be read at the next one."""


class Edits:
    """Knows what builds have read, and says what of it is another by now.

    Every call looks at every file (`stat`) and reads those that look otherwise than before, so that it may be asked
    many times a second. Fonts and packages that are installed meanwhile are not looked for.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._looks: dict[str, _Look] = {}
        self._blamed: dict[str, tuple[str, int]] = {}
        """What the last build read as something else than it ended as: what it held then, and how often in a row."""

    def expect(self, read: Mapping[str, str]) -> set[str]:
        """Look after `read`, what the last build read, from now on; return what was edited while it ran.

        What was read as something else than it ended as, in builds that follow each other, is written by the deck
        itself, and no edit: after one of them if it ended the same, else after some, as a log is another every time.
        """
        edited = set()
        known: Inputs = {}
        looks: dict[str, _Look] = {}
        for path, value in read.items():
            if path == FONTS or path.startswith(INSTALLED):
                continue
            looks[path] = _look(path)
            if value != CHANGED and inputs.unchanged({path: value}):
                known[path] = value
            else:
                known[path] = _value(path, value)
                edited.add(path)
        again, blamed = set(), {}
        for path in edited:
            ended, times = self._blamed.get(path, (None, 0))
            if ended != known[path] and times < _EDITS_IN_A_ROW:
                again.add(path)
            blamed[path] = known[path], times + 1
        self._blamed = blamed
        self._known, self._looks = known, looks
        return again

    def look_also_after(self, read: Mapping[str, str]) -> None:
        """Look after `read` besides what is looked after already, as far as it is not."""
        for path, value in read.items():
            if path not in self._looks:
                self._known[path] = value
                self._looks[path] = _NEVER

    def look_also_after_file(self, path: Path) -> None:
        """Look after the file at `path` from now on, besides what is looked after already."""
        self.look_also_after({str(path.absolute()): inputs.digest(path)})

    def edited(self) -> set[str]:
        """Return what is another than when this was asked last."""
        edited = set()
        for path, before in self._looks.items():
            now = _look(path)
            if now == before:
                continue
            self._looks[path] = now
            value = _value(path, self._known[path])
            if value != self._known[path]:
                self._known[path] = value
                edited.add(path)
        return edited

    @staticmethod
    def anything_empty(paths: set[str]) -> bool:
        """Whether one of `paths` is empty or gone, as a file is for a moment that an editor is about to write."""
        return any(not isinstance(look := _look(path), tuple) or not look[2] for path in paths)


def _look(path: str) -> _Look:
    try:
        if path.startswith(LINK):
            return os.readlink(path.removeprefix(LINK))
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _value(path: str, before: str) -> str:
    """What `path` holds now, said as `before` says it."""
    if path.startswith(LINK):
        look = _look(path)
        return look if isinstance(look, str) else ABSENT
    if before == PRESENT:
        return PRESENT if os.path.exists(path) else ABSENT
    if before == ABSENT and os.path.isdir(path):
        return PRESENT
    return inputs.digest(path)
