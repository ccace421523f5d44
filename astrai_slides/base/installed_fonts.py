"""Which fonts the machine has: a text that lacks a glyph is set in another, so one that is added may change a deck."""

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FOLDER = re.compile(r"""<dir\b([^>]*)>\s*([^<]+?)\s*</dir>""")
_PREFIX = re.compile(r"""\bprefix\s*=\s*["'](\w+)["']""")


def fonts_digest() -> str:
    """Return the SHA-256 of the names, sizes and times of all font files that the machine's own programs would find."""
    whole = hashlib.sha256()
    seen: set[str] = set()
    for folder in font_folders():
        for line in _files(os.path.realpath(folder), seen):
            whole.update(f"{line}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def font_folders() -> list[str]:
    """The folders in which this system keeps fonts, whether or not they exist; also files that choose among fonts."""
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return ["/System/Library/Fonts", "/Library/Fonts", f"{home}/Library/Fonts"]
    if sys.platform == "win32":
        windows, local = os.environ.get("WINDIR", r"C:\Windows"), os.environ.get("LOCALAPPDATA", home)
        return [rf"{windows}\Fonts", rf"{local}\Microsoft\Windows\Fonts"]
    return list(dict.fromkeys(_folders_of_fontconfig(home)))


def _folders_of_fontconfig(home: str) -> Iterator[str]:
    """Those of its settings, and those that it has when it is not told."""
    data = os.environ.get("XDG_DATA_HOME") or f"{home}/.local/share"
    settings = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    main = os.environ.get("FONTCONFIG_FILE") or f"{os.environ.get('FONTCONFIG_PATH') or '/etc/fonts'}/fonts.conf"
    beside = f"{os.path.dirname(main)}/conf.d"
    own = f"{settings}/fontconfig"
    yield from ("/usr/share/fonts", "/usr/local/share/fonts", f"{data}/fonts", f"{home}/.fonts", main, beside, own)
    for each in (os.environ.get("XDG_DATA_DIRS") or "").split(os.pathsep):
        if each:
            yield f"{each}/fonts"
    for file in (main, *_xml(beside), *_xml(own), *_xml(f"{own}/conf.d")):
        try:
            text = Path(file).read_text("utf-8", "replace")
        except OSError:
            continue
        for attributes, folder in _FOLDER.findall(text):
            prefix = _PREFIX.search(attributes)
            if prefix and prefix[1] == "xdg":
                yield os.path.join(data, folder)
            else:
                yield os.path.join(os.path.dirname(file), os.path.expanduser(folder))


def _xml(folder: str) -> list[str]:
    try:
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".conf"))
    except OSError:
        return []


def _files(path: str, seen: set[str]) -> Iterator[str]:
    """A line for each file at or below `path`, in an order that is always the same; `seen` folders are left out."""
    if path in seen:
        return
    seen.add(path)
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except NotADirectoryError:
        entries = []
        with suppress(OSError):  # it is below what is no folder
            yield _line(path, os.stat(path))
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir():
                yield from _files(os.path.realpath(entry.path), seen)
            else:
                yield _line(entry.path, entry.stat())
        except OSError:
            continue  # removed meanwhile, or a link to nothing


def _line(path: str, status: os.stat_result) -> str:
    return f"{path} {status.st_size} {status.st_mtime_ns}"
