"""Random navigations under a screencast: every picture the browser put on the screen belongs there."""

import base64
import io
import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deck_browser import FRAMES, Deck, opened
from lanes import rest_wide
from PIL import Image
from playwright.sync_api import Browser
from signal_deck import END, FPS, Shown, frame_at, read, talk

NAVIGATIONS = 50
SEEDS = rest_wide([1, 2, 3, 4], 1)
BACK_MS = 100
ONE_MOMENT = 0.005
"""Seconds between two pictures that are too few for two frames of a screen."""
STEPS = talk().steps
ACTIONS = ["next", "next", "next", "back", "back", "jump", "replay", "reverse", "reload"]

LOG = """
window.note = () => {
  const page = performance.timeOrigin;
  if (window.astrai) window.keepNote?.(JSON.stringify({at: Date.now() / 1000, page, ...astrai.current}));
};
const after = new MessageChannel();
after.port1.onmessage = note;
requestAnimationFrame(function each() {
  note();
  after.port2.postMessage(null);
  requestAnimationFrame(each);
});
addEventListener('keydown', note, true);
"""
"""What the deck says it shows, before and after each frame of the browser and before each key, told at once."""

BACK = """() => new Promise((resolve) => {
  const before = {...astrai.current}, begin = performance.now();
  dispatchEvent(new KeyboardEvent('keydown', {keyCode: 33, key: 'PageUp'}));
  const to = {...astrai.current};
  const pixels = document.getElementById('stage').toDataURL('image/png').split(',')[1];
  requestAnimationFrame(() => requestAnimationFrame(() => {
    resolve({before, to, pixels, took: performance.now() - begin});
  }));
})"""


class Cast:
    """A DevTools screencast, held against the log: what the screen showed must have been said, in that order."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._pictures: list[tuple[float, float, bytes]] = []
        self._said: list[dict[str, Any]] = []
        self._session = deck.context.new_cdp_session(deck.page)
        # not kept by the page, which sometimes finds its storage empty after a reload
        self._session.on("Runtime.bindingCalled", lambda event: self._said.append(json.loads(event["payload"])))
        self._session.send("Runtime.enable")
        self._session.send("Runtime.addBinding", {"name": "keepNote"})
        self._session.on("Page.screencastFrame", self._keep)
        self._session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})

    def _keep(self, event: dict[str, Any]) -> None:
        self._pictures.append((event["metadata"]["timestamp"], time.time(), base64.b64decode(event["data"])))
        self._session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    def check(self) -> int:
        """Check all pictures; return how many there were.

        A picture may have been taken late, but did not come before it was said, and none after one that was said
        later. Its own time is that of the frame's begin: it tells the order, but on a busy machine the key that is
        answered within this frame is noted later.
        """
        self._session.send("Page.stopScreencast")
        self._deck.page.evaluate("() => note()")
        said = list(_with_last_frames(self._said))
        at, before = 0, (float("-inf"), 0)
        # they are packed in parallel and may arrive in another order
        for stamp, came, png in sorted(self._pictures):
            shown = read(pixels(png))
            assert shown is not None, "the screen showed no picture of the deck"
            # pictures of one moment, which a busy machine takes in a burst, have no order
            least = before[1] if stamp - before[0] < ONE_MOMENT else at
            possible = [i for i in range(least, len(said)) if i == least or said[i][0] <= came]
            found = next((i for i in possible if said[i][1] == shown), None)
            recent = list(dict.fromkeys(said[i][1] for i in possible))
            where = f"at {stamp:.3f}, seen at {came:.3f}, drawn after {[said[i][0] for i in possible]}"
            assert found is not None, f"the screen showed {shown}, which is none of {recent} ({where})"
            if stamp - before[0] >= ONE_MOMENT:
                before = stamp, at
            at = max(at, found)
        return len(self._pictures)


def _with_last_frames(entries: list[dict[str, Any]]) -> Iterator[tuple[float, Shown]]:
    """What was said, after the time after which it was drawn: that of the entry before.

    With the frames that a page which is left still plays but cannot tell of. The page that comes may be seen meanwhile.
    """
    drawn_after = float("-inf")
    for entry, after in zip(entries, [*entries[1:], None], strict=True):
        shown = _shown(entry)
        yield drawn_after, shown
        drawn_after = entry["at"]
        if after is None or after["page"] == entry["page"] or not entry["playing"]:
            continue
        last = STEPS[shown.step].length - 1
        for count in range(1, frame_at(after["at"] - entry["at"]) + 1):
            for frame in (shown.frame + count, shown.frame - count):
                if 0 <= frame <= last:
                    yield entry["at"] + (count - 1) / FPS, Shown(shown.step, frame)


def _shown(current: dict[str, Any]) -> Shown:
    if current["ended"]:
        return Shown(current["index"], END)
    last = STEPS[current["index"]].length - 1
    return Shown(current["index"], min(frame_at(current["seconds"]), last))


def pixels(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _go(deck: Deck, action: str, choose: random.Random) -> None:
    if action == "jump":
        deck.press(str(choose.randrange(len(STEPS)) + 1), "Enter")
    elif action == "reload":
        deck.page.reload()
        deck.wait(state="ready")
    else:
        deck.press({"next": "PageDown", "back": "PageUp", "replay": "r", "reverse": "v"}[action])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_picture_is_black_or_of_another_state(chromium: Browser, deck_file: Path, seed: int) -> None:
    choose = random.Random(seed)
    with opened(chromium, deck_file, script=LOG, viewport={"width": 640, "height": 360}) as deck:
        deck.page.evaluate(FRAMES, 2)
        cast = Cast(deck)
        for _ in range(NAVIGATIONS):
            _go(deck, choose.choice(ACTIONS), choose)
            deck.page.evaluate(FRAMES, 1 + choose.randrange(6))
            now = deck.current
            if now["ended"] and choose.randrange(4) == 0:
                assert deck.shown() == Shown(now["index"], END)
        # with fewer, nothing was seen
        assert cast.check() > NAVIGATIONS


def test_back_shows_the_end_state_within_100_ms_and_stands_still(chromium: Browser, deck_file: Path) -> None:
    took = []
    with opened(chromium, deck_file, "#/flow%2Fcontinuous") as deck:
        for index in (4, 3, 2, 1, 0):
            deck.press("r")
            deck.wait(playing="true", at="middle")
            was = deck.page.evaluate(BACK)
            assert was["before"]["playing"]
            assert (was["to"]["index"], was["to"]["ended"], was["to"]["playing"]) == (index, True, False)
            # it is on the canvas before the key's handler returns
            assert read(pixels(base64.b64decode(was["pixels"]))) == Shown(index, END)
            took.append(was["took"])
            deck.page.evaluate(FRAMES, 5)
            assert not deck.current["playing"]
            assert deck.shown() == Shown(index, END)
    # from the key to two painted frames later; the median, because this machine may be busy for a moment
    assert statistics.median(took) < BACK_MS
