"""The one font."""

from functools import cache
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
    files = _files()
    if files and files <= set(registered_files()) and FONT in manimpango.list_fonts():
        return
    registered = [manimpango.register_font(file) for file in sorted(files)]
    if not registered or not all(registered):
        raise AstraiSlidesError(f"the font {FONT} cannot be loaded; reinstall the package fontpkg-inter")
    search_fonts_again()


@cache
def _files() -> frozenset[str]:
    return frozenset(map(str, (Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf")))
