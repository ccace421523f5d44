"""What was put together when the package was built: the player as one script, reveal.js, and the scripts' hashes."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError

FOLDER = Path(__file__).parent.parent / "_built"
"""Where `scripts/page_files.py` writes it. Never committed."""

SOURCES = Path(__file__).parent.parent / "player"
"""The player's modules; only a checkout has them, and there what was built must be made of them."""

SCRIPTS = ("support.js", "reveal.js", "player.js")
"""The scripts of a deck, in the order in which they run."""

_IN_A_CHECKOUT = "python scripts/page_files.py"


@dataclass(frozen=True)
class BuiltPlayer:
    """Everything of a deck's page that is the same in every deck, but for its template and its own styles."""

    scripts: tuple[str, ...]
    """As they stand in the page: nothing in them ends a script element."""
    hashes: tuple[str, ...]
    """SHA-256 in base64 of each script."""
    reveal_css: str
    reveal_licence: str


@cache
def built() -> BuiltPlayer:
    """Read it. Raises AstraiSlidesError if a file is missing or damaged, or the player was edited since."""
    told = _told()
    _refuse_edited(told["sources"])
    hashes = tuple(told["scripts"].get(name, "") for name in SCRIPTS)
    scripts = tuple(_script(name, hash_) for name, hash_ in zip(SCRIPTS, hashes, strict=True))
    return BuiltPlayer(scripts, hashes, _text("reveal.css"), _text("LICENSE"))


def _told() -> Mapping[str, Mapping[str, str]]:
    try:
        told: Mapping[str, Mapping[str, str]] = json.loads(_text("hashes.json"))
        return {key: dict(told[key]) for key in ("scripts", "sources")}
    except (ValueError, KeyError, TypeError):
        raise _missing("hashes.json") from None


def _text(name: str) -> str:
    file = FOLDER / name
    if not file.is_file():
        raise _missing(name)
    return file.read_bytes().decode("utf-8")


def _script(name: str, known: str) -> str:
    """A browser would not run a script with another hash than the policy names, and would show nothing."""
    text = _text(name)
    if base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") != known:
        raise _missing(name)
    return text


def _missing(name: str) -> AstraiSlidesError:
    return AstraiSlidesError(
        f"{name}, a part of every HTML deck, is missing from the installed package or damaged; install astrai-slides "
        f"again with pip, which brings it along (in a checkout: {_IN_A_CHECKOUT})"
    )


def _refuse_edited(known: Mapping[str, str]) -> None:
    """In a checkout a player that was put together of other files would be shown without a word."""
    sources = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in SOURCES.glob("*.js")}
    if not sources or sources == known:
        return
    edited = sorted(name for name in {*sources, *known} if sources.get(name) != known.get(name))
    raise AstraiSlidesError(
        f"{SOURCES / edited[0]} was changed since the player was put together; put it together again: {_IN_A_CHECKOUT}"
    )
