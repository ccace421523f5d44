"""Lanes, and fixtures shared by all tests.

Neither manim nor playwright is imported here: a test that needs one of them imports it.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chromium_program import chromium_program, screenshots_asked_again
from lanes import LANES, MARKERS, choose, heavy_first, mark, wanted
from leftovers import Leftovers
from rewritten import rewrite_once

from astrai_slides.look.layout import Layout, layout_for
from astrai_slides.look.theme import DARK, Theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parent.parent

pytest.register_assert_rewrite("resting")

_media = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lane", choices=list(LANES), default="test", help="which tests are run: see CONTRIBUTING.md")


def pytest_configure(config: pytest.Config) -> None:
    choose(config.getoption("lane"))
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # xdist's workers take files in the order of `heavy_first`
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    if not hasattr(config, "workerinput"):  # the workers of xdist send their reports to the process that started them
        put_together()
        if getattr(config.option, "tx", None):
            rewrite_once(config, asked_for(config))
        if os.environ.get("CI"):
            config.pluginmanager.register(Skips(), "skips")
    config.pluginmanager.register(Leftovers(), "leftovers")
    folder = tempfile.TemporaryDirectory(prefix="astrai-slides-tests-")
    config.add_cleanup(folder.cleanup)
    config.stash[_media] = folder.name


def asked_for(config: pytest.Config) -> Iterator[Path]:
    """The files of tests in what pytest was asked for."""
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        yield from [path] if path.is_file() else sorted(path.rglob("test_*.py"))


def put_together() -> None:
    """Put the player together of this checkout's files, however old the installation is."""
    command = [sys.executable, str(ROOT / "scripts" / "page_files.py")]
    if subprocess.run(command).returncode:
        pytest.exit("the player cannot be put together; the reason stands above", returncode=1)


# first, so that an expression of `-m` finds the markers
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mark(items)
    lane = config.getoption("lane")
    left = [item for item in items if not wanted(item, lane)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if wanted(item, lane)]
    heavy_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Leave what is there before the first test, which is for good, to no search for garbage, and to no fork's.

    Otherwise a search that goes through all is so rare that workers grow to gigabytes, and each fork takes long.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Keep what manim makes of texts out of the checkout, where another run would find it."""
    if "manim" in sys.modules:
        from manim import config

        config.media_dir = item.config.stash[_media]


NO_SHARED_DATA = "the shared data folder (real trace, AstrAI runs) is not beside this checkout"
"""The one reason for which a test may be skipped in CI: what is published elsewhere is none of the project's files."""


class Skips:
    """In CI a skipped test is a failure: what a test needs is installed there, and a lane lacks nothing unseen."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.allowed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            (self.allowed if reason == f"Skipped: {NO_SHARED_DATA}" else self.names).append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.names and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name in self.names:
            terminalreporter.write_line(f"SKIPPED, which fails where CI is set: {name}", red=True)
        for name in self.allowed:
            terminalreporter.write_line(f"SKIPPED, as {NO_SHARED_DATA}: {name}", yellow=True)


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
        pytest.skip(NO_SHARED_DATA)
    return folder


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright; a process can have only one at a time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started, screenshots_asked_again():
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, or else playwright's own."""
    browser = playwright.chromium.launch(executable_path=chromium_program(), args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def small_talk() -> str:
    """A talk file of the flagship whose toy is small: stock takes a minute of processor time for the talk's own."""
    return _SMALL_TALK


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
