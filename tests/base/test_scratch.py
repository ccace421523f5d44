"""Temporary folders that go with their block, and with the next process where theirs was killed."""

import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from astrai_slides.base.scratch import PREFIX, scratch_folder, sweep


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_goes_with_its_block_whatever_is_in_it(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_folder() as folder:  # noqa: PT012
        assert list(place.iterdir()) == [folder]
        (folder / "below").mkdir()
        (folder / "below" / "file").touch()
        raise KeyboardInterrupt
    assert list(place.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="told apart by locks that Windows does not have")
def test_only_folders_of_ours_whose_process_is_gone_are_swept(place: Path) -> None:
    program = """
        import sys, tempfile
        tempfile.tempdir = sys.argv[1]
        from astrai_slides.base.scratch import scratch_folder
        with scratch_folder() as folder:
            (folder / "half").touch()
            print(folder, flush=True)
            sys.stdin.read()
    """
    words = [sys.executable, "-c", textwrap.dedent(program), str(place)]
    others = {place / "astrai-slides-tests-abcdefgh", place / f"{PREFIX}of-mine", place / "elsewhere"}
    for other in others:
        other.mkdir()
    link, file = place / f"{PREFIX}a_link_8", place / f"{PREFIX}a_file_8"
    link.symlink_to(place / "elsewhere")
    file.touch()
    (place / "elsewhere" / "kept").touch()
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        sweep()
        assert set(place.iterdir()) == {folder, link, file, *others}, "another build is at work in it"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (folder / "half").exists(), "killed, it cannot tidy up"
    sweep()
    assert set(place.iterdir()) == {link, file, *others}
    assert (place / "elsewhere" / "kept").exists()
