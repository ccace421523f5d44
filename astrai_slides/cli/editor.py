"""Opening a line of a file in the user's own editor."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError

FILE, LINE = "{file}", "{line}"
_GOES_TO = {
    **dict.fromkeys(("code", "code-insiders", "codium", "cursor", "windsurf"), ("-g", f"{FILE}:{LINE}")),
    **dict.fromkeys(("subl", "zed", "hx", "helix", "mate"), (f"{FILE}:{LINE}",)),
    **dict.fromkeys(("idea", "pycharm", "charm"), ("--line", LINE, FILE)),
}
"""How editors are told a line; all others as vi is."""

_AS_VI = (f"+{LINE}", FILE)


class Editor:
    """The editor that a `command` starts: as a shell has it, with `{file}` and `{line}` where they belong.

    Without these it is told a line as editors of its name are. The first of $VISUAL and $EDITOR if it is empty. Raises
    AstraiSlidesError where none is named, or the command cannot be read.
    """

    def __init__(self, command: str = "", environment: Mapping[str, str] = os.environ) -> None:
        command = command or environment.get("VISUAL", "") or environment.get("EDITOR", "")
        try:
            words = _words(command)
        except ValueError as error:
            raise AstraiSlidesError(f"--editor {command!r}: cannot be read: {error}") from error
        if not words:
            raise AstraiSlidesError("--editor: no editor is named, nor by $VISUAL or $EDITOR; try --editor 'code -g'")
        if not any(FILE in word for word in words):
            given = [word for word in words if word not in ("-g", "--goto")]
            words = [*given, *_GOES_TO.get(Path(words[0]).stem, _AS_VI)]
        self._words = words
        self._opened: list[subprocess.Popen[bytes]] = []

    def command(self, file: str, line: int) -> list[str]:
        """What is run to open `file` at `line`."""
        return [word.replace(FILE, file).replace(LINE, str(line)) for word in self._words]

    def open(self, file: str, line: int) -> str:
        """Open `file` at `line`, without waiting; return why that cannot be, "" if it can."""
        # those that have ended are taken leave of
        self._opened = [each for each in self._opened if each.poll() is None]
        command = self.command(file, line)
        try:
            self._opened.append(subprocess.Popen(command))
        except OSError as error:
            return f"--editor: {command[0]} cannot be started: {error.strerror or error}"
        return ""


def _words(command: str) -> list[str]:
    """The words of `command`. Raises ValueError for a quote that does not end."""
    if os.name == "posix":
        return shlex.split(command)
    # a backslash stands in a path there; quotes around a word are left to be taken away
    words = shlex.split(command, posix=False)
    return [word[1:-1] if word[:1] in {'"', "'"} and word[-1:] == word[:1] else word for word in words]
