"""A recorded frame as PDF operators.

Cairo's own PDF writes every glyph out wherever it stands, with the digits of a float: a text slide takes 150 kB. Here a
path that comes again is stored once for the document, in the whole numbers it was recorded in.
"""

import io
import itertools
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from astrai_slides.export.shared.geometry import Outline, PathCommand, outline, stroked
from astrai_slides.recording.format.model import GRID, WIDTH_GRID, Blob, Draw, Frame, Paint, Path, Picture, Rgba, View
from astrai_slides.recording.paint.boxes import box, meets

_ALPHA = 0xFF
_STROKE_SCALE = GRID / WIDTH_GRID
_BEYOND = 1_000_000
"""Grid steps around a path within which its stroke lies: a form is clipped to its box."""

_FORM_COST = 900
"""Bytes, before compression, that a form of its own costs."""

_SIGHT = 10_000
_REMEMBERED = 2_000
"""Outlines kept for reuse: glyphs come again in every step; all shapes of a long talk would fill memory."""


class Vectors:
    """Writes frames into `pdf`. `frames` are those to come, so that it knows which paths come again."""

    def __init__(self, pdf: Pdf, blobs: Mapping[str, Blob], frames: Iterable[Frame]) -> None:
        self._pdf = pdf
        self._blobs = blobs
        self._uses = Counter(op.path for frame in frames for op in frame.ops if isinstance(op, Draw))
        self._objects: dict[Any, tuple[str, str, pikepdf.Object]] = {}

    def draw(self, frame: Frame, x: float, y: float, width: float, height: float) -> "Drawing":
        """Return `frame` within the area whose lower left is (`x`, `y`) points."""
        return Drawing(self, frame, x, y, width, height)

    def worth_keeping(self, path: Path, size: int) -> bool:
        """Whether `path`, of so many bytes, is better stored once."""
        return (self._uses[path] - 1) * size > _FORM_COST

    def form(self, path: Path, paint: str, operators: str, bounds: Sequence[float]) -> tuple[str, str, pikepdf.Object]:
        """A path with its painting operator, to be used under any colour and width."""
        key = "form", path, paint
        if key not in self._objects:
            left, bottom, right, top = bounds
            sides = [left - _BEYOND, bottom - _BEYOND, right + _BEYOND, top + _BEYOND]
            stream = self._stream(f"{operators} {paint}".encode())
            stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([round(side) for side in sides])
            self._keep(key, "XObject", "P", stream)
        return self._objects[key]

    def state(self, fill: int, stroke: int) -> tuple[str, str, pikepdf.Object]:
        """Opacity of fills and strokes, 0 to 255."""
        key = "state", fill, stroke
        if key not in self._objects:
            state = Dictionary(ca=round(fill / _ALPHA, 4), CA=round(stroke / _ALPHA, 4), SMask=Name("/None"))
            self._keep(key, "ExtGState", "G", state)
        return self._objects[key]

    def shading(self, paint: Paint) -> tuple[str, str, pikepdf.Object]:
        """Colours along a line."""
        key = "shading", paint.stops, paint.line
        if key not in self._objects:
            colours = [[(stop >> shift & 0xFF) / 0xFF for shift in (24, 16, 8)] for stop in paint.stops]
            self._keep(key, "Shading", "S", _shading(paint, Name.DeviceRGB, colours))
        return self._objects[key]

    def veil(self, paint: Paint, bounds: Sequence[float]) -> tuple[str, str, pikepdf.Object]:
        """Opacity along a line, for what lies within `bounds`."""
        key = "veil", paint.stops, paint.line, tuple(bounds)
        if key not in self._objects:
            greys = [[(stop & _ALPHA) / _ALPHA] for stop in paint.stops]
            shading = self._pdf.make_indirect(_shading(paint, Name.DeviceGray, greys))
            mask = self._stream(b"/V sh")
            mask.Type, mask.Subtype = Name.XObject, Name.Form
            mask.BBox = Array([round(side) for side in bounds])
            mask.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceGray)
            mask.Resources = Dictionary(Shading=Dictionary(V=shading))
            soft = Dictionary(Type=Name.Mask, S=Name.Luminosity, G=self._pdf.make_indirect(mask))
            self._keep(key, "ExtGState", "G", Dictionary(ca=1, CA=1, SMask=soft))
        return self._objects[key]

    def image(self, digest: str, smooth: bool) -> tuple[str, str, pikepdf.Object]:
        """A picture of the recording: JPEG as it is, anything else losslessly."""
        key = "image", digest, smooth
        if key not in self._objects:
            self._keep(key, "XObject", "I", self._image(self._blobs[digest], smooth))
        return self._objects[key]

    def _image(self, blob: Blob, smooth: bool) -> Stream:
        with Image.open(io.BytesIO(blob.data)) as image:
            size = {"Width": image.width, "Height": image.height, "Interpolate": smooth}
            if blob.mime == "image/jpeg" and image.mode in ("RGB", "L"):
                space = Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray
                return self._picture(blob.data, Name.DCTDecode, space, size)
            rgba = np.asarray(image.convert("RGBA"))
        stream = self._picture(zlib.compress(rgba[..., :3].tobytes(), 9), Name.FlateDecode, Name.DeviceRGB, size)
        if bool((rgba[..., 3] != _ALPHA).any()):
            veil = self._picture(zlib.compress(rgba[..., 3].tobytes(), 9), Name.FlateDecode, Name.DeviceGray, size)
            stream.SMask = self._pdf.make_indirect(veil)
        return stream

    def _picture(self, data: bytes, packed: Any, space: Any, size: Mapping[str, Any]) -> Stream:
        return Stream(
            self._pdf, data, Type=Name.XObject, Subtype=Name.Image, ColorSpace=space, BitsPerComponent=8,
            Filter=packed, **size,
        )  # fmt: skip

    def _stream(self, data: bytes) -> Stream:
        return Stream(self._pdf, zlib.compress(data, 9), Filter=Name.FlateDecode)

    def _keep(self, key: Any, kind: str, letter: str, value: Any) -> None:
        self._objects[key] = (kind, f"{letter}{len(self._objects)}", self._pdf.make_indirect(value))


