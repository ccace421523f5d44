"""Where the deck is that is presented, and what others ask of the page that shows it."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from astrai_slides.present.deck_content import ShownKnob, ShownStep
from astrai_slides.present.page_server import BEAT, Bulletin
from astrai_slides.present.talk_clock import TalkClock

MOST_ORDERS = 16
"""Of those that no page has taken, older ones are forgotten."""
_MOST_PICTURES = 4


@dataclass(frozen=True, slots=True)
class DeckPlace:
    """Where a deck is: at which step, before the first was played or not, in motion, behind a black screen."""

    index: int = 0
    at_start: bool = True
    playing: bool = False
    black: bool = False
    values: tuple[int, ...] = ()
    """Which of its values each knob has."""
    knobs: tuple[int, ...] = ()
    """Numbers of those that the step depends on."""


class DeckState:
    """What is known of the deck of these `steps`, by the page that shows it: of several, by that which came last.

    May be asked and told by any thread.
    """

    def __init__(self, steps: list[ShownStep], clock: TalkClock, knobs: Sequence[ShownKnob] = ()) -> None:
        self.steps = steps
        self.knobs = knobs
        self.bulletin = Bulletin()
        """Tells that something is otherwise; `notice` says how it is."""
        self._clock = clock
        self._place = DeckPlace()
        self._pictures: dict[int, bytes] = {}
        """By step, the newest last: JPEG."""
        self._changed = threading.Condition()
        self._page = 0
        self._last_page = 0
        self._orders: deque[tuple[int, dict[str, Any]]] = deque(maxlen=MOST_ORDERS)
        self._ordered = 0
        self._closed = False

    # -- the page that shows it

    def arrive(self) -> tuple[int, int]:
        """Take a page as the one that shows the deck; its number, and that of the last order before it came."""
        with self._changed:
            self._last_page += 1
            self._page = self._last_page
            self._changed.notify_all()
            return self._page, self._ordered

    def leave(self, page: int) -> None:
        """Take note that a page is gone. No time passes until there is another, or it says again where it is."""
        with self._changed:
            if page != self._page:
                return
            self._page = 0
            self._clock.hold()
        self.bulletin.post()

    def orders(self, page: int, after: int) -> list[tuple[int, dict[str, Any]]] | None:
        """Wait for what is asked of a page, as numbers from `after` on and what; none after a while.

        None where another page shows the deck now, or none any more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or page != self._page or self._ordered > after, timeout=BEAT)
            if self._closed or page != self._page:
                return None
            return [each for each in self._orders if each[0] > after]

    def be_at(self, page: int, place: DeckPlace) -> bool:
        """Take note of where a page is; whether it is the one that shows the deck."""
        with self._changed:
            if page != self._page or not 0 <= place.index < len(self.steps) or not self._has(place):
                return False
            self._place = place
            self._clock.go(place.index, at_start=place.at_start)
        self.bulletin.post()
        return True

    def _has(self, place: DeckPlace) -> bool:
        """Whether the deck has the knobs and values of a place."""
        values, count = place.values, len(self.knobs)
        return (
            len(values) == count
            and all(0 <= value < len(knob.texts) for value, knob in zip(values, self.knobs, strict=True))
            and all(0 <= knob < count for knob in place.knobs)
        )

    def take_picture(self, page: int, index: int, picture: bytes) -> bool:
        """Keep the picture of a step, a JPEG; whether it is of the page that shows the deck."""
        with self._changed:
            if page != self._page or not 0 <= index < len(self.steps):
                return False
            self._pictures.pop(index, None)
            self._pictures[index] = picture
            while len(self._pictures) > _MOST_PICTURES:
                del self._pictures[next(iter(self._pictures))]
        self.bulletin.post()
        return True

    # -- those who drive it

    def order(self, key: str) -> bool:
        """Have the page that shows the deck press `key`; whether there is one."""
        return self._order({"press": key})

    def turn(self, knob: int, value: int) -> bool:
        """Have the page turn a knob to a value, both by their numbers; whether there is a page, and it has both."""
        if not (0 <= knob < len(self.knobs) and 0 <= value < len(self.knobs[knob].texts)):
            return False
        return self._order({"turn": [knob, value]})

    def _order(self, what: dict[str, Any]) -> bool:
        with self._changed:
            if not self._page:
                return False
            self._ordered += 1
            self._orders.append((self._ordered, what))
            self._changed.notify_all()
            return True

    def picture(self, index: int) -> bytes | None:
        """The picture of a step, if it is known."""
        with self._changed:
            return self._pictures.get(index)

    def notice(self) -> dict[str, Any]:
        """How it is now; seconds of the talk and of the step, and when each should be over."""
        with self._changed:
            place, clock = self._place, self._clock
            following = place.index if place.at_start else place.index + 1
            return {
                "shown": bool(self._page),
                "index": place.index,
                "atStart": place.at_start,
                "playing": place.playing,
                "black": place.black,
                "values": place.values,
                "knobs": place.knobs,
                "following": following if following < len(self.steps) else None,
                "pictured": following in self._pictures,
                "runs": clock.runs,
                "begun": clock.has_begun,
                "total": clock.total,
                "step": clock.at(place.index),
            }

    def times(self) -> list[float]:
        """Seconds that each step has taken so far."""
        with self._changed:
            return [self._clock.at(index) for index in range(len(self.steps))]

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self._closed = True
            self._clock.hold()
            self._changed.notify_all()
        self.bulletin.close()
