"""What filling the paths of a document covers: for one that is another moved, turned or scaled, worked out from that.

Uniting an outline takes a millisecond. A drawing that turns has other paths in every end state, which are all the same
shapes.
"""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from astrai_slides.export.shared.geometry import Outline, PathCommand, filled, outline
from astrai_slides.recording.format.model import Path

_REMEMBERED = 2_000
"""Outlines kept for reuse: glyphs come again in every step; all shapes of a long talk would fill memory."""

_MOST_POINTS = 200_000
"""Points of all models, beyond which they are forgotten: to look through more takes as long as to unite an outline."""

_NEAR = 2.0
"""How far points may lie from where a model's would, in grid steps: both were rounded, the model's before scaling."""

_LARGEST_SCALE = 2.0
"""Larger copies would show how the model was rounded."""

_Complex = npt.NDArray[np.complex128]
"""Points as x + iy, so that to turn and scale is to multiply."""

_Shape = tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class _KnownFill:
    """A path that others may be copies of, and what it covers; None for just what its curves enclose."""

    points: _Complex
    size: float
    covered: Outline | None


class FilledOutlines:
    """Returns what `filled` does of paths, to two grid steps; one serves a document.

    What it returns depends on the paths before, so that the same document comes out the same.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[Path, Outline] = OrderedDict()
        self._models: dict[_Shape, _KnownFills] = {}
        self._held = 0
        """Points of all models."""

    def of(self, path: Path) -> Outline:
        """Return what filling `path` covers, to be filled by the even-odd rule."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._made(path)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(path)
        return known

    def _made(self, path: Path) -> Outline:
        points = np.ascontiguousarray(path.points, np.float64).view(np.complex128).ravel()
        size = float(np.sqrt((np.abs(points) ** 2).sum()))
        if not size:
            return filled(path)
        models = self._models.setdefault(path.subpaths, _KnownFills())
        found = models.find(points, size)
        if found is not None:
            model, turn = found
            return outline(path) if model.covered is None else _turned(model.covered, turn)
        covered = filled(path)
        self._held += len(points)
        if self._held > _MOST_POINTS:
            self._models, self._held = {path.subpaths: (models := _KnownFills())}, len(points)
        models.add(_KnownFill(points, size, None if covered == outline(path) else covered))
        return covered


class _KnownFills:
    """Models with the same number of curves in each sub-path."""

    def __init__(self) -> None:
        self._models: list[_KnownFill] = []
        self._directions: _Complex = np.empty((0, 0), np.complex128)
        """Their points, conjugate and of length 1 all together, one a row; there is room for more."""

    def add(self, model: _KnownFill) -> None:
        """Know `model`."""
        count = len(self._models)
        if count == len(self._directions):
            wider = np.zeros((max(1, 2 * count), len(model.points)), np.complex128)
            if count:
                wider[:count] = self._directions
            self._directions = wider
        self._directions[count] = model.points.conj() / model.size
        self._models.append(model)

    def find(self, points: _Complex, size: float) -> tuple[_KnownFill, complex] | None:
        """Return the model that `points`, `size` long, are a copy of, and what it is multiplied by; None if none is."""
        if not self._models:
            return None
        # not by BLAS, whose threads wait for one another longer than this takes
        alike = np.einsum("ij,j->i", self._directions[: len(self._models)], points)
        best = int(np.argmax(np.abs(alike)))
        model = self._models[best]
        turn = complex(alike[best]) / model.size
        if abs(turn) > _LARGEST_SCALE or np.abs(points - turn * model.points).max() > _NEAR:
            return None
        return model, turn


def _turned(covered: Outline, turn: complex) -> Outline:
    flat = np.array([coordinate for _, part in covered.commands for point in part for coordinate in point], np.float64)
    turned = (flat.view(np.complex128) * turn).view(np.float64).reshape(-1, 2)
    if not len(turned):
        return covered
    points = [(x, y) for x, y in turned.tolist()]
    commands: list[PathCommand] = []
    at = 0
    for kind, part in covered.commands:
        commands.append((kind, tuple(points[at : at + len(part)])))
        at += len(part)
    (left, bottom), (right, top) = turned.min(axis=0).tolist(), turned.max(axis=0).tolist()
    return Outline(tuple(commands), (left, bottom, right, top))
