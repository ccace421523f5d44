"""Pipes and devices in the place of files are refused everywhere, and never read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from astrai_slides.base import inputs
from astrai_slides.build.snapshots import sources_now
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.styles import inlined
from astrai_slides.serving.sim.measured.reading import read_run
from astrai_slides.serving.sim.traces import read_trace
from astrai_slides.talk.tables import read_tables

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")


def pointing_there(path: Path) -> str:
    styles = path.with_name("styles.css")
    styles.write_text(f"body {{ background: url({path.name}) }}", encoding="utf-8")
    return inlined(styles)


READERS: dict[str, Callable[[Path], object]] = {
    "talk.toml": read_tables,
    "deck.css": inlined,
    "picture.png": pointing_there,
    "trace.csv": read_trace,
    "result.json": read_run,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_file_is_refused(name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(AstraiSlidesError, match=f"{name}: is a {kind}; write what it holds to a file"):
        READERS[name](path)


def test_what_a_deck_reads_of_a_pipe_is_left_to_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR)
    os.write(end, b"said\n")
    with inputs.watching() as read, pipe.open("rb", buffering=0) as file:
        assert file.readline() == b"said\n"
    os.close(end)
    assert not inputs.unchanged({str(pipe): read[str(pipe)]}), "it may say another thing next time"


def test_a_preview_waits_for_no_pipe_in_the_place_of_its_deck(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "deck.py")
    (tmp_path / "beside.py").write_bytes(b"pass")
    paths = [str(tmp_path / name) for name in ("deck.py", "beside.py", "gone.py")]
    assert sources_now(paths) == {paths[1]: b"pass"}
