import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrai_slides.base import cache
from astrai_slides.base.cache import Store, key
from astrai_slides.build.ledger import Ledger
from astrai_slides.cli.clean import clean


def keep(store: Store, name: str, data: bytes) -> Path:
    return store.put(key(name), ".bin", lambda path: path.write_bytes(data))


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.get(key("a")) is None
    path = keep(store, "a", b"content")
    assert store.get(key("a")) == path
    assert path.suffix == ".bin"
    assert path.read_bytes() == b"content"
    assert Store(tmp_path / "cache").get(key("a")) == path
    assert store.get(key("b")) is None


def test_a_name_that_is_no_text_makes_a_key() -> None:
    assert len({key("caf\udce9"), key("caf\udcea"), key("caf")}) == 3


def test_keys_tell_their_parts_apart() -> None:
    assert len({key("ab", "c"), key("a", "bc"), key("abc"), key("a", "b", "c")}) == 4


@pytest.mark.parametrize("harm", [b"", b"conten", b"contenu", b"content and more"])
def test_a_file_that_is_not_what_was_written_is_never_served(tmp_path: Path, harm: bytes) -> None:
    store = Store(tmp_path)
    path = keep(store, "a", b"content")
    path.write_bytes(harm)
    assert store.get(key("a")) is None
    assert not path.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no such files")
@pytest.mark.parametrize("kind", ["pipe", "folder", "link to nothing"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    store = Store(tmp_path)
    path = keep(store, "a", b"content")
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        (path / "inner").mkdir(parents=True)
    else:
        path.symlink_to(tmp_path / "nowhere")
    assert store.get(key("a")) is None
    assert keep(store, "a", b"content") == path
    assert store.get(key("a")) == path


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError

    store = Store(tmp_path)
    with pytest.raises(RuntimeError):
        store.put(key("a"), ".bin", fail)
    assert store.get(key("a")) is None
    assert not list(tmp_path.glob("??/*"))
    assert not list(tmp_path.glob("??/.*"))


def test_the_limit_takes_what_was_not_used_for_longest(tmp_path: Path) -> None:
    old = Store(tmp_path)
    paths = [keep(old, name, bytes(1000)) for name in ("a", "b", "c", "d")]
    for age, path in enumerate(reversed(paths)):
        os.utime(path, (time.time() - 100 * age - 100,) * 2)
    store = Store(tmp_path, limit=2000)
    assert store.get(key("a")) == paths[0]  # the oldest is used again
    assert store.trim() == 2000
    assert [path.exists() for path in paths] == [True, False, False, True]


def test_what_this_build_uses_is_spared_even_beyond_the_limit(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=10)
    path = keep(store, "a", bytes(1000))
    assert store.trim() == 0
    assert path.exists()


def test_abandoned_drafts_go_and_fresh_ones_stay(tmp_path: Path) -> None:
    store = Store(tmp_path)
    shelf = keep(store, "a", b"x").parent
    for name, age in ((".draft-old", 7200), (".draft-new", 0)):
        (shelf / name).write_bytes(b"half")
        os.utime(shelf / name, (time.time() - age,) * 2)
    store.trim()
    assert not (shelf / ".draft-old").exists()
    assert (shelf / ".draft-new").exists()


def test_folder_and_limit_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(cache.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv(cache.LIMIT_VARIABLE, "3")
    assert Store().folder == tmp_path / ".cache" / "astrai-slides"
    assert Store().limit == 3 << 20
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "elsewhere"))
    assert Store().folder == tmp_path / "elsewhere"


def test_clean_empties_the_cache_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    keep(store, "a", bytes(2_000_000))
    done = CliRunner().invoke(clean, ["--cache-dir", str(store.folder)])
    assert done.exit_code == 0
    assert "2.0 MB removed" in done.output
    assert store.get(key("a")) is None
    assert "nothing to remove" in CliRunner().invoke(clean, ["--cache-dir", str(store.folder)]).output
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("mine")
    CliRunner().invoke(clean, ["--cache-dir", str(tmp_path / "home")])
    assert (tmp_path / "home" / "thesis.txt").exists(), "a folder without the tag is no cache"


def test_a_folder_that_holds_more_than_the_cache_loses_nothing_else(tmp_path: Path) -> None:
    """`ASTRAI_SLIDES_CACHE=$HOME`: what stores made goes, and no backup, nor git, is told to pass by the rest."""
    others = [
        tmp_path / name for name in ("thesis.txt", "en/thesis.txt", "en/.env", "ab/old.txt", "builds/.git/config")
    ]
    for path in (*others, tmp_path / "texts" / "one.txt", tmp_path / "formulas" / "two.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
        os.utime(path, (0, 0))
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    store = Store(tmp_path, limit=0)
    keep(store, "a", bytes(1000))
    Ledger(tmp_path).write(key("a"), {"b": "c"})
    keep(Store(tmp_path / cache.FORMULAS), "b", bytes(1000))
    keep(Store(tmp_path / cache.FORMULAS / cache.TEXTS), "c", bytes(1000))
    Store(tmp_path, limit=0).trim()
    keep(store, "a", bytes(1000))
    assert Store(tmp_path).clear() > 3000
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before


_WRITER = """
import sys
from pathlib import Path
from astrai_slides.base.cache import Store, key
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
for turn in range(10**9):
    name = f"{turn % 7}"
    store.put(key(name), ".bin", lambda path: path.write_bytes(name.encode() * 300_000))
    print("kept", flush=True)
"""


@pytest.mark.long
def test_a_kill_at_any_moment_leaves_whole_files_only(tmp_path: Path) -> None:
    pause = threading.Event()
    served = 0
    for turn in range(20):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        for _ in range(1 + turn % 7):  # a busy machine may give it no time otherwise
            writer.stdout.readline()
        pause.wait(0.003 * turn)
        writer.kill()
        writer.communicate()
        store = Store(tmp_path)
        for name in map(str, range(7)):
            path = store.get(key(name))
            if path is not None:
                served += 1
                assert path.read_bytes() == name.encode() * 300_000
    assert served > 20


def test_what_marks_the_cache_is_not_written_through_a_link_that_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "CACHEDIR.TAG").symlink_to(tmp_path / "elsewhere")
    cache.mark(tmp_path / "cache")
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "cache" / ".gitignore").read_text() == "*\n"


def test_a_user_without_a_home_keeps_all_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(cache.FOLDER_VARIABLE, raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as it is for one that no list of users has
    assert cache.user_folder() == cache.default_folder()
