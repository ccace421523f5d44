"""The command line: thin commands that each call one function of the library."""

import logging

import click

from astrai_slides import __version__
from astrai_slides.cli.options import Group

COMMANDS = {
    name: f"{__name__}.{name}"
    for name in ("new", "preview", "present", "rehearse", "build", "check", "list", "clean", "doctor", "completion")
}
"""Our own; packages bring more, see `cli.plugins`."""


@click.group(cls=Group, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="astrai-slides")
@click.option("-v", "--verbose", count=True, help="Say more; -vv also where an error arose.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress and no hints, only results and errors.")
@click.pass_context
def main(ctx: click.Context, verbose: int, quiet: bool) -> None:
    """Animated, stepped talks with Manim, exported so that they survive a stage.

    \b
    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet contradict each other")
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(format="%(message)s")
    logging.getLogger("astrai_slides").setLevel(level)
    ctx.obj = {"quiet": quiet}
