"""A phone that drives a deck: both in real Chromium, each in a context of its own."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from knobbed_page import KNOBS, write_knobbed
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route
from presenting import TIMEOUT_MS, ShownDeck, shown, whole
from remote_phone import deck, presented

from astrai_slides.present.presentation import Presentation

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="as the other tests of presentations")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@dataclass
class Remote:
    """The remote control on a phone."""

    page: Page
    context: BrowserContext

    def wait(self, state: str = "ready", **data: str) -> None:
        """Wait until it is in a state, and says that the deck is in one."""
        marks = "".join(f'[data-{name}="{value}"]' for name, value in {"state": state, **data}.items())
        self.page.wait_for_selector(f"html{marks}", state="attached", timeout=TIMEOUT_MS)

    def swipe(self, across: int) -> None:
        """Move a finger over the notes."""
        events = ["pointerdown", "pointerup"]
        for name, x in zip(events, (200, 200 + across), strict=True):
            about = {"clientX": x, "clientY": 300, "isPrimary": True, "pointerId": 5, "pointerType": "touch"}
            self.page.dispatch_event("#notes", name, {**about, "bubbles": True})


@contextmanager
def phone_at(browser: Browser, address: str) -> Iterator[Remote]:
    """Open an address on a phone; a complaint of the page fails on leaving."""
    context = browser.new_context(**PHONE)
    context.set_default_timeout(TIMEOUT_MS)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    remote = Remote(context.new_page(), context)
    remote.page.goto(address)
    yield remote
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def content() -> bytes:
    return deck()


@pytest.fixture(scope="module")
def presentation(content: bytes) -> Iterator[Presentation]:
    with presented(content) as served:
        yield served


@pytest.fixture(scope="module")
def opened(chromium: Browser, presentation: Presentation) -> Iterator[ShownDeck]:
    with shown(chromium, presentation.address) as page:
        yield page


@pytest.fixture(scope="module")
def let_in(chromium: Browser, presentation: Presentation, opened: ShownDeck) -> Iterator[Remote]:
    assert presentation.invitation
    with phone_at(chromium, presentation.invitation) as remote:
        yield remote


@pytest.fixture
def stage(opened: ShownDeck) -> ShownDeck:
    """The deck, at its start."""
    opened.press("Home")
    opened.rest("title", "start")
    return opened


@pytest.fixture
def phone(stage: ShownDeck, let_in: Remote) -> Remote:
    """A phone that was let in, and knows where the deck is."""
    let_in.wait(step="title", at="start")
    return let_in


def test_a_phone_steps_goes_back_and_blacks_out(stage: ShownDeck, phone: Remote) -> None:
    for step in ("title", "flow/static"):
        phone.page.click("#next")
        stage.rest(step)
    phone.wait(step="flow/static")
    phone.page.click("#back")
    stage.rest("title")
    phone.wait(step="title", at="step", black="false")
    phone.page.click("#black")
    stage.is_black()
    phone.wait(black="true")
    phone.page.click("#next")
    stage.is_black(False)
    phone.wait(black="false", step="title")
    phone.swipe(-120)
    stage.rest("flow/static")
    phone.swipe(120)
    stage.rest("title")
    stage.press("End")
    phone.wait(step="end")
    assert phone.page.inner_text("#following") == "The end."


def test_it_shows_notes_the_next_picture_and_the_time(stage: ShownDeck, phone: Remote) -> None:
    assert phone.page.inner_text("#number") == "1 / 4"
    assert phone.page.inner_text("#title") == "The title"
    assert phone.page.inner_text("#notes em") == "hello"
    assert "<script>" in phone.page.inner_text("#notes")
    assert phone.page.evaluate("window.pwned") is None
    assert phone.page.inner_text("#whole") == "of ≈ 1:05"
    phone.page.wait_for_selector("#picture[src='picture?step=0']:not([hidden])")
    phone.page.click("#next")
    phone.wait(at="step")
    assert phone.page.inner_text("#following") == "Next: Flow/Static"
    # a second later
    phone.page.wait_for_selector("#total:not(:text-is('0:00'))")
    phone.page.wait_for_selector("#step:not(:text-is('0:00'))")
    assert phone.page.inner_text("#planned") == "of 0:05"
    assert re.fullmatch(r"on time|\d:\d\d (behind|ahead)", phone.page.inner_text("#late"))
    stage.rest("title")
    phone.page.wait_for_selector("#picture[src='picture?step=1']:not([hidden])")
    phone.page.wait_for_function("() => document.getElementById('picture').naturalWidth === 640")


@pytest.mark.parametrize("width", [320, 390])
def test_it_has_buttons_for_thumbs_with_names_and_needs_no_scrolling(phone: Remote, width: int) -> None:
    phone.page.set_viewport_size({"width": width, "height": 568})
    boxes = [phone.page.locator(f"#{name}").bounding_box() for name in ("back", "next", "black")]
    assert all(boxes)
    assert all(box and box["width"] >= 0.43 * width and box["height"] >= 48 for box in boxes)
    assert all(box and box["height"] >= 88 for box in boxes[:2])
    assert all(box and box["y"] + box["height"] <= 568 for box in boxes)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == width
    assert [phone.page.get_by_role("button", name=name).count() for name in ("Back", "Next", "Black")] == [1, 1, 1]


def test_the_secret_is_gone_from_the_address_and_a_second_phone_needs_another(
    chromium: Browser, presentation: Presentation, phone: Remote
) -> None:
    assert "#" not in phone.page.url
    with phone_at(chromium, phone.page.url + "#AAAAAAAAAAAAAAAAAAAAAA") as second:
        second.wait("refused")
        assert "Press M in the speaker view" in second.page.inner_text("#message")
        assert presentation.invitation
        second.page.goto(presentation.invitation)
        second.wait("ready")


def test_it_comes_back_by_itself_when_it_was_out_of_reach_or_locked(stage: ShownDeck, phone: Remote) -> None:
    phone.context.route("**/*", lambda route: route.abort())
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.wait("alone")
    assert phone.page.is_disabled("#next")
    stage.press("PageDown")
    stage.rest("title")
    phone.context.unroute_all()
    phone.wait("ready", step="title", at="step")
    phone.page.reload()
    phone.wait("ready", step="title", at="step")
    phone.page.click("#next")
    stage.rest("flow/static")


def test_the_speaker_view_shows_a_code_which_the_audience_does_not_see(
    presentation: Presentation, stage: ShownDeck, phone: Remote
) -> None:
    stage.press("m")
    with stage.page.expect_popup() as waiting:
        stage.press("s")
    view = waiting.value
    view.wait_for_selector("html[data-step]", state="attached")
    view.keyboard.press("m")
    address = view.locator("#invitation .address")
    address.wait_for()
    assert address.inner_text() == presentation.invitation
    assert view.locator("#invitation svg path").get_attribute("d").startswith("M4 4h1")  # type: ignore[union-attr]
    assert stage.deck.locator("#invitation").count() == 0
    view.keyboard.press("Escape")
    assert view.locator("#invitation").count() == 0


def test_without_a_page_or_a_server_the_phone_says_so_and_the_deck_goes_on(chromium: Browser, content: bytes) -> None:
    with presented(content) as presentation, shown(chromium, presentation.address) as stage:
        assert presentation.invitation
        with phone_at(chromium, presentation.invitation) as phone:
            phone.wait(step="title")
            stage.page.goto("about:blank")
            phone.wait("unshown")
            stage.page.go_back()
            phone.wait("ready", step="title")
            stage.deck = whole(stage.page)
            presentation._state.close()
            for server in (presentation._server, presentation._remote):
                assert server
                server.shutdown()
                server.server_close()
            stage.press("PageDown")
            stage.rest("title")
            phone.wait("alone")


def test_a_phone_turns_the_knobs_of_the_present_step(chromium: Browser, tmp_path: Path) -> None:
    content = write_knobbed(tmp_path / "knobbed.html").read_bytes()
    with presented(content) as presentation, shown(chromium, presentation.address) as stage:
        assert presentation.invitation
        with phone_at(chromium, presentation.invitation) as phone:
            page = phone.page
            phone.wait(step="title")
            assert page.locator("#knobs").is_hidden()
            for step in ("title", "one"):
                page.click("#next")
                stage.rest(step)
            slots, fast = page.get_by_label("Slots"), page.get_by_label("Fast")
            slots.wait_for()
            assert fast.is_hidden()
            assert slots.locator("option:checked").inner_text() == "2"
            slots.select_option("3")
            stage.deck.wait_for_selector('html[data-knobs=\'{"toy.slots":3,"fast":false}\']', state="attached")
            stage.rest("one")
            # turned at the deck, it stands so on the phone
            stage.press("[")
            page.wait_for_function("() => document.querySelector('#knobs select').value === '1'")
            page.click("#next")
            stage.rest("two")
            fast.select_option("on")
            stage.deck.wait_for_selector('html[data-knobs=\'{"toy.slots":2,"fast":true}\']', state="attached")
            # whoever was not let in turns nothing
            with phone_at(chromium, presentation.invitation.partition("#")[0]) as stranger:
                stranger.wait("refused")
                turn = (
                    "(turn) => fetch('turn', {method: 'POST', body: JSON.stringify({turn})}).then(({status}) => status)"
                )
                assert stranger.page.evaluate(turn, "0=0") == 403
            assert [page.evaluate(turn, word) for word in ("0=3", "2=0", "0", "=", "0=-1", "9" * 9 + "=0")] == [
                409,
                409,
                *[400] * 4,
            ]
            told = json.loads(stage.deck.evaluate("document.documentElement.dataset.knobs"))
            assert told == {KNOBS[0].name: 2, KNOBS[1].name: True}


def test_the_deck_asks_its_server_only_for_what_it_shows_and_says_where_it_is(stage: ShownDeck) -> None:
    asked: list[str] = []

    def note(route: Route, request: Request) -> None:
        asked.append(request.url.rpartition("/")[2].partition("?")[0])
        route.continue_()

    stage.page.context.route("**", note)
    stage.press("PageDown")
    stage.rest("title")
    stage.press("PageDown")
    stage.rest("flow/static")
    assert set(asked) <= {"place", "picture"}
