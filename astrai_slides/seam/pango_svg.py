"""The SVG files that Pango writes of texts, read for exactly what is in them.

manim reads them by a general parser, which takes most of the time of setting a text. What is made here is the same to
the last bit: outlines are worked out by the same operations in the same order, looks and groups are those that the
general parser gives to one glyph of each style. A file that holds anything else is left to that parser.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import svgelements
from manim import RIGHT, MarkupText, Mobject, SVGMobject, Text, VMobject, config
from manim.constants import RendererType
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

from astrai_slides.seam.classes import has_own_defaults
from astrai_slides.seam.glyphs import GlyphGroups
from astrai_slides.seam.later_paths import PathLater
from astrai_slides.seam.manims_own import sooner

_GENERATE = SVGMobject.generate_mobject
_OWN = (
    "get_file_path",
    "modify_xml_tree",
    "generate_config_style_dict",
    "get_mobjects_from",
    "get_mob_from_shape_element",
    "path_to_mobject",
    "apply_style_to_mobject",
    "handle_transform",
)
"""Methods of a text that read its file: one that has its own is read by them."""

_MADE_OF = (Mobject, VMobject, VMobjectFromSVGPath)

_NUMBER = r"-?\d+(?:\.\d+)?"
_GLYPH = r"glyph\d+-\d+"
_HEAD = re.compile(
    r'<\?xml version="1.0" encoding="UTF-8"\?>\s*<svg xmlns="http://www.w3.org/2000/svg" '
    r'xmlns:xlink="http://www.w3.org/1999/xlink" width="[\d.]+pt" height="[\d.]+pt" viewBox="[\d. ]+" version="1.1">\s*'
)
_SYMBOL = rf'<symbol overflow="visible" id="({_GLYPH})">\s*<path style="stroke:none;" d="([^"]*)"/>\s*</symbol>\s*'
_DEFS = re.compile(rf"<defs>\s*((?:<g>\s*(?:{_SYMBOL})*</g>\s*)*)</defs>\s*")
_EACH_SYMBOL = re.compile(_SYMBOL)
_SURFACE = re.compile(r'<g id="(surface\d+)">\s*')
_USES = rf'(?:<use xlink:href="#{_GLYPH}" x="{_NUMBER}" y="{_NUMBER}"/>\s*)*'
_STYLED = re.compile(rf'<g style="([^"]*)">\s*({_USES})</g>\s*')
_USE = re.compile(rf'<use xlink:href="#({_GLYPH})" x="({_NUMBER})" y="({_NUMBER})"/>')
_PATH = re.compile(r'<path style="([^"]*)" d="([^"]*)"/>\s*')
_TAIL = re.compile(r"</g>\s*</svg>\s*")

_CLOSE = 1e-4
"""How far the ends of a sub-path may be apart for manim to close it without a line."""
_UNCERTAIN = 1e-8
"""About that far it is not certain which side rounding falls on."""

_OUTLINES = 4096
_STYLES = 256
"""Outlines and styles that are kept prepared."""

Floats = npt.NDArray[np.float64]


class _OtherFileError(Exception):
    """A file holds more than Pango writes of outlines."""


@contextmanager
def texts_read_sooner() -> Iterator[None]:
    """Inside the block, let texts be read as this module does."""
    with sooner(SVGMobject, "generate_mobject", _generate):
        yield


def _generate(self: Any) -> Any:
    """As `SVGMobject.generate_mobject`."""
    if (
        not isinstance(self, (Text, MarkupText))
        or self.path_string_config
        or config.renderer != RendererType.CAIRO
        or not _reads_as_manim(type(self), *(getattr(SVGMobject, name) for name in _OWN))
        or not all(map(has_own_defaults, _MADE_OF))
    ):
        return _GENERATE(self)
    text: Any = self
    svg = text.get_file_path().read_text("utf-8")
    try:
        glyphs, places = _read(text, svg)
    except _OtherFileError:
        return _GENERATE(self)
    text.add(*glyphs)
    text.id_to_vgroup_dict = GlyphGroups(glyphs, places)
    text.flip(RIGHT)
    return text


@cache
def _reads_as_manim(kind: Any, *methods: Any) -> bool:
    return all(getattr(kind, name) is method for name, method in zip(_OWN, methods, strict=True))


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a glyph's definition says, before it has its place: manim's curves, four points each."""

    points: Floats
    """All points that are written there, shape (n, 2)."""
    curves: npt.NDArray[np.intp]
    """Which four of them each curve has; of a line the first and the last count."""
    lines: npt.NDArray[np.intp]
    """Which curves are lines."""

    def placed(self, x: float, y: float) -> Floats:
        """The points of a mobject that has its origin there."""
        curves = (self.points + np.array((x, y)))[self.curves]
        start, end = curves[self.lines, 0], curves[self.lines, 3]
        curves[self.lines, 1] = (start + start + end) / 3
        curves[self.lines, 2] = (start + end + end) / 3
        made = np.zeros((4 * len(curves), 3))
        made[:, :2] = curves.reshape(-1, 2)
        made += 0.0  # as turning by nothing does, which leaves no negative zero
        return made


