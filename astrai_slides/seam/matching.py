"""Parts that manim matches between two mobjects, in the mobjects' order.

`TransformMatchingShapes` and `TransformMatchingTex` go through a set of keys, whose order is another in every process:
which part lies over which, and with `transform_mismatches` what becomes what, would change from build to build.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from manim.animation import transform_matching_parts

from astrai_slides.base.replaced import replaced


@contextmanager
def matching_in_order() -> Iterator[None]:
    """Let manim's matching transforms take parts as they come inside the block."""
    with replaced(transform_matching_parts, "set", _InOrder):
        yield


class _InOrder:
    """What those animations use of a set, of the keys of a mapping."""

    def __init__(self, parts: Mapping[Any, Any]) -> None:
        self._keys = list(parts)

    def intersection(self, others: Collection[Any]) -> list[Any]:
        return [key for key in self._keys if key in others]

    def difference(self, others: Collection[Any]) -> list[Any]:
        return [key for key in self._keys if key not in others]
