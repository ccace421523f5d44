"""What the system refuses, at every single call: the right file or an error to be mended, and nothing half-written."""

import builtins
import errno
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build import make as build
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named

DECK = """
from manim import Scene, Square

class Still(Scene):
    def construct(self):
        self.add(Square())
"""
FILES = ("Still.html", "Still.notes.md")
ERRORS = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EISDIR, errno.ENAMETOOLONG, errno.EMFILE, errno.EIO)
CALLS = ("open", "os.open", "replace", "rename", "mkdir", "unlink", "utime", "fsync", "scandir", "listdir", "chmod")
WRITES = "write"
"""A file that can be opened, but is on a disk that is full."""
PLACES = ("cache", "out", "tmp")
MOST = 60
"""Calls that a build makes of one kind, more or less."""


class Refusals:
    """Has the system refuse calls about what is below a folder, from the one with `number` on, or that one only."""

    def __init__(self, call: str, error: int, place: Path, number: int, *, lasting: bool) -> None:
        self._call, self._error, self._lasting = call, error, lasting
        self._place = str(place)
        self._number = number
        self.count = 0

    def _hits(self, path: Any) -> bool:
        if isinstance(path, int):
            try:
                path = Path(f"/proc/self/fd/{path}").readlink()
            except OSError:
                return False
        if not str(Path(os.fsdecode(path)).absolute()).startswith(self._place):
            return False
        self.count += 1
        return self.count == self._number or (self._lasting and self.count > self._number)

    def _refusing(self, whole: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            if self._hits(arguments[0] if whole in (os.replace, os.rename) and arguments else path):
                raise OSError(
                    self._error, os.strerror(self._error), os.fspath(path) if not isinstance(path, int) else ""
                )
            return whole(path, *arguments, **named)

        return called

    def _full(self, whole: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if set(mode) & set("wax+") and self._hits(file):
                return whole("/dev/full", "wb" if "b" in mode else "w", *arguments, **named)
            return whole(file, mode, *arguments, **named)

        return opened

    @contextmanager
    def happening(self) -> Iterator[None]:
        """Refuse inside the block."""
        if self._call in ("open", WRITES):
            made = (self._refusing if self._call == "open" else self._full)(io.open)
            with mock.patch.object(io, "open", made), mock.patch.object(builtins, "open", made):
                yield
            return
        name = self._call.removeprefix("os.")
        with mock.patch.object(os, name, self._refusing(getattr(os, name))):
            yield


def built() -> list[build.Built]:
    still = BuildSettings(Resolution(160, 90, 5))
    request = build.BuildRequest(("deck.py", "Still"), formats_named(["html", "notes"]), still, Path("out"))
    return list(build.make(request, SilentProgress()))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a folder for each of `PLACES`, and its right files in `right`."""
    folder = tmp_path_factory.mktemp("refused")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("ASTRAI_SLIDES_CACHE", str(folder / "cache"))
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        (folder / "tmp").mkdir()
        (folder / "deck.py").write_text(DECK, encoding="utf-8")
        built()
        assert sorted(path.name for path in (folder / "out").iterdir()) == sorted(FILES)
        shutil.move("out", "right")
        yield folder


def check(project: Path, call: str, error: int, place: str, number: int, *, lasting: bool) -> int:
    """Build with refusals, and look what became of it; return how many calls there were."""
    for each in ("cache", "out"):
        shutil.rmtree(project / each, ignore_errors=True)
    refusals = Refusals(call, error, project / place, number, lasting=lasting)
    failed: AstraiSlidesError | None = None
    with refusals.happening():
        try:
            built()
        except AstraiSlidesError as fault:
            failed = fault
    right = {name: (project / "right" / name).read_bytes() for name in FILES}
    for name, content in right.items():
        target = project / "out" / name
        if failed is None or target.exists():
            assert target.read_bytes() == content
    if failed is not None:
        assert place != "cache", f"the build can do without its cache: {failed}"
        assert re.search(r"; |: ", str(failed)), failed
        assert os.strerror(error) in str(failed) or "No usable temporary" in str(failed) or call == WRITES, failed
    if call not in ("unlink", "scandir", "listdir"):
        assert not list((project / "out").glob(".*"))
    if not lasting and call not in ("unlink", "scandir", "listdir", "open", "os.open", "chmod"):
        assert not list((project / "tmp").iterdir())
    built()
    assert {name: (project / "out" / name).read_bytes() for name in FILES} == right
    return refusals.count


@pytest.mark.long
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="fills no disk")
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    call=st.sampled_from((*CALLS, WRITES)),
    error=st.sampled_from(ERRORS),
    place=st.sampled_from(PLACES),
    number=st.integers(1, MOST),
    lasting=st.booleans(),
)
def test_every_refusal_ends_in_the_right_file_or_in_an_error_that_can_be_mended(
    project: Path, call: str, error: int, place: str, number: int, lasting: bool
) -> None:
    check(project, call, error, place, number, lasting=lasting)
