"""Entries of the ledger: they come back as they were written, or count as none."""

import json
import os
import time
from pathlib import Path

import pytest

from astrai_slides.base import cache
from astrai_slides.build.ledger import FOLDER, Ledger, texts

KEY = cache.key("a build")


def test_an_entry_comes_back_in_another_process_too(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.read(KEY) == {}
    ledger.write(KEY, {"inputs": {"/a": "digest"}, "warnings": ["umlaut: ä"]})
    assert Ledger(tmp_path).read(KEY) == {"inputs": {"/a": "digest"}, "warnings": ["umlaut: ä"]}
    assert ledger.read(cache.key("another")) == {}
    ledger.write(KEY, {})
    assert ledger.read(KEY) == {}


@pytest.mark.parametrize("harm", [b"", b'{"inputs": ', b"[1, 2]", b"null", b"\xff\xfe", b'"text"'])
def test_a_damaged_entry_counts_as_none(tmp_path: Path, harm: bytes) -> None:
    ledger = Ledger(tmp_path)
    ledger.write(KEY, {"name": "one"})
    (entry,) = (tmp_path / FOLDER).glob("*.json")
    entry.write_bytes(harm)
    assert ledger.read(KEY) == {}
    ledger.write(KEY, {"name": "two"})
    assert ledger.read(KEY) == {"name": "two"}


def test_an_entry_of_which_a_letter_is_another_counts_as_none(tmp_path: Path) -> None:
    """It would be told as a warning or a finding, or be a format that there is not."""
    ledger = Ledger(tmp_path)
    ledger.write(KEY, {"built": [["talk.html", "html", 5, []]], "warnings": [["talk", [["check", "step 'a': 3 %"]]]]})
    (entry,) = (tmp_path / FOLDER).glob("*.json")
    whole = entry.read_bytes()
    for at in range(len(whole)):
        entry.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert ledger.read(KEY) == {}, whole[at:]
    entry.write_bytes(whole)
    assert ledger.read(KEY)


def test_an_entry_in_the_place_of_another_counts_as_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.write(KEY, {"name": "one"})
    (entry,) = (tmp_path / FOLDER).glob("*.json")
    other = cache.key("another")
    entry.rename(entry.with_name(f"{other}.json"))
    assert ledger.read(other) == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no such files")
def test_a_pipe_in_the_place_of_an_entry_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    os.mkfifo(tmp_path / FOLDER / f"{KEY}.json")
    ledger = Ledger(tmp_path)
    ledger.write(KEY, {"name": "one"})
    assert ledger.read(KEY) == {}


def test_a_folder_that_cannot_be_written_costs_speed_only(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    ledger = Ledger(tmp_path / "cache")
    ledger.write(KEY, {"name": "one"})
    assert ledger.read(KEY) == {}


def test_only_what_is_old_is_removed_and_only_ours(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    kept, old = cache.key("kept"), cache.key("old")
    for key in (kept, old):
        ledger.write(key, {"name": key})
    folder = tmp_path / FOLDER
    (folder / "notes.json").write_text("{}")
    long_ago = time.time() - 91 * 24 * 3600
    for name in (f"{old}.json", "notes.json"):
        os.utime(folder / name, (long_ago, long_ago))
    ledger.trim()
    assert sorted(path.name for path in folder.iterdir()) == sorted([f"{kept}.json", "notes.json"])


def test_clearing_the_cache_removes_the_ledger(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.write(KEY, {"name": "one"})
    cache.Store(tmp_path).clear()
    assert ledger.read(KEY) == {}
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize(
    ("value", "good"), [({"a": "b"}, True), ({}, True), ({"a": 1}, False), (["a"], False), ("a", False)]
)
def test_only_texts_by_text_pass_for_inputs(value: object, good: bool) -> None:
    assert (texts(json.loads(json.dumps(value))) == value) is good
