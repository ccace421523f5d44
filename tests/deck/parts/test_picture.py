"""Pictures: their own proportions, what they show in words, and refused where they cannot be seen."""

from pathlib import Path

import pytest
from PIL import Image
from resting import box_of

from astrai_slides.deck.parts.picture import FittedPicture
from astrai_slides.errors import DeckError
from astrai_slides.export.shared.steps import description
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import DARK
from astrai_slides.recording.run.record import record_scene

ROOM = Box(-6.4, -3.0, 6.4, 2.8)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><rect width="300" height="100"/></svg>'


@pytest.fixture
def png(tmp_path: Path) -> Path:
    file = tmp_path / "wide.png"
    Image.new("RGB", (1200, 400), "#3366AA").save(file)
    return file


@pytest.fixture
def svg(tmp_path: Path) -> Path:
    file = tmp_path / "wide.svg"
    file.write_text(SVG, "utf-8")
    return file


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("room", [ROOM, Box(-1, -3, 1, 2)])
def test_it_keeps_its_proportions_and_its_caption_stands_below(
    kind: str, room: Box, request: pytest.FixtureRequest
) -> None:
    picture = FittedPicture(request.getfixturevalue(kind), "A blue field.", room, DARK, caption="The field")
    image, words = picture.image, box_of(picture.caption)
    assert image.width / image.height == pytest.approx(3)
    assert image.width == pytest.approx(room.width)
    assert image.get_center()[0] == pytest.approx(room.center[0])
    assert words.top < image.get_bottom()[1]
    assert words.bottom >= room.bottom
    assert words.center[0] == pytest.approx(room.center[0], abs=0.02)


def test_in_a_flat_box_it_is_as_high_as_its_caption_lets_it(png: Path) -> None:
    room = Box(-6.4, -1.2, 6.4, 1.2)
    picture = FittedPicture(png, " A blue\n field. ", room, DARK, caption="The field")
    assert picture.image.get_top()[1] == pytest.approx(room.top)
    assert picture.image.width / picture.image.height == pytest.approx(3)
    assert room.bottom <= box_of(picture.caption).bottom < picture.image.get_bottom()[1]
    assert picture.image.alt_text == "A blue field."


def test_a_drawing_is_known_by_its_name_whatever_its_case(svg: Path) -> None:
    assert FittedPicture(svg.rename(svg.with_name("WIDE.SVG")), "A field.", ROOM, DARK).image.width == pytest.approx(
        12.8
    )


def test_what_cannot_be_shown_is_named_with_the_remedy(png: Path, tmp_path: Path) -> None:
    with pytest.raises(DeckError, match=r"wide\.png: nothing says what it shows; write a sentence as alt"):
        FittedPicture(png, " ", ROOM, DARK)
    with pytest.raises(DeckError, match=r"gone\.png: there is no such file"):
        FittedPicture(tmp_path / "gone.png", "Nothing.", ROOM, DARK)
    with pytest.raises(DeckError, match="is longer than 2 lines; shorten it"):
        FittedPicture(png, "A field.", ROOM, DARK, caption="A long caption. " * 30)
    Image.new("RGB", (1000, 400)).save(small := tmp_path / "small.png")
    with pytest.raises(
        DeckError, match=r"small\.png: is shown .* times as large as its pixels allow; give it a smaller"
    ):
        FittedPicture(small, "A field.", ROOM, DARK)
    for name in ("broken.png", "broken.svg"):
        (tmp_path / name).write_bytes(b"no picture")
        with pytest.raises(DeckError, match=rf"{name}: cannot be read as a picture: .*; name another"):
            FittedPicture(tmp_path / name, "Nothing.", ROOM, DARK)


DECK = """
from pathlib import Path
from manim import FadeOut
from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.picture import FittedPicture

class Pictures(Deck):
    def construct(self):
        for name in ("wide.png", "wide.svg"):
            self.step(name, title=name, notes="Look.")
            file, told = Path(__file__).with_name(name), f"A field in {name}."
            picture = FittedPicture(file, told, self.layout.body, self.theme, "Field")
            self.play(picture.appear(), run_time=0.2)
        self.step("gone", title="Gone", notes="Gone.")
        self.play(FadeOut(picture), run_time=0.2)
"""


def test_who_does_not_see_it_is_told_what_is_there_as_long_as_it_is(png: Path, svg: Path) -> None:
    file = png.with_name("deck.py")
    file.write_text(DECK, "utf-8")
    steps = record_scene(file, "Pictures", fps=10, width=160, height=90).steps
    assert [run.text for run in steps[0].texts] == ["Field", "A field in wide.png."]
    assert "A field in wide.png." in description(steps[0])
    assert description(steps[1]).count("A field in wide.svg.") == 1
    assert "wide.svg" not in description(steps[2])
    # nothing of a drawing is a text, whose letters would be measured
    assert [run.glyphs for run in steps[1].texts if run.text == "A field in wide.svg."] == [()]
