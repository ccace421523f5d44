"""The directive, in real Sphinx."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from visiting import plays_when_clicked, served, visited

CONF = 'extensions = ["astrai_slides.embed.sphinx"]\nastrai_slides_for_manim_slides = True\nproject = "Docs"\n'
INDEX = """\
Docs
====

.. toctree::

   inner/page

.. manim-slides:: MySlide
    :quality: low
    :ref_classes: Square
    :config_options: controls=true slide_number=false

    from manim import Create, Square
    from manim_slides import Slide

    class MySlide(Slide):
        def construct(self):
            self.play(Create(Square()), run_time=0.1)
            self.next_slide(notes="Say it.")
            self.play(Create(Square()), run_time=0.1)
"""
INNER = """\
Inner
=====

.. astrai-slides:: ../deck.py:Other
   :hide_source:
   :quality: low
"""
DECK = """\
from manim import Circle, Create
from manim_slides import Slide
from shade import RADIUS

class Other(Slide):
    def construct(self):
        self.play(Create(Circle(RADIUS)), run_time=0.1)
"""


def write(folder: Path) -> None:
    (folder / "inner").mkdir(exist_ok=True)
    for name, text in (
        ("conf.py", CONF),
        ("index.rst", INDEX),
        ("inner/page.rst", INNER),
        ("deck.py", DECK),
        ("shade.py", "RADIUS = 1.0\n"),
    ):
        (folder / name).write_text(text, "utf-8")


def build(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", *options, str(folder), str(folder / "out")]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def frames(page: Path) -> list[tuple[str, str]]:
    found = re.findall(r'<iframe class="astrai-slides" src="([^"]+)" title="([^"]+)"', page.read_text("utf-8"))
    return [(address, title) for address, title in found]


@pytest.mark.long
def test_documents_show_decks_and_follow_what_they_are_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    write(tmp_path)
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert frames(out / "index.html") == [("_decks/index-MySlide-1.html?embed", "MySlide")]
    assert frames(out / "inner" / "page.html") == [("../_decks/inner-page-Other-1-ebaf8ca6.html?embed", "Other")]
    page = (out / "index.html").read_text("utf-8")
    assert "aspect-ratio: 854 / 480" in page
    assert "Example: MySlide" in page
    assert 'class="kn">from</span>' in page  # its source, coloured
    assert "References:" in page
    assert "Example" not in (out / "inner" / "page.html").read_text("utf-8")
    deck = (out / "_decks" / "index-MySlide-1.html").read_text("utf-8")
    assert '"controls":true' in deck
    assert '"slide_number":false' in deck

    # no document changed, but a module that a deck imports did
    other = out / "_decks" / "inner-page-Other-1-ebaf8ca6.html"
    before = {path: path.stat().st_mtime_ns for path in (other, out / "_decks" / "index-MySlide-1.html")}
    (tmp_path / "shade.py").write_text("RADIUS = 2.0\n", "utf-8")
    assert build(tmp_path).returncode == 0
    assert {path.name for path, time in before.items() if path.stat().st_mtime_ns != time} == {other.name}


@pytest.mark.wide
def test_faults_name_the_document_and_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    write(tmp_path)
    broken = INDEX.replace('            self.next_slide(notes="Say it.")', "            nothing()")
    (tmp_path / "index.rst").write_text(broken, "utf-8")
    line = broken.splitlines().index("            nothing()") + 1
    done = build(tmp_path)
    assert done.returncode
    assert f"index.rst: MySlide cannot be recorded: line {line}: NameError" in done.stderr
    (tmp_path / "index.rst").write_text(INDEX.replace("controls=true", "transition=fade"), "utf-8")
    (tmp_path / "inner" / "page.rst").write_text(INNER.replace("hide_source:", "template: own.html"), "utf-8")
    done = build(tmp_path)
    assert done.returncode
    assert "transition: has no use here" in done.stderr
    assert "page.rst:4: WARNING: astrai-slides: template: a deck runs no scripts but its own; css names" in done.stderr
    (tmp_path / "index.rst").write_text(INDEX, "utf-8")
    (tmp_path / "inner" / "page.rst").write_text(INNER.replace("hide_source:", "css: ../own.css"), "utf-8")
    (tmp_path / "own.css").write_text("body { --of-my-own: 1 }", "utf-8")
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "--of-my-own: 1" in (tmp_path / "out" / "_decks" / "inner-page-Other-1-ebaf8ca6.html").read_text("utf-8")


@pytest.mark.wide
@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "text", "gettext"])
def test_other_builders_show_what_they_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, builder: str) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    write(tmp_path)
    done = build(tmp_path, "-b", builder, "-j", "2")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    if builder == "dirhtml":
        ((address, _),) = frames(out / "inner" / "page" / "index.html")
        assert (out / "inner" / "page" / address.removesuffix("?embed")).is_file()
    elif builder == "singlehtml":
        assert all((out / address.removesuffix("?embed")).is_file() for address, _ in frames(out / "index.html"))
        assert len(frames(out / "index.html")) == 2
    elif builder == "text":
        assert "MySlide: an animated deck" in (out / "index.txt").read_text("utf-8")
        assert not (out / "_decks").exists()


@pytest.mark.wide
def test_decks_are_skipped_where_that_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    (tmp_path / "deck.py").write_text("raise SystemExit", "utf-8")
    monkeypatch.setenv("SKIP_MANIM_SLIDES", "1")
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Placeholder for MySlide" in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert not (tmp_path / "out" / "_decks").exists()


@pytest.mark.wide
def test_its_pages_play_decks_in_a_browser(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    write(tmp_path)
    done = build(tmp_path)
    assert done.returncode == 0, done.stderr
    with served(tmp_path / "out") as origin:
        with visited(chromium, f"{origin}/index.html") as visit:
            plays_when_clicked(visit, 2)
        with visited(chromium, f"{origin}/inner/page.html") as visit:
            plays_when_clicked(visit, 1)
