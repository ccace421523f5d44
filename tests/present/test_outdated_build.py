"""What a preview takes for the newest."""

from pathlib import Path

import pytest

from astrai_slides.build.rebuild import Fault, Outcome
from astrai_slides.present.build_processes import Done
from astrai_slides.present.preview import Preview


def test_what_an_order_came_to_is_dropped_when_another_was_given_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str | None] = []
    preview = Preview("deck.py", [], tmp_path, port=0)
    processes = preview._processes
    try:
        monkeypatch.setattr(preview._bulletin, "post", lambda **notice: told.append(notice["error"]))
        monkeypatch.setattr(type(processes), "newest", 2)
        for order in (1, 2):
            preview._receive(Done(order, Outcome(None, {}, Fault(f"of order {order}"))))
    finally:
        preview._server.server_close()
    assert told == ["of order 2"]
