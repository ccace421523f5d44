"""A real Chromium and its decks, once a session; screens."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from film_deck import write_film_deck
from signal_deck import talk

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document


@pytest.fixture(scope="session")
def deck_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The signal deck as HTML."""
    target = tmp_path_factory.mktemp("deck") / "talk.html"
    document = Document(
        title='A </title><script>window.pwned = 3</script> "talk"', speaker="Me & You", language="de-CH"
    )
    write_html(talk(), target, document)
    return target


@pytest.fixture(scope="session")
def film_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck with films and pictures as HTML."""
    return write_film_deck(tmp_path_factory.mktemp("film"))


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of its own."""
    for command in ("Xvfb", "xdotool"):
        assert shutil.which(command), f"{command} is missing; `make test` installs it"
    read, write = os.pipe()
    server = subprocess.Popen(
        # without a reset when its last client leaves, which refuses the next one for a moment
        ["Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb does not start"
    yield f":{number}"
    server.terminate()
    server.wait()
