"""Which files have been edited since a build read them."""

import os
from pathlib import Path

import pytest

from astrai_slides.base import inputs
from astrai_slides.base.inputs import ABSENT, CHANGED, LINK, PRESENT
from astrai_slides.build.edits import Edits


def read(*paths: Path) -> dict[str, str]:
    return {str(path): inputs.digest(path) for path in paths}


def test_an_edit_is_told_once_and_a_touch_is_none(tmp_path: Path) -> None:
    file = tmp_path / "deck.py"
    file.write_text("one")
    edits = Edits()
    assert edits.expect(read(file)) == set()
    os.utime(file, ns=(1, 1))
    assert edits.edited() == set()
    file.write_text("two")
    assert edits.edited() == {str(file)}
    assert edits.edited() == set()


def test_a_file_that_is_replaced_removed_or_put_there_is_edited(tmp_path: Path) -> None:
    file, missing, folder = tmp_path / "a.py", tmp_path / "b.csv", tmp_path / "data"
    file.write_text("one")
    folder.mkdir()
    edits = Edits()
    edits.expect({**read(file, folder), str(missing): ABSENT, str(tmp_path): PRESENT})
    (tmp_path / "draft").write_text("two")
    (tmp_path / "draft").replace(file)
    missing.write_text("x")
    (folder / "new.csv").write_text("x")
    assert edits.edited() == {str(file), str(missing), str(folder)}
    file.unlink()
    assert edits.edited() == {str(file)}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links")
def test_a_link_that_names_another_file_is_edited(tmp_path: Path) -> None:
    link = tmp_path / "theme"
    link.symlink_to("one")
    edits = Edits()
    assert edits.expect({f"{LINK}{link}": "one"}) == set()
    link.unlink()
    link.symlink_to("two")
    assert edits.edited() == {f"{LINK}{link}"}


def test_what_changed_while_it_was_read_is_an_edit_unless_the_deck_does_it_every_time(tmp_path: Path) -> None:
    file, other = tmp_path / "deck.py", tmp_path / "log"
    file.write_text("two")
    other.write_text("x")
    edits = Edits()
    assert edits.expect({str(file): "of one", str(other): CHANGED}) == {str(file), str(other)}
    assert edits.expect({**read(file), str(other): CHANGED}) == set()
    assert edits.edited() == set()


def test_an_edit_while_the_next_build_ran_as_well_is_told_and_a_growing_log_is_not_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "deck.py"
    edits = Edits()
    told = []
    for held in ("two", "three", "three", "four", "five", "six"):
        file.write_text(held)
        told.append(edits.expect({str(file): CHANGED}))
    assert told == [{str(file)}, {str(file)}, set(), set(), set(), set()]
    edits.expect(read(file))
    assert edits.expect({str(file): CHANGED}) == {str(file)}


def test_an_empty_file_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "deck.py"
    file.touch()
    assert Edits.anything_empty({str(file)})
    assert Edits.anything_empty({str(tmp_path / "gone.py")})
    file.write_text("x")
    assert not Edits.anything_empty({str(file)})
