"""SVG files that manim reads, and has read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import svgelements
from manim import SVGMobject, logger
from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP
from manim.mobject.text.numbers import string_to_mob_map

from astrai_slides.seam.glyphs import GlyphGroups
from astrai_slides.seam.manims_own import sooner

_GROUPS = (svgelements.Group, svgelements.Use)
_SHAPES = (
    svgelements.Path,
    svgelements.SimpleLine,
    svgelements.Rect,
    svgelements.Circle,
    svgelements.Ellipse,
    svgelements.Polygon,
    svgelements.Polyline,
    svgelements.Text,
)


@contextmanager
def svgs_read_sooner() -> Iterator[None]:
    """Inside the block, let the groups of an SVG file be made when they are asked for.

    manim puts each shape into all groups around it one by one, and looks each time whether it is among them: of
    thousands of shapes that takes minutes.
    """
    with sooner(SVGMobject, "get_mobjects_from", _mobjects_from):
        yield


def _mobjects_from(self: Any, svg: Any) -> tuple[list[Any], Any]:
    """As `SVGMobject.get_mobjects_from`."""
    made: list[Any] = []
    places: dict[str, list[int]] = {"root": []}
    within = ["root"]
    waiting: list[tuple[Any, int]] = [(svg, 1)]
    unnamed = 0
    while waiting:
        element, depth = waiting.pop()
        within = within[:depth]
        try:
            name = str(element.values["id"])
        except Exception:  # as manim, whatever it is
            name = f"numbered_group_{unnamed}"
            unnamed += 1
        within.append(name)
        places[name] = []
        if isinstance(element, _GROUPS):
            waiting.extend((each, depth + 1) for each in element[::-1])
        try:
            if isinstance(element, _SHAPES):
                mobject = self.get_mob_from_shape_element(element)
                if mobject is not None:
                    for around in within[:-1]:
                        places[around].append(len(made))
                    made.append(mobject)
        except Exception as error:
            logger.error(f"Exception occurred in 'get_mobjects_from'. Details: {error}")
    return made, GlyphGroups(made, {name: tuple(each) for name, each in places.items()})


def forget_svgs() -> None:
    """Let manim read every SVG file again, as in a new process.

    It keeps by its path what it has read of a file, for all scenes that are to come: a scene then shows the file as it
    was for the scene before, and none of its own reads it. A copy is no original, either: of strokes that Typst set
    manim scales only those of the original. Digits it keeps as well, in whatever template they were set first.
    """
    SVG_HASH_TO_MOB_MAP.clear()
    string_to_mob_map.clear()
