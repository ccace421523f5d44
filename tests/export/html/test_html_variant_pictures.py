"""Variants that show pictures and films which the deck does not show by default, in a real Chromium."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from deck_browser import opened
from film_deck import LENGTH, film_of, still_of
from playwright.sync_api import Browser
from signal_deck import END, Shown, frame, recording, step

from astrai_slides.base.knobs import Knob
from astrai_slides.export.html.page import write_html
from astrai_slides.recording.explored import Choice, Explored, ExploredPart
from astrai_slides.recording.format.model import Blob, Film
from astrai_slides.talk.document import Document

KIND = Knob("kind", "Kind", ("one", "other", "film"), ("one", "other", "film"), 0)
SHOWN = (Shown(1, 7), Shown(2, 7), Shown(3, END))
"""What the second step rests on for each value."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck of two steps, of which the second is a picture, another picture or a film."""
    folder = tmp_path_factory.mktemp("variant-pictures")
    blobs: dict[str, Blob] = {}
    steps = [step(0, "paths")]
    for index in (1, 2):
        picture, still = still_of(frame(index, 7))
        blobs[picture.digest] = picture
        steps.append(replace(step(index, "shown"), frames=(still,), runs=((0, 10),), end=still))
    film = film_of(3, folder / "film.mp4")
    (first, start), (last, end) = still_of(frame(3, 0)), still_of(frame(3, END))
    blobs |= {blob.digest: blob for blob in (film, first, last)}
    filmed = replace(step(3, "shown", LENGTH), frames=(start,), runs=((0, LENGTH),), end=end)
    steps.append(replace(filmed, film=Film(film.digest, "a test")))
    by_default = {picture.digest: picture for picture in [still_of(frame(1, 7))[0]]}
    parts = ExploredPart(Choice((), ((0,),))), ExploredPart(Choice((0,), ((1,), (2,), (3,))))
    target = folder / "deck.html"
    write_html(
        recording(*steps[:2], blobs=by_default),
        target,
        Document("Pictures"),
        Explored((KIND,), parts, tuple(steps), (), blobs),
    )
    return target


def test_a_picture_is_in_the_file_once_and_before_the_player_only_if_the_deck_begins_with_it(file: Path) -> None:
    begun, later = file.read_text("utf-8").split('<i id="drawn">')
    found = [re.findall(r'id="(blob-\w+)"', part) for part in (begun, later)]
    assert [len(ids) for ids in found] == [1, 4]
    assert len({*found[0], *found[1]}) == 5


def test_each_value_shows_its_own(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, "#/shown") as deck:
        for value in (0, 1, 2, 0, 2, 1):
            deck.page.evaluate("(value) => astrai.turn('kind', value)", KIND.values[value])
            deck.page.evaluate("() => astrai.seek('shown')")
            deck.rest("shown")
            assert deck.shown() == SHOWN[value]
        assert deck.is_clean()
