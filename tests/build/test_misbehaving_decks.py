"""Whatever a deck does, a build of it gives the right file, or a sentence with file and line, and the right code."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked_builds import Done, ForkedBuilds
from misbehaving_decks import DECKS, PLAIN, Bad

from astrai_slides.cli.options import UNFORESEEN

NAMES = {"notes": "notes.md", "notes-pdf": "notes.pdf"}
"""Of formats whose files do not end in the format's name."""
OWN_TRACES = {"atexit", "child-raises"}
"""Python's own words about what runs after the build, or beside it."""


@pytest.fixture(scope="module")
def builds() -> Iterator[ForkedBuilds]:
    with ForkedBuilds() as started:
        yield started


def build(builds: ForkedBuilds, folder: Path, deck: Bad) -> Done:
    (folder / "deck.py").write_text(deck.source, encoding="utf-8")
    command = ["-q", "build", "deck.py", "Deck", "--to", deck.to, "--quality", "l", "--out", "out"]
    return builds.run(*command, folder=folder, limit=120, ASTRAI_SLIDES_CACHE=str(folder / "cache"))


@pytest.fixture(scope="module")
def plain(builds: ForkedBuilds, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a deck shows that does nothing odd."""
    folder = tmp_path_factory.mktemp("plain")
    assert build(builds, folder, PLAIN).code == 0
    return (folder / "out" / "Deck.html").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize(
    "deck", [pytest.param(each, id=each.name, marks=pytest.mark.wide if each.wide else pytest.mark.long)
             for each in DECKS]
)  # fmt: skip
def test_a_deck_may_do_what_it_likes(builds: ForkedBuilds, plain: bytes, tmp_path: Path, deck: Bad) -> None:
    done = build(builds, tmp_path, deck)
    assert "Traceback" not in done.err or deck.name in OWN_TRACES
    if deck.code is None:
        assert (done.code, "astrai-slides: " in done.err) in {(0, False), (1, True)}, done.err
        return
    assert done.code == deck.code, done.err
    assert UNFORESEEN not in done.err
    files = [Path("out", f"Deck.{NAMES.get(each, each)}") for each in deck.to.split(",")]
    if deck.code:
        assert not list(tmp_path.glob("out/*"))
        assert deck.says in done.err
        if deck.code == 1:
            assert done.err.startswith("astrai-slides: deck.py: ")
        if deck.code == 1 and deck.line:
            assert f"line {deck.line}:" in done.err
        return
    assert done.out.splitlines()[-len(files) :] == [file.as_posix() for file in files]
    written = [(tmp_path / file).read_bytes() for file in files]
    assert all(written)
    if deck.plain:
        assert written == [plain]


@pytest.mark.long
def test_warnings_that_are_to_be_errors_are_shown_instead(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text(PLAIN.source, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "astrai_slides",
        "-q",
        "build",
        "deck.py",
        "Deck",
        "--to",
        "html",
        "--quality",
        "l",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONWARNINGS": "error"}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "Deck.html\n"), done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" in done.stderr
