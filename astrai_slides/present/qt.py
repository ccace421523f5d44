"""Handing a deck over to the Qt window of `manim-slides present`."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OPTIONS = ("--full-screen", "--hide-mouse")
"""The picture fills the screen, without a mouse pointer; the speaker's window opens where there is a second screen."""


def command(scene_file: Path) -> list[str]:
    """The command that presents `scene_file`, a JSON file that the format `present` wrote."""
    return ["manim-slides", "present", scene_file.stem, "--folder", str(scene_file.parent), *OPTIONS]


def hand_over(command: Sequence[str]) -> int:
    """Carry out `command`, and return its exit code."""
    _, *arguments = command
    with subprocess.Popen([sys.executable, "-m", "manim_slides", *arguments]) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # it has been told as well, and ends
                continue
