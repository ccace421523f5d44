"""An address as a QR code, which a phone's camera reads."""

import segno

_QUIET = 4
"""Modules of white around it, which readers need."""
_BLACK_ON_WHITE, _PLAIN = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def modules(text: str) -> list[str]:
    """The code of `text`, with its margin: rows of `0` (white) and `1` (black)."""
    code = segno.make(text, micro=False, error="m")
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix_iter(border=_QUIET)]


def for_terminal(rows: list[str]) -> str:
    """The same for a terminal of 256 colours, black on white whatever its own are, two rows a line."""
    lines = []
    for upper, lower in zip(rows[::2], [*rows[1::2], "0" * len(rows[0])], strict=False):
        pairs = zip(upper, lower, strict=True)
        lines.append(_BLACK_ON_WHITE + "".join(_HALVES[a == "1", b == "1"] for a, b in pairs) + _PLAIN)
    return "\n".join(lines)
