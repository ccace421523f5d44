"""`astrai-slides check`."""

from contextlib import nullcontext
from pathlib import Path

import click

from astrai_slides.cli.options import decks_print_aside, quiet


@click.command(short_help="Tell what an audience could not read or see.")
@click.argument("targets", metavar="[TALK | DECK.py [SCENE...]]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Exit with code 1 on warnings too.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--github", "as_github", is_flag=True, help="Print the findings as annotations of GitHub's checks.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="Write a page with a marked picture of each finding.",
)
@click.pass_context
def check(
    ctx: click.Context, targets: tuple[str, ...], strict: bool, as_json: bool, as_github: bool, report: Path | None
) -> None:
    """Tell what an audience could not read or see: in talks, by default of every one in presentations/.

    Decks are named as for build, and recorded unless that was done. docs/check.md has the rules, and how one is
    switched off in a step. The exit code is 1 if there are errors.

    \b
    Examples:
      astrai-slides check
      astrai-slides check my_deck.py Intro --strict
      astrai-slides check --report findings.html
    """
    from astrai_slides.base.progress import SilentProgress, showing
    from astrai_slides.build.checking import as_annotations, check_all, print_text, to_json, write_report
    from astrai_slides.build.plan import UnknownTargetError

    if as_json and as_github:
        raise click.UsageError("--json and --github contradict each other")
    try:
        with (
            decks_print_aside(as_json or as_github),
            nullcontext(SilentProgress()) if quiet(ctx) or as_json else showing() as progress,
        ):
            scenes = tuple(check_all(targets, progress))
    except UnknownTargetError as error:
        raise click.UsageError(str(error)) from error
    if report is not None:
        write_report(scenes, report)
    if as_json:
        click.echo(to_json(scenes))
    elif as_github:
        click.echo(as_annotations(scenes), nl=bool(scenes))
    else:
        print_text(scenes)
    failed = any(each.checked.findings if strict else each.checked.errors for each in scenes)
    if failed:
        ctx.exit(1)
