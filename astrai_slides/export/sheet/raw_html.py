"""HTML in Markdown as the text it is: what a viewer of the sheet would take for HTML is escaped, and nothing else."""

import re
from functools import cache

from astrai_slides.export.shared.notes_parser import NotesParser

_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)", re.DOTALL)
_TAG = re.compile(r"\\*<(?=[A-Za-z/!?])")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@\\]+@[A-Za-z0-9.-]+)>")
_FENCE = re.compile(r" {0,3}(?:```|~~~)| {4}|\t")
_ROUNDS = 20
"""How often what is escaped is read again; what is HTML then has every bracket escaped."""


@cache
def _viewer() -> NotesParser:
    parser = NotesParser()
    parser.options["html"] = True
    return parser


def html_as_text(notes: str) -> str:
    """Return `notes` (Markdown) with each tag, comment and declaration escaped that would act as HTML."""
    rows = notes.split("\n")
    for round_ in range(_ROUNDS + 1):
        acting = [
            (token.type, token.map[0], token.map[1])
            for token in _viewer().parse("\n".join(rows))
            if token.map
            and (token.type == "html_block" or any(each.type == "html_inline" for each in token.children or ()))
        ]
        if not acting:
            break
        for kind, first, last in acting:
            # below a fence, brackets may turn out to be code
            fences = [row for row in range(first + 1, last) if _FENCE.match(rows[row])] if kind == "html_block" else []
            stop = fences[0] if fences else last
            text = "\n".join(rows[first:stop])
            escaped = text.replace("<", "&lt;") if round_ == _ROUNDS else _escaped(text)
            if escaped == text:
                escaped = text.replace("<", "&lt;")
            rows[first:stop] = escaped.split("\n")
    return "\n".join(rows)


def _escaped(text: str) -> str:
    """`text` with every tag outside of code escaped; addresses in angle brackets stay links."""
    done, at = [], 0
    for code in _CODE.finditer(text):
        done += [_tags_escaped(text[at : code.start()]), code.group()]
        at = code.end()
    return "".join([*done, _tags_escaped(text[at:])])


def _tags_escaped(text: str) -> str:
    def escaped(found: re.Match[str]) -> str:
        slashes = found.group()[:-1]
        if len(slashes) % 2 or _AUTOLINK.match(text, found.end() - 1):
            return found.group()
        return f"{slashes}\\<"

    return _TAG.sub(escaped, text)
