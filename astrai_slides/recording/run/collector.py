"""From mobjects to draws: equal paths, styles and draws become one object, unchanged mobjects cost a comparison."""

import io
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from manim import VMobject
from manim.camera.camera import Camera
from manim.constants import CapStyleType, LineJointType
from PIL import Image

from astrai_slides.base.identity import ById, address
from astrai_slides.recording.format.model import (
    GRID,
    WIDTH_GRID,
    Blob,
    Cap,
    Draw,
    Join,
    Paint,
    Path,
    Picture,
    Rgba,
    Style,
    colour_of,
    mean_of_ends,
)
from astrai_slides.recording.paint.plain_pixels import PLAIN
from astrai_slides.recording.reuse.large_arrays import digest_of
from astrai_slides.recording.run.cut_paths import POINTS_PER_CURVE, RELATIVE_TOLERANCE, CutPath, cut_each
from astrai_slides.recording.run.drawn_before import LIMIT, DrawnBefore
from astrai_slides.recording.run.drawn_rows import DrawnRows
from astrai_slides.recording.run.faces import batched, lines, placed
from astrai_slides.recording.run.held_pictures import array_of, same_picture, split_opacity_held
from astrai_slides.recording.run.photographs import MOST_PICTURES, PackedPixels, row_blocks
from astrai_slides.seam.colour_glyphs import colour_glyph, glyph_corners, is_unfinished
from astrai_slides.seam.held_pixels import HeldPixels, pixels_held_by

_LARGE_IMAGE = 512
_LEAST_ENLARGED = 4
"""Images that many times smaller than a large one are of a few pixels, each of which is seen."""

_MOST_PICTURES = 64 << 20
"""Bytes of images that are known again in later steps."""

