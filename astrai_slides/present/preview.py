"""A deck in the browser that follows the files it is made of: what is watched, built, and told to the page."""

import json
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from astrai_slides.build.edits import Edits
from astrai_slides.build.lines_file import LINES
from astrai_slides.build.rebuild import Fault, sweep
from astrai_slides.present.build_processes import CAN_FORK, BuildProcesses, Done, Ready, Seen
from astrai_slides.present.changes import Page, changes, first_changed, moved, taken_apart
from astrai_slides.present.clicks import Clicks, OpenLine
from astrai_slides.present.page_server import Bulletin
from astrai_slides.present.server import PreviewServer

_LOOK_EVERY = 0.04
"""Seconds between two looks at the files. Nothing is built before a look in which nothing changes any more."""
_EMPTY_FOR = 0.5
"""Seconds in which a file is waited for that an edit left empty, as editors do for a moment."""
_OLD_PAGES = 24
"""Of so many builds it is known what has changed since."""
_SOURCES = (".py", ".toml")
"""What is looked after while it is being read: of other files a deck may still write what it has read."""


class Preview:
    """Shows `target` (with `scenes`), as `build` takes it, on the loopback interface at `port` (0: any).

    `scratch` is an empty folder of its own. Pages follow edits to the step that changed if `follow`; a click on the
    picture opens the line that made what is there by `open_line`, if there is one. The formats `to` are
    written as well.
    """

    def __init__(
        self,
        target: str,
        scenes: list[str],
        scratch: Path,
        *,
        port: int,
        follow: bool = True,
        fork: bool = CAN_FORK,
        open_line: OpenLine | None = None,
        to: Sequence[str] = (),
    ) -> None:
        self._bulletin = Bulletin()
        self._follow = follow
        self._session = secrets.token_hex(8)
        """Tells a page that it is another preview which serves it now."""
        self._lock = threading.Lock()
        self._content: bytes | None = None
        self._pages: dict[int, Page] = {}
        """By the number of the deck, the newest last."""
        self._named: dict[int, Page] = {}
        """The page by which steps of each are called: until it is built, a step that is put in moves no number."""
        self._edited: Page | None = None
        """The page that was shown when the order was given that is being carried out."""
        self._first = ""
        """The first step that this order is known to change, to which pages were told to go."""
        self._changed: dict[int, str] = {}
        """To which step pages go that come to a deck, by its number; what comes of the same edit later moves none."""
        self._deck = 0
        self._revision = 0
        self._fault: Fault | None = None
        self._building = 0.0
        self._warnings: list[str] = []
        self._edits = Edits()
        # until it is known what else the deck reads, which a deck that ends Python at once never tells
        self._edits.look_also_after_file(Path(target))
        self._loaded = Edits()
        """What was read while everything was loaded."""
        self._clicks = Clicks(open_line)
        self._server = PreviewServer(
            port, self._bulletin, lambda: self._content, self._update, lambda told: self._clicks.answer(told)
        )
        self._processes = BuildProcesses(target, scenes, scratch, fork=fork, to=to)

    @property
    def address(self) -> str:
        """Where the page is."""
        return self._server.address

    def run(self, check: Callable[[], object]) -> None:
        """Serve, and build after each edit, until KeyboardInterrupt; ends every process that it began.

        `check`, asked often, raises it again where Python has dropped it.
        """
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            self._order()
            edited: set[str] = set()
            since = 0.0
            while True:
                check()
                try:
                    news = self._processes.news.get(timeout=_LOOK_EVERY)
                except queue.Empty:
                    pass
                else:
                    edited |= self._receive(news)
                if self._loaded.edited():
                    self._processes.renew()
                    edited.add("")
                read = self._processes.read_since()
                self._edits.look_also_after({path: known for path, known in read.items() if path.endswith(_SOURCES)})
                more = self._edits.edited()
                if more and not edited:
                    since = time.monotonic()
                edited |= more
                if not edited or more:
                    continue
                if self._edits.anything_empty(edited - {""}) and time.monotonic() - since < _EMPTY_FOR:
                    continue
                edited.clear()
                self._order()
        finally:
            self._processes.close()
            sweep()  # of the build that was ended, which could not
            self._bulletin.close()
            self._server.shutdown()
            self._server.server_close()

    def _order(self) -> None:
        self._building = time.time()
        self._edited, self._first = self._pages.get(self._deck), ""
        self._processes.order()
        self._post()

    def _receive(self, news: Ready | Done | Seen) -> set[str]:
        """Take what a build came to; return what has been edited meanwhile."""
        if isinstance(news, Ready):
            self._loaded.expect(news.read)
            return set()
        if news.order != self._processes.newest:  # it lay in the queue while the next was given
            return set()
        if isinstance(news, Seen):
            if self._building:  # else what was built is shown
                self._take(news.page, None, self._warnings)
            return set()
        outcome = news.outcome
        content = data = None
        if outcome.file is not None:
            content = outcome.file.read_bytes()
            lines = outcome.file.with_name(LINES)
            data = lines.read_bytes() if lines.exists() else None
        edited = self._edits.expect(outcome.read) if outcome.read else set()
        if not edited:  # else it is out of date before it is seen
            self._building = 0.0
            self._take(content, outcome.fault, outcome.warnings)
            if content is not None:
                self._clicks.show(self._deck, data, outcome.read)
        return edited

    def _take(self, content: bytes | None, fault: Fault | None, warnings: list[str]) -> None:
        before = self._content, self._fault, self._warnings
        with self._lock:
            self._fault = fault
            self._warnings = warnings
            if content is not None and content != self._content:
                self._content = content
                self._deck += 1
                page = self._pages[self._deck] = taken_apart(content.decode("utf-8"))
                before_it = self._named.get(self._deck - 1)
                same = before_it is not None and len(before_it.header["steps"]) == len(page.header["steps"])
                self._named[self._deck] = before_it if before_it is not None and same and self._building else page
                first = first_changed(self._edited, page) if self._edited is not None else None
                if first is not None and first != self._first:
                    self._first = self._changed[self._deck] = first
                for old in [number for number in self._pages if number <= self._deck - _OLD_PAGES]:
                    del self._pages[old], self._named[old]
                    self._changed.pop(old, None)
            if before[:2] != (self._content, self._fault):
                self._revision += 1
        self._post()

    def _post(self) -> None:
        self._bulletin.post(
            session=self._session,
            revision=self._revision,
            deck=self._deck,
            error=str(self._fault) if self._fault else None,
            building=bool(self._building),
            warnings=self._warnings,
            follow=self._follow,
        )

    def _update(self, since: int) -> bytes:
        """What a page must be told that shows the deck of the number `since`."""
        with self._lock:
            old, new = self._pages.get(since), self._pages.get(self._deck)
            told: dict[str, Any] = {"deck": self._deck, "update": None, "changed": None, "moved": {}}
            if old is not None and new is not None:
                told |= {
                    "update": changes(old, new),
                    "changed": self._changed.get(max((each for each in self._changed if each > since), default=0)),
                    "moved": moved(self._named[since], new),
                }
        return json.dumps(told).encode()
