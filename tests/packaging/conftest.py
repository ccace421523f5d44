"""The archives, built once for all tests of what is published, and environments that they are installed into."""

import os
import sys
from pathlib import Path

import pytest
from outside import Installed, run


@pytest.fixture(scope="session")
def built(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source archive, and the wheel that was built from it alone."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--outdir", folder, project_root], folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Makes an environment that holds the wheel, what it asks for, what is asked for besides, and nothing else."""

    def install(*asked: str | Path) -> Path:
        folder = tmp_path_factory.mktemp("environment")
        run([sys.executable, "-m", "venv", folder / "env"], folder)
        python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
        run([python, "-m", "pip", "install", "-q", wheel, *asked], folder)
        return python

    return install
