"""What `present` and `rehearse` have in common: building the deck, and showing it."""

import sys
import threading
import webbrowser
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from astrai_slides.cli.options import quiet
from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.build.presented import PresentedDeck
    from astrai_slides.present.presentation import Presentation


def built(ctx: click.Context, targets: tuple[str, ...], kind: str) -> "PresentedDeck":
    """Build what `targets` name in the format `kind`, unless that was done."""
    from astrai_slides.base.progress import SilentProgress, showing
    from astrai_slides.build.plan import UnknownTargetError
    from astrai_slides.build.presented import presented

    named, *scenes = targets or (None,)
    if scenes and not str(named).endswith(".py"):
        raise click.UsageError(f"{named} is a talk, which names its scenes itself")
    with nullcontext(SilentProgress()) if quiet(ctx) else showing() as progress:
        try:
            return presented(named, [each for each in scenes if each], kind, progress)
        except UnknownTargetError as error:
            raise click.UsageError(str(error)) from error


def opened(deck: "PresentedDeck", port: int) -> "Presentation":
    """Take `port` for `deck`; AstraiSlidesError where somebody else has it."""
    from astrai_slides.present.presentation import Presentation

    try:
        return Presentation(deck.file.read_bytes(), port=port)
    except OSError as error:
        raise AstraiSlidesError(f"port {port} cannot be had ({error.strerror}); choose another --port, or 0") from error


def show(ctx: click.Context, presentation: "Presentation", *, opens: bool) -> None:
    """Print the address as the one line of standard output, and serve until Ctrl-C."""
    click.echo(presentation.address)
    sys.stdout.flush()
    if not quiet(ctx):
        click.echo("S in the deck opens the speaker view; Ctrl-C here ends the presentation.", err=True)
    if opens:
        threading.Thread(target=webbrowser.open, args=(presentation.address,), daemon=True).start()
    presentation.run()
