"""Addresses that are written out in texts, wherever they stand: on slides, and in notes of every format."""

import pytest

from astrai_slides.export.html.markdown import notes_html
from astrai_slides.export.shared.links import link_boxes, links_in
from astrai_slides.export.shared.markdown import lines

CASES = {
    "see https://example.org/a_b?c=1&d=%20e#f.": ["https://example.org/a_b?c=1&d=%20e#f"],
    "(www.example.org/x), HTTP://b.example:8080/!": ["https://www.example.org/x", "HTTP://b.example:8080/"],
    "https://en.wikipedia.org/wiki/Batch_(computing), and on": ["https://en.wikipedia.org/wiki/Batch_(computing)"],
    "(https://example.org/a)": ["https://example.org/a"],
    "\u201chttps://example.org/a\u201d; next": ["https://example.org/a"],
    # no spaces in Chinese
    "\u89c1https://example.org/a\uff0c\u7136\u540ewww.example.org/b\u3002": [
        "https://example.org/a",
        "https://www.example.org/b",
    ],
    "www.example.dev": ["https://www.example.dev"],
    "https://a:b:c/": [],
    "https://": [],
    "www.": [],
    "https://-/": [],
    "http://\u05d0/": [],
    "model.py 3.4x e.g. awww.example.org": [],
    "javascript:x": [],
    "ftp://a.example": [],
    "//a.example/b": [],
}


@pytest.mark.parametrize("text", CASES)
def test_what_can_be_opened_is_found_without_the_sentence_around_it(text: str) -> None:
    assert [address for _, _, address in links_in(text)] == CASES[text]
    for start, end, address in links_in(text):
        assert text[start:end].removeprefix("www.")[:8] in address


@pytest.mark.parametrize("text", CASES)
def test_notes_link_the_same_and_keep_their_words(text: str) -> None:
    read = lines(text)
    assert "".join(line.text for line in read) == text
    assert [look.link for line in read for _, look in line.runs if look.link] == CASES[text]


def test_notes_of_a_page_link_the_same_and_leave_the_deck_open() -> None:
    html = notes_html("See https://example.org/a_b_c. `www.example.org`, model.py")
    assert html == (
        '<p>See <a href="https://example.org/a_b_c" target="_blank" rel="noopener noreferrer">'
        "https://example.org/a_b_c</a>. <code>www.example.org</code>, model.py</p>"
    )


def test_a_link_on_a_slide_is_as_wide_as_its_letters() -> None:
    text = "\nsee www.a.example."
    wide, (start, end, address) = len("see www.a.example."), (4, 17, "https://www.a.example")
    assert link_boxes(text, (0, 0, wide, 20)) == [((start, 0, end, 10), address)]
