"""The notebook magic in JupyterLab, as a reader sees it."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.wide

CELLS = (
    "%load_ext astrai_slides",
    """%%astrai_slides -q l MyDeck

from manim import Create, Square
from manim_slides import Slide

class MyDeck(Slide):
    def construct(self):
        self.play(Create(Square()), run_time=0.1)
        self.next_slide()
        self.play(Create(Square(1)), run_time=0.1)
""",
    "",
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[str]":
    """The address of a JupyterLab with a notebook that holds `CELLS`."""
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "source": text,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for number, text in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "deck.ipynb").write_text(json.dumps(notebook), "utf-8")
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    kernels = tmp_path / "jupyter_data_dir" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernels / "kernel.json").write_text(
        json.dumps({"argv": words, "display_name": "Python 3", "language": "python"}), "utf-8"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    options += ["--IdentityProvider.token=", "--LabApp.collaborative=False", f"--ServerApp.root_dir={tmp_path}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if b"is running at" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()


def test_a_cell_shows_a_deck(server: str, playwright: Any) -> None:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    try:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{server}/lab/tree/deck.ipynb")
        page.locator(".jp-Notebook .jp-CodeCell").nth(1).wait_for()
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first.wait_for()
        page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        deck = page.frame_locator("iframe.astrai-slides")
        # seen, it plays; its keys are the notebook's until it is clicked
        deck.locator('html[data-step="1"][data-at="end"]').wait_for(state="attached")
        page.keyboard.press("ArrowDown")
        frame = page.locator("iframe.astrai-slides")
        frame.scroll_into_view_if_needed()
        frame.click(position={"x": 200, "y": 100})
        deck.locator("html.focused").wait_for(state="attached")
        assert deck.locator("html").get_attribute("data-step") == "1"
        for key, step in (("ArrowRight", "2"), ("ArrowLeft", "1"), ("PageDown", "2"), ("Home", "1")):
            page.keyboard.press(key)
            deck.locator(f'html[data-step="{step}"][data-playing="false"]').wait_for(state="attached")
        deck.locator("#controls button").last.click()
        deck.locator('html[data-step="1"][data-at="end"]').wait_for(state="attached")
        # a click elsewhere gives the keys back
        cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content").last
        cell.click()
        page.keyboard.type("after = 1")
        assert "after = 1" in cell.inner_text()
        assert deck.locator("html").get_attribute("data-step") == "1"
    finally:
        browser.close()
