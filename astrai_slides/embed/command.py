"""The command line, run in a process of its own, and what it answers as JSON."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ERROR = re.compile(r"^(?:astrai-slides: |Error: )", re.MULTILINE)
"""What the message of an error begins with: of one that was told, and of a command that cannot be read."""


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What a command answered: its JSON (None where there is none), or else why it failed."""

    data: Any
    error: str = ""
    """One message that names file, key or line, and the remedy; empty if all went well."""
    printed: str = ""
    """What the deck printed, on both streams."""


def words_of(command: Sequence[str], targets: Sequence[str]) -> list[str]:
    """The words that start `command`, a name and options, about `targets`, with JSON as its answer."""
    return [sys.executable, "-m", "astrai_slides", "--quiet", *command, "--json", "--", *targets]


def surroundings() -> dict[str, str]:
    """The environment of the process: it imports from where this one does, also what was added while it runs."""
    path = os.pathsep.join(os.path.abspath(each) for each in sys.path)  # noqa: PTH100 (zip files, and links as they are)
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def run(command: Sequence[str], targets: Sequence[str], folder: Path | None = None) -> CommandAnswer:
    """Run `command` in `folder` (the working directory if None), and wait for its answer."""
    done = subprocess.run(
        words_of(command, targets),
        cwd=folder,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return answer(done.returncode, done.stdout, done.stderr)


def answer(code: int, out: bytes, err: bytes) -> CommandAnswer:
    """Read what a command printed that ended with `code`. Exit code 1 with JSON may be findings, and is no failure."""
    said, told = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
    printed, data = _parted(said)
    places = list(_ERROR.finditer(told))
    before, last = (told[: places[-1].start()], told[places[-1].end() :]) if places else (told, "")
    printed = "\n".join(each for each in (printed.strip(), before.strip()) if each)
    error = data.get("error") if isinstance(data, dict) else None
    if error:
        return CommandAnswer(data, str(error), printed)
    if data is None or code not in (0, 1):
        why = last.strip() or printed or f"it ended with code {code} without a word"
        return CommandAnswer(None, why, printed)
    return CommandAnswer(data, printed=printed)


def _parted(text: str) -> tuple[str, Any]:
    """What a deck printed, and the JSON at the end; None if there is none."""
    decoder = json.JSONDecoder()
    start = 0
    while start < len(text):
        if text[start] in "{[":
            try:
                data, end = decoder.raw_decode(text, start)
            except ValueError:
                pass
            else:
                if not text[end:].strip():
                    return text[:start], data
        following = text.find("\n", start)
        if following < 0:
            break
        start = following + 1
    return text, None
