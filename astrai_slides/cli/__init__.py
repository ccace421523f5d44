"""The command line: thin commands that each call one function of the library."""

import click

from astrai_slides import __version__


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Animated, stepped talks with Manim, exported so that they survive a stage."""
