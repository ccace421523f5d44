"""Glyphs of colour fonts (emoji): Pango draws them as pictures, which manim leaves out of its texts.

While texts are made inside `keeping_colour_glyphs`, such a glyph becomes an ellipse as large as its picture, among the
outlines of the text and in their order, as a glyph that has an outline would be. It moves, turns, grows and fades as
they do, and knows its picture, which whoever draws it paints in its place.
"""

import base64
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import manimpango
import numpy as np
import numpy.typing as npt
from manim import Mobject, SVGMobject, Transform, VMobject
from manim.mobject.text import text_mobject
from PIL import Image

from astrai_slides.base.replaced import replaced

_PICTURE = "_astrai_slides_picture"
"""Attribute of a mobject: the PNG of the glyph that it stands for."""

_DATA = "data-astrai-slides-picture"
"""The same in an SVG file of Pango's, in base64."""

_WANTED_PIXELS = 160
"""Height of a glyph's picture: fonts of pictures have little more, and a text's glyph is seldom larger at 4K."""

_MOST_ENLARGED = 32.0
_AWAY = 1.5
"""Pixels that a glyph's box may be away from where it is in the text set larger; Pango's pictures lie on whole ones."""

# not by a parser of XML, as a shape is put in each picture's place in the text, and all else stays as cairo wrote it
_IMAGE = re.compile(r"<image\b([^>]*)/>")
_USE = re.compile(r"<use\b([^>]*)/>")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_MATRIX = re.compile(r"matrix\(([^)]*)\)")
_PNG = "data:image/png;base64,"

_KAPPA = 0.5522847498
"""How far a curve's handles are from its ends where four curves make a circle."""

_CIRCLE = np.array(
    [
        *[(1, 0), (1, _KAPPA), (_KAPPA, 1), (0, 1)],
        *[(0, 1), (-_KAPPA, 1), (-1, _KAPPA), (-1, 0)],
        *[(-1, 0), (-1, -_KAPPA), (-_KAPPA, -1), (0, -1)],
        *[(0, -1), (_KAPPA, -1), (1, -_KAPPA), (1, 0)],
    ],
    dtype=np.float64,
)
"""Points of four curves about the origin, y downwards, as the path of a glyph has them."""

_NEAR = 1e-3
"""Of an ellipse's size: how far points may be from where those of an ellipse are."""


def colour_glyph(mobject: Any) -> bytes | None:
    """Return the picture, a PNG, of the colour glyph that `mobject` stands for; None if it stands for none."""
    picture: bytes | None = vars(mobject).get(_PICTURE)
    return picture


