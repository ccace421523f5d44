"""The one font, and what Pango knows of fonts in this process."""

import ctypes
from contextlib import suppress
from pathlib import Path

import fontpkg_inter
import manimpango
import manimpango.cmanimpango
from manimpango.register_font import registered_fonts

from astrai_slides.errors import AstraiSlidesError

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
    _look_anew()


def forget_fonts() -> None:
    """Leave Pango with the fonts that the machine has, as in a new process."""
    for font in list(registered_fonts):
        manimpango.unregister_font(font.path)
    _registered.clear()
    _look_anew()


_registered: set[str] = set()


def _look_anew() -> None:
    """Let Pango see what was registered after it first drew a text: it looks for fonts once a thread."""
    library = ctypes.CDLL(manimpango.cmanimpango.__file__)
    # where Pango's functions cannot be reached through manimpango's module (Windows), fonts do not come from fontconfig
    with suppress(AttributeError):
        library.pango_cairo_font_map_set_default(None)
