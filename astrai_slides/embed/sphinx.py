"""The Sphinx directive `.. astrai-slides::`, which shows a deck where it is written; needs the extra `sphinx`.

`extensions = ["astrai_slides.embed.sphinx"]` in conf.py. It takes what `.. manim-slides::` takes, and that name too
with `astrai_slides_for_manim_slides = True`; docs/documents.md has its options. Decks are built when all documents are
read, each in a process of its own, into the folder `_decks` of the HTML.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from astrai_slides import __version__
from astrai_slides.embed.document_decks import FOLDER, NAME, NO_VARIANTS, DocumentDeck, build_all, name_of, write_code
from astrai_slides.embed.frame import EMBEDDED, frame, shape_of
from astrai_slides.embed.manim_slides_options import page_options, words_in

SKIP = ("skip-astrai-slides", "skip-manim-slides")
"""Tags, and environment variables in capitals, with which no deck is built."""
_QUALITIES = {"low": "l", "medium": "m", "high": "h", "fourk": "k"}

_log = logging.getLogger(__name__)


class deck(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801 (docutils names a visitor by it)
    """A deck; `name` is its file, `title` what a screen reader says. Its children are for what shows no HTML."""


class AstraiSlidesDirective(SphinxDirective):
    """`.. astrai-slides:: Scene` with the deck's code, or `.. astrai-slides:: file.py:Scene`."""

    has_content = True
    required_arguments = 1
    optional_arguments = 0
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "hide_source": directives.flag,
        NO_VARIANTS: directives.flag,
        "quality": lambda value: directives.choice(value, tuple(_QUALITIES)),
        "ref_modules": directives.unchanged,
        "ref_classes": directives.unchanged,
        "ref_functions": directives.unchanged,
        "ref_methods": directives.unchanged,
        "config_options": directives.unchanged,
        "template": directives.unchanged,
        "css": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Note that the deck is to be built, and return what stands in its place."""
        if _skipped(self.env.app):
            return self._placeholder()
        named, colon, scene = self.arguments[0].rpartition(":")
        source, lines, first = self._code()
        if colon:
            relative, path = self.env.relfn2path(named)
            self.env.note_dependency(relative)
            file = Path(path)
            inline = ""
        else:
            if not lines:
                raise self.error(f"{scene}: write the deck's code below, or name its file: file.py:{scene}")
            file = self._written(scene, "\n" * first + "\n".join(lines) + "\n")
            inline = source
        wanted = DocumentDeck(
            file.stem if inline else self._name(scene), file, scene, self._options(), self._where(), inline
        )
        _wanted(self.env).setdefault(self.env.docname, []).append(wanted)
        shown = deck(name=wanted.name, title=scene)
        shown += nodes.paragraph("", f"({scene}: an animated deck, which is shown where this is read as HTML.)")
        if "hide_source" in self.options:
            return [shown]
        return self._example(scene, shown)

    def _code(self) -> tuple[str, list[str], int]:
        """The code below the directive: the document it stands in, its lines, and how many come before them there."""
        lines = list(self.content)
        if not lines:
            return self.get_source_info()[0], [], 0
        source, first = self.content.items[0]
        if lines[0].startswith(">>> "):
            # what is printed stays as an empty line, so that lines are numbered as in the document
            lines = [line[4:] if line.startswith((">>> ", "... ")) else "" for line in lines]
        return str(source), lines, int(first or 0)

    def _written(self, scene: str, code: str) -> Path:
        """The code as a file, whose lines are numbered as in the document, so that errors name the right ones."""
        file = Path(self.env.doctreedir) / NAME / f"{self._name(scene)}.py"
        write_code(file, code)
        return file

    def _name(self, scene: str) -> str:
        before = len(_wanted(self.env).get(self.env.docname, ()))
        return name_of(self.env.docname, scene, before)

    def _where(self) -> str:
        source, line = self.get_source_info()
        return f"{source}:{line}"

    def _options(self) -> tuple[str, ...]:
        words = ["--no-variants"] * (NO_VARIANTS in self.options)
        if "quality" in self.options:
            words += ["--quality", _QUALITIES[self.options["quality"]]]
        if "css" in self.options:
            relative, path = self.env.relfn2path(self.options["css"])
            self.env.note_dependency(relative)
            words += ["--css", path]
        try:
            page = page_options(words_in(self.options.get("config_options", "")))
        except ValueError as error:
            raise self.error(f"config_options: {error}") from None
        refused = list(page.refused)
        if "template" in self.options:
            refused.append("template: a deck runs no scripts but its own; css names a file with styles")
        for each in refused:
            _log.warning("%s: %s", NAME, each, location=self.get_location(), type=NAME, subtype="option")
        return (*words, *page.words)

    def _example(self, scene: str, shown: deck) -> list[nodes.Node]:
        """The deck, its source and what it refers to, as an example with a title."""
        example = nodes.admonition(classes=["admonition", NAME], ids=[nodes.make_id(scene)])
        example += nodes.title("", f"Example: {scene}")
        example += shown
        if self.content:
            source = "\n".join(self.content)
            example += nodes.literal_block(source, source, language="python")
        references = [
            f":{role}:`~.{name}`"
            for option, role in (("modules", "mod"), ("classes", "class"), ("functions", "func"), ("methods", "meth"))
            for name in self.options.get(f"ref_{option}", "").split()
        ]
        if references:
            text = StringList([f"References: {' '.join(references)}"], source=self.get_source_info()[0])
            self.state.nested_parse(text, self.content_offset, example)
        return [example]

    def _placeholder(self) -> list[nodes.Node]:
        node = nodes.admonition(classes=["admonition", NAME])
        node += nodes.title("", "Example placeholder")
        node += nodes.paragraph("", f"Placeholder for {self.arguments[0]}.")
        if self.content:
            source = "\n".join(self.content)
            node += nodes.literal_block(source, source, language="python")
        return [node]


def _skipped(app: Sphinx) -> bool:
    names = [each.replace("-", "_").upper() for each in SKIP]
    return (
        app.builder.name == "gettext"
        or any(name in os.environ for name in names)
        or any(app.tags.has(name) for name in SKIP)
    )


def _wanted(env: BuildEnvironment) -> dict[str, list[DocumentDeck]]:
    """The decks of every document, which Sphinx keeps from one build to the next."""
    if not hasattr(env, "astrai_slides"):
        env.astrai_slides = {}  # type: ignore[attr-defined]
    found: dict[str, list[DocumentDeck]] = env.astrai_slides  # type: ignore[attr-defined]
    return found


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _wanted(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Sequence[str], other: BuildEnvironment) -> None:
    _wanted(env).update({name: wanted for name, wanted in _wanted(other).items() if name in docnames})


def _build(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Build every deck that changed, whatever it was that did; raises ExtensionError naming each that failed."""
    if not _shows_decks(app.builder) or _skipped(app):
        return []
    every = [each for some in _wanted(env).values() for each in some]
    errors = build_all(every, Path(app.outdir) / FOLDER, _warn)
    if errors:
        raise ExtensionError("\n".join(errors), modname=__name__)
    return []


