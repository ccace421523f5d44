"""The HTML file as a file: what is in it, what cannot get out of its place, how it is written."""

import base64
import hashlib
import html as entities
import json
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from signal_deck import HOSTILE, recording, step, talk

import astrai_slides.export.html.page as html_module
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.markdown import notes_html
from astrai_slides.export.html.page import build_html, write_html
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.talk.document import Document

DOCUMENT = Document(title="A talk", speaker="S. Peaker", event="Conf", date="2026-01-31", language="fr")
MOST_OVERHEAD = 320_000
"""Bytes of reveal.js, its speaker view and the player in a deck."""


class Parts(HTMLParser):
    """Scripts, by type and id, and all tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._script: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._script = dict(attrs)
            self.scripts.append((self._script, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)


@pytest.fixture(scope="module")
def page() -> str:
    return build_html(talk(), DOCUMENT)


def test_the_recording_is_in_it_chunk_by_chunk(page: str) -> None:
    parts = {str(attributes.get("id")): text for attributes, text in Parts(page).scripts}
    header = json.loads(parts["header"])
    assert [got["name"] for got in header["steps"]] == [want.name for want in talk().steps]
    assert header["steps"][0]["notes"] == talk().steps[0].notes
    for index, want in enumerate(talk().steps):
        assert zlib.decompress(base64.b64decode(parts[f"chunk-{index}"])) == encode_step(want)


def test_only_the_three_scripts_of_the_policy_can_run(page: str) -> None:
    parts = Parts(page)
    policy = next(a["content"] for tag, a in parts.tags if tag == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    running = [text for attributes, text in parts.scripts if "type" not in attributes]
    assert len(running) == 3
    for text in running:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    script_sources = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert script_sources.count("sha256-") == len(running)
    assert "unsafe-inline" not in script_sources


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    for tag, attributes in Parts(page).tags:
        assert "src" not in attributes, tag
        assert not str(attributes.get("href", "#")).startswith(("http", "//")), tag
        assert not any(name.startswith("on") for name in attributes), tag


def test_the_document_is_told(page: str) -> None:
    assert '<html lang="fr" data-state="error">' in page
    assert "<title>A talk</title>" in page
    assert '<meta name="author" content="S. Peaker">' in page
    assert '<meta name="description" content="Conf, 2026-01-31">' in page


def test_hostile_words_stay_words() -> None:
    document = Document(title=HOSTILE, speaker=HOSTILE, event=HOSTILE, language='en"><script>')
    first = step(0, HOSTILE, title=HOSTILE, notes=HOSTILE + "\u2028<!--<script>")
    empty = replace(first.frames[0], ops=())  # so that there is a cover, of the document's words
    deck = recording(replace(first, frames=(empty, *first.frames[1:])), step(1, "</title>\ud800"))
    page = build_html(deck, document)
    assert 'id="cover"' in page
    parts = Parts(page)
    assert [attributes for attributes, _ in parts.scripts if "type" not in attributes] == [{}] * 3
    assert not [tag for tag, _ in parts.tags if tag == "img"]
    header = next(text for attributes, text in parts.scripts if attributes.get("id") == "header")
    assert json.loads(header)["steps"][0]["notes"] == HOSTILE + "\u2028<!--<script>"
    assert entities.escape(HOSTILE, quote=False).split("&lt;img")[0] in page


def test_same_recording_same_bytes(page: str) -> None:
    assert build_html(talk(), DOCUMENT) == page


def test_what_surrounds_a_recording_is_small(page: str) -> None:
    data = sum(len(text) for attributes, text in Parts(page).scripts if "type" in attributes)
    assert len(page) - data < MOST_OVERHEAD


def test_reveal_keeps_its_licence(page: str) -> None:
    assert "Hakim El Hattab" in page
    assert "Permission is hereby granted, free of charge" in page


def test_writing_replaces_the_old_file_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "deck.html"
    target.write_text("old")
    monkeypatch.setattr(html_module, "build_html", lambda *_, **__: (_ for _ in ()).throw(AstraiSlidesError("no")))
    with pytest.raises(AstraiSlidesError):
        write_html(talk(), target, DOCUMENT)
    assert target.read_text() == "old"
    monkeypatch.undo()
    write_html(talk(), target, DOCUMENT)
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("notes", "html"),
    [
        ("# A\n\n- **b** `c`", "<h3>A</h3>\n<ul>\n<li><strong>b</strong> <code>c</code></li>\n</ul>"),
        ("<b onclick=x>", "<p>&lt;b onclick=x&gt;</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("![a <b>](http://x.test/y.png)", "<p><em>a &lt;b&gt;</em></p>"),
        ("[a](https://x.test)", '<p><a href="https://x.test" target="_blank" rel="noopener noreferrer">a</a></p>'),
        ("", ""),
    ],
)
def test_notes_are_markdown_that_can_do_nothing(notes: str, html: str) -> None:
    assert notes_html(notes) == html
