"""`astrai-slides present`."""

import shlex

import click

from astrai_slides.cli.options import quiet
from astrai_slides.cli.presenting import built, opened, show


@click.command()
@click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]", nargs=-1)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port on this machine; 0: any free one."
)
@click.option("--open/--no-open", "opens", default=True, help="Open the deck in the browser.  [default: open]")
@click.option("--qt", is_flag=True, help="Present in the window of manim-slides present, full screen, instead.")
@click.pass_context
def present(ctx: click.Context, targets: tuple[str, ...], port: int, opens: bool, qt: bool) -> None:
    """Present a deck in the browser.

    Builds its HTML unless that was done, prints the address of the page, which nobody else on the network can open,
    and shows it until Ctrl-C. S in the deck opens the speaker view. Without a name it presents the only talk of
    presentations/.

    \b
    Examples:
      astrai-slides present
      astrai-slides present my_deck.py Intro
      astrai-slides present continuous-batching --qt
    """
    if qt:
        _present_by_qt(ctx, targets)
    else:
        show(ctx, opened(built(ctx, targets, "html"), port), opens=opens)


def _present_by_qt(ctx: click.Context, targets: tuple[str, ...]) -> None:
    from astrai_slides.present.qt import command, hand_over

    wanted = command(built(ctx, targets, "present").file)
    if not quiet(ctx):
        click.echo(shlex.join(wanted), err=True)
    ctx.exit(hand_over(wanted))