_largest = np.maximum.reduce
_JOINS = {LineJointType.ROUND: Join.ROUND, LineJointType.BEVEL: Join.BEVEL}
_CAPS = {CapStyleType.ROUND: Cap.ROUND, CapStyleType.SQUARE: Cap.SQUARE}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found of an image: its pixels without its opacity, that, and how it is kept."""

    pixels: npt.NDArray[np.uint8] | HeldPixels
    alpha: int
    blob: Blob
    shape: tuple[int, ...]


class _ToCut(NamedTuple):
    """Points of which a path is to be made, shape (n, 2), and the same on the grid, from the first on."""

    known: DrawnBefore
    points: npt.NDArray[np.float64]
    grid: npt.NDArray[np.int32]
    tolerance: float


class Collector:
    """Turns what a camera would paint into draws. One serves a step; `forget` starts the next."""

    def __init__(self, *, for_films: bool = False) -> None:
        """`for_films`: whoever makes steps of what is drawn films those with many pictures, which are not packed."""
        self.blobs: dict[str, Blob] = {}
        self._for_films = for_films
        self._packed = PackedPixels()
        # of all steps: a picture that stands still is looked at once
        self._pictures: OrderedDict[tuple[Any, ...], _Seen] = OrderedDict()
        self.glyphs: set[str] = set()
        self._known: ById[Any, DrawnBefore] = ById()
        self._paths: dict[tuple[Any, ...], Path] = {}
        self._styles: dict[Style, Style] = {}
        self._solid: dict[tuple[Any, ...], Style | None] = {}
        self._shaded: dict[tuple[Any, ...], Style] = {}
        # by the identities of a path and a style, which those above keep
        self._draws: dict[tuple[int, int, int, int, int], Draw] = {}
        self._rows = DrawnRows(self)
        self._play = 0

    def begin_play(self) -> None:
        """Say that what is drawn from now on must not depend on what was drawn before, which may be another process's.

        Of points that round to the same, those that come first decide how a path is cut.
        """
        self._rows.leave()
        self._play += 1

    @property
    def pictures(self) -> set[str]:
        """Digests of the step's pictures so far, but for glyphs."""
        return self.blobs.keys() - self.glyphs

    def count(self) -> int:
        """The last number that was given to a mobject."""
        return len(self._known)

    def forget(self) -> None:
        """Let go of mobjects and interned objects; recorded frames keep what they need."""
        self._packed.forget_plain()
        self._rows.forget()
        self._known.clear()
        self._paths.clear()
        self._styles.clear()
        self._solid.clear()
        self._shaded.clear()
        self._draws.clear()

    def lookup(self, mobject: Any) -> DrawnBefore:
        """Return what is known of `mobject`, which has a number from then on."""
        known = self._known.get(mobject)
        if known is None:
            known = self._known[mobject] = DrawnBefore(len(self._known) + 1)
        return known

    def numbered(self) -> Iterator[tuple[Any, int]]:
        """Every mobject that has a number, with it."""
        return ((mobject, self._known[mobject].source) for mobject in self._known)

    def source(self, mobject: Any) -> int:
        """The number of `mobject`, which tells it apart from all others until `forget`."""
        return self.lookup(mobject).source

    def draw(self, camera: Camera, mobject: VMobject) -> Draw | None:
        """Return what `camera` would paint for `mobject`; None where nothing would be seen."""
        self._rows.leave()
        with np.errstate(invalid="ignore"):
            return self.draw_each(camera, (mobject,))[0]

    def draw_each(self, camera: Camera, mobjects: Sequence[VMobject]) -> list[Draw | None]:
        """As `draw` of each of `mobjects`, of which no row has any; NumPy may warn of numbers that are none.

        Points that are to be cut are cut together, of which one after the other takes most of the time.
        """
        knowns = [*map(self.lookup, mobjects)]
        cuts: list[_ToCut] = []
        moved = [self._moved(camera, mobject, known, cuts) for mobject, known in zip(mobjects, knowns, strict=True)]
        if cuts:
            places = [*zip(*[(each.points, each.grid, each.tolerance) for each in cuts], strict=True)]
            for each, path in zip(cuts, self.paths(*places), strict=True):
                each.known.path = path
        return [
            self._painted(camera, mobject, known, again)
            for mobject, known, again in zip(mobjects, knowns, moved, strict=True)
        ]

    def _moved(self, camera: Camera, mobject: VMobject, known: DrawnBefore, cuts: "list[_ToCut]") -> bool:
        """Find where `mobject` is, if that is to be found; tell whether it was. `cuts` gets its points to be cut."""
        flat = type(camera).transform_points_pre_display is Camera.transform_points_pre_display
        points = mobject.points if flat else camera.transform_points_pre_display(mobject, mobject.points)
        key = points.tobytes()
        moved = known.points != key
        if known.play != self._play:
            known.play = self._play
            if moved or not known.exact:
                moved, known.rounded = True, b""
        if moved:
            known.points = key
            self._place(mobject, points, known, cuts)
        return moved

    def _painted(self, camera: Camera, mobject: VMobject, known: DrawnBefore, moved: bool) -> Draw | None:
        """What `camera` would paint for `mobject`, whose place is known."""
        if known.path is None:
            return None
        paint = self.paint_key(camera, mobject)
        if paint != known.paint or (moved and len(paint) > _SOLID_KEY):
            known.paint = paint
            known.style = self.look_up_style(camera, mobject, known.x, known.y, paint)
            moved = True
        if known.style is None:
            return None
        if moved or known.draw is None:
            known.draw = self.interned(known)
        return known.draw

    def interned(self, known: DrawnBefore) -> Draw | None:
        """The draw of what is known of a mobject; None where nothing would be seen."""
        if known.path is None or known.style is None:
            return None
        ids = (address(known.path), address(known.style), known.x, known.y, known.source)
        draw = self._draws.get(ids)
        if draw is None:
            draw = self._draws[ids] = Draw(known.path, known.style, known.x, known.y, known.source)
        return draw

    def draw_all(self, camera: Camera, mobjects: Sequence[VMobject]) -> list[Draw | None]:
        """Return what `draw` does for each of `mobjects`; of many that a 3D camera shows, worked out at once."""
        faces = batched(camera, mobjects)
        if faces is None:
            # once for all of them, as each time takes longer than a subtraction
            with np.errstate(invalid="ignore"):
                return self._rows.draw(camera, mobjects)
        self._rows.leave()
        drawn: ById[VMobject, Draw | None] = ById()
        places, ends = placed(faces, LIMIT, RELATIVE_TOLERANCE), lines(faces, LIMIT)
        unit = camera.cairo_line_width_multiple * WIDTH_GRID
        for k, (mobject, stops) in enumerate(zip(faces.mobjects, faces.stops.tolist(), strict=True)):
            if not places.near[k]:
                continue
            known = self.lookup(mobject)
            # what `draw` compares with must not seem unchanged to it
            known.points, known.rounded, known.paint = b"", b"", ()
            known.x, known.y = x, y = places.x[k], places.y[k]
            parts = slice(places.subpaths_from[k], places.subpaths_from[k + 1])
            key = (
                tuple(zip(places.curves[parts], places.closed[parts], strict=True)),
                places.kept[places.kept_from[k] : places.kept_from[k + 1]],
            )
            # cut by its own points, whatever it was before
            known.path = self._paths.get(key)
            if known.path is None:
                known.path = self._paths[key] = Path(*key)
            x0, y0, x1, y1 = ends[k]
            line = (x0 - x, y0 - y, x1 - x, y1 - y)
            known.style = self._shaded_style(mobject, stops, line, unit)
            if known.style is None:
                drawn[mobject] = known.draw = None
                continue
            ids = (address(known.path), address(known.style), x, y, known.source)
            known.draw = self._draws.get(ids)
            if known.draw is None:
                known.draw = self._draws[ids] = Draw(known.path, known.style, x, y, known.source)
            drawn[mobject] = known.draw
        return [drawn[each] if each in drawn else self.draw(camera, each) for each in mobjects]

    def _shaded_style(
        self, mobject: VMobject, stops: list[Rgba], line: tuple[int, int, int, int], unit: float
    ) -> Style | None:
        """As `_style`, of colours that are known: two of the fill and two of the stroke."""
        width = mobject.get_stroke_width()
        if stops[0] == stops[1] and stops[2] == stops[3]:
            line = (0, 0, 0, 0)
        # an enumeration is hashed by a function of Python's
        key = (*stops, *line, width, address(mobject.joint_type), address(mobject.cap_style), unit)
        known = self._shaded.get(key)
        if known is not None:
            return known
        fill = _two_stops(stops[0], stops[1], line)
        stroke = _two_stops(stops[2], stops[3], line) if width > 0 else None
        if fill is None and stroke is None:
            return None
        style = Style(
            fill,
            stroke,
            max(1, round(width * unit)) if stroke else 0,
            join=_JOINS.get(mobject.joint_type, Join.MITER) if stroke else Join.MITER,
            cap=_CAPS.get(mobject.cap_style, Cap.BUTT) if stroke else Cap.BUTT,
        )
        style = self._shaded[key] = self._styles.setdefault(style, style)
        return style

    def _place(
        self, mobject: VMobject, points: npt.NDArray[np.float64], known: DrawnBefore, cuts: "list[_ToCut]"
    ) -> None:
        """Find where `points` start; they are added to `cuts` if their path is another than it was."""
        if len(points) < POINTS_PER_CURVE:
            known.path, known.rounded = None, b""
            return
        xy = points[:, :2]
        # from the first point, so that a shape that only moves stays the same shape
        away = (xy - xy[0]) * GRID
        x, y = xy[0].tolist()
        peak = max(float(_largest(np.abs(away), axis=None)), abs(x) * GRID, abs(y) * GRID)
        if not peak <= LIMIT:
            if not np.isfinite(peak):
                known.path, known.rounded = None, b""
                return
            xy = np.clip(xy, -LIMIT / GRID / 2, LIMIT / GRID / 2)
            away = (xy - xy[0]) * GRID
            x, y = xy[0].tolist()
        known.x, known.y = round(x * GRID), round(y * GRID)
        grid = np.rint(away).astype("<i4")
        rounded = grid.tobytes()
        known.exact = rounded != known.rounded
        if known.exact:
            known.rounded = rounded
            cuts.append(_ToCut(known, xy, grid, mobject.tolerance_for_point_equality))

    def paths(
        self,
        points: Sequence[npt.NDArray[np.float64]],
        grids: Sequence[npt.NDArray[np.int32]],
        tolerances: Sequence[float],
    ) -> list[Path]:
        """Return the path of each of `points`, shape (n, 2), which are on the grid as well, from their first on."""
        return list(map(self._path_of, cut_each(points, grids, tolerances)))

    def _path_of(self, key: CutPath) -> Path:
        path = self._paths.get(key)
        if path is None:
            path = self._paths[key] = Path(*key)
        return path

    def paint_key(self, camera: Camera, mobject: VMobject) -> tuple[Any, ...]:
        """Return what decides the style of `mobject`, as it is now."""
        fill, stroke = camera.get_fill_rgbas(mobject), camera.get_stroke_rgbas(mobject)
        back = mobject.get_stroke_width(True)
        key = (
            fill.tobytes(),
            stroke.tobytes(),
            float(mobject.get_stroke_width()),
            float(back),
            camera.get_stroke_rgbas(mobject, background=True).tobytes() if back else b"",
            mobject.joint_type,
            mobject.cap_style,
        )
        if len(fill) > 1 or len(stroke) > 1:
            line = np.asarray(mobject.get_gradient_start_and_end_points())
            return (*key, camera.transform_points_pre_display(mobject, line).tobytes())
        return key

    def look_up_style(self, camera: Camera, mobject: VMobject, x: int, y: int, key: tuple[Any, ...]) -> Style | None:
        """Return the style by its `paint_key`, for a path that begins at (x, y) on the grid."""
        if len(key) > _SOLID_KEY:
            return self.style(camera, mobject, x, y)
        if key not in self._solid:
            self._solid[key] = self.style(camera, mobject, x, y)
        return self._solid[key]

    def style(self, camera: Camera, mobject: VMobject, x: int, y: int) -> Style | None:
        """Return the style of `mobject` as it is now; None where nothing of it would be seen."""
        width, back_width = mobject.get_stroke_width(), mobject.get_stroke_width(True)
        fill = self._paint(camera, mobject, camera.get_fill_rgbas(mobject), x, y)
        stroke = self._paint(camera, mobject, camera.get_stroke_rgbas(mobject), x, y) if width > 0 else None
        back = (
            self._paint(camera, mobject, camera.get_stroke_rgbas(mobject, background=True), x, y)
            if back_width > 0
            else None
        )
        if fill is None and stroke is None and back is None:
            return None
        unit = camera.cairo_line_width_multiple * WIDTH_GRID
        # AUTO means miter and butt; manim 0.21 lets the shape drawn before decide (manim #3410, mended in 0.22).
        style = Style(
            fill,
            stroke,
            max(1, round(width * unit)) if stroke else 0,
            back,
            max(1, round(back_width * unit)) if back else 0,
            _JOINS.get(mobject.joint_type, Join.MITER) if stroke or back else Join.MITER,
            _CAPS.get(mobject.cap_style, Cap.BUTT) if stroke or back else Cap.BUTT,
        )
        return self._styles.setdefault(style, style)

    def _paint(self, camera: Camera, mobject: VMobject, rgbas: npt.NDArray[np.float64], x: int, y: int) -> Paint | None:
        stops = tuple(_rgba(stop) for stop in np.atleast_2d(rgbas))
        if not any(stop & 0xFF for stop in stops):
            return None
        if len(set(stops)) == 1:
            return Paint(stops[:1])
        ends = np.asarray(mobject.get_gradient_start_and_end_points())
        ends = camera.transform_points_pre_display(mobject, ends)[:, :2]
        if not np.isfinite(ends).all():
            return Paint((colour_of(mean_of_ends(stops)),))
        (x0, y0), (x1, y1) = np.rint(np.clip(ends * GRID, -LIMIT, LIMIT)).astype(int).tolist()
        if (x0, y0) == (x1, y1):
            # Cairo paints a gradient without length in one colour, a canvas paints nothing.
            return Paint((colour_of(mean_of_ends(stops)),))
        return Paint(stops, (x0 - x, y0 - y, x1 - x, y1 - y))

    def picture(self, camera: Camera, mobject: Any, held: tuple[float, ...] = ()) -> Picture | None:
        """Return `mobject`, an image, as a picture; None if `camera` shows it in perspective.

        `held` is the view (x, y, width, height) that `camera` keeps for paths: images follow its own.
        """
        corners = camera.transform_points_pre_display(mobject, mobject.points)[:, :2]
        if held:
            zoom = held[2] / camera.frame_width, held[3] / camera.frame_height
            corners = (corners - np.asarray(camera.frame_center)[:2]) * zoom + held[:2]
        upper_left, upper_right, lower_left, lower_right = corners
        if not np.isfinite(corners).all():
            return None
        if np.abs(upper_right + lower_left - upper_left - lower_right).max() > 1 / GRID:
            return None
        known = self.lookup(mobject)
        pixels: npt.NDArray[np.uint8] | HeldPixels | None = pixels_held_by(mobject)
        if isinstance(pixels, HeldPixels):
            raw: tuple[Any, ...] = pixels.shape, pixels.base.digest, pixels.colours, pixels.opacity
        else:
            pixels = np.asarray(mobject.get_pixel_array()).astype(np.uint8, copy=False)
            raw = _checksum(pixels), _checksum(getattr(mobject, "orig_alpha_pixel_array", None))
        if raw != known.raw:
            key = *raw, mobject.resampling_algorithm, str(getattr(mobject, "path", ""))
            earlier = self._pictures.get(key) if known.pixels is None else None
            if earlier is not None:
                known.pixels, known.alpha, known.shape = earlier.pixels, earlier.alpha, earlier.shape
                known.digest = self._keep(earlier.blob)
            else:
                self._look_at(mobject, pixels, known, key)
            known.raw = raw
        height, width = known.shape[:2]
        grid = np.rint(np.clip(corners[:3] * GRID, -LIMIT, LIMIT)).astype(int).ravel().tolist()
        return Picture(
            known.digest,
            width,
            height,
            (grid[0], grid[1], grid[2], grid[3], grid[4], grid[5]),
            known.alpha,
            mobject.resampling_algorithm != Image.Resampling.NEAREST,
            known.source,
        )

    def _look_at(
        self, mobject: Any, pixels: npt.NDArray[np.uint8] | HeldPixels, known: DrawnBefore, key: tuple[Any, ...]
    ) -> None:
        """Tell what `mobject` shows from its opacity, and keep that if it is another picture than before."""
        whole, known.alpha = _split_opacity(mobject, pixels)
        if known.pixels is not None and same_picture(known.pixels, whole):
            return
        larger = _enlarged(array_of(whole), mobject.resampling_algorithm)
        digest = self.blob(larger, getattr(mobject, "path", None))
        known.pixels, known.digest, known.shape = whole, digest, larger.shape
        blob = self.blobs[digest]
        if blob.mime != PLAIN and whole.nbytes <= _MOST_PICTURES:
            self._pictures[key] = _Seen(whole, known.alpha, blob, larger.shape)
            while sum(each.pixels.nbytes for each in self._pictures.values()) > _MOST_PICTURES:
                self._pictures.popitem(last=False)

    def glyph(self, camera: Camera, mobject: VMobject, png: bytes) -> Picture | Draw | None:
        """Return what is seen of `mobject`, a glyph of a colour font with the picture `png`.

        That is the picture; in the middle of a Transform the shape that it becomes, and nothing while it is written.
        """
        points = camera.transform_points_pre_display(mobject, mobject.points)[:, :2]
        corners = glyph_corners(points)
        if corners is None:
            return None if is_unfinished(points) else self.draw(camera, mobject)
        alpha = min(255, max(0, round(float(mobject.get_fill_opacity()) * 255)))
        if not alpha or not np.isfinite(corners).all():
            return None
        pixels = _decoded(png)
        known = self.lookup(mobject)
        if known.raw != (png,):  # a glyph that became another one has that one's picture
            known.raw, known.digest = (png,), self._keep(self._packed.blob(pixels))
        grid = np.rint(np.clip(corners * GRID, -LIMIT, LIMIT)).astype(int).ravel().tolist()
        place = grid[0], grid[1], grid[2], grid[3], grid[4], grid[5]
        return Picture(known.digest, pixels.shape[1], pixels.shape[0], place, alpha, True, known.source)

    def text_made(self, text: Any) -> None:
        """Note which pictures stand for glyphs of `text`, also if it is only seen in a play that is not drawn again."""
        for glyph in text.get_family():
            png = colour_glyph(glyph)
            if png is not None:
                self.glyphs.add(self._packed.blob(_decoded(png)).digest)

    def blob(self, pixels: npt.NDArray[np.uint8], path: Any = None) -> str:
        """Keep `pixels`, shape (height, width, 4) RGBA, as a PNG or as the photograph `path`, and return its digest."""
        filmed = self._for_films and len(self.pictures) > MOST_PICTURES
        return self._keep(self._packed.plain(pixels, path) if filmed else self._packed.blob(pixels, path))

    def _keep(self, blob: Blob) -> str:
        return self.blobs.setdefault(blob.digest, blob).digest