def _warn(wanted: DocumentDeck, text: str) -> None:
    _log.warning("%s: %s", wanted.scene, text, location=wanted.where, type=NAME, subtype="deck")


def _shows_decks(builder: Any) -> bool:
    return bool(builder.format == "html" and builder.name != "epub")


def _visit_html(translator: Any, node: deck) -> None:
    builder = translator.builder
    if not _shows_decks(builder):
        return
    name = f"{node['name']}.html"
    file = Path(builder.outdir) / FOLDER / name
    base = builder.get_target_uri(builder.current_docname)
    address = relative_uri(base, f"{FOLDER}/{name}{EMBEDDED}")
    translator.body.append(frame(address, node["title"], shape_of(file)) + "\n")
    raise nodes.SkipNode


def _pass(translator: Any, node: deck) -> None:
    """What shows no HTML shows the sentence inside."""


def _directives(app: Sphinx, config: Any) -> None:
    if config.astrai_slides_for_manim_slides:
        app.add_directive("manim-slides", AstraiSlidesDirective, override=True)


def setup(app: Sphinx) -> Mapping[str, Any]:
    """Tell Sphinx of the directive."""
    passed = (_pass, _pass)
    app.add_node(deck, html=(_visit_html, _pass), latex=passed, text=passed, man=passed, texinfo=passed)
    app.add_directive(NAME, AstraiSlidesDirective)
    app.add_config_value("astrai_slides_for_manim_slides", default=False, rebuild="env", types=[bool])
    app.connect("config-inited", _directives)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _build)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
