"""What tells an installation from others: everything that is installed for this package, by its own metadata."""

import importlib.metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from astrai_slides.base import identity
from astrai_slides.base.identity import ById, fingerprint, needed


def test_every_package_that_ours_names_counts_and_those_that_they_bring() -> None:
    found = needed("astrai-slides")
    named = [Requirement(each) for each in importlib.metadata.requires("astrai-slides") or ()]
    ours = [each.name.lower() for each in named if each.marker is None or each.marker.evaluate({"extra": ""})]
    assert len(ours) >= 20
    assert set(ours) <= set(found)
    assert {name: importlib.metadata.version(name) for name in found} == found
    # of manim and of pydantic, which draw and check
    assert {"scipy", "mapbox-earcut", "pydantic-core"} <= set(found)
    assert not {"pytest", "ruff", "playwright"} & set(found), "an upgrade of a tool makes nothing void"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with three packages, the last of them brought by the second."""
    for name, version, needs in (
        ("astrai-slides", "1", ["Draws_It>=2", 'extra-thing; extra == "more"', 'elsewhere; sys_platform == "none"']),
        ("draws-it", "2.0", ["deeper (>1)"]),
        ("deeper", "3", ["draws.it"]),
        ("extra-thing", "4", []),
        ("unrelated", "5", []),
    ):
        write(tmp_path, name, version, needs)
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.setattr(identity, "PACKAGE", tmp_path / "package")
    return tmp_path


def write(folder: Path, name: str, version: str, needs: list[str]) -> None:
    info = folder / f"{name.replace('-', '_')}-0.dist-info"
    info.mkdir(exist_ok=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in needs)]
    (info / "METADATA").write_text("\n".join([*lines, "", "Version: 99", "Requires-Dist: unrelated", ""]))


def test_a_circle_an_extra_and_what_is_for_other_systems(installed: Path) -> None:
    assert needed("astrai-slides") == {"astrai-slides": "1", "draws-it": "2.0", "deeper": "3"}
    assert needed("nowhere") == {
        "astrai-slides": "1",
        "draws-it": "2.0",
        "deeper": "3",
        "extra-thing": "4",
        "unrelated": "5",
    }


@pytest.mark.parametrize(("name", "changes"), [("draws-it", True), ("deeper", True), ("unrelated", False)])
def test_an_upgrade_of_what_is_needed_is_another_installation(installed: Path, name: str, changes: bool) -> None:
    before = fingerprint.__wrapped__()
    write(installed, name, "2.1", ["deeper"] if name == "draws-it" else [])
    assert (fingerprint.__wrapped__() != before) is changes


def test_an_edit_of_the_package_is_another_installation(installed: Path) -> None:
    (installed / "package" / "export").mkdir(parents=True)
    file = installed / "package" / "export" / "player.js"
    file.write_text("one")
    before = fingerprint.__wrapped__()
    (installed / "package" / "__pycache__").mkdir()
    (installed / "package" / "__pycache__" / "one.pyc").touch()
    assert fingerprint.__wrapped__() == before
    file.write_text("two")
    assert fingerprint.__wrapped__() != before


def test_objects_are_told_apart_by_identity_and_kept_alive() -> None:
    known: ById[Any, str] = ById()
    one, other = [1], [1]
    known[one] = "one"
    assert known.setdefault(other, "other") == known[other] == "other"
    assert known.setdefault(one, "no") == "one"
    assert (len(known), list(known), list(known.values())) == (2, [one, other], ["one", "other"])
    assert one in known
    assert [1] not in known
    assert known.get([1]) is None
    for number in range(100):
        # each is dropped by us at once, so that the next would get its identity
        known[[number]] = str(number)
    assert len(known) == 102
    known.clear()
    assert known.get(one) is None
