"""What recording reads that Python does not see being opened."""

from contextlib import AbstractContextManager

from astrai_slides.base import inputs
from astrai_slides.base.inputs import Inputs
from astrai_slides.seam.config import settings_files
from astrai_slides.seam.fonts import auditing_registered


def settings_read() -> Inputs:
    """The files that manim took its settings from when it was imported, and those that it would have."""
    return inputs.read_before(settings_files())


def telling_of_fonts() -> AbstractContextManager[None]:
    """Inside the block, tell of font files that are registered, which Pango opens by itself."""
    return auditing_registered()
