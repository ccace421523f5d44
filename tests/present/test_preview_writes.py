"""A preview that writes other formats as well: what `build` writes, after each edit."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from previewing import DECK, environment, started

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal"),
]

SMALL = "[CLI]\npixel_width = 320\npixel_height = 180\nframe_rate = 10\n"
FORMATS = "html,pdf,png"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    (tmp_path / "manim.cfg").write_text(SMALL, "utf-8")
    process = started(tmp_path, "--to", FORMATS, stderr=subprocess.PIPE)
    yield process
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def said(process: "subprocess.Popen[str]", count: int) -> set[str]:
    """Names of the next `count` files that it says were written."""
    assert process.stderr is not None
    names: set[str] = set()
    for line in process.stderr:
        assert "pikepdf" not in line, "what libraries tell is nobody's business"
        if line.startswith("wrote "):
            names.add(Path(line.split()[1]).name)
        if len(names) == count:
            return names
    pytest.fail("it ended")


def test_what_a_build_writes_is_written_after_each_edit(preview: "subprocess.Popen[str]", tmp_path: Path) -> None:
    names = said(preview, 3)
    assert "Talk.pdf" in names
    deck = tmp_path / "deck.py"
    deck.write_text(DECK.replace("shift(RIGHT)", "shift(2 * RIGHT)"), "utf-8")
    assert said(preview, 3) == names
    command = [sys.executable, "-m", "astrai_slides", "-q", "build", "deck.py", "--to", FORMATS, "--out", "cold"]
    variables = environment(tmp_path) | {"ASTRAI_SLIDES_CACHE": os.fspath(tmp_path / "cold-cache")}
    subprocess.run(command, cwd=tmp_path, env=variables, check=True)
    built = [each for each in (tmp_path / "cold").rglob("*") if each.is_file()]
    assert len(built) > 3
    for each in built:
        assert (tmp_path / each.relative_to(tmp_path / "cold")).read_bytes() == each.read_bytes()
