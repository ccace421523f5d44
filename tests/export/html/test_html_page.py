"""The page around the canvas, in a real Chromium: pixels, print, speaker view, what is said and what is refused."""

import io
import re
from pathlib import Path

import pytest
from deck_browser import opened
from lanes import rest_wide
from playwright.sync_api import Browser
from pypdf import PdfReader
from signal_deck import END, Shown, read, recording, step, talk

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document

STAGE = "() => { const c = document.getElementById('stage'); return [c.width, c.height]; }"
MOST_BYTES = 300_000
NAMES = [step.name for step in talk().steps]


def test_a_deck_of_two_steps_stays_small(tmp_path: Path) -> None:
    """Whatever the player comes to hold: a page is sent by mail, and opened over slow networks."""
    file = tmp_path / "two.html"
    write_html(recording(step(0, "one", 3), step(1, "two", 3)), file, Document("Two"))
    assert file.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize(
    "screen",
    rest_wide(
        [((1280, 720), 1.5, [1920, 1080]), ((1024, 768), 1, [1024, 768]), ((1280, 720), 2, [2560, 1440]),
         ((1280, 720), 1, [1280, 720]), ((1920, 1080), 2, [3840, 2160]), ((3840, 2160), 2, [4096, 2304])],
        3,
    ),
    ids=str,
)  # fmt: skip
def test_the_canvas_has_the_screens_own_pixels(
    chromium: Browser, deck_file: Path, screen: tuple[tuple[int, int], float, list[int]]
) -> None:
    size, ratio, pixels = screen
    viewport = {"width": size[0], "height": size[1]}
    with opened(chromium, deck_file, "#/pipeline", viewport=viewport, device_scale_factor=ratio) as deck:
        assert deck.page.evaluate(STAGE) == pixels
        assert deck.shown() == Shown(1, END)


