"""Fonts that are registered with Pango in this process."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

import manimpango
import manimpango.cmanimpango
from manimpango.register_font import registered_fonts


def registered_files() -> list[str]:
    """Return the paths of the font files that are registered."""
    return [str(font.path) for font in registered_fonts]


def search_fonts_again() -> None:
    """Let Pango find what was registered after it first drew a text: by itself it looks for fonts once a thread."""
    library = ctypes.CDLL(manimpango.cmanimpango.__file__)
    # where Pango's functions cannot be reached through manimpango's module (Windows), fonts do not come from fontconfig
    with suppress(AttributeError):
        library.pango_cairo_font_map_set_default(None)


@contextmanager
def reporting_registered(report: Callable[[str], None]) -> Iterator[None]:
    """Call `report` with the path of each font file that is registered inside the block, before Pango reads it."""
    register = manimpango.register_font

    def registering(path: str, *others: Any) -> Any:
        report(str(path))
        return register(path, *others)

    with mock.patch.object(manimpango, "register_font", registering):
        yield
