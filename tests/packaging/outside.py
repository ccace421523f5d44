"""Programs that are run outside this checkout, with nothing of this environment."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Installed = Callable[..., Path]
"""Makes an environment that holds the wheel and what is asked for besides; returns its interpreter."""


def run(words: Sequence[str | Path], folder: Path) -> str:
    """Run a program in `folder`, and return what it said."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment = {**kept, "ASTRAI_SLIDES_CACHE": str(folder / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run([str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout
