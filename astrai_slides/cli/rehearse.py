"""`astrai-slides rehearse`."""

import datetime
from typing import TYPE_CHECKING

import click

from astrai_slides.cli.options import quiet, undisturbed
from astrai_slides.cli.presenting import built, opened, options, remote_host, show
from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.build.rehearsed import Rehearsal
    from astrai_slides.present.presentation import Presentation


@click.command()
@options
@click.option("--apply", "applies", is_flag=True, help="Write the times into [planned] of the talk file.")
@click.option("--last", is_flag=True, help="Rehearse nothing: show, and --apply, the last rehearsal that was kept.")
@click.pass_context
def rehearse(
    ctx: click.Context,
    targets: tuple[str, ...],
    port: int,
    opens: bool,
    remote: bool,
    host: str | None,
    applies: bool,
    last: bool,
) -> None:
    """Present a deck and time each step.

    The time begins with the first press and ends with Ctrl-C. That of a step is of all visits together, pauses
    included. Then a table shows it beside what was planned, and it is kept in TALK.rehearsals.json beside the talk.

    \b
    Examples:
      astrai-slides rehearse
      astrai-slides rehearse continuous-batching --remote
      astrai-slides rehearse continuous-batching --last --apply
    """
    from astrai_slides.build.rehearsed import keep_rehearsal, kept_rehearsals, plan_as, rehearsals_file

    where = remote_host(remote=remote, host=host)
    deck = built(ctx, targets, "html")
    if applies and deck.talk_file is None:
        raise click.UsageError(f"--apply writes into a talk file, and {deck.file.stem} has none")
    file = rehearsals_file(deck.file)
    before = kept_rehearsals(file)  # whose fault is told now, not when an hour was spoken
    if last:
        if not before:
            raise AstraiSlidesError(f"{file}: there is no rehearsal yet; rehearse without --last")
        rehearsal = before[-1]
    else:
        presentation = opened(ctx, deck, port, where)
        try:
            show(ctx, presentation, opens=opens)
        except (KeyboardInterrupt, SystemExit) as end:  # Ctrl-C, or a system that shuts down
            with undisturbed():
                rehearsal = _rehearsed(presentation)
                if not rehearsal.seconds:
                    raise AstraiSlidesError("nothing was played, so no rehearsal is kept") from None
                try:
                    keep_rehearsal(file, rehearsal)
                except (AstraiSlidesError, OSError):
                    _print_table(rehearsal)  # nobody speaks for an hour again since a disk is full
                    raise
            if isinstance(end, SystemExit):
                raise
    _print_table(rehearsal)
    if not last and not quiet(ctx):
        click.echo(f"kept in {file}", err=True)
    if applies and deck.talk_file:
        times = plan_as(deck.talk_file, rehearsal)
        said = ", ".join(f"{name} {seconds:g} s" for name, seconds in times.items())
        click.echo(f"{deck.talk_file}: [planned] says now: {said}", err=True)


def _rehearsed(presentation: "Presentation") -> "Rehearsal":
    from astrai_slides.build.rehearsed import Rehearsal, RehearsedStep

    steps = [
        RehearsedStep(step.name, round(seconds, 1), step.planned, step.estimated)
        for step, seconds in zip(presentation.steps, presentation.times(), strict=True)
    ]
    return Rehearsal(datetime.datetime.now().astimezone().isoformat(timespec="seconds"), steps)


def _print_table(rehearsal: "Rehearsal") -> None:
    """Print what each step took beside what was planned for it."""
    from rich.console import Console
    from rich.table import Table

    table = Table("step", title=f"Rehearsal of {rehearsal.date.replace('T', ' ')[:16]}")
    for name in ("took", "planned", "difference"):
        table.add_column(name, justify="right")
    for each in rehearsal.steps:
        planned = ("≈ " if each.estimated else "") + _clock(each.planned)
        took = (_clock(each.seconds), planned, _difference(each.seconds - each.planned))
        table.add_row(each.step, *(took if each.seconds else ("not seen", planned, "")))
    table.add_section()
    table.add_row(
        "in all",
        _clock(rehearsal.seconds),
        _clock(rehearsal.planned),
        _difference(rehearsal.seconds - rehearsal.planned),
    )
    Console(highlight=False, markup=False, emoji=False).print(table)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _difference(seconds: float) -> str:
    return f"{'-' if seconds < 0 else '+'}{_clock(abs(seconds))}" if round(seconds) else "0:00"
