"""The font without ink that is committed is the one that its script makes."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path


def test_the_font_is_the_one_that_is_made(project_root: Path, tmp_path: Path) -> None:
    made = tmp_path / "no_ink.ttf"
    subprocess.run([sys.executable, str(project_root / "scripts" / "no_ink_font.py"), str(made)], check=True)
    kept = files("astrai_slides.export") / "pdf" / "no_ink.ttf"
    assert kept.read_bytes() == made.read_bytes(), "python scripts/no_ink_font.py writes it"