@lru_cache(maxsize=_OUTLINES)
def _outline(definition: str) -> _Outline:
    """Read `definition`, of which cairo writes moves, lines, curves and ends of sub-paths, all absolute."""
    words = definition.split()
    points: list[tuple[float, float]] = []
    curves: list[tuple[int, int, int, int]] = []
    lines: list[int] = []
    start = last = -1
    at, closed = 0, False
    while at < len(words):
        command = words[at]
        count = {"M": 1, "L": 1, "C": 3, "Z": 0}.get(command)
        if count is None or (closed and command != "M") or (last < 0 and command != "M"):
            raise _OtherFileError
        try:
            numbers = [float(word) for word in words[at + 1 : at + 1 + 2 * count]]
        except ValueError:
            raise _OtherFileError from None
        if len(numbers) < 2 * count:
            raise _OtherFileError
        at += 1 + 2 * count
        first = len(points)
        points += zip(numbers[::2], numbers[1::2], strict=True)
        closed = command == "Z"
        if command == "M":
            start = last = first
        elif command == "C":
            curves.append((last, first, first + 1, first + 2))
            last = first + 2
        else:
            end = start if closed else first
            gap = np.hypot(*np.subtract(points[last], points[end])) if closed else np.inf
            if abs(gap - _CLOSE) < _UNCERTAIN:
                raise _OtherFileError
            if gap > _CLOSE:
                lines.append(len(curves))
                curves.append((last, last, end, end))
                last = end
    return _Outline(
        np.array(points, dtype=np.float64).reshape(-1, 2),
        np.array(curves, dtype=np.intp).reshape(-1, 4),
        np.array(lines, dtype=np.intp),
    )


def _read(text: Any, svg: str) -> tuple[list[VMobject], dict[str, tuple[int, ...]]]:
    """The glyphs of the file `svg` of `text`, and its groups: names, and places among the glyphs."""
    at = _after(_HEAD, svg, 0).end()
    defs = _after(_DEFS, svg, at)
    known = dict(_EACH_SYMBOL.findall(defs[1]))
    surface = _after(_SURFACE, svg, defs.end())
    at = surface.end()
    paths = _GlyphPaths(svg, text.svg_default)
    made = _ReadGlyphs(["root", "numbered_group_0", "numbered_group_1", "numbered_group_2", surface[1]], paths)
    default = tuple(text.generate_config_style_dict().items())
    while not _TAIL.fullmatch(svg, at):
        styled = _STYLED.match(svg, at)
        if styled is not None:
            look = _look(f'<g style="{styled[1]}">{_ANY_USE}</g>', default)
            group = made.numbered()
            for name, x, y in _USE.findall(styled[2]):
                if name not in known:
                    raise _OtherFileError
                own = made.numbered()
                made.add(look, _outline(known[name]).placed(float(x), float(y)), (group, own))
                made.groups[name] = []
                made.numbered()
            at = styled.end()
        else:
            path = _after(_PATH, svg, at)
            # in its own look, but as a shape that is seen
            made.add(
                _look(f'<path style="{path[1]}" d="{_ANY_OUTLINE}"/>', default), _outline(path[2]).placed(0.0, 0.0), ()
            )
            made.numbered()
            at = path.end()
    return made.glyphs, {name: tuple(places) for name, places in made.groups.items()}


