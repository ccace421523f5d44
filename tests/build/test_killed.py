"""Builds that are killed. `scripts/kill_builds.py` does the same more often."""

import importlib.util
import sys
from pathlib import Path


def test_a_build_that_is_killed_leaves_old_or_new_files_and_the_next_one_is_right(project_root: Path) -> None:
    spec = importlib.util.spec_from_file_location("kill_builds", project_root / "scripts" / "kill_builds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    lines: list[str] = []
    module.check(2, 7, lines.append, compare_all=False)
    assert len(lines) == 2
