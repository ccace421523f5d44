"""`astrai-slides build`."""

from pathlib import Path

import click

from astrai_slides.cli.options import OUT_FOLDER, CommaSeparated, quiet
from astrai_slides.export.registry import DEFAULT_FORMATS, FORMATS
from astrai_slides.resolution import DEFAULT_RESOLUTION, RESOLUTIONS


@click.command()
@click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]...", nargs=-1)
@click.option(
    "--to",
    type=CommaSeparated(tuple(FORMATS)),
    default=",".join(DEFAULT_FORMATS),
    show_default=True,
    help="Formats to write.",
)
@click.option(
    "--quality",
    type=click.Choice(list(RESOLUTIONS)),
    default=DEFAULT_RESOLUTION,
    show_default=True,
    help="; ".join(f"{letter} {each.width}x{each.height}, {each.fps:g} fps" for letter, each in RESOLUTIONS.items())
    + ". What is drawn is sharp at every size; this is for videos and pictures.",
)
@click.option("--out", type=OUT_FOLDER, help="Folder to write to.  [default: beside the talk file; for a deck, here]")
@click.pass_context
def build(ctx: click.Context, targets: tuple[str, ...], to: tuple[str, ...], quality: str, out: Path | None) -> None:
    """Build talks, by default every one in presentations/.

    A talk is named by its file or by its name in presentations/. Any manim-slides deck is named by its Python file,
    and its scenes after it; its files are called after the scene.

    \b
    Examples:
      astrai-slides build
      astrai-slides build continuous-batching --to html
      astrai-slides build my_deck.py Intro Results --to html,pdf --out handout
    """
    from astrai_slides import build as library
    from astrai_slides.export.registry import formats_named
    from astrai_slides.progress import SilentProgress, showing

    try:
        jobs = library.plan(targets)
    except library.UnknownTargetError as error:
        raise click.UsageError(str(error)) from error
    built = []
    resolution = RESOLUTIONS[quality]
    if quiet(ctx):
        built = list(library.build(jobs, formats_named(to), resolution, out, SilentProgress()))
    else:
        with showing() as progress:
            built = list(library.build(jobs, formats_named(to), resolution, out, progress))
    for each in built:
        hint = "" if quiet(ctx) else f"  ({_size(each.size)}; {each.format.opening})"
        click.echo(f"{each.path}{hint}")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
