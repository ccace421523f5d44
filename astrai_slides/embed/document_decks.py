"""Decks that documents show, built for them: each in a process of its own, and only where it was not done before."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.embed.command import run

NAME = "astrai-slides"
"""What a directive, a block and a plugin are called."""
FOLDER = "_decks"
"""Where decks lie in the HTML that comes of the documents."""
NO_VARIANTS = "no_variants"
"""The option that leaves out what other values of a deck's knobs show."""
_MOST_AT_ONCE = 4
_DIGITS = 8
_IN_NO_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class DocumentDeck:
    """A deck that a document shows: `scene` of `file`, to be built as `name`.html."""

    name: str
    file: Path
    scene: str
    options: tuple[str, ...]
    where: str
    """The document, and the line that asks for the deck."""
    inline: str = ""
    """The document that holds the deck's code, if it is no file of its own."""
    is_talk: bool = False
    """Whether `file` is a talk file, and `scene` but its name."""


def name_of(document: str, scene: str, before: int) -> str:
    """What the deck with `scene` is called that comes after `before` others in its document, and no other deck is.

    A document in a folder, guide/intro, must not have its decks written over by those of guide-intro.
    """
    whole = f"{document}-{scene}-{before + 1}"
    name = _IN_NO_NAME.sub("-", whole)
    return name if name == whole else f"{name}-{hashlib.sha256(whole.encode()).hexdigest()[:_DIGITS]}"


def write_code(file: Path, code: str) -> None:
    """Write a deck's code, unless `file` holds it."""
    if not file.is_file() or file.read_text("utf-8") != code:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, "utf-8")


def build_all(every: Sequence[DocumentDeck], out: Path, warn: Callable[[DocumentDeck, str], object]) -> list[str]:
    """Build decks into the folder `out`; returns why some failed. `warn` gets each warning, from any thread."""
    with ThreadPoolExecutor(min(_MOST_AT_ONCE, os.cpu_count() or 1)) as threads:
        return [error for error in threads.map(lambda each: _error_of(each, out, warn), every) if error]


def _error_of(wanted: DocumentDeck, out: Path, warn: Callable[[DocumentDeck, str], object]) -> str:
    """Build a deck; return why that failed, empty if it did not."""
    options = ["--to", "html", "--out", str(out), "--name", wanted.name, *wanted.options]
    done = run(["build", *options], [str(wanted.file)] + [wanted.scene] * (not wanted.is_talk))
    if not done.error:
        for each in [each["text"] for some in done.data["warnings"].values() for each in some]:
            warn(wanted, each)
        return ""
    error = done.error.replace(str(wanted.file), wanted.inline) if wanted.inline else done.error
    return f"{wanted.where}: {error}"
