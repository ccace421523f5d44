"""HTML in notes is text in the sheet too, and Markdown stays what it is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples
from markdown_it import MarkdownIt

from astrai_slides.export.html.markdown import notes_html
from astrai_slides.export.shared.markdown import lines
from astrai_slides.export.sheet.raw_html import html_as_text
from astrai_slides.export.sheet.sheet import write_notes
from astrai_slides.recording.format.model import Frame, Recording, Step
from astrai_slides.talk.document import Document

KEPT = [
    "# Say *this* and `a < b`",
    "`<script>alert(1)</script>` is code",
    "```html\n<script>alert(1)</script>\n```",
    "    <b>indented code</b>",
    "<https://example.org/a> and <someone@example.org>",
    "[a](<https://example.org/a b>) 1 < 2, a<3, x <- y",
    "a &lt;b&gt; \\<b>",
    "| a | b |\n|---|---|\n| 1 | 2 |",
]
ACTING = [
    "<script>alert(1)</script>",
    "a <b>bold</b> word",
    "<div>\n*in it*\n</div>",
    "<!-- gone -->",
    "<?php x ?>",
    "<!DOCTYPE html>",
    "<![CDATA[x]]>",
    "- <img src=x onerror=alert(1)>",
    "> <iframe src=//example.org>",
    "\\\\<b>x</b>",
    "`a` <b title='`'>x</b> `<i>`",
    "<pre>\n```\n<b>code</b>\n```\n</pre>",
    "<div>\n<div>\n<div>\n    <b>\n",
    "# A <b>heading</b>",
    "x](<script>alert(1)</script>",
    "| <b>a</b> | b |\n|---|---|\n| 1 | <img src=x> |",
    "<a\nhref=x>two rows</a>",
]


def acts(notes: str) -> bool:
    """Whether a viewer of CommonMark would hand anything on as HTML."""
    found = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(notes)
    return any(
        each.type in ("html_block", "html_inline") for token in found for each in (token, *(token.children or ()))
    )


@pytest.mark.parametrize("notes", KEPT)
def test_what_is_no_html_stays_as_it_is(notes: str) -> None:
    assert not acts(notes)
    assert html_as_text(notes) == notes


@pytest.mark.parametrize("notes", ACTING)
def test_html_is_shown_as_the_text_that_it_is(notes: str) -> None:
    assert acts(notes)
    safe = html_as_text(notes)
    assert not acts(safe)
    assert [line.text for line in lines(safe)] == [line.text for line in lines(notes)]
    assert notes_html(safe) == notes_html(notes)


def test_the_sheet_has_notes_without_html(tmp_path: Path) -> None:
    frame = Frame.blank()
    step = Step("a", (frame,), ((0, 1),), frame, notes="before <script>alert(1)</script>\n\n<div>\n*x*\n</div>")
    write_notes(Recording("Deck", 10, 16, 9, 0xFF, (step,)), tmp_path / "a.md", Document("<b>T</b>"))
    written = (tmp_path / "a.md").read_text("utf-8")
    assert not acts(written)
    assert "before \\<script>alert(1)\\</script>" in written


PIECES = [
    "<",
    ">",
    "b",
    "</b>",
    "<b>",
    "`",
    "```",
    "\n",
    "    ",
    "- ",
    "> ",
    "\\",
    "<!--",
    "-->",
    "](",
    "a",
    "=x",
    "# ",
]


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_nothing_acts_as_html_whatever_is_written(notes: str) -> None:
    assert not acts(html_as_text(notes))
