"""Commands, each in a process of its own, forked from one that has manim loaded: the command is run as it is typed.

Run as a program it reads orders from standard input, a JSON object a line, and answers each with the exit code. In the
child the interpreter ends as it always does: with threads joined and `atexit` called.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to; the code is negative for a signal, as of `subprocess`."""

    code: int
    out: str
    err: str


class ForkedBuilds:
    """A process that runs commands for its user."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def run(self, *command: str, folder: Path, limit: int = 60, **environment: str) -> Done:
        """Run `astrai-slides` with `command` in `folder`, for `limit` seconds at most: then it ends by SIGALRM."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"command": command, "folder": str(folder), "limit": limit, "environment": environment}
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, err = ((folder / name).read_text("utf-8", "replace") for name in (".out", ".err"))
        return Done(code, out, err)


def _serve() -> None:
    """Answer orders; returns in each child, which is to run its command."""
    import manim_slides  # noqa: F401

    import astrai_slides.build.make
    import astrai_slides.export.html.page
    import astrai_slides.export.pdf.pages
    import astrai_slides.recording.paint.raster
    import astrai_slides.recording.run.camera
    import astrai_slides.recording.run.formulas_ahead
    import astrai_slides.recording.run.playing
    import astrai_slides.recording.run.record  # noqa: F401
    from astrai_slides.base.identity import fingerprint

    fingerprint()  # kept from here on, as it takes a tenth of a second
    gc.collect()
    gc.freeze()
    answers = os.dup(1)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            os.close(answers)
            signal.alarm(order["limit"])
            os.chdir(order["folder"])
            os.environ.update(order["environment"])
            for number, name in ((1, ".out"), (2, ".err")):
                place = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(place, number)
                os.close(place)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.argv = ["astrai-slides", *order["command"]]
            return
        os.write(answers, f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())
    sys.exit()


if __name__ == "__main__":
    from astrai_slides.__main__ import run

    _serve()
    run()