def _two_stops(first: Rgba, last: Rgba, line: tuple[int, int, int, int]) -> Paint | None:
    """As `Collector._paint`, of two colours and where their gradient lies."""
    if not (first | last) & 0xFF:
        return None
    if first == last:
        return Paint((first,))
    if line[:2] == line[2:]:
        return Paint((colour_of(mean_of_ends((first, last))),))
    return Paint((first, last), line)


_SOLID_KEY = 7
"""Length of a paint key without a gradient line."""


@lru_cache(maxsize=64)
def _decoded(png: bytes) -> npt.NDArray[np.uint8]:
    """The pixels of a PNG, RGBA, shape (height, width, 4)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def _rgba(stop: npt.NDArray[np.float64]) -> Rgba:
    red, green, blue, alpha = (min(255, max(0, round(float(part) * 255))) for part in stop)
    return red << 24 | green << 16 | blue << 8 | alpha


def _checksum(pixels: npt.NDArray[np.uint8] | None) -> tuple[Any, ...]:
    """Tell an array from others, in a hundredth of the time of packing it."""
    return () if pixels is None else (pixels.shape, digest_of(pixels))


def _enlarged(pixels: npt.NDArray[np.uint8], resampling: int) -> npt.NDArray[np.uint8]:
    """Return a small image larger, in manim's way: what shows it only knows straight lines between pixels."""
    height, width = pixels.shape[:2]
    factor = _LARGE_IMAGE // max(height, width, 1)
    if resampling != Image.Resampling.BICUBIC or factor < _LEAST_ENLARGED:
        return pixels
    size, back = (width * factor, height * factor), (1 / factor, 0, 0, 0, 1 / factor, 0)
    image = Image.fromarray(pixels)
    return np.asarray(image.transform(size, Image.Transform.AFFINE, back, Image.Resampling(resampling)))


