"""Addresses as codes that phones read."""

import re

import segno

from astrai_slides.present.qr_code import for_terminal, modules

ADDRESS = "http://192.168.100.100:54321/#AbCdEfGhIjKlMnOpQrStUv"


def test_a_code_has_the_margin_that_readers_need_and_is_small_enough_for_a_terminal() -> None:
    rows = modules(ADDRESS)
    inside = ["".join(map(str, row)) for row in segno.make(ADDRESS, micro=False, error="m").matrix]
    assert [row[4:-4] for row in rows[4:-4]] == inside
    assert all(set(row) == {"0"} for row in (*rows[:4], *rows[-4:]))
    assert all(row[:4] == row[-4:] == "0000" for row in rows)
    assert len(rows) <= 46, "24 lines of a terminal, less the prompt's"


def test_a_terminal_shows_it_black_on_white_two_rows_a_line() -> None:
    rows = modules(ADDRESS)
    lines = for_terminal(rows).split("\n")
    assert len(lines) == (len(rows) + 1) // 2
    shown: list[str] = []
    for line in lines:
        found = re.fullmatch("\x1b\\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\\[0m", line)
        assert found
        shown.append("".join("1" if half in "▀█" else "0" for half in found[1]))
        shown.append("".join("1" if half in "▄█" else "0" for half in found[1]))
    assert shown[: len(rows)] == rows
