"""Speaker notes of a page, where there are any: a deck without need not wait until a reader of Markdown is loaded."""


def notes_as_html(notes: str) -> str:
    """Return `notes` (Markdown) as `markdown.notes_html` does."""
    if not notes.strip():
        return ""
    from astrai_slides.export.html.markdown import notes_html

    return notes_html(notes)
