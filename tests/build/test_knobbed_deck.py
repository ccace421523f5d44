"""A deck with knobs, recorded by manim and built: each variant is what the deck is with those values alone."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import knobbed
import pytest
from packed_parts import unpacked
from player_frames import Decoded, frames, points, reading
from playwright.sync_api import Browser

from astrai_slides.base.knobs import KNOBS, Knob, Knobs
from astrai_slides.base.progress import SilentProgress
from astrai_slides.build.make import BuildRequest, Built, make
from astrai_slides.build.plan import Wish
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.page import build_html
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.recording.explored import Explored, explore
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import Order, record_file
from astrai_slides.talk.document import Document

DECK = Path(knobbed.__file__)
SIZE = 32, 18
FPS = 10


def recorded(turned: Mapping[str, int], _: Sequence[Knob] = ()) -> Recording:
    order = Order(FPS, *SIZE, attributes={KNOBS: Knobs(turned)})
    return record_file(DECK, "Knobbed", order).recording


@pytest.fixture(scope="module")
def default() -> Recording:
    return recorded({})


@pytest.fixture(scope="module")
def explored(default: Recording) -> Explored:
    found = explore(default, recorded, "knobbed.py")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def alone(explored: Explored) -> dict[tuple[int, ...], Recording]:
    """The deck for each set of values, recorded with those alone."""
    names = [knob.name for knob in explored.knobs]
    sets = product(*(range(len(knob.values)) for knob in explored.knobs))
    return {places: recorded(dict(zip(names, places, strict=True))) for places in sets}


def test_each_variant_is_what_the_deck_is_with_those_values_alone(
    explored: Explored, alone: Mapping[tuple[int, ...], Recording]
) -> None:
    assert [knob.label for knob in explored.knobs] == ["Size", "Filled"]
    for places, recording in alone.items():
        turned = {knob.name: place for knob, place in zip(explored.knobs, places, strict=True)}
        variant = explored.variant(turned)
        assert [(step.name, step.title, step.notes) for _, step in variant] == [
            (step.name, step.title, step.notes) for step in recording.steps
        ]
        for (opening, step), other in zip(variant, recording.steps, strict=True):
            assert frames(opening) + frames(step) == frames(other)
            assert step.end == other.end
            assert [run.text for run in step.texts] == [run.text for run in other.texts]


def test_only_what_depends_on_a_knob_is_kept_for_its_values(explored: Explored) -> None:
    assert [part.steps.on for part in explored.parts] == [(), (0,), (0,), (1,)]
    assert explored.parts[-1].opening is not None
    assert explored.parts[-1].opening.on == (0,)


@pytest.fixture
def decoded(chromium: Browser, default: Recording, explored: Explored) -> Iterator[Decoded]:
    """What the player reads for places of values."""
    with reading(chromium, build_html(default, Document("Knobbed"), explored=explored)) as decoded:
        yield decoded


def test_the_player_reads_each_variant_as_it_was_recorded(
    decoded: Decoded, explored: Explored, alone: Mapping[tuple[int, ...], Recording]
) -> None:
    for steps, recording in zip(decoded([list(places) for places in alone]), alone.values(), strict=True):
        assert [step["name"] for step in steps] == [step.name for step in recording.steps]
        for told, step in zip(steps, recording.steps, strict=True):
            assert told["frames"] == [points(frame) for frame in [*frames(step), step.end]]
            assert told["knobs"] == {"begin": [], "square": [0], "more": [0], "circle": [0, 1]}[step.name]


def test_the_player_reads_the_deck_as_it_begins(decoded: Decoded, default: Recording) -> None:
    [steps] = decoded([None])
    for told, step in zip(steps, default.steps, strict=True):
        assert told["frames"] == [points(frame) for frame in [*frames(step), step.end]]


def test_steps_of_the_same_knobs_are_compressed_together(default: Recording, explored: Explored) -> None:
    html = build_html(default, Document("Knobbed"), explored=explored)
    streams = [unpacked(base64.b64decode(each)) for each in re.findall(r'id="stream-\d">([^<]*)<', html)]
    explore = json.loads(unpacked(base64.b64decode(re.search(r'id="variants">([^<]*)<', html)[1])))  # type: ignore[index]
    # those of the size, with what the circle begins with; and the circle, for both ways to fill it
    for told, step in zip(explore["steps"], explored.steps[len(default.steps) :], strict=True):
        number, start = told["stream"]
        assert number == (step.name == "circle")
        assert streams[number][start : start + told["raw"]] == encode_step(step)
    for told, step in zip(explore["openings"], explored.openings, strict=True):
        number, start = told["stream"]
        assert number == 0
        assert streams[number][start : start + told["raw"]] == encode_step(step)
    # the deck as it begins can be read without
    assert re.findall(r'id="chunk-(\d)"', html) == ["0", "1", "2"]


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def built(*, to: str = "html", variants: bool = True, variant: tuple[tuple[str, str], ...] = ()) -> list[Built]:
    settings = BuildSettings(only_size=SIZE, only_fps=FPS)
    wish = Wish(variant=variant)
    request = BuildRequest([str(DECK)], formats_named([to]), settings, Path(), wish=wish, variants=variants)
    return list(make(request, SilentProgress()))


def told(file: Built, part: str) -> Any:
    found = re.search(f'id="{part}">(.*?)</script>', file.path.read_text("utf-8"))
    return json.loads(found[1]) if found else None


@pytest.mark.usefixtures("in_folder")
def test_a_build_has_its_variants_unless_it_is_told_otherwise() -> None:
    [first] = built()
    assert first.knobs == (("size", ("1", "2", "3")), ("filled", ("off", "on")))
    assert [knob["value"] for knob in told(first, "explore")["knobs"]] == [1, 0]
    [again] = built()
    assert (again.new, again.knobs) == (False, first.knobs)

    [other] = built(variant=(("size", "3"),))
    assert [step["name"] for step in told(other, "header")["steps"]] == ["begin", "square", "more", "circle"]
    assert [knob["value"] for knob in told(other, "explore")["knobs"]] == [2, 0]

    [without] = built(variants=False)
    assert told(without, "explore") is None
    assert "knobs" not in told(without, "header")
    assert not without.knobs


class Looking(SilentProgress):
    """Looks at the page whenever something is said."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []

    def say(self, line: str) -> None:
        page = Path("Knobbed.html").read_text("utf-8")
        self.seen.append((line, 'id="explore"' in page))


