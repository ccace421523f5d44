"""What `present` and `rehearse` have in common: building the deck, and showing it."""

import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from astrai_slides.base.interrupts import check
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


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what both take: what is shown, where, and whether a phone may drive it."""
    for each in (
        click.option("--host", metavar="ADDRESS", help="With --remote: the address of this machine that phones reach."),
        click.option("--remote", is_flag=True, help="Let a phone in the same network step the deck and see the notes."),
        click.option("--open/--no-open", "opens", default=True, help="Open the deck in the browser.  [default: open]"),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=0,
            show_default=True,
            help="Port on this machine; 0: any free one.",
        ),
        click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]", nargs=-1),
    ):
        command = each(command)
    return command


def remote_host(*, remote: bool, host: str | None) -> str | None:
    """Where phones are let in; None for nowhere. AstraiSlidesError where this machine is in no network."""
    from astrai_slides.present.network import is_address, network_address

    if host is not None and not remote:
        raise click.UsageError("--host is for --remote")
    if host is not None and not is_address(host):
        raise click.UsageError(f"--host {host!r:.60} is no machine's address; write it in numbers, as 192.168.1.20")
    if not remote or host:
        return host
    found = network_address()
    if found is None:
        raise AstraiSlidesError("this machine is in no network with a phone; connect it, or name its --host")
    return found


def opened(ctx: click.Context, deck: "PresentedDeck", port: int, host: str | None) -> "Presentation":
    """Take `port` for `deck`, of this machine and of `host`; AstraiSlidesError where somebody else has it."""
    from astrai_slides.present.presentation import Presentation

    def joined(address: str) -> None:
        if not quiet(ctx):
            click.echo(f"A phone was let in, from {address}.", err=True)

    try:
        return Presentation(deck.file.read_bytes(), port=port, host=host, joined=joined)
    except OSError as error:
        where = f"port {port}" if host is None else f"port {port} of this machine or of {host}"
        mend = "choose another --port, or 0" if host is None else "choose another --port, or 0, or another --host"
        raise AstraiSlidesError(f"{where} cannot be had ({error.strerror}); {mend}") from error


def show(ctx: click.Context, presentation: "Presentation", *, opens: bool) -> None:
    """Print the address as the one line of standard output, and serve until Ctrl-C."""
    click.echo(presentation.address)
    sys.stdout.flush()
    if not quiet(ctx):
        click.echo("S in the deck opens the speaker view; Ctrl-C here ends the presentation.", err=True)
    if presentation.invitation:
        _invite(ctx, presentation.invitation)
    if opens:
        threading.Thread(target=webbrowser.open, args=(presentation.address,), daemon=True).start()
    presentation.run(check)


def _invite(ctx: click.Context, address: str) -> None:
    """Say, on standard error, where a phone is let in; as a code where a terminal can show one."""
    from astrai_slides.present.qr_code import for_terminal, modules

    if not quiet(ctx) and sys.stderr.isatty() and "utf" in (sys.stderr.encoding or "").lower():
        click.echo(for_terminal(modules(address)), err=True)
    click.echo(f"Remote control, for the one phone that opens it first: {address}", err=True)
    if not quiet(ctx):
        click.echo("For another phone, M in the speaker view shows another code.", err=True)
