"""Characters that Pango cannot draw as outlines, asked of Pango itself, as it also looks through all other fonts."""

import ctypes
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import manimpango.cmanimpango

_UNKNOWN = 0x10000000
"""PANGO_GLYPH_UNKNOWN_FLAG: the glyph is a box with the character's number."""

_IS_COLOR = 2
"""The bit `is_color` of PangoGlyphVisAttr."""

_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}
"""Categories of Unicode that need no glyph: controls, formats and spaces."""


class _Analysis(ctypes.Structure):
    _fields_ = (("shape_engine", ctypes.c_void_p), ("lang_engine", ctypes.c_void_p), ("font", ctypes.c_void_p))


class _Item(ctypes.Structure):
    _fields_ = (
        ("offset", ctypes.c_int),
        ("length", ctypes.c_int),
        ("num_chars", ctypes.c_int),
        ("analysis", _Analysis),
    )


class _Glyph(ctypes.Structure):
    _fields_ = (
        ("glyph", ctypes.c_uint32),
        ("width", ctypes.c_int),
        ("x_offset", ctypes.c_int),
        ("y_offset", ctypes.c_int),
        ("attributes", ctypes.c_uint),
    )


class _Glyphs(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int),
        ("glyphs", ctypes.POINTER(_Glyph)),
        ("log_clusters", ctypes.POINTER(ctypes.c_int)),
    )


class _Run(ctypes.Structure):
    _fields_ = (("item", ctypes.POINTER(_Item)), ("glyphs", ctypes.POINTER(_Glyphs)))


def undrawn(text: str, font: str) -> tuple[set[str], set[str]]:
    """Return the characters of `text`, set in the family `font`, that no font has, and those that only have colours.

    Both come out wrong: the first as boxes, the second as nothing, as manim takes outlines only. Where Pango cannot be
    asked (Windows) both are empty.
    """
    pango = _pango()
    if pango is None or text.isascii():
        return set(), set()
    data = text.encode("utf-8", "replace")
    unknown: set[str] = set()
    coloured: set[str] = set()
    context = pango.pango_font_map_create_context(pango.pango_cairo_font_map_get_default())
    layout = pango.pango_layout_new(context)
    description = pango.pango_font_description_new()
    pango.pango_font_description_set_family(description, font.encode("utf-8", "replace"))
    pango.pango_layout_set_font_description(layout, description)
    pango.pango_layout_set_text(layout, data, len(data))
    try:
        for start, glyph in _glyphs(pango, layout):
            # a cluster begins with the character that it is called after
            character = data[start : start + 4].decode("utf-8", "ignore")[:1]
            if unicodedata.category(character or " ") in _UNSEEN:
                continue
            if glyph.glyph & _UNKNOWN:
                unknown.add(character)
            elif glyph.attributes & _IS_COLOR:
                coloured.add(character)
    finally:
        pango.pango_font_description_free(description)
        pango.g_object_unref(layout)
        pango.g_object_unref(context)
    return unknown, coloured


def _glyphs(pango: Any, layout: int) -> Iterator[tuple[int, _Glyph]]:
    """Each glyph of `layout`, with the byte at which its characters begin."""
    iterator = pango.pango_layout_get_iter(layout)
    try:
        while True:
            run = pango.pango_layout_iter_get_run_readonly(iterator)
            if run:  # none at the end of a line
                item, glyphs = run.contents.item.contents, run.contents.glyphs.contents
                for number in range(glyphs.count):
                    yield item.offset + glyphs.log_clusters[number], glyphs.glyphs[number]
            if not pango.pango_layout_iter_next_run(iterator):
                return
    finally:
        pango.pango_layout_iter_free(iterator)


@cache
def _pango() -> Any:
    """Pango's functions as manimpango has loaded them; None where they cannot be reached through its module."""
    library = ctypes.CDLL(manimpango.cmanimpango.__file__)
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    shapes: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "g_object_unref": (None, (pointer,)),
        "pango_cairo_font_map_get_default": (pointer, ()),
        "pango_font_description_free": (None, (pointer,)),
        "pango_font_description_new": (pointer, ()),
        "pango_font_description_set_family": (None, (pointer, text)),
        "pango_font_map_create_context": (pointer, (pointer,)),
        "pango_layout_get_iter": (pointer, (pointer,)),
        "pango_layout_iter_free": (None, (pointer,)),
        "pango_layout_iter_get_run_readonly": (ctypes.POINTER(_Run), (pointer,)),
        "pango_layout_iter_next_run": (number, (pointer,)),
        "pango_layout_new": (pointer, (pointer,)),
        "pango_layout_set_font_description": (None, (pointer, pointer)),
        "pango_layout_set_text": (None, (pointer, text, number)),
    }
    try:
        for name, (result, arguments) in shapes.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError:
        return None
    return library
