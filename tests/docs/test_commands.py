"""The reference of commands is what the commands' own help says."""

import subprocess
import sys
from pathlib import Path

import click

from astrai_slides.cli import main


def test_the_reference_is_up_to_date(project_root: Path, tmp_path: Path) -> None:
    # in a process of its own, as click keeps a command's help as it was first asked for
    script, made = project_root / "scripts" / "commands.py", tmp_path / "commands.md"
    subprocess.run([sys.executable, script, made], check=True)
    wanted = made.read_text("utf-8")
    assert (project_root / "docs" / "commands.md").read_text("utf-8") == wanted, "python scripts/commands.py writes it"
    for name in main.list_commands(click.Context(main)):
        assert f"## astrai-slides {name}\n" in wanted
    listed = wanted.partition("Commands:")[2].partition("```")[0]
    assert "..." not in listed, "what a command is for is said whole; give it a short_help"
