"""Put the player and reveal.js, as the `sphinx-revealjs` wheel carries it, into the package when it is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageFilesHook(BuildHookInterface):
    """Nothing of what is put together is committed, or fetched when exporting."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel (or the editable install) is put together. Fails if a file is missing or unknown."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "scripts"))
        import page_files

        wheel = page_files.load_reveal(root).WHEEL
        package = page_files.installed(wheel)
        if package is None:
            raise RuntimeError(f"{wheel}, which carries reveal.js, is missing from the build environment")
        page_files.build(root, package)
