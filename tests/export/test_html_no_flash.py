"""Two hundred random navigations under a screencast: every picture the browser put on the screen belongs there."""

import base64
import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deck_browser import FRAMES, opened
from PIL import Image
from playwright.sync_api import Browser
from signal_deck import END, Shown, read, talk

NAVIGATIONS = 200
BACK_MS = 100
STEPS = talk().steps
SEEDS = [1, 2]

BACK = """() => new Promise((resolve) => {
  const now = {...astrai.current}, begin = performance.now();
  dispatchEvent(new KeyboardEvent('keydown', {keyCode: 33, key: 'PageUp'}));
  const canvas = document.getElementById('stage');
  requestAnimationFrame(() => requestAnimationFrame((painted) => {
    resolve({from: now, to: {...astrai.current}, took: performance.now() - begin,
             pixels: canvas.toDataURL('image/png').split(',')[1]});
  }));
})"""


class Cast:
    """A DevTools screencast: every frame the compositor presented."""

    def __init__(self, deck: Any) -> None:
        self.frames: list[bytes] = []
        self._session = deck.context.new_cdp_session(deck.page)
        self._session.on("Page.screencastFrame", self._keep)
        self._session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})

    def _keep(self, event: dict[str, Any]) -> None:
        self.frames.append(base64.b64decode(event["data"]))
        self._session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})


def pixels(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_picture_is_black_or_of_another_state(chromium: Browser, deck_file: Path, seed: int) -> None:
    choose = random.Random(seed)
    # what may be on the screen: (step, frame) pairs, as the speaker goes
    allowed: set[Shown] = {Shown(0, 0)}
    viewport = {"width": 640, "height": 360}
    with opened(chromium, deck_file, viewport=viewport) as deck:
        cast = Cast(deck)
        for number in range(NAVIGATIONS // len(SEEDS)):
            known = len(cast.frames)
            before = deck.current["index"]
            action = choose.choice(["next", "next", "next", "back", "back", "jump", "replay", "reload"])
            if action == "next":
                deck.press("PageDown")
            elif action == "back":
                deck.press("PageUp")
            elif action == "replay":
                deck.press("r")
            elif action == "jump":
                deck.press(str(choose.randrange(len(STEPS)) + 1), "Enter")
            else:
                deck.page.reload()
                deck.wait(state="ready")
            for _ in range(choose.randrange(4)):
                deck.page.evaluate(FRAMES, 2)
            now = deck.current
            allowed = _reachable(before, now["index"])
            for png in cast.frames[known:]:
                shown = read(pixels(png))
                assert shown is not None, f"{number}: {action} showed no picture of the deck"
                assert shown in allowed, f"{number}: {action} from {before} to {now} showed {shown}"
            if action in ("back", "jump", "reload") and now["ended"]:
                assert deck.shown() == Shown(now["index"], END)
        assert len(cast.frames) > NAVIGATIONS // len(SEEDS) / 2
        deck.requests.clear()


def _reachable(before: int, after: int) -> set[Shown]:
    """Every picture of the steps that lie between what was and what is, in either order, and of no other."""
    steps = {before, after}
    if 4 in steps:
        steps.add(5)  # flows on by itself
    return {Shown(step, frame) for step in steps for frame in (*range(STEPS[step].length), END)}


def test_back_shows_the_end_state_within_100_ms_and_stands_still(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/flow%2Fcontinuous") as deck:
        for index in (4, 3, 2, 1, 0):
            deck.press("r")
            deck.wait(playing="true", at="middle")
            was = deck.page.evaluate(BACK)
            assert was["to"]["index"] == index
            assert was["to"]["ended"]
            assert not was["to"]["playing"]
            assert read(pixels(base64.b64decode(was["pixels"]))) == Shown(index, END)
            # by the page's own clock, from the key to two painted frames later
            assert was["took"] < BACK_MS
            assert deck.shown() == Shown(index, END)
