"""What may know of the domain, and what of the domain needs no drawing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

DOMAIN = "astrai_slides.serving"


def imported(file: Path) -> set[str]:
    """Names of the modules that `file` imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_the_tool_knows_nothing_of_the_domain(project_root: Path) -> None:
    package = project_root / "astrai_slides"
    files = [file for file in package.rglob("*.py") if package / "serving" not in file.parents]
    assert package / "deck" / "parts" / "bars.py" in files
    assert [file for file in files if any(name.startswith(DOMAIN) for name in imported(file))] == []


@pytest.mark.parametrize("module", ["sim", "sim.measured", "sim.traces", "sim.questions", "words", "talk"])
def test_facts_words_and_talk_files_need_no_manim_and_no_click(module: str) -> None:
    code = f"import sys, {DOMAIN}.{module}; print(sorted({{'manim', 'click'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
