"""Speaker notes: Markdown to HTML that can execute nothing and load nothing."""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from astrai_slides.export.shared.notes_parser import NotesParser

TITLE_LEVEL = 2
"""A step's title is a heading of this level; those of its notes are below it."""

LOWEST_LEVEL = 6


@cache
def _parser() -> NotesParser:
    # Pictures are their description (nothing may be loaded), links open beside the deck.
    parser = NotesParser()
    parser.core.ruler.push("below_the_title", _lower_headings)
    parser.add_render_rule("image", _description)
    parser.add_render_rule("link_open", _link)
    return parser


def notes_html(notes: str) -> str:
    """Return `notes` (Markdown) as HTML. Raw HTML in it is shown as text."""
    html: str = _parser().render(notes)
    return html.strip()


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + TITLE_LEVEL, LOWEST_LEVEL)}"


def _description(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    words = renderer.renderInlineAsText(token.children, options, env) if token.children else token.content
    return f"<em>{_escaped(words)}</em>"


def _link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
