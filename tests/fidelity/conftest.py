"""Every test here runs once for every scene of the corpus; what a scene needs is made once."""

import gc
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parent.parent / "export"))

from scenes import HD, SEEN_AT_4K, UHD, Shot, corpus_scenes, scenes_with

SCENES = [pytest.param(scene, id=scene[1]) for scene in corpus_scenes()]


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where manim keeps what it makes of texts."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session", params=SCENES)
def shot(request: pytest.FixtureRequest, media: Path) -> Shot:
    """A scene at 1280 x 720."""
    return Shot(*request.param, HD, media)


@pytest.fixture(scope="session", params=scenes_with(SEEN_AT_4K))
def large_shot(request: pytest.FixtureRequest, media: Path) -> Shot:
    """A scene at 3840 x 2160, fewer frames of it: the middle and the end of its middle step."""
    # scene and camera refer to each other: those of the scene before keep frames of 33 MB until they are collected
    gc.collect()
    return Shot(*request.param, UHD, media, motion=1, steps=1)
