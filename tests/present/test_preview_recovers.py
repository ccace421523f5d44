"""A preview of decks that hang or end Python: mending them shows them."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
from previewing import DECK, started

from astrai_slides.base.forks import FORKS

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal"),
]

LINES = 60
"""So many lines, of which two come every five seconds where nothing is told, before a test fails."""
HANG = "open('begun', 'w').close()\n{indent}while True: pass\n"


@contextmanager
def notices(folder: Path) -> Iterator[Callable[[Callable[[dict[str, Any]], bool]], dict[str, Any]]]:
    """Preview the deck of `folder`; yield what waits for the notice that is meant, and returns it."""
    process = started(folder)
    assert process.stdout is not None
    try:
        with urlopen(f"{process.stdout.readline().strip()}events", timeout=60) as stream:
            lines = islice(stream, LINES)
            told = (json.loads(line.removeprefix(b"data: ")) for line in lines if line.startswith(b"data: "))
            yield lambda wanted: next(filter(wanted, told))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


@pytest.mark.parametrize("hangs", [pytest.param(True, marks=pytest.mark.wide), False])
def test_a_deck_that_never_showed_anything_heals_when_it_is_saved(hangs: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "begun")
    line = HANG.format(indent=" " * 8) if hangs else "import os; os._exit(7)\n"
    (tmp_path / "deck.py").write_text(DECK.replace("box = Square", f"{line}        box = Square"), "utf-8")
    with notices(tmp_path) as wait:
        if hangs:
            (tmp_path / "begun").read_text()
        else:
            assert "code 7" in wait(lambda notice: bool(notice["error"]))["error"]
        (tmp_path / "deck.py").write_text(DECK, "utf-8")
        assert wait(lambda notice: notice["deck"] > 0)["error"] is None


@pytest.mark.parametrize("hangs", [True, pytest.param(False, marks=pytest.mark.wide)])
def test_a_module_that_hangs_when_it_is_first_imported_heals_the_deck_when_it_is_saved(
    hangs: bool, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "begun")
    (tmp_path / "parts").mkdir()
    module = tmp_path / "parts" / "helper.py"
    module.write_text(HANG.format(indent="") if hangs else "import os; os._exit(7)\n", "utf-8")
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    with notices(tmp_path) as wait:
        wait(lambda notice: notice["deck"] == 1)
        deck = DECK.replace("Square(", "Square(side_length=SIDE, ")
        (tmp_path / "deck.py").write_text(f"from parts.helper import SIDE\n{deck}", "utf-8")
        if hangs:
            (tmp_path / "begun").read_text()
        else:
            wait(lambda notice: bool(notice["error"]))
        module.write_text("SIDE = 1.5\n", "utf-8")
        # what is known of the edit may be shown before its build is over and the error goes
        wait(lambda notice: notice["deck"] >= 2 and notice["error"] is None)


@pytest.mark.skipif(not FORKS, reason="this system does not fork")
def test_snapshots_end_with_the_process_that_builds_however_that_ends(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    with notices(tmp_path) as wait:
        wait(lambda notice: notice["deck"] > 0 and not notice["building"])
        (preview,) = (each for each in psutil.Process().children() if "preview" in each.cmdline())
        (builder,) = preview.children()
        waiting = builder.children(recursive=True)
        assert waiting
        builder.kill()
        _, alive = psutil.wait_procs(waiting, timeout=30)
        assert alive == []
