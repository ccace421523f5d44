"""The laser pointer and the pen over the picture, in a real Chromium."""

from pathlib import Path

import numpy as np
from deck_browser import LARGE, Deck, opened
from playwright.sync_api import Browser, Page

RED = np.array((255, 43, 43))
INK = np.array((255, 77, 109))


def has(deck: Deck, x: int, y: int, colour: np.ndarray) -> bool:  # type: ignore[type-arg]
    """Whether the window shows about that colour there."""
    return bool((np.abs(deck.screen()[y - 2 : y + 3, x].astype(int) - colour).max(axis=1) < 8).any())


def stroke(page: Page, x: int, y: int) -> None:
    """Draw 200 pixels to the right from there."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y)
    page.mouse.move(x + 200, y)
    page.mouse.up()


def test_the_laser_follows_the_mouse_until_it_is_put_away(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline", **LARGE) as deck:
        deck.page.mouse.move(200, 100)
        assert not has(deck, 200, 100, RED)
        deck.press("l")
        deck.page.mouse.move(240, 120)
        assert has(deck, 240, 120, RED)
        deck.page.mouse.move(500, 600)
        assert has(deck, 500, 600, RED)
        assert not has(deck, 240, 120, RED)
        deck.press("Escape")
        assert not has(deck, 500, 600, RED)
        assert deck.page.locator(".reveal.overview").count() == 0
        deck.press("l", "PageDown")  # keys stay the deck's
        deck.wait(step="turning")


def test_the_pen_draws_and_the_next_step_clears_it(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline", **LARGE) as deck:
        deck.press("d")
        stroke(deck.page, 300, 600)
        assert has(deck, 450, 600, INK)
        deck.page.mouse.move(450, 500)  # with no button down
        assert not has(deck, 450, 510, INK)
        deck.page.set_viewport_size({"width": 640, "height": 720})
        assert has(deck, 225, 180 + 300, INK)  # at the same place of the picture
        deck.page.set_viewport_size({"width": 1280, "height": 720})
        deck.press("d")
        stroke(deck.page, 300, 100)  # put away, it draws no more
        assert not has(deck, 450, 100, INK)
        assert has(deck, 450, 600, INK)
        deck.press("ArrowLeft")
        deck.rest("title")
        assert not has(deck, 450, 600, INK)
        deck.press("ArrowRight")
        deck.rest("pipeline")
        assert not has(deck, 450, 600, INK)


def test_a_stroke_of_a_finger_with_the_pen_is_no_swipe(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.press("d")
        deck.page.evaluate("""() => {
          const layer = document.querySelector('.pointer');
          const at = (kind, x) => layer.dispatchEvent(new PointerEvent('pointer' + kind,
            {pointerType: 'touch', isPrimary: true, bubbles: true, clientX: x, clientY: 300}));
          at('down', 600); at('move', 400); at('up', 200);
        }""")
        deck.rest("pipeline")
        assert deck.page.locator(".pointer path").count() == 1


def test_the_speakers_mouse_points_on_the_audiences_screen(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline", **LARGE) as deck:
        with deck.page.expect_popup() as waiting:
            deck.press("s")
        view = waiting.value
        view.wait_for_selector("html[data-step]", state="attached")
        view.keyboard.press("d")
        view.wait_for_selector('.pointer[data-mode="pen"]', state="attached")
        box = view.locator("#speaker .now .picture").bounding_box()
        assert box is not None
        view.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 8)
        view.mouse.down()
        view.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 8)
        view.mouse.up()
        deck.page.wait_for_selector(".pointer path[d*=L]", state="attached")
        assert has(deck, 500, 90, INK)
        assert view.locator(".pointer path").count() == 1
        view.close()
