"""Steps that a browser cannot draw in time are filmed; what is drawn at once, unseen or still is not."""

import io
from dataclasses import replace

import pytest
from moving import HEIGHT, SQUARE, WIDTH
from PIL import Image

from astrai_slides.base.resolution import Resolution
from astrai_slides.recording.format.model import GRID, Blob, Draw, Frame, Paint, Picture, Step, Style, View
from astrai_slides.recording.run import drawing_time
from astrai_slides.recording.run.drawing_time import may_be_slow, slow_frame
from astrai_slides.recording.run.film import MOST_SECONDS_A_FRAME, Filmer
from astrai_slides.recording.run.photographs import MOST_PICTURES

VIEW = View(0, 0, 16 * GRID, 9 * GRID)
FILL = Style(fill=Paint((0xF04030FF,)))
RING = Style(stroke=Paint((0xF04030FF,)), stroke_width=3000)
GRADIENT = Style(fill=Paint((0xF04030FF, 0x3060F0FF), (0, 0, GRID, 0)))


def step(draws: int, style: Style = FILL, frames: int = 5, away: int = 0) -> Step:
    made = tuple(
        Frame(tuple(Draw(SQUARE, style, away + 7 * place, at) for place in range(draws)), VIEW, 0)
        for at in range(frames)
    )
    return Step("", made, tuple((place, 1) for place in range(frames)), made[-1])


def test_a_step_too_heavy_to_be_drawn_is_filmed_and_says_so() -> None:
    heavy = step(4000, RING)
    assert slow_frame(heavy) > MOST_SECONDS_A_FRAME
    filmed, _ = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(heavy, {})
    assert filmed.film is not None
    taken = f"each frame takes a browser about {slow_frame(heavy):.2f} s to draw (more than 0.1)"
    assert filmed.film.reason == f"filmed at {WIDTH}x{HEIGHT}: {taken}"


def test_none_is_filmed_for_its_cost_where_that_is_not_wanted_but_what_paths_cannot_tell_is() -> None:
    filmer = Filmer(Resolution(WIDTH, HEIGHT, 30), films_costly=False)
    heavy = step(4000, RING)
    assert filmer.film_if_needed(heavy, {})[0] is heavy
    images = [picture(grey) for grey in range(MOST_PICTURES + 1)]
    shown = tuple(Frame((image,), VIEW, 0) for image, _ in images)
    many = Step("", shown, tuple((place, 1) for place in range(len(shown))), shown[-1])
    assert filmer.film_if_needed(many, dict(blob for _, blob in images))[0].film is not None


def picture(grey: int) -> tuple[Picture, tuple[str, Blob]]:
    buffer = io.BytesIO()
    Image.new("L", (2, 2), grey).save(buffer, "PNG")
    blob = Blob.of("image/png", buffer.getvalue())
    return Picture(blob.digest, 2, 2, (0, GRID, GRID, GRID, 0, 0)), (blob.digest, blob)


@pytest.mark.parametrize(
    "light",
    [
        pytest.param(step(100, RING), id="few"),
        pytest.param(step(4000, RING, frames=1), id="still"),
        pytest.param(step(4000, RING, away=99 * GRID), id="out-of-sight"),
    ],
)
def test_others_stay_paths(light: Step) -> None:
    filmed, _ = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(light, {})
    assert filmed.film is None


@pytest.mark.parametrize("style", [FILL, RING])
def test_more_curves_take_longer(style: Style) -> None:
    few, many = (drawing_time._draw_seconds(style, curves, 0.0, 0.0, 1.0) for curves in (10, 100))
    assert many > 3 * few


def test_strokes_gradients_and_what_is_larger_take_longer() -> None:
    plain = slow_frame(step(10))
    assert slow_frame(step(10, RING)) > 1.5 * plain
    assert slow_frame(step(10, GRADIENT)) > 1.5 * plain
    nearer = step(10)
    nearer = replace(
        nearer, frames=tuple(replace(frame, view=View(0, 0, 4 * GRID, 2 * GRID)) for frame in nearer.frames)
    )
    assert slow_frame(nearer) > 2 * plain
    assert slow_frame(step(20)) == pytest.approx(2 * plain)
    stroke = RING.stroke
    for each in (step(10), step(10, RING), step(10, GRADIENT), step(10, replace(GRADIENT, stroke=stroke)), nearer):
        assert may_be_slow(each, 0.99 * slow_frame(each)), "nothing slow passes as quick"
        assert not may_be_slow(each, 1.01 * slow_frame(each)), "all of it is in view"


def test_styles_are_not_looked_at_where_all_would_be_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_time, "_draw_seconds", None)
    assert not may_be_slow(step(100, RING), MOST_SECONDS_A_FRAME)
    everything = Style(GRADIENT.fill, RING.stroke, 3000, RING.stroke, 3000)
    with pytest.raises(TypeError):
        may_be_slow(step(10, everything), 0.0)
    monkeypatch.undo()
    heaviest = step(10, everything)
    assert may_be_slow(heaviest, 0.999 * slow_frame(heaviest)), "all that a style can have is counted"
