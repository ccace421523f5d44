"""What is made of LaTeX's log, and how its programs are ended."""

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from fake_latex import fake_latex

from astrai_slides.seam.latex import Formula, LatexError, end_all, reason

MARK = r"\special {dvisvgm:raw <g id='unique000'>}"
SHAPES = {
    "argument": (
        ["! Undefined control sequence.", rf"<argument>  {MARK}\qty ", r"    {3}{\metre }", r"l.6 \end{align*}", "  "],
        r"Undefined control sequence. \qty <-- here {3}{\metre }",
    ),
    "line": (
        ["! Missing $ inserted.", "<inserted text> ", "   $", rf"l.5 {MARK}a_", "       b and more"],
        "Missing $ inserted. a_ <-- here b and more",
    ),
    "package": (
        ["! LaTeX Error: File `no.sty' not found.", "", "Type X to quit", "", "! Emergency stop.", "l.3 x", "y"],
        "LaTeX Error: File `no.sty' not found.",
    ),
    "ended": (
        ["! File ended while scanning use of \\align*.", "<*> d.tex", "  "],
        "File ended while scanning use of \\align*.",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_first_error_is_named_with_its_place(shape: str) -> None:
    log, wanted = SHAPES[shape]
    assert reason(["This is pdfTeX", "(./a.tex", *log, "Here is how much of TeX's memory you used:"]) == wanted


def test_a_log_without_an_error_has_no_reason() -> None:
    assert reason(["This is pdfTeX", "No pages of output."]) is None


SECONDS = 10.0
"""In which what was killed has ended."""
HANGING = """#!{python}
import os, signal

with open({started!r}, "w") as started:
    started.write(str(os.getpid()))
signal.pause()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe with a name says when the program has started")
@pytest.mark.parametrize("program", ["latex", "dvisvgm"])
def test_whichever_program_hangs_is_ended(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_latex(tmp_path / "bin", monkeypatch)
    started = tmp_path / "started"
    os.mkfifo(started)
    (tmp_path / "bin" / program).write_text(HANGING.format(python=sys.executable, started=str(started)), "utf-8")
    formula = Formula(r"\begin{document}a", ("latex",), ".dvi", "a", tmp_path / "formula.tex")
    with ThreadPoolExecutor(1) as thread:
        setting = thread.submit(formula.typeset)
        process = int(started.read_text("utf-8"))
        try:
            end_all()
            assert isinstance(setting.exception(SECONDS), LatexError)
        finally:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
