"""Fixtures shared by all tests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from astrai_slides.look.layout import Layout, layout_for
from astrai_slides.look.theme import DARK, Theme

ROOT = Path(__file__).resolve().parent.parent

pytest.register_assert_rewrite("resting")


@pytest.fixture(scope="session")
def theme() -> Theme:
    return DARK


@pytest.fixture(scope="session")
def layout(theme: Theme) -> Layout:
    return layout_for(theme)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real traces and recorded runs that lies beside the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared data folder (real trace, AstrAI runs) is not beside this checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what manim makes of texts out of the checkout, where another run would find it."""
    from manim import config

    config.media_dir = str(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright; a process can have only one at a time."""
    with sync_playwright() as started:
        yield started


_SMALL_TALK = f"""
scene = "{(ROOT / "slides" / "continuous_batching.py").as_posix()}:ContinuousBatching"
title = "Continuous Batching"

[toy]
slots = 1
requests = [{{ prompt = 2, output = 1 }}, {{ prompt = 3, output = 2 }}]
"""


@pytest.fixture(scope="session")
def stock_flagship(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `manim-slides render` made the flagship deck, few and small frames of it, in `slides`.

    Its toy is a small one, as stock takes a minute of processor time for the talk's own.
    """
    folder = tmp_path_factory.mktemp("stock")
    talk = folder / "presentations" / "small.toml"
    talk.parent.mkdir()
    talk.write_text(_SMALL_TALK, encoding="utf-8")
    command = [sys.executable, "-m", "manim_slides", "render", "--fps", "2", "-r", "480,270", "--disable_caching"]
    deck = ROOT / "slides" / "continuous_batching.py"
    done = subprocess.run(
        [*command, "--progress_bar", "none", str(deck), "ContinuousBatching"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ASTRAI_SLIDES_TALK": str(talk)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(folder / "media", ignore_errors=True)  # large, and manim-slides has copied what it needs
    return folder
