"""Every test here runs once for every scene of the corpus; what a scene needs is made once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scenes import HD, Shot, corpus_scenes

SCENES = corpus_scenes()


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where manim keeps what it makes of texts."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(
    scope="session",
    params=[pytest.param(scene, marks=pytest.mark.xdist_group(scene[1]), id=scene[1]) for scene in SCENES],
)
def shot(request: pytest.FixtureRequest, media: Path) -> Shot:
    """A scene at 1280 x 720."""
    deck, name = request.param
    return Shot(deck, name, HD, media, places=3)
