"""Painting a recorded frame with Cairo, on pixels (video, stills) or as vectors (PDF, SVG)."""

from collections.abc import Callable, Iterable, Mapping
from math import hypot
from struct import unpack
from typing import Any

import cairo
import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import address
from astrai_slides.recording.format.model import (
    Blob,
    Cap,
    Draw,
    Frame,
    Join,
    Op,
    Paint,
    Path,
    Picture,
    Rgba,
    View,
)
from astrai_slides.recording.paint.boxes import STROKE_SCALE, PixelBox
from astrai_slides.recording.paint.dense_paths import Coverages, ends, may_be_dense, pieces, pieces_of, place_of
from astrai_slides.recording.paint.images import how_much_smaller, image_of
from astrai_slides.recording.paint.standing import StandingDraws, lets_through

_JOINS = {Join.MITER: cairo.LineJoin.MITER, Join.ROUND: cairo.LineJoin.ROUND, Join.BEVEL: cairo.LineJoin.BEVEL}
_CAPS = {Cap.BUTT: cairo.LineCap.BUTT, Cap.ROUND: cairo.LineCap.ROUND, Cap.SQUARE: cairo.LineCap.SQUARE}

_FIXED_POINT = 256
"""Cairo keeps coordinates as 24.8 fixed point: at this scale a grid step is exactly one of its units."""

_SHARES = [part / 0xFF for part in range(0x100)]
"""Of each part of a colour."""

_IDENTITY = cairo.Matrix()

_MAX_PATHS = 20_000
"""Cairo paths kept; beyond, they are built again."""


