"""The reference of commands is what the commands' own help says."""

import importlib.util
from pathlib import Path

import click

from astrai_slides.cli import main


def test_the_reference_is_up_to_date(project_root: Path) -> None:
    spec = importlib.util.spec_from_file_location("commands_script", project_root / "scripts" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    wanted = script.reference()
    assert (project_root / "docs" / "commands.md").read_text("utf-8") == wanted, "python scripts/commands.py writes it"
    for name in main.list_commands(click.Context(main)):
        assert f"## astrai-slides {name}\n" in wanted
