"""A deck of several scenes with knobs: each variant is what the scenes, joined, are with those values alone."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import knobbed_scenes
import pytest
from player_frames import frames, points, reading
from playwright.sync_api import Browser, Page

from astrai_slides.base.knobs import KNOBS, Knob, Knobs
from astrai_slides.base.progress import SilentProgress
from astrai_slides.build.make import BuildRequest, Built, make
from astrai_slides.build.plan import Wish
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.recording.explored import Explored, explore
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.join import joined
from astrai_slides.recording.join_variants import joined_variants
from astrai_slides.recording.run.record import Order, record_file

DECK = Path(knobbed_scenes.__file__)
SCENES = ["Opening", "Middle", "Ending"]
KNOBS_OF = {"Opening": ("size", "wide"), "Middle": (), "Ending": ("side", "size")}
VALUES = {"size": 3, "wide": 2, "side": 2}
"""How many values each knob has, in the order in which the deck reads them."""
DEFAULT = {"size": 1, "wide": 0, "side": 0}
SIZE, FPS = (32, 18), 10


@pytest.fixture(scope="module")
def alone() -> dict[tuple[str, tuple[int, ...]], Recording]:
    """Each scene for each set of values of its own knobs, recorded with those alone."""
    found = {}
    for scene, names in KNOBS_OF.items():
        for places in product(*(range(VALUES[name]) for name in names)):
            order = Order(FPS, *SIZE, attributes={KNOBS: Knobs(dict(zip(names, places, strict=True)))})
            found[scene, places] = record_file(DECK, scene, order).recording
    return found


def with_values(alone: dict[tuple[str, tuple[int, ...]], Recording], **places: int) -> Recording:
    """The joined deck, recorded with those values alone."""
    now = {**DEFAULT, **places}
    recordings = [alone[scene, tuple(now[name] for name in names)] for scene, names in KNOBS_OF.items()]
    return joined("knobbed_scenes", recordings, SCENES)


def all_sets() -> list[dict[str, int]]:
    return [dict(zip(VALUES, places, strict=True)) for places in product(*map(range, VALUES.values()))]


@pytest.fixture(scope="module")
def explored(alone: dict[tuple[str, tuple[int, ...]], Recording]) -> Explored:
    found = []
    for scene in KNOBS_OF:

        def run(turned: Mapping[str, int], _: Sequence[Knob], scene: str = scene) -> Recording:
            return alone[scene, tuple(turned.get(name, DEFAULT[name]) for name in KNOBS_OF[scene])]

        found.append(explore(run({}, ()), run, scene))
    recordings = [alone[scene, tuple(DEFAULT[name] for name in names)] for scene, names in KNOBS_OF.items()]
    return joined_variants(with_values(alone), recordings, SCENES, found)


@pytest.mark.long
def test_each_variant_is_what_the_joined_deck_is_with_those_values_alone(
    explored: Explored, alone: dict[tuple[str, tuple[int, ...]], Recording]
) -> None:
    assert [(knob.name, len(knob.values)) for knob in explored.knobs] == list(VALUES.items())
    for places in all_sets():
        recording, variant = with_values(alone, **places), explored.variant(places)
        assert [(step.section, step.title, step.notes, step.direction) for _, step in variant] == [
            (step.section, step.title, step.notes, step.direction) for step in recording.steps
        ]
        for (opening, step), other in zip(variant, recording.steps, strict=True):
            assert frames(opening) + frames(step) == frames(other)
            assert step.end == other.end


@pytest.mark.long
def test_a_step_is_kept_once_for_the_knobs_that_its_own_scene_reads(explored: Explored) -> None:
    names = [knob.name for knob in explored.knobs]
    on = [[names[number] for number in part.steps.on] for part in explored.parts]
    assert on == [[], ["size"], ["wide"], [], ["side"], ["side", "size"], ["side", "size"]]


@pytest.mark.long
def test_steps_are_called_as_without_variants_and_others_apart(explored: Explored) -> None:
    usual = ["begin", "Opening/square", "round", "middle", "Ending/square", "end"]
    assert [step.name for _, step in explored.variant({})] == usual
    with_more = [step.name for _, step in explored.variant({"size": 2})]
    assert with_more == [*usual[:5], "Ending/begin", "end"]


def built(*scenes: str, to: str = "html", deck: str = DECK.name, wish: Wish | None = None, **more: Any) -> list[Built]:
    settings = BuildSettings(only_size=SIZE, only_fps=FPS)
    request = BuildRequest([deck, *scenes], formats_named([to]), settings, Path(), wish=wish or Wish())
    return list(make(replace(request, **{"variants": True, **more}), SilentProgress()))


@pytest.fixture
def _deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(DECK, tmp_path)


@pytest.mark.long
@pytest.mark.usefixtures("_deck")
def test_a_built_page_holds_each_variant(
    chromium: Browser, alone: dict[tuple[str, tuple[int, ...]], Recording]
) -> None:
    [file] = built(*SCENES)
    assert file.knobs == (("size", ("1", "2", "3")), ("wide", ("off", "on")), ("side", ("left", "right")))
    with reading(chromium, file.path.read_text("utf-8")) as decoded:
        for places, steps in zip(all_sets(), decoded([list(each.values()) for each in all_sets()]), strict=True):
            recording = with_values(alone, **places)
            for told, step in zip(steps, recording.steps, strict=True):
                assert told["frames"] == [points(frame) for frame in [*frames(step), step.end]]
    [again] = built(*SCENES)
    assert (again.new, again.knobs) == (False, file.knobs)
    [shown] = built(*SCENES, only_known_variants=True)
    assert shown.knobs == file.knobs
    [without] = built(*SCENES, variants=False)
    assert without.knobs == ()


@pytest.mark.long
@pytest.mark.usefixtures("_deck")
def test_another_default_is_that_of_every_scene_that_reads_it(
    chromium: Browser, alone: dict[tuple[str, tuple[int, ...]], Recording]
) -> None:
    [file] = built(*SCENES, variants=False, wish=Wish(variant=(("size", "3"), ("side", "right"))))
    recording = with_values(alone, size=2, side=1)
    with reading(chromium, file.path.read_text("utf-8")) as decoded:
        [steps] = decoded([None])
    assert [step["name"] for step in steps] == [step.name for step in recording.steps]
    for told, step in zip(steps, recording.steps, strict=True):
        assert told["frames"] == [points(frame) for frame in [*frames(step), step.end]]
    with pytest.raises(AstraiSlidesError, match="--variant sise: there is no such knob; did you mean 'size'"):
        built(*SCENES, to="sheet", wish=Wish(variant=(("sise", "3"),)))


# -- in a browser


def rest(page: Page, step: str) -> None:
    """Wait until the deck stands still at the end of `step`."""
    page.wait_for_selector(f'html[data-state="ready"][data-step="{step}"][data-at="end"]', state="attached")


def show(step: str, *pages: Page) -> None:
    for page in pages:
        page.evaluate("(step) => astrai.seek(step)", step)
        rest(page, step)


def knobs(page: Page) -> dict[str, Any]:
    return dict(json.loads(page.evaluate("document.documentElement.dataset.knobs")))


def are_alike(page: Page, other: Page) -> bool:
    """Whether both decks show the same picture."""
    one, two = (each.evaluate("document.getElementById('stage').toDataURL()") for each in (page, other))
    return bool(one == two)


@pytest.fixture
def _built(_deck: None) -> None:
    """The deck with its variants, and for other values alone."""
    built(*SCENES)
    wish = Wish(name="turned", variant=(("size", "3"), ("side", "right"), ("wide", "on")))
    built(*SCENES, variants=False, wish=wish)


@pytest.mark.long
@pytest.mark.usefixtures("_built")
def test_knobs_are_turned_in_the_last_scene_and_in_the_first(chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    try:
        page, other = context.new_page(), context.new_page()
        page.goto(Path("knobbed_scenes.html").absolute().as_uri() + "#/end")
        other.goto(Path("turned.html").absolute().as_uri() + "#/end")
        rest(page, "end")
        # in the last scene by its panel: a knob that it alone reads, and one that the first reads as well
        page.get_by_role("button", name="Explore this step").click()
        page.get_by_role("group", name="Size").get_by_role("radio", name="3").click()
        page.get_by_role("group", name="Side").get_by_role("radio", name="right").click()
        page.keyboard.press("Escape")
        assert knobs(page) == {"size": 3, "wide": False, "side": "right"}
        assert page.evaluate("location.hash") == "#/end?size=3&side=right"
        show("end", page, other)
        assert are_alike(page, other)
        steps = page.evaluate("astrai.steps.map((step) => step.name)")
        assert steps == ["begin", "Opening/square", "round", "middle", "Ending/square", "Ending/begin", "end"]
        # it stays, also in the first scene
        page.keyboard.press("PageUp")
        rest(page, "Ending/begin")
        show("Opening/square", page, other)
        assert are_alike(page, other)
        show("round", page, other)
        assert not are_alike(page, other)
        # there by keys: the panel's second knob
        for key in ("k", "Tab", "ArrowRight", "Escape"):
            page.keyboard.press(key)
        rest(page, "round")
        assert knobs(page) == {"size": 3, "wide": True, "side": "right"}
        assert are_alike(page, other)
        page.reload()
        rest(page, "round")
        assert are_alike(page, other)
        assert page.evaluate("astrai.knobs.map((knob) => knob.value)") == [3, True, "right"]
        with page.expect_popup() as opening:
            page.keyboard.press("s")
        view = opening.value
        view.wait_for_selector('html[data-step="round"]', state="attached")
        view.get_by_role("button", name="Explore this step").click()
        view.get_by_role("group", name="Size").get_by_role("radio", name="1").click()
        page.wait_for_selector("""html[data-knobs='{"size":1,"wide":true,"side":"right"}']""", state="attached")
        page.keyboard.press("Delete")
        assert knobs(page) == {"size": 2, "wide": False, "side": "left"}
        assert page.evaluate("astrai.steps.length") == len(steps) - 1
    finally:
        context.close()


# -- what cannot be one deck

FIRST = 'self.knob("size", 2, range(1, 4), label="Size")'
UNLIKE = {
    'self.knob("size", 2, range(1, 5), label="Size")': r"list of values \(1, 2, 3; 1, 2, 3, 4\)",
    'self.knob("size", 2, range(1, 4), label="Large")': r"label \('Size'; 'Large'\)",
    'self.knob("size", 3, range(1, 4), label="Size")': r"default \(2; 3\)",
}


@pytest.mark.usefixtures("_deck")
@pytest.mark.parametrize("second", UNLIKE)
def test_knobs_of_one_name_that_are_not_alike_are_refused_with_their_lines(second: str) -> None:
    source = DECK.read_text("utf-8")
    assert source.count(FIRST) == 2
    place = source.rindex(FIRST)
    Path("unlike.py").write_text(source[:place] + second + source[place + len(FIRST) :], "utf-8")
    told = enumerate(Path("unlike.py").read_text("utf-8").splitlines(), 1)
    first, last = (number for number, line in told if 'self.knob("size"' in line)
    places = rf"unlike\.py: line {first}: Opening and unlike\.py: line {last}: Ending have a knob 'size' each"
    message = rf"{places}, with another {UNLIKE[second]}; .* --no-variants or --each"
    with pytest.raises(AstraiSlidesError, match=message):
        built(*SCENES, deck="unlike.py")
    assert not Path("unlike.html").exists()
    [file] = built(*SCENES, deck="unlike.py", variants=False)
    assert file.knobs == ()


@pytest.mark.usefixtures("_deck")
def test_too_many_variants_of_a_step_are_told_with_the_scene() -> None:
    message = r"knobbed_scenes\.py: Ending: step 'end' has 6 variants .*5 are the most"
    with pytest.raises(AstraiSlidesError, match=message):
        built(*SCENES, most_variants=5)
    assert not list(Path().glob("*.html"))


@pytest.mark.long
@pytest.mark.usefixtures("_deck")
def test_keys_of_a_talk_are_explored_in_all_of_its_scenes() -> None:
    source = DECK.read_text("utf-8").replace('title="Where"', "title=self.talk.event")
    source = source.replace('title="Begin"', 'title="Begin", notes=self.talk.event')
    Path(DECK.name).write_text(source, "utf-8")
    Path("talk.toml").write_text(
        'scene = ["knobbed_scenes.py:Opening", "knobbed_scenes.py:Ending"]\ntitle = "Both"\nevent = "Here"\n'
        '[explore]\nevent = ["Here", "There"]\n',
        "utf-8",
    )
    [file] = built(deck="talk.toml")
    assert [name for name, _ in file.knobs] == ["event", "size", "wide", "side"]
    assert re.search(r'id="explore">', file.path.read_text("utf-8"))
