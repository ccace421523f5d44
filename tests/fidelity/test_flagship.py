"""The flagship deck as HTML, walked by a speaker's keys without a network, against stock manim's last frames."""

import io
import itertools
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import chromium, likeness
from firefox import firefox, firefox_path
from PIL import Image
from playwright.sync_api import Page, Playwright
from pypdf import PdfReader
from stock import REST, Pixels, stock_steps

from astrai_slides.export.html.page import write_html
from astrai_slides.export.shared.markdown import lines
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import TALK_VARIABLE, Document

SIZE = (640, 360)
FPS = 2
OPAQUE = np.full(SIZE[::-1], 255, np.uint8)
NAMES = ["title", "pipeline", "spawn", "flow", "batching", "throughput"]
LEAST_SSIM = 0.97
MARKS = "() => document.querySelectorAll('.progress, .slide-number, #hint').forEach((mark) => mark.remove())"


@pytest.fixture(scope="module")
def deck(project_root: Path) -> Path:
    return project_root / "slides" / "continuous_batching.py"


@pytest.fixture(scope="module", params=["small", pytest.param("whole", marks=pytest.mark.wide)], autouse=True)
def talk(request: pytest.FixtureRequest, project_root: Path, small_talk: str, tmp_path_factory) -> Iterator[None]:
    """The talk's own toy takes stock a minute, so that every run has a small one."""
    file = project_root / "presentations" / "continuous-batching.toml"
    if request.param == "small":
        file = tmp_path_factory.mktemp("talk") / "presentations" / "small.toml"
        file.parent.mkdir()
        file.write_text(small_talk, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # the harness' scene class has a name of its own, and would look for another talk
        patch.setenv(TALK_VARIABLE, str(file))
        yield


@pytest.fixture(scope="module")
def recording(talk: None, deck: Path, media: Path) -> Recording:
    return record_scene(deck, "ContinuousBatching", fps=FPS, width=SIZE[0], height=SIZE[1], media=media)


@pytest.fixture(scope="module")
def rest_states(talk: None, deck: Path, media: Path) -> list[Pixels]:
    """Stock manim's last picture of each step, (height, width, 4)."""
    steps = stock_steps(
        deck,
        "ContinuousBatching",
        fps=FPS,
        width=SIZE[0],
        height=SIZE[1],
        media=media,
        wants=lambda _, place: place == REST,
    )
    return [step.frames[REST] for step in steps]


@pytest.fixture(scope="module")
def file(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deck as HTML."""
    target = tmp_path_factory.mktemp("flagship") / "continuous-batching.html"
    write_html(recording, target, Document(title="Continuous Batching"))
    return target


@pytest.fixture
def page(playwright: Playwright, file: Path) -> Iterator[Page]:
    """The deck, opened from its file; what it asks of a network, or complains about, fails."""
    faults: list[str] = []
    with chromium(playwright, SIZE) as page:
        page.context.set_offline(True)
        page.on("request", lambda request: request.url.startswith("file:") or faults.append(request.url))
        page.on("console", lambda message: faults.append(message.text))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-state=ready]", state="attached")
        yield page
        assert faults == []


def _rest(page: Page, name: str, at: str = "end") -> None:
    page.wait_for_selector(f"html[data-step={name}][data-playing=false][data-at={at}]", state="attached")


def _screen(page: Page) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGBA"))


def test_six_presses_walk_the_deck_to_what_stock_shows_and_back(page: Page, rest_states: list[Pixels]) -> None:
    steps = page.evaluate("() => astrai.steps")
    assert [step["name"] for step in steps] == NAMES
    assert all(step["notes"] and step["title"] for step in steps)
    assert len(rest_states) == len(NAMES)
    _rest(page, "title", "start")
    page.evaluate(MARKS)
    ends = []
    for name, wanted in zip(NAMES, rest_states, strict=True):
        page.keyboard.press("PageDown")
        page.wait_for_selector(f"html[data-step={name}][data-playing=true]", state="attached")
        # one step is seen to its end, of the others only that: they take a minute in all
        if name != "title":
            page.evaluate("(name) => astrai.seek(name)", name)
        _rest(page, name)
        ends.append(_screen(page))
        assert likeness(ends[-1], wanted)[0] >= LEAST_SSIM, name
    # the steps differ: otherwise the comparison would say nothing
    assert all(likeness(one, other)[0] < LEAST_SSIM for one, other in itertools.pairwise(ends))
    page.keyboard.press("PageDown")
    _rest(page, NAMES[-1])
    for name, end in reversed(list(zip(NAMES, ends, strict=True))[:-1]):
        page.keyboard.press("PageUp")
        _rest(page, name)
        assert np.array_equal(_screen(page), end), name
    page.keyboard.press("PageUp")
    _rest(page, "title", "start")


@pytest.mark.wide
@pytest.mark.skipif(firefox_path() is None, reason="Firefox is not installed (Debian: firefox-esr)")
def test_firefox_walks_the_deck_to_what_stock_shows_and_back(
    file: Path, rest_states: list[Pixels], tmp_path: Path
) -> None:
    ends = []
    with firefox(tmp_path) as session:
        session.open(file.as_uri())
        session.resize(*SIZE)
        session.wait("[data-state=ready][data-step=title][data-playing=false][data-at=start]")
        session.run(f"({MARKS})();")
        for name, wanted in zip(NAMES, rest_states, strict=True):
            session.press("PageDown")
            session.wait(f"[data-step={name}][data-playing=true]")
            session.run(f"await astrai.seek({name!r});")
            session.wait(f"[data-step={name}][data-playing=false][data-at=end]")
            ends.append(np.dstack([session.screen(), OPAQUE]))
            assert likeness(ends[-1], wanted)[0] >= LEAST_SSIM, name
        for name, end in reversed(list(zip(NAMES, ends, strict=True))[:-1]):
            session.press("PageUp")
            session.wait(f"[data-step={name}][data-playing=false][data-at=end]")
            assert np.array_equal(session.screen(), end[..., :3]), name
        session.press("PageUp")
        session.wait("[data-step=title][data-playing=false][data-at=start]")


def test_each_step_is_printed_with_its_notes_on_one_page(page: Page, file: Path, recording: Recording) -> None:
    page.goto(file.as_uri() + "?print-pdf&notes")
    page.wait_for_selector("html[data-state=ready]", state="attached")
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(pdf.pages) == len(NAMES)
    for printed, step in zip(pdf.pages, recording.steps, strict=True):
        # Chromium writes fi and fl as one letter
        said = "".join(unicodedata.normalize("NFKC", printed.extract_text()).split())
        notes = [unicodedata.normalize("NFKC", line.text) for line in lines(step.notes)]
        assert notes, step.name
        # where a line is broken on paper is not looked at
        assert [text for text in notes if "".join(text.split()) not in said] == [], step.name