def test_an_edge_is_one_pixel_wide_at_4k(chromium: Browser, deck_file: Path) -> None:
    viewport = {"width": 1920, "height": 1080}
    with opened(chromium, deck_file, "#/pipeline", viewport=viewport, device_scale_factor=2) as deck:
        row = deck.screen()[1080].astype(int)
        steps = abs(row[1:] - row[:-1]).max(axis=1)
        edges = (steps > 8).nonzero()[0]
        assert len(edges)
        runs = [len(run) for run in _runs(edges.tolist())]
        assert max(runs) <= 2


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def test_a_resized_window_is_drawn_anew(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.page.set_viewport_size({"width": 801, "height": 613})
        deck.page.evaluate(
            "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"
        )
        assert deck.page.evaluate(STAGE) == [801, 613]
        assert deck.shown() == Shown(1, END)


@pytest.mark.parametrize("address", ["", "?print-pdf"])
def test_print_is_one_vector_page_a_step(chromium: Browser, deck_file: Path, address: str) -> None:
    with opened(chromium, deck_file, address) as deck:
        pdf = PdfReader(io.BytesIO(deck.page.pdf(prefer_css_page_size=True, print_background=True)))
        assert len(pdf.pages) == len(NAMES)
        for page in pdf.pages:
            assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(16 / 9, rel=0.01)
            assert "/XObject" not in page["/Resources"] or not page.images
            content = page.get_contents()
            assert content is not None
            assert len(re.findall(rb"\b(?:re|c|l)\b", content.get_data())) > 10
        if not address:  # and the deck goes on as before
            assert deck.page.locator("#print").count() == 0
            assert deck.shown() == Shown(0, 0)


def test_print_with_notes(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "?print-pdf&notes") as deck:
        pdf = PdfReader(io.BytesIO(deck.page.pdf(prefer_css_page_size=True)))
        assert len(pdf.pages) == len(NAMES)
        assert "Say this." in pdf.pages[1].extract_text()
        assert float(pdf.pages[0].mediabox.height) > float(pdf.pages[0].mediabox.width)


def test_long_notes_are_printed_smaller_and_stay_on_their_steps_page(chromium: Browser, tmp_path: Path) -> None:
    line = "Say this slowly, and look at who sits at the very back of the room while you do. "
    paragraphs = [1, 12, 60]
    steps = [step(i, f"step {i}", notes="\n\n".join([line * 2] * count)) for i, count in enumerate(paragraphs)]
    write_html(recording(*steps), tmp_path / "notes.html", Document(title="Notes"))
    with opened(chromium, tmp_path / "notes.html", "?print-pdf&notes") as deck:
        pdf = PdfReader(io.BytesIO(deck.page.pdf(prefer_css_page_size=True)))
        sizes = deck.page.evaluate(
            "() => [...document.querySelectorAll('.printed-notes')].map((notes) => notes.style.fontSize)"
        )
    # the last step's cannot be set so small that they fit, and go on overleaf
    assert (sizes[0], sizes[-1]) == ("12pt", "8pt")
    assert sizes[1] not in ("12pt", "8pt")
    on_pages = [page.extract_text().count("slowly") for page in pdf.pages]
    assert on_pages[:2] == [2, 24]
    assert sum(on_pages[2:]) == 120
    assert len(on_pages) > 3


def test_titles_and_texts_are_there_for_screen_readers(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        tree = deck.page.locator(".slides").aria_snapshot()
        assert "Pipeline" in tree
        assert "Waiting & <Queue>" in tree
        assert deck.page.evaluate("() => document.documentElement.lang") == "de-CH"
        live = deck.page.locator("[aria-live=polite]")
        deck.press("ArrowLeft")
        deck.rest("title")
        assert "Title" in str(live.first.text_content())


def test_titles_notes_and_texts_execute_nothing(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        for _ in NAMES:
            deck.press("PageDown")
        deck.press("Escape")
        deck.page.wait_for_selector("section:last-of-type canvas.still[data-drawn]", state="attached")
        deck.press("Escape")
        assert deck.page.evaluate("() => window.pwned") is None
        assert deck.page.title().startswith("A </title><script>")
        assert deck.page.evaluate("() => document.querySelectorAll('.slides img, .slides script').length") == 0
        notes = deck.page.locator("aside.notes").first
        assert notes.locator("h3 em").text_content() == "title"
        assert "</script></aside>" in str(notes.text_content())
        assert notes.locator("a").count() == 0


def test_the_policy_stops_what_is_not_of_the_deck(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.page.evaluate("""() => {
            const script = document.createElement('script');
            script.textContent = 'window.pwned = 9';
            document.body.append(script); const image = new Image(); image.src = 'http://example.invalid/x.png';
            document.body.append(image); }""")
        assert deck.page.evaluate("() => window.pwned") is None
        assert any("script-src" in text for text in deck.complaints)
        assert any("img-src" in text for text in deck.complaints)
        deck.complaints.clear()
        deck.requests.clear()


@pytest.mark.parametrize("missing", ["Path2D", "ResizeObserver"])
def test_a_browser_that_is_too_old_is_told_so(chromium: Browser, deck_file: Path, missing: str) -> None:
    with opened(chromium, deck_file, script=f"delete window.{missing};") as deck:
        deck.wait(state="unsupported")
        assert "too old" in deck.page.locator("#message").inner_text()


def test_a_damaged_file_is_refused_with_a_sentence(chromium: Browser, deck_file: Path, tmp_path: Path) -> None:
    html = deck_file.read_text("utf-8")
    start = html.index(">", html.index('id="chunk-0"')) + 1
    middle = start + 40
    bad = tmp_path / "bad.html"
    bad.write_text(html[:middle] + ("A" if html[middle] != "A" else "B") + html[middle + 1 :], "utf-8")
    with opened(chromium, bad) as deck:
        deck.wait(state="error")
        assert "damaged" in deck.page.locator("#message").inner_text()


def test_only_the_speaker_view_may_press_keys_from_outside(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.page.evaluate("() => postMessage({astrai: 'key', code: 39}, '*')")
        deck.page.evaluate("() => postMessage(JSON.stringify({method: 'slide', args: [3]}), '*')")
        deck.page.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
        assert deck.current == {"index": 0, "name": "title", "seconds": 0, "playing": False, "ended": False}


def test_what_is_seen_fits_any_window(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline", viewport={"width": 500, "height": 900}) as deck:
        screen = deck.screen()
        assert read(screen) == Shown(1, END)
        assert screen[20, 20].tolist() == [0x14, 0x5A, 0x46]
