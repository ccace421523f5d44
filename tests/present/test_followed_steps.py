"""To which step a page is told to go by what comes of an edit, one after the other."""

import json
from pathlib import Path
from typing import Any

import pytest
from signal_deck import recording, step

from astrai_slides.build.rebuild import Outcome
from astrai_slides.export.html.page import build_html
from astrai_slides.present.build_processes import Done, Seen
from astrai_slides.present.preview import Preview
from astrai_slides.talk.document import Document

NAMES = ("title", "flow", "end")


def page(**changed: str) -> bytes:
    """A deck, some of whose steps have other titles."""
    steps = (step(place, name, 5, title=changed.get(name, name)) for place, name in enumerate(NAMES))
    return build_html(recording(*steps), Document(title="Signals")).encode()


class Told:
    """A preview whose builds come to what is given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.preview = Preview("deck.py", [], folder, port=0)
        monkeypatch.setattr(self.preview._processes, "order", lambda: None)
        self._file = folder / "deck.html"
        self.preview._server.server_close()

    def order(self) -> None:
        self.preview._order()

    def seen(self, content: bytes) -> None:
        self.preview._receive(Seen(0, content))

    def built(self, content: bytes) -> None:
        self._file.write_bytes(content)
        self.preview._receive(Done(0, Outcome(self._file, {})))

    def goes_to(self, since: int) -> Any:
        return json.loads(self.preview._update(since))["changed"]


def test_what_comes_of_an_edit_later_moves_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(tmp_path, monkeypatch)
    told.order()
    told.seen(page(end="not yet"))
    told.built(page())
    assert told.goes_to(1) is None  # the first build is no edit
    told.order()
    told.seen(page(flow="edited"))
    assert told.goes_to(2) == "flow"
    told.seen(page(flow="edited", end="as well"))
    assert told.goes_to(3) is None
    assert told.goes_to(2) == "flow"
    told.built(page(title="as well", flow="edited", end="as well"))
    assert told.goes_to(4) == "title"
    told.order()
    told.built(page(title="as well", flow="edited", end="once more"))
    assert told.goes_to(5) == "end"
