"""What this project needs of reveal.js that reveal.js does not promise, at the version that is known.

The JavaScript side is `player/reveal_adapter.js`. After an upgrade, tests/export/html/test_reveal.py names what
is different.

The build reads this module by itself, without the package's dependencies: it imports nothing but the standard library.
"""

import re
from pathlib import Path

VERSION = "5.2.1"
"""The reveal.js that this module and the player know."""

WHEEL = "sphinx_revealjs"
"""The package that carries reveal.js; pyproject.toml pins its version for the build."""

FILES = ("dist/reveal.js", "dist/reveal.css", "LICENSE")
"""What a deck holds of it."""


_RULE = re.compile(r"(/\*.*?\*/\s*)?([^{}]+)(\{[^{}]*\})", re.DOTALL)
_NO_RULES = re.compile(r"@(?:media|supports)[^{};]*\{\}")
_SELECTORS = re.compile(r",(?![^()]*\))")
_UNUSED = re.compile(
    r"\[data-(?:background-)?transition(?:-speed)?[\^~*]?=[\"']?(?!none)"
    r"|\.reveal\.(?:slide|linear|default|convex|concave|zoom|cube|page|fade|center\.cube)\b"
    r"|^\.r-|\.reveal \.r-|stretch\b|\.(?:items|justify)-"
    r"|\.fragment\.(?!visible|disabled)"
    r"|\.controls[ \[]|\.(?:playback|jump-to-slide|hljs|roll|zoomed|nestedarrow|show-notes|notes-placeholder|rtl)\b"
    r"|\.speaker-notes(?:-pdf|[ :])|\.(?:reveal-scroll|loading-scroll-mode|scrollbar)\b"
    r"|parallax|data-auto-animate|data-preview|\bvideo\b|\biframe\b"
)
"""Selectors of what the player's settings and pages leave out: transitions, layouts and highlighted code of slides that
are written as HTML, kinds of fragments, reveal.js's own controls, notes, jumps, links shown above, scrolled decks."""


class UnknownRevealError(ValueError):
    """This reveal.js is not the one that is known; the message says what is different."""


def find(package: Path) -> Path:
    """Return the folder of reveal.js in the package that carries it. Raises UnknownRevealError without one."""
    found = sorted(package.rglob("dist/reveal.js"))
    if not found:
        raise UnknownRevealError(f"the package {WHEEL} holds no dist/reveal.js")
    return found[0].parent.parent


def read(folder: Path) -> dict[str, str]:
    """Return the text of each of `FILES`, by its name without folders.

    Raises UnknownRevealError if one is missing or this is another version.
    """
    texts = {Path(name).name: _text(folder, name) for name in FILES}
    if f'"{VERSION}"' not in texts["reveal.js"]:
        raise UnknownRevealError(
            f"this is not reveal.js {VERSION}, which astrai_slides/export/html/reveal.py knows; pin the package that "
            f"carries that one, or run tests/export/html/test_reveal.py with the new one and set VERSION"
        )
    return texts


def without_unused(style: str) -> str:
    """Leave out of reveal.js's `style` the rules of which no deck shows anything. What names its makers stays."""

    def rule(found: re.Match[str]) -> str:
        kept = [each for each in _SELECTORS.split(found[2]) if not _UNUSED.search(each)]
        return (found[1] or "") + (",".join(kept) + found[3] if kept else "")

    return _NO_RULES.sub("", _RULE.sub(rule, style))


def _text(folder: Path, name: str) -> str:
    file = folder / name
    if not file.is_file():
        raise UnknownRevealError(f"reveal.js has no file {name}")
    return file.read_bytes().decode("utf-8").replace("\r\n", "\n")
