"""A write that fails half-way, or a process that is killed, leaves the old file or none."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from astrai_slides.base.atomic import check_writable, replacing, sweep, write_bytes
from astrai_slides.errors import AstraiSlidesError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole_in_folders_that_are_made(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "talk.html"
    write_bytes(target, b"one")
    write_bytes(target, b"two")
    assert target.read_bytes() == b"two"
    assert names(target.parent) == ["talk.html"]


def test_nobody_sees_a_file_before_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "talk.html"
    target.write_bytes(b"old")
    with replacing(target) as draft:
        draft.write_bytes(b"ne")
        assert target.read_bytes() == b"old"
        assert draft.parent == target.parent, "or else moving it would copy it"
        assert draft.suffix == ".html", "writers choose a format by it"
        draft.write_bytes(b"new")
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("old", [b"old", None])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), ValueError()])
def test_a_write_that_fails_leaves_the_old_file_or_none(
    tmp_path: Path, old: bytes | None, error: BaseException
) -> None:
    target = tmp_path / "talk.html"
    if old is not None:
        target.write_bytes(old)

    def write() -> None:
        with replacing(target) as draft:
            draft.write_bytes(b"half")
            raise error

    with pytest.raises(type(error)):
        write()
    assert names(tmp_path) == ["talk.html"] * (old is not None)
    assert old is None or target.read_bytes() == old


def test_a_disk_that_is_full_only_when_the_file_is_synced_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = tmp_path / "talk.html"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(target, b"new")
    assert (names(tmp_path), target.read_bytes()) == (["talk.html"], b"old")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_who_may_read_it_is_as_for_any_new_file(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_bytes(tmp_path / "talk.html", b"")
    finally:
        assert os.umask(before) == mask
    assert (tmp_path / "talk.html").stat().st_mode & 0o777 == mode


@pytest.mark.skipif(sys.platform == "win32", reason="drafts are told apart by locks that Windows does not have")
def test_only_drafts_that_nobody_is_at_work_on_are_swept(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from astrai_slides.base.atomic import replacing
        with replacing(Path(sys.argv[1]) / "killed.html") as draft:
            draft.write_bytes(b"half")
            print("at work", flush=True)
            sys.stdin.read()
    """
    words = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        (tmp_path / ".own-notes").touch()
        (tmp_path / "draft-of-a-talk.html").touch()
        left = names(tmp_path)
        sweep(tmp_path)
        assert names(tmp_path) == left
        assert len(left) == 3
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert names(tmp_path) == left, "killed, it cannot tidy up"
    sweep(tmp_path)
    assert names(tmp_path) == [".own-notes", "draft-of-a-talk.html"]
    sweep(tmp_path / "not there")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no such files")
@pytest.mark.parametrize("kind", ["pipe", "link to a device", "link to what is open"])
def test_nothing_takes_the_place_of_a_device_or_a_pipe(tmp_path: Path, kind: str) -> None:
    """As root, who a container's user often is, `--report /dev/null` would have taken that from the whole machine."""
    target = tmp_path / "talk.html"
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to("/dev/null" if kind.endswith("device") else "/proc/self/fd/1")
    before = target.lstat()
    with pytest.raises(AstraiSlidesError, match=r"talk\.html: is a (pipe|device), .*name another file"):
        write_bytes(target, b"new")
    with pytest.raises(AstraiSlidesError, match="name another file"):
        check_writable(target)
    assert (names(tmp_path), target.lstat()) == (["talk.html"], before)
