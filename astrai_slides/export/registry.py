"""The formats that a recording can be exported to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.document import Document
from astrai_slides.progress import Progress
from astrai_slides.recording.model import Recording

Writer: TypeAlias = Callable[[Recording, Path, Document, Progress], None]
"""Writes one file atomically; opens stages of its own for what takes long."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name is what `--to` takes, and the suffix; `opening` says how a speaker opens it."""

    name: str
    opening: str
    write: Writer


def _html(recording: Recording, target: Path, document: Document, progress: Progress) -> None:
    from astrai_slides.export.html import write_html

    write_html(recording, target, document)


def _pptx(recording: Recording, target: Path, document: Document, progress: Progress) -> None:
    from astrai_slides.export.pptx import write_pptx

    write_pptx(recording, target, document)


def _pdf(recording: Recording, target: Path, document: Document, progress: Progress) -> None:
    from astrai_slides.export.pdf import write_pdf

    write_pdf(recording, target, document)


# Writers import what they need when they run, so that a command that needs none of it starts fast.
FORMATS = {
    each.name: each
    for each in (
        Format("html", "open it in a browser; arrow keys or a clicker step, S shows the speaker's view", _html),
        Format("pptx", "open it in PowerPoint, Keynote or LibreOffice Impress", _pptx),
        Format("pdf", "open it in any PDF reader", _pdf),
    )
}

DEFAULT_FORMATS = ("html", "pptx", "pdf")


def formats_named(names: Iterable[str]) -> tuple[Format, ...]:
    """Return the formats called `names`, each once, in that order; AstraiSlidesError names an unknown one."""
    chosen = []
    for name in dict.fromkeys(names):
        if name not in FORMATS:
            raise AstraiSlidesError(f"unknown format {name!r}; known are: {', '.join(FORMATS)}")
        chosen.append(FORMATS[name])
    if not chosen:
        raise AstraiSlidesError(f"no format is named; known are: {', '.join(FORMATS)}")
    return tuple(chosen)
