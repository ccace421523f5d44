"""Pages with embedded decks, for the tests of both browsers."""

from pathlib import Path

from signal_deck import talk

from astrai_slides.base.progress import ignore
from astrai_slides.export.embed.folder import write_embed
from astrai_slides.talk.document import Document, PageSettings

ADDRESS = "https://example.org/talks/signal/deck.html"

PAGE = """<!DOCTYPE html>
<html data-state="ready"><head><meta charset="utf-8"><title>A page</title>
<style>
body {{ margin: 0; }}
:is(astrai-deck, iframe) {{ display: block; width: 800px; height: 450px; border: 0; }}
p {{ height: {between}px; margin: 0; }}
</style>
<script>window.heard = []; addEventListener("message", ({{ data }}) => heard.push(data));
const note = ({{ target, detail }}) => {{ if (detail.astrai === "at") target.place = detail; }};
document.addEventListener("astrai", note, true);
</script>
<script src="astrai-deck.js" defer></script></head><body>{body}</body></html>"""

IS_AT = """([index, wanted]) => {
  const { place } = document.querySelectorAll("astrai-deck")[index];
  return place && Object.entries(wanted).every(([key, value]) => place[key] === value);
}"""
"""Whether the deck of that number has said all that is `wanted` of its place."""

WAS_AT = """(wanted) =>
  heard.some((place) => Object.entries(wanted).every(([key, value]) => place[key] === value))"""
"""Whether any deck of the page has ever said all that is `wanted` of its place."""

IS_FRAMED = """([index, wanted]) => 
  Boolean(document.querySelectorAll("astrai-deck")[index].querySelector("iframe")) === wanted"""
"""Whether the deck of that number is a frame, or a picture."""


def write_folder(folder: Path) -> Path:
    """Write the signal deck's folder; returns it."""
    target = folder / "signal-embed" / "index.html"
    target.parent.mkdir()
    document = Document('Signals & "noise"', "Me", page=PageSettings(address=ADDRESS))
    recording = talk()
    write_embed(recording, range(1, len(recording.steps) + 1), target, document, ignore)
    return target.parent


def write_page(folder: Path, *decks: str, between: int = 2000) -> Path:
    """Write a page beside the deck, with `decks` one below the other and so many pixels of other things between."""
    page = folder / f"page-{len(decks)}-{between}.html"
    page.write_text(PAGE.format(body="<p></p>".join([*decks, ""]), between=between), "utf-8")
    return page


def deck(step: str = "", attributes: str = "controls") -> str:
    """An embedded deck, at a step."""
    at = f'step="{step}"' if step else ""
    return f'<astrai-deck src="deck.html" {at} {attributes}><img src="poster.jpg" alt="A deck"></astrai-deck>'
