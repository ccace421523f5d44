"""What the speaker does and what the audience sees (the stage semantics of docs/player.md), in a real Chromium."""

from dataclasses import replace
from pathlib import Path

import pytest
from deck_browser import FRAMES, LARGE, NEXT_TURN, opened
from lanes import rest_wide
from playwright.sync_api import Browser
from signal_deck import END, Shown, frame_at, talk

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document

NAMES = [step.name for step in talk().steps]
EVERY_FRAME = """
let now = 0;
const ask = requestAnimationFrame;
window.requestAnimationFrame = (run) => ask(() => run(now));
ask(function tick() { now += 1000 / 60; ask(tick); });
"""
"""A clock that no busy machine makes skip a frame."""

NOTE_FRAMES = """
window.seen = [];
requestAnimationFrame(function note() {
  if (window.astrai) window.seen.push({...astrai.current});
  requestAnimationFrame(note);
});
"""


def test_it_opens_still_on_the_first_frame_and_each_press_plays_one_step(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.rest("title", "start")
        assert deck.shown() == Shown(0, 0)
        deck.press("ArrowRight")
        deck.wait(step="title", playing="true")
        deck.rest("title")
        assert deck.shown() == Shown(0, END)
        deck.press("PageDown")
        deck.rest("pipeline")
        assert deck.shown() == Shown(1, END)


def test_a_step_plays_every_frame_in_order_from_its_first(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, script=EVERY_FRAME + NOTE_FRAMES) as deck:
        deck.press("ArrowRight")
        deck.rest("title")
        deck.press("ArrowRight")
        deck.rest("pipeline")
        seen = deck.page.evaluate("() => window.seen")
        places = [[frame["index"], frame_at(frame["seconds"])] for frame in seen]
        assert sorted(places) == places
        assert [1, 0] in places
        assert {place for index, place in places if index == 1} >= set(range(20))


def test_next_during_a_step_cuts_to_the_following_one_at_once(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        assert deck.page.evaluate(
            "() => { astrai.next(); const a = {...astrai.current}; astrai.next(); return [a, {...astrai.current}]; }"
        ) == [
            {"index": 0, "name": "title", "seconds": 0, "playing": True, "ended": False},
            {"index": 1, "name": "pipeline", "seconds": 0, "playing": True, "ended": False},
        ]
        deck.rest("pipeline")


def test_back_lands_still_on_the_end_of_the_step_before(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/flow%2Fcontinuous") as deck:
        for index in range(4, -1, -1):
            deck.press("PageUp")
            assert deck.current == {
                "index": index,
                "name": NAMES[index],
                "seconds": pytest.approx(talk().steps[index].length / 30),
                "playing": False,
                "ended": True,
            }
            assert deck.shown() == Shown(index, END)
        deck.press("ArrowLeft")
        deck.rest("title", "start")
        assert deck.shown() == Shown(0, 0)
        deck.press("ArrowLeft")
        deck.rest("title", "start")


def test_back_during_a_step_does_the_same(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.press("r")
        deck.wait(step="pipeline", playing="true")
        deck.press("ArrowLeft")
        deck.rest("title")
        assert deck.shown() == Shown(0, END)


def test_replay_and_reverse(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.press("r")
        deck.wait(step="pipeline", playing="true", at="middle")
        deck.rest("pipeline")
        deck.press("Shift+ArrowLeft")
        deck.wait(step="pipeline", playing="true", at="middle")
        before = deck.current["seconds"]
        deck.rest("pipeline", "start")
        assert 0 < before <= 20 / 30
        assert deck.shown() == Shown(1, 0)
        # played backwards to its start, next plays it again
        deck.press("ArrowRight")
        deck.wait(step="pipeline", playing="true")
        deck.rest("pipeline")


def test_space_pauses_and_resumes_where_it_was(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/last%20%22one%22%20%3Cb%3E") as deck:
        deck.press("r")
        deck.wait(step=NAMES[6], playing="true", at="middle")
        deck.press("Space")
        deck.rest(NAMES[6], "middle")
        paused = deck.current["seconds"]
        first = deck.shown()
        assert first is not None
        assert first == Shown(6, frame_at(paused)) == deck.shown()
        deck.press("Space")
        assert deck.current["seconds"] >= paused
        deck.rest(NAMES[6])
        deck.press("Space")
        assert deck.current["ended"]


def test_a_loop_repeats_until_next(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.press("ArrowRight")
        for _ in range(3):  # it passes through its start again and again
            deck.page.evaluate(NEXT_TURN)
        assert deck.current["playing"]
        assert deck.page.evaluate("() => { astrai.next(); return astrai.current.name; }") == "turn once more"


def test_finish_loop_completes_the_turn_and_a_second_press_does_not_wait(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/turning", script=NOTE_FRAMES) as deck:
        deck.press("ArrowRight")
        deck.wait(step="turn once more", playing="true", at="middle")
        pressed = deck.page.evaluate("() => { window.seen.length = 0; astrai.next(); return {...astrai.current}; }")
        assert (pressed["name"], pressed["playing"]) == ("turn once more", True)
        deck.rest("flow/continuous")
        seen = deck.page.evaluate("() => window.seen")
        turn = [frame["seconds"] for frame in seen if frame["name"] == "turn once more"]
        assert [pressed["seconds"], *turn] == sorted([pressed["seconds"], *turn])
        deck.press("PageUp", "PageUp")
        deck.rest("turn once more")
        deck.press("r")
        deck.wait(playing="true", at="middle")
        assert (
            deck.page.evaluate("() => { astrai.next(); astrai.next(); return astrai.current.name; }") == "flow/static"
        )


def test_auto_next_flows_on_and_back_over_it_stays(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/turn%20once%20more") as deck:
        deck.press("ArrowRight")
        deck.rest("flow/continuous")
        deck.press("ArrowLeft")
        deck.rest("flow/static")
        # nothing moves on: not in many frames
        deck.page.evaluate(FRAMES, 40)
        assert deck.current["name"] == "flow/static"
        assert deck.shown() == Shown(4, END)
        deck.press("ArrowLeft")
        deck.rest("turn once more")


@pytest.mark.parametrize("name", rest_wide(reversed(NAMES), 2))
def test_a_deep_link_shows_the_end_state(chromium: Browser, deck_file: Path, name: str) -> None:
    address = "#/" + name.replace("/", "%2F").replace(" ", "%20").replace('"', "%22").replace("<", "%3C")
    with opened(chromium, deck_file, address) as deck:
        deck.rest(name)
        assert deck.shown() == Shown(NAMES.index(name), END)


def test_a_reload_keeps_the_step_at_its_end_even_in_a_burst(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.page.reload()
        deck.wait(state="ready")
        assert deck.shown() == Shown(0, 0)
        deck.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "r")
        deck.page.reload()
        deck.wait(state="ready")
        deck.rest("pipeline")
        assert deck.shown() == Shown(1, END)
        second = deck.context.new_page()
        deck.press("ArrowRight", "ArrowLeft")
        deck.page.wait_for_url("**#/pipeline")
        second.goto(deck.page.url)
        second.wait_for_selector('html[data-state=ready][data-step="pipeline"][data-at=end]', state="attached")


def test_a_step_without_a_name_comes_back_by_its_number(chromium: Browser, tmp_path: Path) -> None:
    names = ["title", "", "2"]
    whole = talk()
    steps = tuple(replace(step, name=name) for name, step in zip(names, whole.steps[:3], strict=True))
    write_html(replace(whole, steps=steps), tmp_path / "talk.html", Document("Talk"))
    with opened(chromium, tmp_path / "talk.html") as deck:
        deck.press("ArrowRight", "ArrowRight")
        deck.wait(step="", at="end")
        deck.page.wait_for_url("**#/02")
        deck.page.reload()
        deck.wait(state="ready")
        assert deck.shown() == Shown(1, END)
        second = deck.context.new_page()
        second.goto(deck.page.url)
        second.wait_for_selector('html[data-state=ready][data-step=""][data-at=end]', state="attached")


def test_an_address_that_was_typed_is_followed_even_when_the_reload_comes_before_the_news(
    chromium: Browser, deck_file: Path
) -> None:
    with opened(chromium, deck_file, "#/flow%2Fcontinuous") as deck:
        deck.page.evaluate("() => { location.hash = '#/pipeline'; }")
        deck.rest("pipeline")
        # a busy browser tells of the new address last
        leave = "() => { location.hash = '#/turning'; dispatchEvent(new Event('pagehide')); location.reload(); }"
        deck.page.evaluate(leave)
        deck.page.wait_for_function("() => performance.getEntriesByType('navigation')[0].type === 'reload'")
        deck.wait(state="ready")
        deck.rest("turning")
        assert deck.shown() == Shown(2, END)
        # what names no step changes nothing, and is overwritten by the next one
        deck.page.evaluate("() => { location.hash = '#/nowhere'; }")
        deck.press("ArrowLeft")
        deck.rest("pipeline")
        deck.page.wait_for_url("**#/pipeline")


def test_the_address_never_names_another_step_than_is_shown(chromium: Browser, deck_file: Path) -> None:
    hashes = """() => { const seen = [];
      for (let i = 0; i < 3; i++) { astrai.back(); seen.push(location.hash); }
      return seen; }"""
    with opened(chromium, deck_file, "#/flow%2Fcontinuous") as deck:
        assert deck.page.evaluate(hashes) == ["#/flow%2Fstatic", "#/turn%20once%20more", "#/turning"]


def test_more_changes_of_the_address_than_a_browser_allows_come_later(chromium: Browser, deck_file: Path) -> None:
    # counts what reaches the browser; its clock stands still, so that no later one is due
    script = """window.calls = 0; const replace = history.replaceState;
      history.replaceState = (...all) => { window.calls++; return replace.apply(history, all); };
      const now = Date.now(); Date.now = () => now;"""
    with opened(chromium, deck_file, "#/pipeline", script=script) as deck:
        walk = "() => { for (let i = 0; i < 60; i++) { astrai.back(); astrai.next(); } return window.calls; }"
        assert 20 < deck.page.evaluate(walk) < 50
        assert not deck.page.evaluate("() => { astrai.next(); return location.hash; }").endswith("turning")
        deck.page.reload()
        deck.wait(state="ready")
        deck.rest("turning")
        deck.page.wait_for_url("**#/turning")


def test_reduced_motion_shows_end_states_only_unless_overridden(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, script=NOTE_FRAMES, reduced_motion="reduce") as deck:
        deck.rest("title")
        for index in range(1, len(NAMES)):
            deck.press("PageDown")
            deck.rest(NAMES[index])
            assert deck.shown() == Shown(index, END)
        deck.press("r", "v")
        seen = deck.page.evaluate("() => window.seen")
        assert len(seen) > len(NAMES)
        assert not any(frame["playing"] for frame in seen)
    with opened(chromium, deck_file, "?motion=full", reduced_motion="reduce") as deck:
        deck.press("PageDown")
        deck.wait(playing="true")
    with opened(chromium, deck_file, "?motion=reduced") as deck:
        deck.rest("title")
        deck.press("PageDown")
        deck.rest("pipeline")


def test_jump_by_number_home_and_end(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.press("2", "Enter")
        deck.rest("pipeline")
        deck.press("g")
        assert "of 7" in deck.page.locator("#jump").inner_text()
        deck.press("6", "Enter")
        deck.rest("flow/continuous")
        assert deck.page.locator("#jump").count() == 0
        deck.press("9", "Enter")
        assert deck.current["index"] == 5
        deck.press("End")
        deck.rest(NAMES[6])
        deck.press("Home")
        deck.rest("title", "start")


def test_black_out_hides_and_holds_and_any_press_only_lights(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/last%20%22one%22%20%3Cb%3E") as deck:
        deck.press("r")
        deck.wait(playing="true", at="middle")
        deck.press(".")
        deck.page.wait_for_selector(".reveal.paused")
        deck.wait(playing="false")
        deck.page.wait_for_selector(".pause-overlay", state="visible")
        held = deck.current["seconds"]
        deck.press("PageDown")
        deck.wait(playing="true")
        assert deck.current["name"] == NAMES[6]
        assert deck.current["seconds"] >= held
        deck.rest(NAMES[6])
        deck.press("b", "b")
        assert deck.page.locator(".reveal.paused").count() == 0


def test_a_step_that_the_overview_held_goes_on_unless_another_was_looked_at(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/last%20%22one%22%20%3Cb%3E", **LARGE) as deck:
        deck.press("r")
        deck.wait(playing="true", at="middle")
        deck.press("o")
        deck.page.wait_for_selector(".reveal.overview")
        deck.wait(playing="false")
        held = deck.current["seconds"]
        deck.press("o")
        deck.wait(playing="true")
        assert (deck.current["name"], deck.current["seconds"] >= held) == (NAMES[6], True)
        deck.rest(NAMES[6])
        deck.press("r")
        deck.wait(playing="true", at="middle")
        deck.press("o", "ArrowLeft", "Enter")
        assert deck.page.locator(".reveal.overview").count() == 0
        deck.rest(NAMES[5])
        assert deck.shown() == Shown(5, END)


def test_overview_shows_every_step_and_goes_to_the_chosen_one(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline", **LARGE) as deck:
        deck.press("Escape")
        deck.page.wait_for_selector(".reveal.overview")
        stills = deck.page.locator("section canvas.still")
        stills.nth(len(NAMES) - 1).wait_for(state="attached")
        deck.page.wait_for_selector("section:last-of-type canvas.still[data-drawn]", state="attached")
        pixels = stills.evaluate_all(
            "(all) => all.map((one) => [...one.getContext('2d').getImageData(240, 20, 1, 1).data])"
        )
        assert pixels == [[0x14, 0x5A, 0x46, 0xFF]] * len(NAMES)
        deck.press("ArrowRight", "ArrowRight", "Enter")
        deck.rest("turn once more")
        assert deck.page.locator(".reveal.overview").count() == 0
        assert stills.count() == 0
        assert deck.shown() == Shown(3, END)


def test_help_lists_every_key_and_any_key_closes_it(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.press("?")
        text = deck.page.locator("#help").inner_text()
        for word in ("PageDown", "black screen", "speaker view", "overview", "Shift+←", "full screen"):
            assert word in text
        deck.press("ArrowRight")
        assert deck.page.locator("#help").count() == 0
        assert deck.current["index"] == 0
        assert not deck.current["playing"]


def test_a_held_key_counts_once(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        for _ in range(5):
            deck.page.keyboard.down("PageDown")
        deck.page.keyboard.up("PageDown")
        assert deck.current["name"] == "title"


def test_swipes(chromium: Browser, deck_file: Path) -> None:
    swipe = """([from, to]) => { const target = document.querySelector('.reveal');
        const fire = (type, x) => target.dispatchEvent(new PointerEvent(type,
            {pointerType: 'touch', isPrimary: true, pointerId: 7, clientX: x, clientY: 300, bubbles: true}));
        fire('pointerdown', from); fire('pointerup', to); }"""
    with opened(chromium, deck_file, has_touch=True) as deck:
        deck.page.evaluate(swipe, [600, 300])
        deck.rest("title")
        deck.page.evaluate(swipe, [600, 590])
        assert deck.current["name"] == "title"
        deck.page.evaluate(swipe, [300, 600])
        deck.rest("title", "start")


def test_the_script_interface(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        steps = deck.page.evaluate("() => window.astrai.steps")
        for got, want in zip(steps, talk().steps, strict=True):
            assert got["name"] == want.name
            assert got["seconds"] == pytest.approx(want.length / 30)
            assert (got["loop"], got["auto_next"], got["notes"]) == (want.loop, want.auto_next, want.notes)
        deck.page.evaluate("() => astrai.seek('pipeline', 0.2)")
        assert deck.shown() == Shown(1, 6)
        deck.page.evaluate("() => astrai.seek(5, 99)")
        assert deck.shown() == Shown(5, END)
        deck.page.evaluate("() => astrai.seek(0, 0)")
        assert deck.shown() == Shown(0, 0)
        deck.page.evaluate("() => astrai.play('pipeline')")
        deck.wait(step="pipeline", playing="true")
        deck.page.evaluate("() => astrai.pause()")
        deck.wait(playing="false")
        assert "no step" in deck.page.evaluate("() => astrai.seek('nowhere').catch((error) => error.message)")


def test_progress_and_slide_number(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        assert "".join(deck.page.locator(".slide-number").inner_text().split()) == "2/7"
        assert deck.page.locator(".progress").is_visible()


def test_the_hint_goes_with_the_first_press(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        assert deck.page.locator("#hint").is_visible()
        deck.press("PageDown")
        deck.wait(playing="true")
        assert not deck.page.locator("#hint").is_visible()
        deck.press("Home")
        assert deck.page.locator("#hint").is_visible()


def test_full_screen(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.press("f")
        deck.page.wait_for_function("() => document.fullscreenElement === document.documentElement")
        deck.press("f")
        deck.page.wait_for_function("() => !document.fullscreenElement")
