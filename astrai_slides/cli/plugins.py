"""Commands that packages bring, this one's domain among them: entry points of the group `astrai_slides.commands`.

They are listed by what is written about the packages that are installed, and imported when they are run or described.
"""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from astrai_slides.errors import AstraiSlidesError

GROUP = "astrai_slides.commands"
OWN_PACKAGE = "astrai-slides"


@dataclass(frozen=True, slots=True)
class Plugins:
    """The entry points of commands by name, and sentences about those whose name was taken already."""

    commands: dict[str, EntryPoint]
    refused: tuple[str, ...]


@cache
def find_plugins(taken: tuple[str, ...]) -> Plugins:
    """What is installed; names that are `taken`, and of two equal names the second, are refused."""
    # this package's own come first, and so cannot be taken away by another's
    found = sorted(entry_points(group=GROUP), key=lambda each: (package(each) != OWN_PACKAGE, package(each), each.name))
    commands: dict[str, EntryPoint] = {}
    refused = []
    for each in found:
        if each.name in taken or each.name in commands:
            holder = OWN_PACKAGE if each.name in taken else package(commands[each.name])
            refused.append(
                f"The command {each.name!r} of the package {package(each)} is left out: {holder} has one of that name."
            )
        else:
            commands[each.name] = each
    return Plugins(commands, tuple(refused))


def package(entry: EntryPoint) -> str:
    """The name of the package that brings `entry`."""
    return entry.dist.name if entry.dist else entry.module


def load_command(entry: EntryPoint) -> click.Command:
    """Import the command. One that cannot be had says so when it is run, so that the others still can be."""
    try:
        command = entry.load()
    except (Exception, SystemExit) as error:
        return _broken(entry, f"{type(error).__name__}: {error}")
    if not isinstance(command, click.Command):
        return _broken(entry, f"{entry.value} is no click.Command")
    return command


def _broken(entry: EntryPoint, why: str) -> click.Command:
    message = (
        f"the command {entry.name!r} of the package {package(entry)} cannot be loaded: {why}; mend {entry.module}, or "
        f"uninstall {package(entry)}"
    )

    def fail(**_: Any) -> None:
        raise AstraiSlidesError(message)

    return click.Command(
        entry.name,
        callback=fail,
        short_help=f"(cannot be loaded: package {package(entry)})",
        params=[click.Argument(["anything"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
    )
