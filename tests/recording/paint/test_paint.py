"""The painter against manim's own camera: same Cairo, same pixels."""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import cairo
import manim
import numpy as np
import pytest
from manim import config, tempconfig
from manim.camera.camera import Camera
from PIL import Image

from astrai_slides.recording.format.model import (
    GRID,
    Blob,
    Draw,
    Frame,
    Op,
    Paint,
    Path,
    Picture,
    Style,
    View,
    colour_parts,
)
from astrai_slides.recording.paint.boxes import box, boxes, meeting, meets
from astrai_slides.recording.paint.painter import Painter, view_matrix
from astrai_slides.recording.paint.raster import png, rasterise, rasterise_rgba, rgb
from astrai_slides.recording.run.collector import Collector

WIDTH, HEIGHT = 480, 270
VIEW = View(0, 0, round(config.frame_width * GRID), round(config.frame_height * GRID))
CORNERS = [(0, 0), (GRID, 0), (GRID, GRID), (0, GRID), (0, 0)]
EDGES = [point for start, stop in pairwise(CORNERS) for point in (start, stop, stop)]
SQUARE = Path(((4, True),), np.array([CORNERS[0], *EDGES], "<i4").tobytes())


def scenes() -> dict[str, Callable[[], list[manim.VMobject]]]:
    def strokes() -> list[manim.VMobject]:
        return [
            manim.Star(stroke_width=12, color=manim.RED).shift(3 * manim.LEFT),
            manim.Square(stroke_width=30, joint_type=manim.LineJointType.ROUND).shift(3 * manim.RIGHT),
            manim.Line(manim.LEFT, manim.RIGHT, stroke_width=30, cap_style=manim.CapStyleType.ROUND),
            manim.Line(2 * manim.LEFT + manim.UP, 2 * manim.UP, stroke_width=20, cap_style=manim.CapStyleType.SQUARE),
        ]

    def see_through() -> list[manim.VMobject]:
        return [
            manim.Circle(1.5, fill_color=manim.BLUE, fill_opacity=0.4, stroke_opacity=0.5),
            manim.Annulus(0.5, 1.2, fill_color=manim.GREEN, fill_opacity=0.7).shift(manim.RIGHT),
        ]

    def gradients() -> list[manim.VMobject]:
        square = manim.Square(2, fill_opacity=1, stroke_width=8).set_color_by_gradient(manim.RED, manim.BLUE)
        square.set_fill([manim.YELLOW, manim.PURPLE, manim.TEAL], opacity=1)
        circle = manim.Circle(1, fill_opacity=0.8).set_sheen(0.6, manim.UR).shift(3 * manim.RIGHT)
        return [square, circle]

    def background_stroke() -> list[manim.VMobject]:
        text = manim.Text("prefill, decode").scale(1.2)
        for glyph in text.family_members_with_points():
            glyph.set_stroke(manim.RED, width=8, background=True)
        return [manim.Rectangle(width=9, height=2, fill_opacity=1, color=manim.GREY), text]

    return {f.__name__: f for f in (strokes, see_through, gradients, background_stroke)}


def stock_and_ours(mobjects: list[manim.VMobject]) -> tuple[np.ndarray, np.ndarray]:
    with tempconfig({"pixel_width": WIDTH, "pixel_height": HEIGHT}):
        camera = Camera(background_color=manim.ManimColor("#10141C"))
        collector = Collector()
        drawn = [
            collector.draw(camera, member) for mobject in mobjects for member in mobject.family_members_with_points()
        ]
        for mobject in mobjects:  # one at a time: manim 0.21 lets a join leak from one shape to the next
            for member in mobject.family_members_with_points():
                if member.joint_type == manim.LineJointType.AUTO:
                    member.joint_type = manim.LineJointType.MITER
                if member.cap_style == manim.CapStyleType.AUTO:
                    member.cap_style = manim.CapStyleType.BUTT
        camera.capture_mobjects(mobjects)
        frame = Frame(tuple(draw for draw in drawn if draw), VIEW, 0x10141CFF)
        return np.array(camera.pixel_array), rasterise_rgba(frame, {}, WIDTH, HEIGHT)


@pytest.mark.parametrize("name", list(scenes()))
def test_pixels_equal_those_of_manim(name: str) -> None:
    stock, ours = stock_and_ours(scenes()[name]())
    assert np.unique(stock.reshape(-1, 4), axis=0).shape[0] > 20, "the scene shows too little to compare"
    difference = np.abs(stock.astype(int) - ours.astype(int))
    # Points are rounded to 1/4096 unit, which may move the cover of an edge by one step of Cairo's 1/256 px.
    # Where a round corner closes, Cairo cuts it flat or not by the last bit of the closing point: a few pixels.
    assert (difference.max(axis=2) > 16).sum() <= 10
    assert (difference.max(axis=2) > 3).mean() < 0.001


