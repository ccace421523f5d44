"""Packages that only a deck imports: an upgrade of one leaves nothing stale."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

DECK = """
from gauges import READING
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        self.next_slide(notes=READING)
        self.wait(0.2)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder into which `pip install --user` puts packages, with one in it."""
    scheme = "nt_user" if os.name == "nt" else "posix_user"
    folder = Path(sysconfig.get_path("purelib", scheme, {"userbase": str(tmp_path / "user")}))
    folder.mkdir(parents=True)
    install(folder, "1.0", "one metre")
    return folder


def install(folder: Path, version: str, reading: str, record: str = "") -> None:
    """Install a package of one module, as pip does, in place of what there is of it."""
    source = f"import sys\nprint('gauges is imported', file=sys.stderr)\nREADING = {reading!r}\n"
    (folder / "gauges.py").write_text(source, encoding="utf-8")
    for each in folder.glob("*.dist-info"):
        shutil.rmtree(each)
    about = folder / f"gauges-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: Gauges\nVersion: {version}\n", encoding="utf-8")
    (about / "RECORD").write_text(f"gauges.py,{record},\n{about.name}/METADATA,,\n", encoding="utf-8")


@pytest.mark.long
def test_an_upgrade_of_what_only_the_deck_imports_is_seen_without_importing_it(
    tmp_path: Path, site: Path, project_root: Path
) -> None:
    (tmp_path / "deck.py").write_text(DECK, encoding="utf-8")
    environment = os.environ | {
        "PYTHONUSERBASE": str(tmp_path / "user"),
        "PYTHONPATH": os.pathsep.join((str(site), str(project_root))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ASTRAI_SLIDES_CACHE": str(tmp_path / "cache"),
    }

    def built() -> tuple[bool, bool, str]:
        """Whether anything was written, whether the package was imported, and the notes."""
        words = [sys.executable, "-m", "astrai_slides", "build", "deck.py", "Deck", "--quality", "l", "--to", "notes"]
        run = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        notes = (tmp_path / "Deck.notes.md").read_text(encoding="utf-8")
        return "unchanged" not in run.stdout, "gauges is imported" in run.stderr, notes.strip().splitlines()[-1]

    assert built() == (True, True, "one metre")
    assert built() == (False, False, "one metre")
    install(site, "1.1", "two metres")
    assert built() == (True, True, "two metres")
    assert built() == (False, False, "two metres")
