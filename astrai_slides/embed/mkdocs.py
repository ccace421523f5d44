"""The MkDocs plugin `astrai-slides`, which shows decks where a page has a block of that name; needs the extra `mkdocs`.

A block begins with three backticks and `astrai-slides slides/deck.py:Scene` (a file from the folder of mkdocs.yml,
where a talk file stands alone), or `astrai-slides Scene` with the deck's code in it. docs/documents.md has its options.
Decks are built when all pages are read, each in a process of its own, into the folder `_decks` of the site.
"""

import os
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

from astrai_slides.embed.command import run
from astrai_slides.embed.frame import EMBEDDED, frame, shape_of
from astrai_slides.embed.manim_slides_options import page_options

NAME = "astrai-slides"
FOLDER = "_decks"
"""Where decks lie in the site."""
_MOST_AT_ONCE = 4
_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<line>[^\n`]*)\n"
    r"(?P<code>.*?)^(?P=indent)(?P=fence)[`~]*[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
"""A fenced block of any kind, as one inside another is only shown."""
_NO_NAME = re.compile(r"[^\w.-]+")
_BUILD_OPTIONS = {"quality", "css"}

_log = get_plugin_logger(NAME)


@dataclass(frozen=True)
class PageDeck:
    """A deck that a page shows: `scene` of `file`, to be built as `name`.html."""

    name: str
    file: Path
    scene: str
    options: tuple[str, ...]
    where: str
    """The page, and the line of the block."""
    inline: str = ""
    """The page that holds the deck's code, if it is no file of its own."""
    is_talk: bool = False
    """Whether `file` is a talk file, and `scene` but its name."""

    @property
    def mark(self) -> str:
        """What stands in the page until the deck is built."""
        return f'<div data-{NAME}="{self.name}"></div>'


class NoSettings(Config):  # type: ignore[no-untyped-call]
    """The plugin has none: what a deck needs stands with it."""


class AstraiSlidesPlugin(BasePlugin[NoSettings]):  # type: ignore[no-untyped-call]
    """Decks in the pages of a site."""

    def __init__(self) -> None:
        self._pages: dict[str, list[PageDeck]] = {}

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
            return f"{indent}{wanted.mark}{listing}\n"

        return _BLOCK.sub(shown, markdown)

    def _read(
        self, block: re.Match[str], line: int, where: str, before: int, page: Page, config: MkDocsConfig
    ) -> tuple[PageDeck, bool]:
        _, *words_of_block = shlex.split(block["line"])
        if not words_of_block:
            raise PluginError(f"{where}: name a deck: {NAME} file.py:Scene, or {NAME} Scene above its code")
        target, *options = words_of_block
        root = Path(config.config_file_path or ".").parent
        named, colon, scene = target.rpartition(":")
        is_talk = not colon and target.endswith(".toml")
        if is_talk:
            named, colon, scene = target, ":", Path(target).stem
        name = _NO_NAME.sub("-", f"{page.file.src_uri.rpartition('.')[0]}-{scene}-{before + 1}")
        words = []
        for each in [each for each in options if each.partition("=")[0] in _BUILD_OPTIONS]:
            key, _, value = each.partition("=")
            words += [f"--{key}", str(root / value) if key == "css" else value]
        hides = "hide_source" in options
        rest = [each for each in options if each != "hide_source" and each.partition("=")[0] not in _BUILD_OPTIONS]
        asked = page_options(rest)
        for each in asked.refused:
            _log.warning("%s: %s", where, each)
        words += asked.words
        if colon:
            return PageDeck(name, root / named, scene, tuple(words), where, is_talk=is_talk), hides
        if not block["code"].strip():
            raise PluginError(
                f"{where}: {scene}: write the deck's code into the block, or name its file: file.py:{scene}"
            )
        file = root / ".cache" / NAME / "pages" / f"{name}.py"
        indent = len(block["indent"])
        # numbered as in the page, so that errors name the right lines
        code = "\n" * line + "".join(each[indent:] or "\n" for each in block["code"].splitlines(keepends=True))
        if not file.is_file() or file.read_text("utf-8") != code:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code, "utf-8")
        return PageDeck(name, file, scene, tuple(words), where, page.file.src_uri), hides

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Build every deck, unless that was done; raises PluginError naming each that failed."""
        every = [each for some in self._pages.values() for each in some]
        out = Path(config.site_dir) / FOLDER
        with ThreadPoolExecutor(min(_MOST_AT_ONCE, os.cpu_count() or 1)) as threads:
            errors = [error for error in threads.map(lambda each: _error_of(each, out), every) if error]
        if errors:
            raise PluginError("\n".join(errors))

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put a frame in place of each mark."""
        for each in self._pages.get(page.file.src_uri, ()):
            name = f"{each.name}.html"
            address = get_relative_url(f"{FOLDER}/{name}", page.url) + EMBEDDED
            shape = shape_of(Path(config.site_dir) / FOLDER / name)
            output = output.replace(each.mark, frame(address, each.scene, shape))
        return output

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Have pages built again when a deck is edited."""
        for file in {each.file for some in self._pages.values() for each in some if not each.inline}:
            server.watch(str(file))
        return server


def _error_of(wanted: PageDeck, out: Path) -> str:
    """Build a deck; return why that failed, empty if it did not."""
    options = ["--to", "html", "--out", str(out), "--name", wanted.name, *wanted.options]
    done = run(["build", *options], [str(wanted.file)] + [wanted.scene] * (not wanted.is_talk))
    if not done.error:
        for each in [each["text"] for some in done.data["warnings"].values() for each in some]:
            _log.warning("%s: %s: %s", wanted.where, wanted.scene, each)
        return ""
    error = done.error.replace(str(wanted.file), wanted.inline) if wanted.inline else done.error
    return f"{wanted.where}: {error}"
