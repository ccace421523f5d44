"""`astrai-slides present`."""

import shlex

import click

from astrai_slides.cli.options import quiet
from astrai_slides.cli.presenting import built, opened, options, remote_host, show


@click.command()
@options
@click.option("--qt", is_flag=True, help="Present in the window of manim-slides present, full screen, instead.")
@click.pass_context
def present(
    ctx: click.Context, targets: tuple[str, ...], port: int, opens: bool, remote: bool, host: str | None, qt: bool
) -> None:
    """Present a deck in the browser.

    Builds its HTML unless that was done, prints the address of the page, which nobody else on the network can open,
    and shows it until Ctrl-C. S in the deck opens the speaker view. Without a name it presents the only talk of
    presentations/.

    \b
    Examples:
      astrai-slides present
      astrai-slides present my_deck.py Intro
      astrai-slides present continuous-batching --remote
      astrai-slides present continuous-batching --qt
    """
    if qt and remote:
        raise click.UsageError("--remote drives a deck in the browser, not one of --qt")
    where = remote_host(remote=remote, host=host)
    if qt:
        _present_by_qt(ctx, targets)
    else:
        show(ctx, opened(ctx, built(ctx, targets, "html"), port, where), opens=opens)


def _present_by_qt(ctx: click.Context, targets: tuple[str, ...]) -> None:
    from astrai_slides.present.qt import command, hand_over

    wanted = command(built(ctx, targets, "present").file)
    if not quiet(ctx):
        click.echo(shlex.join(wanted), err=True)
    ctx.exit(hand_over(wanted))