class Drawing:
    """One frame's operators, and the resources they name: by kind, by name."""

    def __init__(self, vectors: Vectors, frame: Frame, x: float, y: float, width: float, height: float) -> None:
        self._vectors = vectors
        self.resources: dict[str, dict[str, pikepdf.Object]] = {}
        across, up = width / frame.view.width, height / frame.view.height
        self._state: dict[str, str] = {}
        self._rows = [
            "q",
            f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re W n",
            f"{_rgb(_over_black(frame.background))} rg {x:.3f} {y:.3f} {width:.3f} {height:.3f} re f",
            f"{across:.8f} 0 0 {up:.8f} {x + width / 2 - frame.view.x * across:.4f} "
            f"{y + height / 2 - frame.view.y * up:.4f} cm 10 M",
        ]
        for op in _within(frame):
            if isinstance(op, Draw):
                self._draw(op)
            else:
                self._picture(op)
        self._rows.append("Q")

    @property
    def operators(self) -> str:
        """What paints the frame; the graphics state afterwards is as before."""
        return "\n".join(self._rows)

    def _draw(self, draw: Draw) -> None:
        style = draw.style
        fill, stroke = _seen(style.fill), _seen(style.stroke) if style.stroke_width > 0 else None
        back = _seen(style.back) if style.back_width > 0 else None
        if back is not None:
            self._stroke(draw, back, style.back_width)
        if fill is not None and stroke is not None and _solid(fill) and _solid(stroke):
            self._colour(fill, None)
            self._pen(draw, stroke, style.stroke_width)
            self._paint(draw, "B")
            return
        if fill is not None:
            if fill.is_flat:
                self._colour(fill, None)
                self._paint(draw, "f")
            else:
                self._gradient(draw, fill, _outline(draw.path))
        if stroke is not None:
            self._stroke(draw, stroke, style.stroke_width)

    def _stroke(self, draw: Draw, paint: Paint, width: int) -> None:
        if paint.is_flat:
            self._pen(draw, paint, width)
            self._paint(draw, "S")
        else:
            self._gradient(draw, paint, stroked(draw.path, width, draw.style.join, draw.style.cap))

    def _pen(self, draw: Draw, paint: Paint, width: int) -> None:
        self._colour(None, paint)
        self._set("w", _number(width * _STROKE_SCALE))
        self._set("J", str(int(draw.style.cap)))
        self._set("j", str(int(draw.style.join)))

    def _colour(self, fill: Paint | None, stroke: Paint | None) -> None:
        alphas = self._state.get("alphas", "255 255").split()
        for place, (paint, operator) in enumerate(((fill, "rg"), (stroke, "RG"))):
            if paint is not None:
                colour = paint.flat_colour
                alphas[place] = str(colour & _ALPHA)
                self._set(operator, _rgb(colour))
        wanted = " ".join(alphas)
        if wanted != self._state.get("alphas", "255 255"):
            self._state["alphas"] = wanted
            self._rows.append(f"/{self._use(self._vectors.state(*map(int, alphas)))} gs")

    def _set(self, operator: str, value: str) -> None:
        if self._state.get(operator) != value:
            self._state[operator] = value
            self._rows.append(f"{value} {operator}")

    def _paint(self, draw: Draw, paint: str) -> None:
        path = _outline(draw.path)
        operators = _operators_of(draw.path)
        if self._vectors.worth_keeping(draw.path, len(operators)):
            name = self._use(self._vectors.form(draw.path, paint, operators, path.bounds))
            self._rows.append(f"q 1 0 0 1 {draw.x} {draw.y} cm /{name} Do Q")
        else:
            self._rows.append(f"q 1 0 0 1 {draw.x} {draw.y} cm {operators} {paint} Q")

    def _gradient(self, draw: Draw, paint: Paint, area: Outline) -> None:
        if not area.commands:
            return
        veil = ""
        if len({stop & _ALPHA for stop in paint.stops}) > 1:
            veil = f"/{self._use(self._vectors.veil(paint, area.bounds))} gs "
        elif paint.stops[0] & _ALPHA != _ALPHA:
            veil = f"/{self._use(self._vectors.state(paint.stops[0] & _ALPHA, _ALPHA))} gs "
        shading = self._use(self._vectors.shading(paint))
        self._rows.append(f"q 1 0 0 1 {draw.x} {draw.y} cm {veil}{_operators(area.commands)} W n /{shading} sh Q")

    def _picture(self, picture: Picture) -> None:
        x0, y0, x1, y1, x2, y2 = picture.corners
        if not picture.alpha or (x1 - x0) * (y2 - y0) == (y1 - y0) * (x2 - x0):
            return
        state = self._use(self._vectors.state(picture.alpha, picture.alpha))
        name = self._use(self._vectors.image(picture.digest, picture.smooth))
        self._rows.append(f"q /{state} gs {x1 - x0} {y1 - y0} {x0 - x2} {y0 - y2} {x2} {y2} cm /{name} Do Q")

    def _use(self, kept: tuple[str, str, pikepdf.Object]) -> str:
        kind, name, value = kept
        self.resources.setdefault(kind, {})[name] = value
        return name


