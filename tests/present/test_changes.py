"""What of a page has changed, and where its steps are now."""

import json
from typing import Any

import pytest

from astrai_slides.present.changes import Page, changes, first_changed, moved, taken_apart

HEADER = {"fps": 60, "width": 16, "height": 9, "background": 0, "generator": "g"}


def page(*steps: tuple[str, str], settings: dict[str, Any] | None = None, **header: Any) -> Page:
    """A page whose steps are (name, content)."""
    told = {**HEADER, **header, "steps": [{"name": name, "sha256": content} for name, content in steps]}
    parts = "".join(
        f'<script type="application/octet-stream" id="chunk-{place}">{content}</script>\n'
        for place, (_, content) in enumerate(steps)
    )
    return taken_apart(
        f'<title>a &amp; b</title>\n<div class="slides">\n<section></section>\n</div>\n</div>\n'
        f'<script type="application/json" id="sums">{{}}</script>\n'
        f'<script type="application/json" id="settings">{json.dumps(settings or {})}</script>\n'
        f'<script type="application/json" id="header">{json.dumps(told)}</script>\n{parts}<script>player</script>'
    )


def numbered(*contents: str) -> Page:
    return page(*((str(place + 1), content) for place, content in enumerate(contents)))


def test_only_what_is_new_is_told() -> None:
    told = changes(page(("a", "A"), ("b", "B")), page(("a", "A"), ("new", "N"), ("b", "B")))
    assert told is not None
    assert told["title"] == "a & b"
    assert told["slides"] == "<section></section>\n"
    chunks = {name: part for name, part in told["parts"].items() if name.startswith("chunk")}
    assert chunks == {
        "chunk-0": {"same": "chunk-0"},
        "chunk-1": {"kind": "application/octet-stream", "text": "N"},
        "chunk-2": {"same": "chunk-1"},
    }


@pytest.mark.parametrize("header", [{"fps": 30}, {"width": 4}, {"background": 255}])
def test_a_page_that_is_drawn_otherwise_is_loaded_anew(header: dict[str, int]) -> None:
    assert changes(page(("a", "A")), page(("a", "A"), **header)) is None


def test_a_step_that_takes_longer_is_taken_without_loading_the_page_anew() -> None:
    old, new = ({"loop": False, "plan": [{"seconds": seconds}]} for seconds in (1, 2))
    told = changes(page(("a", "A"), settings=old), page(("a", "B"), settings=new))
    assert told is not None
    assert json.loads(told["parts"]["settings"]["text"]) == new
    assert changes(page(("a", "A"), settings=old), page(("a", "A"), settings={**old, "loop": True})) is None


def test_the_first_step_that_changed_is_known_by_its_name() -> None:
    old = page(("a", "A"), ("b", "B"), ("c", "C"))
    assert first_changed(old, old) is None
    assert first_changed(old, page(("a", "A"), ("b", "B2"), ("c", "C2"))) == "b"
    assert first_changed(old, page(("new", "N"), ("a", "A"), ("b", "B"), ("c", "C"))) == "new"
    assert first_changed(old, page(("b", "B"), ("c", "C"))) is None


def test_steps_without_a_name_are_found_where_they_moved() -> None:
    old = numbered("A", "B", "C")
    assert moved(old, numbered("A", "N", "B", "C")) == {"2": "3", "3": "4"}
    assert moved(old, numbered("A", "N", "B2", "C2")) == {"2": "3", "3": "4"}
    assert moved(old, numbered("A", "C")) == {"2": "2", "3": "2"}
    assert moved(old, numbered("A", "B")) == {"3": "2"}
    assert moved(old, numbered("A", "B", "C", "N")) == {}
    assert moved(old, numbered("A", "X", "C")) == {}
    assert moved(page(("a", "A"), ("b", "B")), page(("n", "N"), ("a", "A"), ("b", "B"))) == {}
