"""`astrai-slides list`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from astrai_slides.cli.options import decks_print_aside


@click.command(short_help="List talks, their scenes and their steps.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead of a table.")
@click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]...", nargs=-1)
def list(targets: tuple[str, ...], as_json: bool) -> None:
    """List talks, their scenes and their steps, by default of every talk in presentations/.

    \b
    Examples:
      astrai-slides list
      astrai-slides list my_deck.py --json
    """
    from astrai_slides.build.listing import entry
    from astrai_slides.build.plan import UnknownTargetError, plan

    with decks_print_aside(as_json):
        try:
            jobs = plan(targets)
        except UnknownTargetError as error:
            raise click.UsageError(str(error)) from error
        entries = [entry(job) for job in jobs]
    if as_json:
        click.echo(json.dumps([asdict(each) for each in entries], indent=2, ensure_ascii=False, default=Path.as_posix))
        return
    for each in entries:
        click.echo(f"{each.name}: {each.title}  ({each.file}:{each.scene})")
        for number, step in enumerate(each.steps, 1):
            click.echo(f"  {number:3}  {step.name}" + (f"  {step.title}" if step.title != step.name else ""))
