"""Put together what every HTML deck holds: the player as one script, reveal.js, and their hashes for the page's policy.

The build of the wheel and an editable install do this (hatch_build.py), `make` and the tests do it again where a
player file was edited; by hand: `python scripts/page_files.py`. The result lies in a folder that is not committed.
"""

import argparse
import base64
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from bundle import bundle, stripped, tokens  # noqa: E402

TARGET = Path("astrai_slides") / "export" / "_built"
"""Where everything is written, below the checkout's root; `astrai_slides/export/html/built.py` reads it."""

PLAYER = Path("astrai_slides") / "export" / "player"
ENTRY = "main.js"
SUPPORT = "support.js"
"""The one player file that is no module: it runs before anything that an old browser may not understand."""

REVEAL_SCRIPTS = ("reveal.js",)
STYLE = "reveal.css"
_REVEAL_FILES = (*REVEAL_SCRIPTS, STYLE, "LICENSE")
_SCRIPT_END = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)


def load_reveal(root: Path) -> ModuleType:
    """Return what is known of reveal.js, without importing the package, whose dependencies a build does not have."""
    file = root / "astrai_slides" / "export" / "html" / "reveal.py"
    spec = importlib.util.spec_from_file_location("known_reveal", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(root: Path, package: Path) -> None:
    """Write everything, with the reveal.js that `package` carries.

    Raises ValueError, with a sentence, if a file is missing or a module or reveal.js is not as it should be.
    """
    reveal = load_reveal(root)
    folder = reveal.find(package)
    texts = reveal.read(folder)
    texts[STYLE] = reveal.without_unused(texts[STYLE])
    hashes = {name: _hash(_in_a_page(texts[name])) for name in REVEAL_SCRIPTS}
    _write(root, texts, hashes, reveal.VERSION)


def refresh(root: Path) -> None:
    """Put the player together again, and bring reveal.js where it is not there yet. Raises as `build` does."""
    reveal = load_reveal(root)
    target = root / TARGET
    try:
        told = json.loads((target / "hashes.json").read_text("utf-8"))
        texts = {name: (target / name).read_bytes().decode("utf-8") for name in _REVEAL_FILES}
        hashes = {name: told["scripts"][name] for name in REVEAL_SCRIPTS}
        there = told["reveal.js"] == reveal.VERSION and all(
            _hash(texts[name]) == hashes[name] for name in REVEAL_SCRIPTS
        )
    except (OSError, ValueError, KeyError, TypeError):
        there = False
    if there:
        texts[STYLE] = reveal.without_unused(texts[STYLE])  # an earlier version of this left them in
        _write(root, texts, hashes, reveal.VERSION)
        return
    package = installed(reveal.WHEEL)
    if package is not None:
        build(root, package)
        return
    with tempfile.TemporaryDirectory() as folder:
        words = [
            "install",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
            "--target",
            folder,
            _pin(root, reveal),
        ]
        if subprocess.run([sys.executable, "-m", "pip", *words]).returncode:
            raise ValueError("reveal.js could not be brought; the reason stands above. Is the network there?")
        build(root, Path(folder) / reveal.WHEEL)


def installed(name: str) -> Path | None:
    """Return the folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def _pin(root: Path, reveal: ModuleType) -> str:
    """The requirement of the build that brings reveal.js."""
    settings: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    name = reveal.WHEEL.replace("_", "-")
    return next(each for each in settings["build-system"]["requires"] if each.startswith(f"{name}=="))


def _write(root: Path, reveal: Mapping[str, str], hashes: Mapping[str, str], version: str) -> None:
    folder = root / PLAYER
    for name in (ENTRY, SUPPORT):
        if not (folder / name).is_file():
            raise ValueError(f"{name} is missing from {PLAYER.as_posix()}")
    support = (folder / SUPPORT).read_text("utf-8")
    own = {
        "player.js": _in_a_page(bundle(folder, ENTRY, [SUPPORT])),
        SUPPORT: _in_a_page(stripped(tokens(support, SUPPORT)) + "\n"),
    }
    sources = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.js"))}
    told = {
        "reveal.js": version,
        "scripts": dict(hashes) | {name: _hash(text) for name, text in own.items()},
        "sources": sources,
    }
    target = root / TARGET
    target.mkdir(parents=True, exist_ok=True)
    texts = {name: _in_a_page(text) if name.endswith(".js") else text for name, text in reveal.items()} | own
    for file in target.glob("*.js"):
        if file.name not in texts:
            file.unlink()  # of an earlier version
    # last what vouches for the others
    texts["hashes.json"] = json.dumps(told, indent=1, sort_keys=True) + "\n"
    for name, text in texts.items():
        _replace(target / name, text.encode("utf-8"))


def _replace(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, and leave one alone that holds the same: others may be reading it."""
    if file.is_file() and file.read_bytes() == data:
        return
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_bytes(data)
    part.replace(file)


def _in_a_page(script: str) -> str:
    """Return JavaScript so that nothing in it ends, or seems to begin, a script element."""
    return _SCRIPT_END.sub(r"\\x3c", script)


def _hash(script: str) -> str:
    """As a Content-Security-Policy names it."""
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def main() -> int:
    """Bring this checkout's files up to date."""
    argparse.ArgumentParser(
        description="Put together what every HTML deck holds, where it is out of date."
    ).parse_args()
    try:
        refresh(ROOT)
    except ValueError as error:
        print(f"page_files: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
