"""Code that a deck imports and our package does not need: what is an input of its build."""

import importlib
import importlib.metadata
import math
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from astrai_slides.base import inputs
from astrai_slides.base.imported import package_digest, providers
from astrai_slides.base.inputs import INSTALLED, digest, imported, unchanged


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is looked through for packages, and whose modules are forgotten."""
    folder = tmp_path.resolve()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        del sys.modules[name]


def install(folder: Path, name: str, version: str, files: tuple[str, ...], record: str = "") -> None:
    for each in files:
        (folder / each).parent.mkdir(exist_ok=True)
        (folder / each).touch()
    about = folder / f"{name}-0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n\nVersion: 99\n")
    (about / "RECORD").write_text("".join(f"{each},{record},\n" for each in files))


def test_a_package_counts_if_one_of_its_modules_is_imported_and_ours_does_not_need_it(site: Path) -> None:
    install(site, "Tide_Gauges", "1", ("gauges/__init__.py", "gauges/deep.py"))
    install(site, "harbours", "1", ("harbours.py",))
    importlib.import_module("gauges.deep")
    importlib.import_module("click")
    found = imported()
    assert found[f"{INSTALLED}tide-gauges"] == package_digest("tide-gauges")
    assert f"{INSTALLED}harbours" not in found, "nothing imported it"
    assert f"{INSTALLED}pytest" in found, "these tests stand for a deck that imports it"
    assert not {f"{INSTALLED}{each}" for each in ("click", "astrai-slides")} & found.keys()


def test_each_distribution_of_this_environment_is_found_by_its_modules_as_python_finds_it() -> None:
    theirs = importlib.metadata.packages_distributions()
    # some names are no module's: folders of metadata, and paths that are declared
    names = {name for name in theirs if name.isidentifier()} - {"__pycache__"}
    found = providers()
    assert {name: found[name] for name in names} == {name: set(theirs[name]) for name in names}


def test_modules_are_known_by_what_was_declared_or_installed_and_also_without_a_record(site: Path) -> None:
    install(site, "declared", "1", ("one.py",))
    (site / "declared-0.dist-info" / "top_level.txt").write_text("another\n")
    install(site, "quoted", "1", ("deep/__init__.py",))
    (site / "quoted-0.dist-info" / "RECORD").write_text('"deep/a,b.txt",,\n')
    install(site, "bare", "1", ())
    (site / "bare-0.dist-info" / "RECORD").unlink()
    (site / "bare-0.dist-info" / "METADATA").rename(site / "bare-0.dist-info" / "PKG-INFO")
    found = providers()
    assert (found["another"], found["deep"]) == ({"declared"}, {"quoted"})
    assert "one" not in found
    assert not [name for name, packages in found.items() if "bare" in packages]


def test_another_version_the_same_with_other_files_and_none_are_seen(site: Path) -> None:
    install(site, "gauges", "1", ("gauges.py",), "sha256=one")
    importlib.import_module("gauges")
    key = f"{INSTALLED}gauges"
    known = {key: imported()[key]}
    assert unchanged(known)
    install(site, "gauges", "2", ("gauges.py",), "sha256=one")
    assert not unchanged(known)
    install(site, "gauges", "1", ("gauges.py",), "sha256=two")
    assert not unchanged(known)
    install(site, "gauges", "1", ("gauges.py",), "sha256=one")
    assert unchanged(known)
    (site / "gauges-0.dist-info" / "METADATA").unlink()
    (site / "gauges-0.dist-info" / "RECORD").unlink()
    (site / "gauges-0.dist-info").rmdir()
    assert not unchanged(known)


def test_a_module_beside_installed_packages_and_one_imported_before_count_by_their_files(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "early.py").touch()
    monkeypatch.setattr(inputs, "_BEGAN", math.inf)  # as if it had been there before this process
    importlib.import_module("early")
    assert imported()[str(site / "early.py")] == digest(site / "early.py"), "local, and imported before anyone watched"
    monkeypatch.setattr(inputs, "_counts", lambda path: False)
    assert imported()[str(site / "early.py")] == digest(site / "early.py"), "in a folder of installed packages"
    assert str(Path(importlib.__file__)) not in imported(), "part of Python"
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(site))
    assert str(site / "early.py") not in imported(), "beside Python's own modules, whatever it is called"
