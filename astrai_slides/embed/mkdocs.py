"""The MkDocs plugin `astrai-slides`, which shows decks where a page has a block of that name; needs the extra `mkdocs`.

A block begins with three backticks and `astrai-slides slides/deck.py:Scene` (a file from the folder of mkdocs.yml,
where a talk file stands alone), or `astrai-slides Scene` with the deck's code in it. docs/documents.md has its options.
Decks are built when all pages are read, each in a process of its own, into the folder `_decks` of the site.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from astrai_slides.embed.document_decks import FOLDER, NAME, NO_VARIANTS, DocumentDeck, build_all, name_of, write_code
from astrai_slides.embed.frame import EMBEDDED, frame, shape_of
from astrai_slides.embed.manim_slides_options import page_options, words_in

_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<line>[^\n`]*)\n"
    r"(?P<code>.*?)^(?P=indent)(?P=fence)[`~]*[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
"""A fenced block of any kind, as one inside another is only shown."""
_BUILD_OPTIONS = {"quality", "css"}
_FLAGS = {"hide_source", NO_VARIANTS}

_log = get_plugin_logger(NAME)


class NoSettings(Config):  # type: ignore[no-untyped-call]
    """The plugin has none: what a deck needs stands with it."""


class AstraiSlidesPlugin(BasePlugin[NoSettings]):  # type: ignore[no-untyped-call]
    """Decks in the pages of a site."""

    def __init__(self) -> None:
        self._pages: dict[str, list[DocumentDeck]] = {}

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Forget the pages of the build before."""
        self._pages.clear()

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Put a mark in place of each block; raises PluginError for one that cannot be read."""
        source = page.file.content_string if page.file.abs_src_path else markdown
        found = self._pages[page.file.src_uri] = []

        def shown(block: re.Match[str]) -> str:
            if block["line"].split()[:1] != [NAME]:
                return block[0]
            line = source[: max(0, source.find(block[0]))].count("\n") + 1
            wanted, hides = self._read(block, line, f"{page.file.src_uri}:{line}", len(found), page, config)
            found.append(wanted)
            indent, code = block["indent"], block["code"]
            listing = "" if hides or not code.strip() else f"\n\n{indent}```python\n{code}{indent}```"
            return f"{indent}{_mark_of(wanted)}{listing}\n"

        return _BLOCK.sub(shown, markdown)

    def _read(
        self, block: re.Match[str], line: int, where: str, before: int, page: Page, config: MkDocsConfig
    ) -> tuple[DocumentDeck, bool]:
        try:
            _, *words_of_block = words_in(block["line"])
        except ValueError as error:
            raise PluginError(f"{where}: {error}") from None
        if not words_of_block:
            raise PluginError(f"{where}: name a deck: {NAME} file.py:Scene, or {NAME} Scene above its code")
        target, *options = words_of_block
        root = Path(config.config_file_path or ".").parent
        named, colon, scene = target.rpartition(":")
        is_talk = not colon and target.endswith(".toml")
        if is_talk:
            named, colon, scene = target, ":", Path(target).stem
        name = name_of(page.file.src_uri.rpartition(".")[0], scene, before)
        words = []
        for each in [each for each in options if each.partition("=")[0] in _BUILD_OPTIONS]:
            key, _, value = each.partition("=")
            words += [f"--{key}", str(root / value) if key == "css" else value]
        hides = "hide_source" in options
        words += ["--no-variants"] * (NO_VARIANTS in options)
        rest = [each for each in options if each not in _FLAGS and each.partition("=")[0] not in _BUILD_OPTIONS]
        asked = page_options(rest)
        for each in asked.refused:
            _log.warning("%s: %s", where, each)
        words += asked.words
        if colon:
            return DocumentDeck(name, root / named, scene, tuple(words), where, is_talk=is_talk), hides
        if not block["code"].strip():
            raise PluginError(
                f"{where}: {scene}: write the deck's code into the block, or name its file: file.py:{scene}"
            )
        file = root / ".cache" / NAME / "pages" / f"{name}.py"
        indent = len(block["indent"])
        # numbered as in the page, so that errors name the right lines
        code = "\n" * line + "".join(each[indent:] or "\n" for each in block["code"].splitlines(keepends=True))
        write_code(file, code)
        return DocumentDeck(name, file, scene, tuple(words), where, page.file.src_uri), hides

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Build every deck, unless that was done; raises PluginError naming each that failed."""
        every = [each for some in self._pages.values() for each in some]
        errors = build_all(every, Path(config.site_dir) / FOLDER, _warn)
        if errors:
            raise PluginError("\n".join(errors))

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put a frame in place of each mark."""
        for each in self._pages.get(page.file.src_uri, ()):
            name = f"{each.name}.html"
            address = get_relative_url(f"{FOLDER}/{name}", page.url) + EMBEDDED
            shape = shape_of(Path(config.site_dir) / FOLDER / name)
            output = output.replace(_mark_of(each), frame(address, each.scene, shape))
        return output

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Have pages built again when a deck is edited."""
        for file in {each.file for some in self._pages.values() for each in some if not each.inline}:
            server.watch(str(file))
        return server


def _mark_of(wanted: DocumentDeck) -> str:
    """What stands in the page until the deck is built."""
    return f'<div data-{NAME}="{wanted.name}"></div>'


def _warn(wanted: DocumentDeck, text: str) -> None:
    _log.warning("%s: %s: %s", wanted.where, wanted.scene, text)
