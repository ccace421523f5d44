"""Speaker sheet in Markdown: a small picture of each step, its notes, planned time and the running total."""

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from astrai_slides.base import atomic
from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.durations import Duration, duration_line, plan, summary
from astrai_slides.export.shared.markdown import lines
from astrai_slides.export.shared.notes_parser import markdown
from astrai_slides.export.shared.steps import description, title_of
from astrai_slides.export.sheet.raw_html import html_as_text
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.paint.raster import encode_few_colours, rasterise, rgb
from astrai_slides.talk.document import Document

_PICTURE_PIXELS = 320
_COLOURS = 64
_MOST_HASHES = 6
_NOTES_DEPTH = 2
"""Headings in notes stand below those of the sheet."""


def write_notes(
    recording: Recording, target: Path, document: Document, *, planned: Mapping[str, float] | None = None
) -> None:
    """Write the speaker sheet as Markdown, its pictures within. `planned` is as in `durations.plan`."""
    durations = plan(recording, planned or {})
    atomic.write_bytes(target, _markdown(recording, document, durations).encode())


def _markdown(recording: Recording, document: Document, durations: Sequence[Duration]) -> str:
    about, total = summary(recording, document, durations)
    parts = [f"# {_literal(document.title)}", *([_literal(about)] if about else []), _literal(total)]
    for number, (step, duration) in enumerate(zip(recording.steps, durations, strict=True), start=1):
        parts.append(f"## {number}. {_literal(title_of(step))}")
        picture = base64.b64encode(_small(step, recording)).decode()
        parts.append(f"![{_literal(description(step))}](data:image/png;base64,{picture})")
        parts.append(f"*{duration_line(step, duration, document.language)}*")
        if step.notes.strip():
            parts.append(_demoted(step.notes, title_of(step)))
    return "\n\n".join(parts) + "\n"


def _literal(text: str) -> str:
    """`text` on one line, no character of which Markdown takes for form."""
    return re.sub(r"([\\`*_\[\]<>#~|!&])", r"\\\1", " ".join(clean(text).split()))


def _demoted(notes: str, title: str) -> str:
    """`notes` with headings below the sheet's, and without one at their top that only says the title again."""
    rows = html_as_text(clean(notes).strip("\n")).split("\n")
    written = lines("\n".join(rows))
    tokens = markdown().parse("\n".join(rows))
    if written and written[0].heading and written[0].text.strip() == clean(title).strip() and tokens[0].map:
        # as many empty lines, as the other tokens know theirs by number
        rows[: tokens[0].map[1]] = [""] * tokens[0].map[1]
        tokens = tokens[1:]
    for token in tokens:
        if token.type == "heading_open" and token.map:
            first, last = token.map
            hashes = "#" * min(_MOST_HASHES, int(token.tag[1:]) + _NOTES_DEPTH)
            if token.markup.startswith("#"):
                rows[first] = re.sub(r"#+", hashes, rows[first], count=1)
            else:
                # underlined: the line below becomes the text's own last line
                rows[first], rows[last - 1] = f"{hashes} {' '.join(rows[first : last - 1])}", ""
                rows[first + 1 : last - 1] = [""] * max(0, last - 2 - first)
    return "\n".join(rows).strip("\n")


def _small(step: Step, recording: Recording) -> bytes:
    view = step.end.view
    height = max(1, round(_PICTURE_PIXELS * view.height / view.width))
    return encode_few_colours(rgb(rasterise(step.end, recording.blobs, _PICTURE_PIXELS, height)), _COLOURS)
