"""Speaker notes: Markdown as lines of runs, each with its look."""

from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.note_lines import Line


def lines(notes: str) -> list[Line]:
    """Return the paragraphs of `notes` (Markdown)."""
    cleaned = clean(notes)
    if not cleaned.strip():
        return []
    # here, as most decks that come from elsewhere have no notes, and loading it takes as long as writing them
    from astrai_slides.export.shared.notes_parser import read

    return list(read(cleaned))
