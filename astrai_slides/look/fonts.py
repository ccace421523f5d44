"""The one font, and what Pango knows of fonts in this process."""

from pathlib import Path

import fontpkg_inter
import manimpango

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.seam.fonts import registered_files, search_fonts_again

FONT = "Inter"
"""Family name of the one font, shipped by the package `fontpkg-inter`."""


def register_font() -> None:
    """Make the font known to Pango in this process, installed or not; raises AstraiSlidesError if that fails.

    Known once is not known for ever: manim's own `with register_font(...)` makes Pango forget all fonts when it ends.
    """
    if FONT in _registered and FONT in manimpango.list_fonts():
        return
    files = sorted((Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf"))
    registered = [manimpango.register_font(str(file)) for file in files]
    if not registered or not all(registered):
        raise AstraiSlidesError(f"the font {FONT} cannot be loaded; reinstall the package fontpkg-inter")
    _registered.add(FONT)
    search_fonts_again()


def forget_fonts() -> None:
    """Leave Pango with the fonts that the machine has, as in a new process."""
    for path in registered_files():
        manimpango.unregister_font(path)
    _registered.clear()
    search_fonts_again()


_registered: set[str] = set()
