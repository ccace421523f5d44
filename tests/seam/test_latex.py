"""What is made of LaTeX's log."""

import pytest

from astrai_slides.seam.latex import reason

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