class Painter:
    """Draws frames on any Cairo context. One serves any number of frames; it keeps paths prepared.

    Not for use from several threads at a time.
    """

    def __init__(self, blobs: Mapping[str, Blob] | None = None) -> None:
        """`blobs` are those of the recording whose frames are painted."""
        self._blobs = {} if blobs is None else blobs
        # not a `ById`: asked for every draw of every frame; the path is kept, so that its id is of no other
        self._paths: dict[int, tuple[Path, cairo.Path | None]] = {}
        self._coverages = Coverages()
        self._standing = StandingDraws()
        self._pixels: PixelBox | None = None
        """Those that are painted; None where units are not pixels."""
        scratch = cairo.Context(cairo.ImageSurface(cairo.FORMAT_A8, 1, 1))
        scratch.scale(1 / _FIXED_POINT, 1 / _FIXED_POINT)
        self._scratch = scratch

    def paint(
        self,
        ctx: "cairo.Context[cairo.Surface]",
        frame: Frame,
        width: float,
        height: float,
        *,
        clip: PixelBox | None = None,
        ops: Iterable[Op] | None = None,
        background: bool = True,
    ) -> None:
        """Paint `frame` over the area (0, 0) to (`width`, `height`) of `ctx`, in its units (pixels or points).

        The frame's view fills the area; there are no bars, so give an area of the view's aspect. `clip` paints that
        part only, and of the frame only `ops` if the caller knows which meet it, in order. `background` False leaves
        what lies below the frame, as where a page's colour is painted otherwise.
        Raises KeyError if a picture's blob is missing.
        """
        ctx.save()
        try:
            if clip is None:
                ctx.rectangle(0, 0, width, height)
            else:
                ctx.rectangle(clip[0], clip[1], clip[2] - clip[0], clip[3] - clip[1])
            ctx.clip()
            if background:
                ctx.set_operator(cairo.Operator.SOURCE)
                ctx.set_source_rgba(*_parts(frame.background))
                ctx.paint()
                ctx.set_operator(cairo.Operator.OVER)
            base = ctx.get_matrix()
            on_pixels = base == _IDENTITY and isinstance(ctx.get_target(), cairo.ImageSurface)
            self._pixels = (clip or (0, 0, int(width), int(height))) if on_pixels else None
            self._standing.begin(frame.view, width, height)
            whole = view_matrix(frame.view, width, height) * base
            set_matrix, translate, draw = ctx.set_matrix, ctx.translate, self._draw
            for op in frame.ops if ops is None else ops:
                set_matrix(whole)
                if isinstance(op, Draw):
                    translate(op.x, op.y)
                    draw(ctx, op)
                else:
                    self._picture(ctx, op)
        finally:
            ctx.restore()

    def _draw(self, ctx: "cairo.Context[cairo.Surface]", draw: Draw) -> None:
        style, path = draw.style, draw.path
        if may_be_dense(path) and self._dense(ctx, draw):
            return
        if self._pixels is not None and lets_through(style) and self._stood(ctx, draw, self._pixels):
            return
        self._trace(ctx, path)
        if style.back is not None and style.back_width > 0:
            self._stroke(ctx, draw, style.back, style.back_width)
        stroked = style.stroke is not None and style.stroke_width > 0
        if style.fill is not None:
            self._source(ctx, style.fill)
            if stroked:
                ctx.fill_preserve()
            else:
                ctx.fill()
        if stroked:
            assert style.stroke is not None
            self._stroke(ctx, draw, style.stroke, style.stroke_width)
        ctx.new_path()

    def _stood(self, ctx: "cairo.Context[cairo.Surface]", draw: Draw, pixels: PixelBox) -> bool:
        """Paint `draw`, which is translucent, through what it covers, if that is known; tell whether it is."""
        known = self._standing.of(draw)
        if known is None or not known.is_within(pixels):
            return False

        def cover(pixels: "cairo.Context[cairo.ImageSurface]", width: int) -> None:
            self._trace(pixels, draw.path)
            if width:
                _pen(pixels, draw, width)
                pixels.stroke()
            else:
                pixels.fill()

        style, matrix = draw.style, ctx.get_matrix()
        ctx.identity_matrix()
        for paint, seen, width in (
            (style.back, style.back_width > 0, style.back_width),
            (style.fill, True, 0),
            (style.stroke, style.stroke_width > 0, style.stroke_width),
        ):
            if paint is not None and seen:
                self._source(ctx, paint)
                ctx.mask_surface(self._standing.cover(known, width, matrix, cover), known.left, known.top)
        return True

    def _stroke(self, ctx: "cairo.Context[cairo.Surface]", draw: Draw, paint: Paint, width: int) -> None:
        self._source(ctx, paint)
        _pen(ctx, draw, width)
        ctx.stroke_preserve()

    def _dense(self, ctx: "cairo.Context[cairo.Surface]", draw: Draw) -> bool:
        """Paint `draw` on pixels through coverages, if its path is dense; tell whether it is."""
        target = ctx.get_target()
        if not isinstance(target, cairo.ImageSurface):
            return False
        place = place_of(ctx.get_matrix(), target)
        count = pieces_of(draw.path, place)
        if not count:
            return False

        def fill(cover: "cairo.Context[cairo.ImageSurface]") -> None:
            _build_path(cover, draw.path)
            cover.fill()

        def stroke(width: int) -> Callable[["cairo.Context[cairo.ImageSurface]"], None]:
            def by_pieces(cover: "cairo.Context[cairo.ImageSurface]") -> None:
                _pen(cover, draw, width)
                cover.set_line_cap(cairo.LineCap.BUTT)
                for piece in pieces(draw.path, count):
                    _build(cover, piece)
                    cover.stroke()
                if draw.style.cap == Cap.ROUND:
                    cover.set_line_cap(cairo.LineCap.ROUND)
                _build(cover, ends(draw.path, draw.style.cap, width * STROKE_SCALE / 2))
                cover.stroke()

            return by_pieces

        style = draw.style
        for paint, shape, drawn in (
            (style.back, (style.back_width, style.join, style.cap), stroke(style.back_width)),
            (style.fill, None, fill),
            (style.stroke, (style.stroke_width, style.join, style.cap), stroke(style.stroke_width)),
        ):
            if paint is None or not paint.is_seen or (shape is not None and shape[0] <= 0):
                continue
            self._source(ctx, paint)
            cover = self._coverages.get(draw.path, shape, place, drawn)
            ctx.save()
            matrix = ctx.get_matrix()
            ctx.identity_matrix()
            ctx.rectangle(*cover.inked)  # over the whole frame Cairo loses short gradients
            ctx.clip()
            ctx.set_matrix(matrix)
            mask = cairo.SurfacePattern(cover.surface)
            mask.set_matrix(matrix)  # a pixel of the coverage on each pixel
            mask.set_filter(cairo.Filter.NEAREST)
            ctx.mask(mask)
            ctx.restore()
        return True

    def _source(self, ctx: "cairo.Context[cairo.Surface]", paint: Paint) -> None:
        stops, line = paint.stops, paint.line
        if line is None:
            ctx.set_source_rgba(*_parts(stops[0]))
            return
        if paint.is_flat:
            ctx.set_source_rgba(*(part / 0xFF for part in paint.flat_parts))
            return
        gradient = cairo.LinearGradient(*line)
        last = len(stops) - 1
        for place, stop in enumerate(stops):
            gradient.add_color_stop_rgba(place / last, *_parts(stop))
        ctx.set_source(gradient)

    def _trace(self, ctx: "cairo.Context[Any]", path: Path) -> None:
        """Make `path` the current path. One that comes back is kept prepared; most paths in motion never do."""
        key = address(path)
        known = self._paths.get(key)
        if known is None:
            if len(self._paths) >= _MAX_PATHS:
                self._paths.clear()
            self._paths[key] = path, None
            _build_path(ctx, path)
            return
        prepared = known[1]
        if prepared is None:
            _build_path(self._scratch, path)
            prepared = self._scratch.copy_path()
            self._paths[key] = path, prepared
        ctx.new_path()
        ctx.append_path(prepared)

    def _picture(self, ctx: "cairo.Context[cairo.Surface]", picture: Picture) -> None:
        if picture.alpha == 0 or not picture.width or not picture.height:
            return
        x0, y0, x1, y1, x2, y2 = picture.corners
        across, down = (x1 - x0, y1 - y0), (x2 - x0, y2 - y0)
        if across[0] * down[1] == across[1] * down[0]:
            return  # seen from the side
        # On pixels the edge must not fade into what is beside the image; vectors have no such seam, and a padded
        # image would be rastered anew.
        on_pixels = isinstance(ctx.get_target(), cairo.ImageSurface)
        smaller = 1
        if on_pixels and picture.smooth:
            shown = ctx.user_to_device_distance(*across), ctx.user_to_device_distance(*down)
            smaller = how_much_smaller(hypot(*shown[0]) / picture.width, hypot(*shown[1]) / picture.height)
        image = image_of(self._blobs[picture.digest], smaller)
        columns, rows = image.width, image.height
        ctx.transform(cairo.Matrix(across[0] / columns, across[1] / columns, down[0] / rows, down[1] / rows, x0, y0))
        pattern = cairo.SurfacePattern(image.surface)
        if image.smaller > 1:
            pattern.set_matrix(cairo.Matrix(1 / image.smaller, 0, 0, 1 / image.smaller))
        pattern.set_filter(cairo.Filter.GOOD if picture.smooth else cairo.Filter.NEAREST)
        pattern.set_extend(cairo.Extend.PAD if on_pixels else cairo.Extend.NONE)
        ctx.new_path()
        ctx.rectangle(0, 0, columns, rows)
        ctx.set_source(pattern)
        if picture.alpha == 0xFF:
            ctx.fill()
        else:
            ctx.save()
            ctx.clip()
            ctx.paint_with_alpha(picture.alpha / 0xFF)
            ctx.restore()