@pytest.mark.usefixtures("in_folder")
def test_the_deck_can_be_opened_while_its_variants_are_recorded() -> None:
    said = "Knobbed.html can be opened; its variants are being recorded, and come into it then"
    settings = BuildSettings(only_size=SIZE, only_fps=FPS)
    request = BuildRequest([str(DECK)], formats_named(["html"]), settings, Path(), variants=True)
    looking = Looking()
    [file] = make(request, looking)
    assert looking.seen == [(said, False)]
    assert told(file, "explore")
    # where all variants are known there is no other page before
    file.path.unlink()
    looking.seen.clear()
    [file] = make(request, looking)
    assert not looking.seen
    assert told(file, "explore")


@pytest.mark.usefixtures("in_folder")
def test_a_deck_that_is_shown_has_its_variants_where_they_are_known() -> None:
    settings = BuildSettings(only_size=SIZE, only_fps=FPS)
    request = BuildRequest([str(DECK)], formats_named(["html"]), settings, Path(), variants=True)
    [shown] = make(replace(request, only_known_variants=True), SilentProgress())
    assert (told(shown, "explore"), shown.knobs) == (None, ())
    [whole] = make(request, SilentProgress())
    written = whole.path.read_bytes()
    [shown] = make(replace(request, only_known_variants=True), SilentProgress())
    assert (shown.new, shown.knobs) == (False, whole.knobs)
    assert shown.path.read_bytes() == written


@pytest.mark.usefixtures("in_folder")
def test_a_knob_that_the_deck_has_not_is_refused() -> None:
    with pytest.raises(AstraiSlidesError, match="--variant sise: there is no such knob; did you mean 'size'"):
        built(variant=(("sise", "3"),), to="sheet")
    with pytest.raises(AstraiSlidesError, match="knob 'size' has no value '9'; known here: 1, 2, 3"):
        built(variant=(("size", "9"),), to="sheet")
