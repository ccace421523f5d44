"""Styles of a user's own, as a deck can hold them: one file, with what it points to inside, and nothing of a network.

The page's policy lets nothing be loaded in any case; here is said where, so that nobody waits for a font on stage.
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from astrai_slides.base.ordinary import refuse_special
from astrai_slides.errors import AstraiSlidesError

KINDS = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""What `url()` may point to: the media type by the file's ending."""

_LOADING = {"src(", "image(", "image-set(", "-webkit-image-set("}
"""Functions that load what a bare text in them names."""
_TOKEN = re.compile(
    r"""
    /\*.*?(?:\*/|\Z)
  | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
  | @?-{0,2}(?:[\w-] | \\[0-9a-fA-F]{1,6}\s? | \\[^\n0-9a-fA-F])+\(?
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_ARGUMENT = re.compile(
    r"""\s*(?: "((?:[^"\\\n]|\\.)*)" | '((?:[^'\\\n]|\\.)*)' | ((?:[^"'()\\\s]|\\.)*) )\s*\)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|\n|(.))", re.DOTALL)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def inlined(path: Path) -> str:
    """Return the style rules of the file at `path`, with the files that `url()` names in them as data.

    Such names are looked for beside `path`. Raises AstraiSlidesError, with file and line, for what would ask a network
    or another style sheet (`@import`), and for a file that is not there or that no rule can use.
    """
    text = _read(path)
    return "".join(_pieces(path, text)).replace("</", "<\\/")


def _read(path: Path) -> str:
    try:
        refuse_special(path)
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise AstraiSlidesError(f"{path}: there is no such file; name a CSS file") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise AstraiSlidesError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise AstraiSlidesError(f"{path}: cannot be read: {error.strerror or error}; name a CSS file") from error


def _pieces(path: Path, text: str) -> Iterator[str]:
    at = 0
    while found := _TOKEN.match(text, at):
        token, line = found[0], text.count("\n", 0, at) + 1
        at = found.end()
        word = "" if token[0] in "\"'/" else _unescaped(token).lower()
        if word == "@import":
            raise AstraiSlidesError(f"{path}, line {line}: @import; put the rules of that file into this one")
        if word in _LOADING:
            raise AstraiSlidesError(f"{path}, line {line}: {word}...); write url(...) in its place")
        if word != "url(":
            yield token
            continue
        argument = _ARGUMENT.match(text, at)
        if argument is None:
            raise AstraiSlidesError(f"{path}, line {line}: url( has no end; close it with )")
        at = argument.end()
        yield f'url("{_data(path, line, _unescaped(next(filter(None, argument.groups()), "")))}")'


def _data(path: Path, line: int, address: str) -> str:
    """`address` as what needs nothing beside the page: a fragment and data as they are, a file as data."""
    if address.startswith(("#", "data:")):
        return address.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    if _SCHEME.match(address):
        raise AstraiSlidesError(
            f"{path}, line {line}: url({address:.80}) is not in the deck, which asks nothing of a network; "
            f"put the file beside {path.name} and write its name"
        )
    file = path.parent / unquote(re.split("[?#]", address, maxsplit=1)[0])
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise AstraiSlidesError(f"{path}, line {line}: url({address:.80}) is none of {', '.join(sorted(KINDS))}")
    try:
        refuse_special(file)
        content = file.read_bytes()
    except AstraiSlidesError as error:
        raise AstraiSlidesError(f"{path}, line {line}: {error}") from None
    except OSError:
        raise AstraiSlidesError(f"{path}, line {line}: there is no file {file}; put it there, or mend url()") from None
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _unescaped(text: str) -> str:
    """`text` as CSS reads it."""
    return _ESCAPE.sub(lambda found: _character(found[1]) if found[1] else found[2] or "", text)


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
