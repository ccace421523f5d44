"""`astrai-slides new`."""

from pathlib import Path

import click

from astrai_slides.cli.options import quiet
from astrai_slides.scaffold.template import OWN, template_names


@click.command()
@click.argument("name")
@click.option(
    "--from",
    "template",
    metavar="TEMPLATE",
    default=OWN[0],
    show_default=True,
    help="What to begin with: blank (a title and one step), steps (one stage after another), comparison (bars), or "
    "one that a package brings, which are named if this one is not known.",
)
@click.pass_context
def new(ctx: click.Context, name: str, template: str) -> None:
    """Begin a talk: a scene and a talk file that build at once.

    In a folder with presentations/ in it, the talk is added there; elsewhere a new folder is made. Nothing is
    overwritten.

    \b
    Examples:
      astrai-slides new harbour
      astrai-slides new "Our servers" --from comparison
    """
    from astrai_slides.scaffold.project import create
    from astrai_slides.scaffold.template import load_template

    known = template_names()
    if template not in known:
        raise click.BadParameter(f"there is no {template!r}; there are {', '.join(known)}", param_hint="--from")
    files = create(name, load_template(template), Path())
    for path in files:
        click.echo(path)
    if not quiet(ctx):
        talk = files[1]
        inside = talk.parent.parent
        there = f"cd {inside} && " if inside != Path() else ""
        click.echo(f"Edit {files[0].name} and {talk.name}, and see each save: {there}astrai-slides preview {talk.stem}")
        click.echo(f"Write the deck: {there}astrai-slides build {talk.stem} --to html")
