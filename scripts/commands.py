"""Write docs/commands.md, or the file that is named, from the help of the commands: `python scripts/commands.py`."""

import argparse
from pathlib import Path

import click

from astrai_slides.cli import main

TARGET = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
WIDTH = 100
HEAD = """# Commands

Written from the commands' own help by `python scripts/commands.py`; a test compares both.
"""


def reference() -> str:
    """Return the whole page, as Markdown: the program's own help, then a section for every command."""
    parts = [HEAD, _section("astrai-slides", main, None)]
    with main.make_context("astrai-slides", [], resilient_parsing=True) as context:
        for name in main.list_commands(context):
            command = main.get_command(context, name)
            assert command is not None, name
            parts.append(_section(name, command, context))
    return "\n".join(parts)


def _section(name: str, command: click.Command, parent: click.Context | None) -> str:
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH, **command.context_settings}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    return f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, nargs="?", default=TARGET, help="the file to write")
    parser.parse_args().target.write_text(reference(), encoding="utf-8", newline="\n")
