"""`make site`: the documents and a gallery of decks that run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.wide
def test_the_site_has_decks_and_asks_no_network(
    project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    words = [sys.executable, "scripts/website.py", str(tmp_path / "site"), "--only", "Points", "--only", "stages"]
    done = subprocess.run(words, cwd=project_root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    site = tmp_path / "site"
    for page, decks in (("gallery", 1), ("features/points", 1), ("parts", 1), ("coming-from-manim-slides", 0)):
        text = (site / page / "index.html").read_text("utf-8")
        addresses = re.findall(r'<iframe class="astrai-slides" src="([^"?]+)', text)
        assert len(addresses) == decks, page
        assert all((site / page / each).is_file() for each in addresses)
    for path in site.rglob("*.html"):
        if "_decks" not in path.parts:
            text = path.read_text("utf-8")
            assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", text), path
    said = (site / "llms.txt").read_text("utf-8")
    assert said.startswith("# astrai-slides\n\n> ")
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", said, re.MULTILINE)
    assert len(links) > 15
    assert all((site / each).is_file() for each in links)
