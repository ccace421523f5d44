"""docs/check.md has every rule, as the rules themselves say."""

import subprocess
import sys
from pathlib import Path

from astrai_slides.check.registry import RULES


def test_the_page_is_up_to_date(project_root: Path, tmp_path: Path) -> None:
    made = tmp_path / "check.md"
    subprocess.run([sys.executable, project_root / "scripts" / "rules.py", made], check=True)
    wanted = made.read_text("utf-8")
    assert (project_root / "docs" / "check.md").read_text("utf-8") == wanted, "python scripts/rules.py writes it"
    for rule in RULES.values():
        assert f"### {rule.name}\n" in wanted
        assert all((rule.why, rule.limit, rule.source, rule.severities))
