"""The folder that puts a deck into a page: what is in it, and what a link to the deck says of it."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from embedding import ADDRESS, write_folder
from PIL import Image
from signal_deck import recording, step, talk

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.embed.folder import files_of, script
from astrai_slides.export.html.page import build_html
from astrai_slides.talk.document import Document, PageSettings
from astrai_slides.talk.page import given_settings

MOST_SCRIPT_BYTES = 1024
"""Of the script that a page includes."""


class Elements(HTMLParser):
    """What a crawler reads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.properties: dict[str, str] = {}
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {key: value or "" for key, value in attrs}
        if tag == "meta" and ("property" in known or known.get("name", "").startswith("twitter")):
            self.properties[known.get("property") or known["name"]] = known["content"]
        self.links += [known[key] for key in ("src", "href") if key in known]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("embed"))


def test_the_page_names_what_is_there_and_nothing_elsewhere(folder: Path) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {path.relative_to(folder).as_posix() for path in files_of(folder / "index.html")} == there
    links = Elements((folder / "index.html").read_text("utf-8")).links
    assert {"deck.html", "poster.jpg", "astrai-deck.js"} <= set(links) <= there
    steps = json.loads((folder / "steps" / "index.json").read_text("utf-8"))["steps"]
    assert [each["name"] for each in steps] == [each.name for each in talk().steps]
    assert {f"steps/{each['file']}" for each in steps} <= set(links)
    for name in ("poster.jpg", f"steps/{steps[0]['file']}"):
        with Image.open(folder / name) as picture:
            assert picture.size == (1280, 720)


def test_a_link_to_it_says_what_it_is(folder: Path) -> None:
    told = Elements((folder / "deck.html").read_text("utf-8")).properties
    assert told == {
        "og:type": "website",
        "og:title": 'Signals & "noise"',
        "og:description": "Me",
        "og:url": ADDRESS,
        "og:image": "https://example.org/talks/signal/poster.jpg",
        "og:image:width": "1280",
        "og:image:height": "720",
        "og:image:alt": "Pipeline. Waiting & <Queue>",
        "twitter:card": "summary_large_image",
    }


def test_a_deck_alone_names_no_picture() -> None:
    made = recording(step(0, "one", 3), step(1, "two", 3))
    told = Elements(build_html(made, Document("Two", page=PageSettings(address=ADDRESS)))).properties
    assert told == {"og:type": "website", "og:title": "Two", "og:description": "One · Two", "og:url": ADDRESS}
    assert set(Elements(build_html(made, Document("Two"))).properties) == {"og:type", "og:title", "og:description"}


@pytest.mark.parametrize("address", ["deck.html", "https://example.org", "file:///deck.html", "https://a b/c"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(AstraiSlidesError, match=r"write https://example\.org/deck\.html"):
        given_settings([f"address={address}"])
    assert given_settings([f"address={ADDRESS}"]) == {"address": ADDRESS}


def test_the_script_is_small() -> None:
    text = script()
    assert len(text.encode()) <= MOST_SCRIPT_BYTES
    assert '"astrai-deck"' in text
    assert "//" not in text, "no comment, and no address"