def _after(pattern: re.Pattern[str], svg: str, at: int) -> re.Match[str]:
    found = pattern.match(svg, at)
    if found is None:
        raise _OtherFileError
    return found


class _ReadGlyphs:
    """Glyphs so far, and the groups that manim's reader would put them in."""

    def __init__(self, around: list[str], paths: "_GlyphPaths") -> None:
        self.glyphs: list[VMobject] = []
        self.groups: dict[str, list[int]] = {name: [] for name in around}
        self._around = around
        self._paths = paths
        self._count = len(around) - 2

    def numbered(self) -> str:
        """Begin a group for an element without a name, and return what it is called."""
        name = f"numbered_group_{self._count}"
        self._count += 1
        self.groups[name] = []
        return name

    def add(self, look: VMobject, points: Floats, within: tuple[str, ...]) -> None:
        """Add a glyph that looks like `look`, unless it is a space."""
        if not len(points):
            return
        for name in (*self._around, *within):
            self.groups[name].append(len(self.glyphs))
        self.glyphs.append(_alike(look, points, self._paths.path(len(self.glyphs))))


def _alike(look: VMobject, points: Floats, path: svgelements.Path) -> VMobject:
    """A mobject as `look`, with other points."""
    made: VMobject = VMobjectFromSVGPath.__new__(VMobjectFromSVGPath)
    own = vars(made)
    for name, value in vars(look).items():
        own[name] = value.copy() if isinstance(value, (np.ndarray, list, dict)) else value
    own["points"], own["path_obj"] = points, path
    return made


_ANY_OUTLINE = "M 0 0 L 1 0 L 0 1 Z M 0 0 "
_ANY_USE = '<use xlink:href="#glyph0-0" x="1" y="1"/>'
_FILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"><defs><g>'
    f'<symbol overflow="visible" id="glyph0-0"><path style="stroke:none;" d="{_ANY_OUTLINE}"/></symbol></g></defs>'
    '<g id="surface1">{}</g></svg>'
)


@lru_cache(maxsize=_STYLES)
def _look(element: str, default: tuple[tuple[str, str], ...]) -> VMobject:
    """What manim makes of `element` of a file in which `default` is written of what says nothing of itself."""
    made = _read_by_manim(_FILE.format(element), dict(default))
    if len(made) != 1:
        raise _OtherFileError
    return made[0]


def _read_by_manim(svg: str, default: dict[str, str]) -> list[VMobject]:
    reader: Any = SVGMobject.__new__(SVGMobject)
    reader.path_string_config = {}
    reader.generate_config_style_dict = lambda: default
    tree: Any = ElementTree.parse(io.StringIO(svg))
    written = ElementTree.tostring(reader.modify_xml_tree(tree).getroot(), encoding="unicode")
    mobjects, _ = reader.get_mobjects_from(svgelements.SVG.parse(io.StringIO(written)))
    return list(mobjects)


class _GlyphPaths:
    """The paths that the glyphs of a text were read from: by the general parser, once somebody asks for one."""

    def __init__(self, svg: str, default: dict[str, Any]) -> None:
        self._svg = svg
        self._default = default
        self._found: list[svgelements.Path] | None = None

    def path(self, number: int) -> svgelements.Path:
        """The path of glyph `number`, to be found later."""
        return PathLater(self._finding(number))

    def _finding(self, number: int) -> Callable[[], svgelements.Path]:
        return lambda: self._all()[number]

    def _all(self) -> list[svgelements.Path]:
        if self._found is None:
            shell: Any = SVGMobject.__new__(SVGMobject)
            shell.svg_default = self._default
            mobjects: list[Any] = list(_read_by_manim(self._svg, shell.generate_config_style_dict()))
            self._found = [each.path_obj for each in mobjects]
        return self._found
