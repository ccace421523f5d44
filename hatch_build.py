"""Bring reveal.js, as the `sphinx-revealjs` wheel carries it, into the package at build time."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TARGET = Path("astrai_slides") / "export" / "_reveal"


class RevealHook(BuildHookInterface):
    """Copy reveal.js' scripts, styles and licence; nothing of it is committed or fetched when exporting."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel (or the editable install) is put together."""
        spec = importlib.util.find_spec("sphinx_revealjs")
        if spec is None or spec.origin is None:
            raise RuntimeError("sphinx-revealjs, which carries reveal.js, is missing from the build environment")
        source = next(Path(spec.origin).parent.rglob("reveal.js/dist/reveal.js"), None) or next(
            Path(spec.origin).parent.rglob("dist/reveal.js")
        )
        root = source.parent.parent
        target = Path(self.root) / TARGET
        target.mkdir(parents=True, exist_ok=True)
        for name in ("dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js", "LICENSE"):
            found = root / name
            if found.is_file():
                shutil.copyfile(found, target / found.name)