def glyph_corners(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Where the picture of a colour glyph is whose mobject has `points`, shape (n, 2).

    Its upper left, upper right and lower left corner, shape (3, 2); None if the points are not those of a whole
    ellipse, as while it is written, or in the middle of a Transform.
    """
    if len(points) < len(_CIRCLE) or not np.isfinite(points).all():
        return None
    # what follows the ellipse lies on its start: by such curves manim closes glyphs, and fills up paths in a Transform
    away = np.abs(points - points[0]).max(axis=1)
    curves = int(np.flatnonzero(away > _NEAR * away.max())[-1]) // 4 + 1 if away.any() else 0
    if curves < len(_CIRCLE) // 4:
        return None
    circle = _circle(curves)
    moved = np.linalg.lstsq(circle, points[: len(circle)], rcond=None)[0]
    if not np.abs(circle @ moved - points[: len(circle)]).max() <= _NEAR * np.abs(moved[:2]).max():
        return None
    return np.asarray(np.array([(-1, -1, 1), (1, -1, 1), (-1, 1, 1)]) @ moved)


def is_unfinished(points: npt.NDArray[np.float64]) -> bool:
    """Whether `points` of a colour glyph, shape (n, 2), end before the start is reached again: it is being written."""
    size = np.ptp(points, axis=0).max() if len(points) else 0.0
    return not size or bool(np.abs(points[-1] - points[0]).max() > _NEAR * size)


@cache
def _circle(curves: int) -> npt.NDArray[np.float64]:
    """The circle of so many curves, as manim divides it for a Transform, shape (4 `curves`, 3): x, y and 1."""
    points = np.column_stack([_CIRCLE, np.zeros(len(_CIRCLE))])
    more = curves - len(_CIRCLE) // 4
    if more:
        points = VMobject().insert_n_curves_to_point_list(more, points)
    return np.column_stack([points[:, :2], np.ones(len(points))])


@contextmanager
def keeping_colour_glyphs() -> Iterator[None]:
    """Inside the block, let texts have the glyphs of colour fonts, also where a mobject takes another's looks."""
    shape_of, become, clean_up = SVGMobject.get_mob_from_shape_element, Mobject.become, Transform.clean_up_from_scene

    def shape_with_picture(self: Any, shape: Any) -> Any:
        mobject = shape_of(self, shape)
        picture = getattr(shape, "values", {}).get(_DATA)
        if mobject is not None and picture:
            vars(mobject)[_PICTURE] = base64.b64decode(picture)
        return mobject

    def become_all(self: Mobject, mobject: Mobject, *args: Any, **kwargs: Any) -> Mobject:
        result: Mobject = become(self, mobject, *args, **kwargs)
        _take_pictures(self, mobject)
        return result

    def clean_up_all(self: Transform, scene: Any) -> None:
        if not self.replace_mobject_with_target_in_scene and self.target_mobject is not None:
            # the copy has as many glyphs as the mobject, however many there were before
            _take_pictures(self.mobject, getattr(self, "target_copy", self.target_mobject))
        clean_up(self, scene)

    with (
        replaced(manimpango, "text2svg", partial(_text, manimpango.text2svg)),
        replaced(text_mobject, "MarkupUtils", _Markup),
        replaced(SVGMobject, "get_mob_from_shape_element", shape_with_picture),
        replaced(Mobject, "become", become_all),
        replaced(Transform, "clean_up_from_scene", clean_up_all),
    ):
        yield


def _take_pictures(mobject: Any, other: Any) -> None:
    for member, like in zip(mobject.get_family(), other.get_family(), strict=False):
        picture = colour_glyph(like)
        if picture is not None:
            vars(member)[_PICTURE] = picture
        else:
            vars(member).pop(_PICTURE, None)


def _text(
    text2svg: Callable[..., str],
    settings: Any,
    size: float,
    line_spacing: float,
    disable_liga: bool,
    file_name: str,
    x: int,
    y: int,
    width: int,
    height: int,
    text: str,
) -> str:
    """Set a `Text`, as manimpango does, and keep the pictures in its file."""

    def setting(factor: float, target: str) -> str:
        sizes = round(width * factor), round(height * factor)
        return text2svg(settings, size * factor, line_spacing * factor, disable_liga, target, x, y, *sizes, text)

    return _with_pictures(setting, file_name, (x, y))


class _Markup(manimpango.MarkupUtils):  # type: ignore[misc]
    """manimpango's, with the pictures of a `MarkupText` kept in its file."""

    @staticmethod
    def text2svg(
        text: str,
        font: str | None,
        slant: str,
        weight: str,
        size: float,
        line_spacing: Any,
        disable_liga: bool,
        file_name: str,
        x: int,
        y: int,
        width: int,
        height: int,
        *,
        pango_width: int | None = None,
        **options: Any,
    ) -> str:
        def setting(factor: float, target: str) -> str:
            head = text, font, slant, weight, size * factor, line_spacing, disable_liga, target, x, y
            sizes = round(width * factor), round(height * factor)
            wrapped = None if pango_width is None else round(pango_width * factor)
            made: str = manimpango.MarkupUtils.text2svg(*head, *sizes, pango_width=wrapped, **options)
            return made

        return _with_pictures(setting, file_name, (x, y))


@dataclass(frozen=True, slots=True)
class _ShownPicture:
    """A picture in an SVG file: which part of the text names it, and its box in the file's units."""

    start: int
    end: int
    data: str
    box: tuple[float, float, float, float]

    def near(self, box: tuple[float, ...]) -> bool:
        return all(abs(own - other) <= _AWAY for own, other in zip(self.box, box, strict=True))


def _with_pictures(setting: Callable[[float, str], str], file_name: str, start: tuple[int, int]) -> str:
    """Set a text by `setting` (how many times as large, file), and let its pictures be shapes that manim reads."""
    made = setting(1.0, file_name)
    path = Path(made)
    svg = path.read_text("utf-8")
    pictures = _placed(svg)
    if not pictures:
        return made
    factor = min(_MOST_ENLARGED, max(1.0, _WANTED_PIXELS / max(each.box[3] for each in pictures)))
    with TemporaryDirectory() as folder:
        larger = _placed(Path(setting(factor, str(Path(folder, "larger.svg")))).read_text("utf-8"))
    alike = len(larger) == len(pictures)
    for small, large in reversed(list(zip(pictures, larger if alike else pictures, strict=True))):
        left, top, width, height = large.box
        box = ((left - start[0]) / factor + start[0], (top - start[1]) / factor + start[1])
        box += (width / factor, height / factor)  # type: ignore[assignment]
        shape = _shape(box if small.near(box) else small.box, large.data)
        svg = svg[: small.start] + shape + svg[small.end :]
    path.write_text(svg, "utf-8")  # in the folder of texts, which goes with the recording
    return made


def _placed(svg: str) -> list[_ShownPicture]:
    """The pictures that `svg`, as cairo writes it, shows, in their order."""
    if "<image" not in svg:
        return []
    images = {own.get("id", ""): own for own in (dict(_ATTRIBUTE.findall(each)) for each in _IMAGE.findall(svg))}
    found = []
    for use in _USE.finditer(svg):
        own = dict(_ATTRIBUTE.findall(use[1]))
        image = images.get(own.get("xlink:href", "")[1:])
        data = (image or {}).get("xlink:href", "")
        matrix = _MATRIX.search(own.get("transform", ""))
        if image is None or matrix is None or not data.startswith(_PNG):
            continue
        with suppress(ValueError, KeyError):
            a, _, _, d, left, top = (float(part) for part in re.split(r"[,\s]+", matrix[1].strip()))
            box = left, top, float(image["width"]) * a, float(image["height"]) * d
            found.append(_ShownPicture(*use.span(), data.removeprefix(_PNG), box))
    return found


def _shape(box: tuple[float, ...], data: str) -> str:
    """An ellipse that fills `box` (left, top, width, height), in the picture's mean colour."""
    left, top, width, height = box
    points = _CIRCLE * (width / 2, height / 2) + (left + width / 2, top + height / 2)
    first, *rest = (f"{x:.6f} {y:.6f}" for x, y in points)
    curves = " ".join(f"C {' '.join(rest[at : at + 3])}" for at in range(0, len(_CIRCLE), 4))
    red, green, blue = _mean_colour(base64.b64decode(data))
    style = f"fill:#{red:02x}{green:02x}{blue:02x};fill-opacity:1;"
    return f'<path style="{style}" d="M {first} {curves} Z" {_DATA}="{data}"/>'


def _mean_colour(png: bytes) -> tuple[int, int, int]:
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=np.float64).reshape(-1, 4)
    weight = pixels[:, 3].sum()
    mean = (pixels[:, :3] * pixels[:, 3:]).sum(axis=0) / weight if weight else np.full(3, 128.0)
    red, green, blue = np.rint(mean).astype(int).tolist()
    return red, green, blue
