"""docs/check.md has every rule, as the rules themselves say."""

import subprocess
import sys
from pathlib import Path

import pytest

from astrai_slides.check.registry import RULES


def test_the_page_is_up_to_date(project_root: Path, tmp_path: Path) -> None:
    made = tmp_path / "check.md"
    subprocess.run([sys.executable, project_root / "scripts" / "rules.py", made], check=True)
    wanted = made.read_text("utf-8")
    assert (project_root / "docs" / "check.md").read_text("utf-8") == wanted, "python scripts/rules.py writes it"
    for rule in RULES.values():
        assert f"### {rule.name}\n" in wanted
        assert all((rule.why, rule.limit, rule.source, rule.severities))


@pytest.mark.parametrize("script", ["rules.py", "commands.py"])
def test_a_script_that_is_asked_for_help_writes_no_file(script: str, project_root: Path, tmp_path: Path) -> None:
    words = [sys.executable, project_root / "scripts" / script, "--help"]
    told = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "the file to write" in told.stdout
    assert not list(tmp_path.iterdir())