def _within(frame: Frame) -> Iterable[Draw | Picture]:
    """What can be seen of `frame`."""
    view = View(frame.view.x, frame.view.y, frame.view.width, frame.view.height)
    height = round(_SIGHT * view.height / view.width)
    return (op for op in frame.ops if meets(box(op, view, _SIGHT, height), (0, 0, _SIGHT, height)))


@lru_cache(maxsize=_REMEMBERED)
def _outline(path: Path) -> Outline:
    return outline(path)


@lru_cache(maxsize=_REMEMBERED)
def _operators_of(path: Path) -> str:
    return _operators(_outline(path).commands)


_NAMES = {"moveTo": "m", "lnTo": "l", "cubicBezTo": "c", "close": "h"}


def _operators(commands: Iterable[PathCommand]) -> str:
    parts = []
    last = (0.0, 0.0)
    for kind, given in commands:
        points: Sequence[tuple[float, float]] = given
        if kind == "quadBezTo":
            # PDF has cubic curves only
            control, end = given
            points = (
                (last[0] + (control[0] - last[0]) * 2 / 3, last[1] + (control[1] - last[1]) * 2 / 3),
                (end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3),
                end,
            )
        parts += [f"{round(px)} {round(py)}" for px, py in points]
        parts.append(_NAMES.get(kind, "c"))
        last = points[-1] if points else last
    return " ".join(parts)


def _shading(paint: Paint, space: Any, colours: Sequence[Sequence[float]]) -> Dictionary:
    assert paint.line is not None
    steps = [
        Dictionary(
            FunctionType=2, Domain=Array([0, 1]), N=1,
            C0=Array([round(part, 4) for part in one]), C1=Array([round(part, 4) for part in other]),
        )
        for one, other in itertools.pairwise(colours)
    ]  # fmt: skip
    function = steps[0]
    if len(steps) > 1:
        function = Dictionary(
            FunctionType=3,
            Domain=Array([0, 1]),
            Functions=Array(steps),
            Bounds=Array([round(index / len(steps), 6) for index in range(1, len(steps))]),
            Encode=Array([0, 1] * len(steps)),
        )
    return Dictionary(
        ShadingType=2,
        ColorSpace=space,
        Coords=Array(list(paint.line)),
        Function=function,
        Extend=Array([True, True]),
    )


def _seen(paint: Paint | None) -> Paint | None:
    return paint if paint is not None and paint.is_seen else None


def _solid(paint: Paint) -> bool:
    """Whether it hides what is below: only then a fill and its stroke can be painted at once."""
    return paint.is_flat and paint.flat_colour & _ALPHA == _ALPHA


def _over_black(colour: Rgba) -> Rgba:
    """A background as a screen shows it."""
    alpha = colour & _ALPHA
    return sum(round((colour >> shift & 0xFF) * alpha / _ALPHA) << shift for shift in (24, 16, 8)) | _ALPHA


def _rgb(colour: Rgba) -> str:
    return " ".join(_number((colour >> shift & 0xFF) / 0xFF) for shift in (24, 16, 8))


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