def view_matrix(view: View, width: float, height: float) -> cairo.Matrix:
    """Map grid coordinates to an area of `width` x `height`, y downwards."""
    across, down = width / view.width, height / view.height
    return cairo.Matrix(across, 0, 0, -down, width / 2 - view.x * across, height / 2 + view.y * down)


def _pen(ctx: "cairo.Context[Any]", draw: Draw, width: int) -> None:
    ctx.set_line_width(width * STROKE_SCALE)
    ctx.set_line_join(_JOINS[draw.style.join])
    ctx.set_line_cap(_CAPS[draw.style.cap])


def _build_path(ctx: "cairo.Context[Any]", path: Path) -> None:
    """As `_build` of the curves of `path`, of whose points no arrays are made: it is done for every path in motion."""
    ctx.new_path()
    curve_to = ctx.curve_to
    flat = unpack(f"<{len(path.xy) // 4}i", path.xy)
    first = 0
    for curves, closed in path.subpaths:
        ctx.move_to(flat[first], flat[first + 1])
        stop = first + 2 + 6 * curves
        for at in range(first + 2, stop, 6):
            curve_to(*flat[at : at + 6])
        first = stop
        if closed:
            ctx.close_path()


def _build(ctx: "cairo.Context[Any]", curves: Iterable[tuple[npt.NDArray[np.int32], bool]]) -> None:
    ctx.new_path()
    curve_to = ctx.curve_to
    for points, closed in curves:
        flat = points.ravel().tolist()
        ctx.move_to(flat[0], flat[1])
        for at in range(2, len(flat), 6):
            curve_to(*flat[at : at + 6])
        if closed:
            ctx.close_path()


def _parts(colour: Rgba) -> tuple[float, float, float, float]:
    """Red, green, blue and alpha, 0 to 1."""
    return _SHARES[colour >> 24], _SHARES[colour >> 16 & 0xFF], _SHARES[colour >> 8 & 0xFF], _SHARES[colour & 0xFF]
