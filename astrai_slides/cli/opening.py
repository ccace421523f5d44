"""Opening what was built in the user's own programs."""

import webbrowser
from pathlib import Path

import click

from astrai_slides.export.registry import EMBED, FORMATS, PRESENT, Format

_PAGES = ("html", EMBED)


def format_to_open(names: tuple[str, ...]) -> Format:
    """Return the first of the formats called `names` that a program shows; raises UsageError without one."""
    shown = [name for name in names if name != PRESENT]
    if not shown:
        raise click.UsageError("--open has nothing to show: --to names present only, which manim-slides present shows")
    return FORMATS[shown[0]]


def open_file(path: Path, kind: Format) -> bool:
    """Open `path`, of the format `kind`; whether there was a program for it, as far as the system tells."""
    if kind.name in _PAGES:
        return webbrowser.open(path.absolute().as_uri())
    # of pictures the folder, where the first one may be chosen
    return click.launch(str(path.parent.absolute() if kind.folder else path.absolute())) == 0
