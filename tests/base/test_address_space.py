"""Too little memory to load manim is told before that is tried, which never ended."""

import subprocess
import sys
from pathlib import Path

import pytest

from astrai_slides.base.address_space import LEAST

resource = pytest.importorskip("resource", reason="this system has no such limits")


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not keep to the limit")
def test_too_little_memory_is_told(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text("from manim import Scene", encoding="utf-8")
    # in between, where OpenBLAS gets what it loads and not what it works with
    few = LEAST * 2 // 3
    done = subprocess.run(
        [sys.executable, "-m", "astrai_slides", "build", "deck.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (few, few)),
    )
    said = "astrai-slides: this process may take 266 MiB of memory, and loading manim takes more than 400; raise"
    assert (done.returncode, done.stderr) == (1, f"{said} the limit (ulimit -v)\n")
