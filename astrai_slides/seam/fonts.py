"""Fonts that are registered with Pango in this process."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import manimpango
import manimpango.cmanimpango
from manimpango.register_font import registered_fonts

from astrai_slides.base.replaced import replaced


def registered_files() -> list[str]:
    """Return the paths of the font files that are registered."""
    return [str(font.path) for font in registered_fonts]


def search_fonts_again() -> None:
    """Let Pango find what was registered after it first drew a text: by itself it looks for fonts once a thread."""
    library = ctypes.CDLL(manimpango.cmanimpango.__file__)
    # where Pango's functions cannot be reached through manimpango's module (Windows), fonts do not come from fontconfig
    with suppress(AttributeError):
        library.pango_cairo_font_map_set_default(None)
    # manim asks once which fonts there are, and warns of those that came later
    if (texts := sys.modules.get("manim.mobject.text.text_mobject")) is not None:
        for text in (texts.Text, texts.MarkupText):
            text.font_list.cache_clear()


def forget_fonts() -> None:
    """Leave Pango with the fonts that the machine has, as in a new process."""
    for path in registered_files():
        manimpango.unregister_font(path)
    search_fonts_again()


@contextmanager
def auditing_registered() -> Iterator[None]:
    """Inside the block, raise Python's audit event `open` for each font file that is registered.

    Pango opens it by itself, which Python does not see.
    """
    register = manimpango.register_font

    def registering(font_path: Any) -> Any:
        sys.audit("open", str(font_path), "rb", 0)
        return register(font_path)

    with replaced(manimpango, "register_font", registering):
        yield
