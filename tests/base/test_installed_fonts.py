"""Which fonts the machine has, as one digest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from astrai_slides.base import inputs
from astrai_slides.base.inputs import FONTS, unchanged
from astrai_slides.base.installed_fonts import font_folders, fonts_digest

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="folders of fontconfig")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose own fonts are those of `etc`, and a user without any."""
    etc = tmp_path / "etc"
    (etc / "conf.d").mkdir(parents=True)
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "one.ttf").write_bytes(b"one")
    (etc / "fonts.conf").write_text(
        f'<fontconfig>\n<dir>{tmp_path / "system"}</dir>\n<dir prefix="xdg">letters</dir>\n'
        "<dir>~/typefaces</dir>\n</fontconfig>"
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("FONTCONFIG_PATH", str(etc))
    for name in ("XDG_DATA_DIRS", "XDG_CONFIG_HOME", "FONTCONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    "place",
    [
        "system/two.ttf",
        "system/deeper/folder/two.otf",
        "data/fonts/two.ttf",
        "data/letters/two.ttf",
        "home/typefaces/two.ttf",
        "home/.fonts/two.ttf",
        "home/.config/fontconfig/fonts.conf",
        "etc/conf.d/10-prefer.conf",
    ],
)
def test_a_font_that_is_added_anywhere_is_seen(home: Path, place: str) -> None:
    known = inputs.installed_fonts()
    assert unchanged(known)
    (home / place).parent.mkdir(parents=True, exist_ok=True)
    (home / place).write_bytes(b"two")
    assert not unchanged(known)
    (home / place).unlink()
    assert fonts_digest() == known[FONTS]


def test_a_font_that_is_replaced_or_removed_is_seen(home: Path) -> None:
    known = inputs.installed_fonts()
    font = home / "system" / "one.ttf"
    before = font.stat()
    font.write_bytes(b"two")
    os.utime(font, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert not unchanged(known)
    font.unlink()
    assert not unchanged(known)


def test_links_in_a_circle_and_to_nothing_do_no_harm(home: Path) -> None:
    known = inputs.installed_fonts()
    (home / "system" / "again").symlink_to(home / "system")
    (home / "system" / "gone.ttf").symlink_to(home / "nowhere.ttf")
    assert unchanged(known)
    (home / "elsewhere").mkdir()
    (home / "system" / "more").symlink_to(home / "elsewhere")
    assert unchanged(known)
    (home / "elsewhere" / "two.ttf").touch()
    assert not unchanged(known)


def test_every_font_that_fontconfig_lists_lies_in_one_of_the_folders() -> None:
    assert shutil.which("fc-list"), "fontconfig's tools are missing; `make test` installs them"
    listed = subprocess.run(["fc-list", "--format", "%{file}\n"], capture_output=True, text=True, check=True)
    files = [Path(line) for line in listed.stdout.splitlines() if line]
    assert files
    # a file may be a link to somewhere else, and so may a folder
    folders = [each for folder in map(Path, font_folders()) for each in (folder, folder.resolve())]
    assert [file for file in files if not any(file.is_relative_to(folder) for folder in folders)] == []


def test_a_home_that_is_no_folder_has_no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert fonts_digest() == fonts_digest()