def test_a_path_painted_again_gives_the_same_pixels() -> None:
    frame = Frame((Draw(SQUARE, Style(fill=Paint((0xFF8040C0,))), 1000, -3777),), VIEW, 0xFFFFFFFF)
    painter = Painter()
    first, second, third = (rasterise(frame, {}, WIDTH, HEIGHT, painter) for _ in range(3))
    assert (first != 0xFF).any()
    assert np.array_equal(first, second)
    assert np.array_equal(second, third)


@pytest.mark.parametrize(
    "stops", [(0xFF0000FF, 0x00FF0080, 0x0000FF33), (0xFF0000FF, 0x00FF00FF, 0x00FF00FF, 0x0000FFFF), (0x80402080,)]
)
def test_a_gradient_without_length_is_what_cairo_paints_by_itself(stops: tuple[int, ...]) -> None:
    paint = Paint(stops, (5, 5, 5, 5))
    frame = Frame((Draw(SQUARE, Style(fill=paint), -GRID // 2, -GRID // 2),), VIEW, 0)
    ours = rasterise(frame, {}, WIDTH, HEIGHT)[HEIGHT // 2, WIDTH // 2].astype(int)
    pixel = np.zeros((1, 1, 4), np.uint8)
    context = cairo.Context(cairo.ImageSurface.create_for_data(pixel.data, cairo.FORMAT_ARGB32, 1, 1))
    gradient = cairo.LinearGradient(5, 5, 5, 5)
    for place, stop in enumerate(stops):
        gradient.add_color_stop_rgba(place / max(1, len(stops) - 1), *(part / 0xFF for part in colour_parts(stop)))
    context.set_source(gradient)
    context.paint()
    assert pixel.any()
    assert np.abs(ours - pixel[0, 0]).max() <= 1
    flat = Draw(SQUARE, Style(fill=Paint((paint.flat_colour,))), -GRID // 2, -GRID // 2)
    solid = rasterise(replace(frame, ops=(flat,)), {}, WIDTH, HEIGHT)[HEIGHT // 2, WIDTH // 2]
    assert np.abs(solid.astype(int) - ours).max() <= 1


def test_the_view_says_what_is_shown() -> None:
    frame = Frame((Draw(SQUARE, Style(fill=Paint((0x00FF00FF,))), 0, 0),), View(GRID // 2, GRID // 2, GRID, GRID), 255)
    assert (rgb(rasterise(frame, {}, 64, 64)) == [0, 255, 0]).all()
    beside = Frame(frame.ops, View(2 * GRID, 0, GRID, GRID), 255)
    assert not rgb(rasterise(beside, {}, 64, 64)).any()


def picture_blob(format_: str, pixels: np.ndarray) -> Blob:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format_, **({"quality": 100, "subsampling": 0} if format_ == "JPEG" else {}))
    return Blob(hashlib.sha256(buffer.getvalue()).hexdigest(), f"image/{format_.lower()}", buffer.getvalue())


@pytest.mark.parametrize("format_", ["PNG", "JPEG"])
def test_a_picture_lands_upright_on_its_corners(format_: str) -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:4, :4], pixels[:4, 4:], pixels[4:, :4] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    blob = picture_blob(format_, pixels)
    op = Picture(blob.digest, 8, 8, (-GRID, GRID, GRID, GRID, -GRID, -GRID), smooth=False)
    frame = Frame((op,), View(0, 0, 4 * GRID, 4 * GRID), 0xFFFFFFFF)
    shown = rgb(rasterise(frame, {blob.digest: blob}, 32, 32)).astype(int)
    tolerance = 0 if format_ == "PNG" else 8
    for (row, column), colour in {(9, 9): (255, 0, 0), (9, 22): (0, 255, 0), (22, 9): (0, 0, 255)}.items():
        assert np.abs(shown[row, column] - colour).max() <= tolerance
    assert (shown[:8] == 255).all()
    assert (shown[:, 24:] == 255).all()


def test_a_full_picture_comes_back_as_it_was() -> None:
    rng = np.random.default_rng(7)
    pixels = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    blob = picture_blob("PNG", pixels)
    x, y = VIEW.width // 2, VIEW.height // 2
    op = Picture(blob.digest, WIDTH, HEIGHT, (-x, y, VIEW.width - x, y, -x, y - VIEW.height))
    shown = rgb(rasterise(Frame((op,), VIEW, 0xFF), {blob.digest: blob}, WIDTH, HEIGHT))
    assert np.abs(shown.astype(int) - pixels).max() <= 1


def test_a_picture_fades_with_its_alpha_and_keeps_its_edge() -> None:
    blob = picture_blob("PNG", np.full((2, 2, 3), 255, np.uint8))
    op = Picture(blob.digest, 2, 2, (-GRID, GRID, GRID, GRID, -GRID, -GRID), alpha=128)
    shown = rgb(rasterise(Frame((op,), View(0, 0, 4 * GRID, 4 * GRID), 0xFF), {blob.digest: blob}, 32, 32))
    assert set(np.unique(shown[8:24, 8:24])) <= {127, 128, 129}
    assert not shown[:8].any()


@pytest.mark.parametrize("name", list(scenes()))
def test_painting_a_part_equals_the_whole(name: str) -> None:
    with tempconfig({"pixel_width": WIDTH, "pixel_height": HEIGHT}):
        camera, collector = Camera(), Collector()
        draws = [
            collector.draw(camera, member)
            for mobject in scenes()[name]()
            for member in mobject.family_members_with_points()
        ]
    frame = Frame(tuple(draw for draw in draws if draw), VIEW, 0x10141CFF)
    whole = rasterise(frame, {}, WIDTH, HEIGHT)
    part = np.zeros_like(whole)
    surface = cairo.ImageSurface.create_for_data(part.data, cairo.FORMAT_ARGB32, WIDTH, HEIGHT)
    Painter().paint(cairo.Context(surface), frame, WIDTH, HEIGHT, clip=(200, 100, 300, 170))
    surface.finish()
    # a clip lets Cairo split trapezoids elsewhere: one level of rounding
    assert np.abs(part[100:170, 200:300].astype(int) - whole[100:170, 200:300]).max() <= 1
    part[100:170, 200:300] = 0
    assert not part.any()


@pytest.mark.parametrize("name", list(scenes()))
def test_boxes_hold_all_that_is_painted(name: str) -> None:
    with tempconfig({"pixel_width": WIDTH, "pixel_height": HEIGHT}):
        camera, collector = Camera(), Collector()
        for mobject in scenes()[name]():
            for member in mobject.family_members_with_points():
                draw = collector.draw(camera, member)
                assert draw is not None
                painted = rasterise(Frame((draw,), VIEW, 0), {}, WIDTH, HEIGHT)[..., 3]
                rows, columns = np.nonzero(painted)
                left, top, right, bottom = box(draw, VIEW, WIDTH, HEIGHT)
                assert left <= columns.min() <= columns.max() < right
                assert top <= rows.min() <= rows.max() < bottom


def test_boxes_of_many_are_those_of_each() -> None:
    ops = list(_ops_of_all_scenes())
    assert any(isinstance(op, Picture) for op in ops)
    together = boxes(ops, VIEW, WIDTH, HEIGHT)
    assert list(map(tuple, together.tolist())) == [box(op, VIEW, WIDTH, HEIGHT) for op in ops]
    assert boxes([], VIEW, WIDTH, HEIGHT).shape == (0, 4)
    part = 100, 50, 300, 200
    assert meeting(together, part) == [
        place for place, op in enumerate(ops) if meets(box(op, VIEW, WIDTH, HEIGHT), part)
    ]


def _ops_of_all_scenes() -> Iterator[Op]:
    with tempconfig({"pixel_width": WIDTH, "pixel_height": HEIGHT}):
        camera, collector = Camera(), Collector()
        for make in scenes().values():
            for member in (each for mobject in make() for each in mobject.family_members_with_points()):
                draw = collector.draw(camera, member)
                assert draw is not None
                yield draw
        yield Picture("0", 20, 10, (-3000, 2000, 5000, 2500, -3500, -4000))


def test_meets_and_view_matrix() -> None:
    assert meets((0, 0, 2, 2), (1, 1, 3, 3))
    assert not meets((0, 0, 2, 2), (2, 0, 3, 3))
    assert view_matrix(View(0, 0, 10, 10), 100, 100).transform_point(5, 5) == (100, 0)


def test_vectors_stay_vectors() -> None:
    buffer = io.BytesIO()
    surface = cairo.PDFSurface(buffer, 160, 90)
    frame = Frame((Draw(SQUARE, Style(fill=Paint((0xFF8040C0,))), 0, 0),), VIEW, 0xFFFFFFFF)
    Painter().paint(cairo.Context(surface), frame, 160, 90)
    surface.finish()
    assert buffer.getvalue().startswith(b"%PDF")
    assert b"/Image" not in buffer.getvalue()


def test_png_is_transparent_only_where_the_frame_is() -> None:
    frame = Frame((Draw(SQUARE, Style(fill=Paint((0xFF804080,))), 0, 0),), VIEW, 0x00000000)
    with Image.open(io.BytesIO(png(frame, {}, WIDTH, HEIGHT))) as image:
        assert image.mode == "RGBA"
        assert image.size == (WIDTH, HEIGHT)
        inside = image.getpixel((WIDTH // 2 + 10, HEIGHT // 2 - 10))
    assert np.abs(np.array(inside) - (0xFF, 0x80, 0x40, 0x80)).max() <= 1
    with Image.open(io.BytesIO(png(Frame(frame.ops, VIEW, 0xFFFFFFFF), {}, WIDTH, HEIGHT))) as image:
        assert image.mode == "RGB"