def _split_opacity(
    mobject: Any, pixels: npt.NDArray[np.uint8] | HeldPixels
) -> tuple[npt.NDArray[np.uint8] | HeldPixels, int]:
    """Tell an image from its opacity, so that one that fades is kept once: (RGBA pixels, 0 to 255)."""
    if isinstance(pixels, HeldPixels):
        return split_opacity_held(pixels)
    alpha = pixels[..., 3]
    first = int(alpha.flat[0]) if alpha.size else 255
    original = getattr(mobject, "orig_alpha_pixel_array", None)
    if original is not None and original.shape == alpha.shape:
        if original.size and original.any() and np.array_equal(original, alpha):
            return pixels.copy(), 255  # as it came: most are never faded
        peak, shown = int(original.max(initial=0)), int(alpha.max(initial=0))
        factor = shown / peak if peak else 0.0
        # one opacity of all of it, or of each part its own; manim truncates, hence one level of tolerance
        if (int(original.min(initial=0xFF)) == peak and int(alpha.min(initial=0xFF)) == shown) or all(
            np.abs(original[rows] * factor - alpha[rows]).max(initial=0.0) <= 1.0 for rows in row_blocks(alpha)
        ):
            whole = pixels.copy()
            whole[..., 3] = original
            return whole, round(factor * 255)
    if bool((alpha == first).all()):
        whole = pixels.copy()
        whole[..., 3] = 0xFF
        return whole, first
    return pixels, 0xFF
