"""Setting a fresh machine up: what is looked for, what is refused, and the pinned versions."""

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def setup_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def pairs(python: str) -> list[tuple[str, str]]:
    """Names and versions as `constraints/` has them for a Python, in order."""
    lines = (ROOT / "constraints" / f"{python}.txt").read_text(encoding="utf-8").splitlines()
    split = [line.split("==") for line in lines if line and not line.startswith("#")]
    return [(canonicalize_name(name), version) for name, version in split]


def pins(python: str = HERE) -> dict[str, str]:
    return dict(pairs(python))


def named() -> list[Requirement]:
    """What pyproject.toml asks for by name: to run, with every extra, to develop and to build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], project["build-system"]["requires"]]
    groups += [*project["project"]["optional-dependencies"].values(), *project["dependency-groups"].values()]
    return [Requirement(each) for group in groups for each in group]


def closure() -> set[str]:
    """Everything that the project, its extras and its tests ask for, here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = list(project["project"]["dependencies"])
    wanted += [each for extra in ("present", "cluster", "mcp", "jupyter", "sphinx", "mkdocs") for each in extras[extra]]
    wanted += project["dependency-groups"]["dev"]
    todo, seen = [Requirement(each) for each in wanted], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        for each in map(Requirement, metadata.requires(name) or []):
            chosen = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
            if each.marker is None or any(each.marker.evaluate(environment) for environment in chosen):
                todo.append(each)
    return {name for name, _ in seen}


def test_every_package_that_is_installed_is_pinned() -> None:
    wanted = closure()
    assert {"manim", "manim-slides", "pyside6", "pillow", "pytest", "distributed"} <= wanted
    assert wanted - set(pins()) == set()


def test_the_versions_that_are_tested_are_the_pinned_ones() -> None:
    pinned = pins()
    differing = {
        name: (pinned[name], metadata.version(name)) for name in closure() if metadata.version(name) != pinned[name]
    }
    assert differing == {}


def test_every_python_that_is_offered_has_pins(setup_script: ModuleType) -> None:
    assert setup_script.pythons() == PYTHONS
    assert f"constraints/{HERE}.txt" == setup_script.CONSTRAINTS
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"python(3\.\d+);? ", makefile.split("PYTHON ?=")[1].split("\n")[0] + " ")) == set(PYTHONS)


@pytest.mark.parametrize("python", PYTHONS)
def test_pins_tell_no_address(python: str) -> None:
    for line in (ROOT / "constraints" / f"{python}.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


@pytest.mark.parametrize("python", PYTHONS)
def test_pins_are_sorted_and_each_name_is_there_once(python: str) -> None:
    names = [name for name, _ in pairs(python)]
    assert names == sorted(set(names))


@pytest.mark.parametrize("python", PYTHONS)
def test_pins_are_what_the_project_asks_for(python: str) -> None:
    pinned, surroundings = pins(python), {"python_version": python, "python_full_version": f"{python}.0"}
    asked = [each for each in named() if each.marker is None or each.marker.evaluate(surroundings)]
    assert len(asked) > 30
    assert [each.name for each in asked if canonicalize_name(each.name) not in pinned] == []
    wrong = [
        f"{each} but {pinned[canonicalize_name(each.name)]}"
        for each in asked
        if not each.specifier.contains(pinned[canonicalize_name(each.name)])
    ]
    assert wrong == []


@pytest.mark.parametrize("python", PYTHONS)
def test_manim_and_manim_slides_are_the_pair_that_works_by_itself(python: str) -> None:
    assert (pins(python)["manim"], pins(python)["manim-slides"]) == ("0.21.0", "5.7.0")


def test_a_python_without_pins_is_refused_by_name(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup_script, "CONSTRAINTS", "constraints/3.99.txt")
    assert setup_script.main(["deck"]) == 1
    assert "pinned packages for 3.11, 3.12, 3.13, 3.14" in capsys.readouterr().err


def test_ci_runs_what_a_user_runs() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "exec make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize(("given", "seen"), [({}, "1"), ({"CI": "true"}, "true")])
def test_a_skip_is_red_where_ci_runs(tmp_path: Path, given: dict[str, str], seen: str) -> None:
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "$CI" "$@"\n', "utf-8")
    make.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment |= {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", **given}
    done = subprocess.run([ROOT / ".ci" / "run"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [seen, "test"]


def test_make_help_names_every_target() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make ([a-z]+)", said, re.MULTILINE) == [
        "help", "deck", "parts", "site", "test", "quick", "wide", "lint", "unit", "format", "bench", "clean",
        "distclean",
    ]  # fmt: skip


def test_nothing_is_started_where_nothing_is_missing(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*words: object) -> None:
        raise AssertionError(f"started {words}")

    monkeypatch.setattr(setup_script, "run_captured", forbidden)
    here = setup_script.Need("a thing", lambda: True, ("thing",))
    setup_script.install_system([here], "deck")
    monkeypatch.setattr(setup_script.sys, "platform", "darwin")
    setup_script.install_system([setup_script.Need("a thing", lambda: False, ("thing",), linux_only=True)], "deck")


def lack(setup_script: ModuleType) -> object:
    return setup_script.Need("drawing", lambda: False, ("libthing-dev",))


def with_commands(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, *commands: str) -> list[list[str]]:
    """Let only `commands` be found; note what is started instead of starting it."""
    started: list[list[str]] = []

    def run(words: list[str]) -> "subprocess.CompletedProcess[str]":
        started.append(list(words))
        known = "Candidate: 1.0" if "policy" in words else ""
        return subprocess.CompletedProcess(words, 1 if words[:2] == ["sudo", "-n"] else 0, known)

    monkeypatch.setattr(setup_script.shutil, "which", lambda name: f"/bin/{name}" if name in commands else None)
    monkeypatch.setattr(setup_script, "run_captured", run)
    return started


def test_without_a_package_manager_the_package_is_named(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = with_commands(setup_script, monkeypatch)
    with pytest.raises(setup_script.SetupError, match=r"(?s)neither apt nor brew.*libthing-dev.*drawing.*make deck"):
        setup_script.install_system([lack(setup_script)], "deck")
    assert started == []


@pytest.mark.parametrize("commands", [("apt-get",), ("apt-get", "sudo")])
def test_without_rights_the_package_is_named(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, commands: tuple[str, ...]
) -> None:
    started = with_commands(setup_script, monkeypatch, *commands)
    monkeypatch.setattr(setup_script.os, "geteuid", lambda: 1000)
    with pytest.raises(setup_script.SetupError, match=r"(?s)administrator.*apt-get install libthing-dev.*make test"):
        setup_script.install_system([lack(setup_script)], "test")
    assert not any("apt-get" in words for words in started)


def test_root_installs_without_sudo(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    started = with_commands(setup_script, monkeypatch, "apt-get", "sudo")
    monkeypatch.setattr(setup_script.os, "geteuid", lambda: 0)
    # what the package brings does not appear, as nothing is really installed
    with pytest.raises(setup_script.SetupError, match=r"(?s)still not found.*libthing-dev"):
        setup_script.install_system([lack(setup_script)], "deck")
    assert started[-1][-1] == "libthing-dev"
    assert "install" in started[-1]
    assert not any("sudo" in words for words in started)


def test_a_package_that_apt_does_not_know_is_named(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with_commands(setup_script, monkeypatch, "apt-get")
    monkeypatch.setattr(setup_script.os, "geteuid", lambda: 0)
    monkeypatch.setattr(setup_script, "apt_name", lambda need: None)
    with pytest.raises(setup_script.SetupError, match=r"(?s)apt knows no package.*libthing-dev"):
        setup_script.install_system([lack(setup_script)], "deck")


def test_brew_names_what_it_does_not_have(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with_commands(setup_script, monkeypatch, "brew")
    with pytest.raises(setup_script.SetupError, match=r"(?s)brew has no package.*libthing-dev"):
        setup_script.install_system([lack(setup_script)], "deck")


@pytest.mark.parametrize(
    ("user", "known", "fails"), [(0, True, False), (0, True, True), (0, False, False), (1000, True, False)]
)
def test_what_is_optional_is_installed_where_that_asks_nobody_and_never_stops_the_rest(
    setup_script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    user: int,
    known: bool,
    fails: bool,
) -> None:
    started: list[list[str]] = []

    def run(words: list[str]) -> "subprocess.CompletedProcess[str]":
        started.append(list(words))
        return subprocess.CompletedProcess(words, int(fails), "")

    monkeypatch.setattr(setup_script.shutil, "which", lambda name: f"/bin/{name}" if name == "apt-get" else None)
    monkeypatch.setattr(setup_script, "run_captured", run)
    monkeypatch.setattr(setup_script.os, "geteuid", lambda: user)
    monkeypatch.setattr(setup_script, "apt_name", lambda need: need.apt[0] if known else None)
    setup_script.install_system([setup_script.Need("speed", lambda: False, ("quick",), optional=True)], "test")
    assert [words[-1] for words in started] == (["quick"] if known and user == 0 else [])
    assert ("quick could not be installed" in capsys.readouterr().out) == fails


@pytest.fixture
def checkout(setup_script: ModuleType, tmp_path: Path) -> Path:
    (tmp_path / "constraints").mkdir()
    for name in (setup_script.CONSTRAINTS, "pyproject.toml", "hatch_build.py"):
        (tmp_path / name).write_text("first", encoding="utf-8")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    return tmp_path


def stamp(setup_script: ModuleType, checkout: Path, targets: set[str]) -> None:
    environment = setup_script.Environment(checkout)
    environment.stamp.write_text(
        json.dumps({"fingerprint": environment.fingerprint(), "targets": sorted(targets)}), encoding="utf-8"
    )


def test_what_was_installed_for_tests_serves_the_deck(setup_script: ModuleType, checkout: Path) -> None:
    stamp(setup_script, checkout, setup_script.COVERED["test"])
    assert setup_script.Environment(checkout).installed() == {"deck", "quick", "test"}


def test_the_widest_lane_has_every_extra(setup_script: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = set(setup_script.EXTRAS["wide"]) | {"yaml"}  # which tests ask for by themselves
    assert brought == set(project["optional-dependencies"])


def test_another_python_s_packages_lie_apart(setup_script: ModuleType, checkout: Path) -> None:
    stamp(setup_script, checkout, {"deck"})
    other = setup_script.Environment(checkout, Path(".venv-3.13"))
    assert other.folder == checkout / ".venv-3.13"
    assert other.installed() == other.before() == set()


@pytest.mark.parametrize("name", [f"constraints/{HERE}.txt", "pyproject.toml", "hatch_build.py"])
def test_a_changed_pin_calls_for_another_installation(setup_script: ModuleType, checkout: Path, name: str) -> None:
    stamp(setup_script, checkout, {"deck"})
    assert setup_script.Environment(checkout).installed() == {"deck"}
    (checkout / name).write_text("second", encoding="utf-8")
    assert setup_script.Environment(checkout).installed() == set()
    assert setup_script.Environment(checkout).before() == {"deck"}


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"targets": ["deck"]}'])
def test_a_damaged_stamp_counts_as_none(setup_script: ModuleType, checkout: Path, damage: str) -> None:
    setup_script.Environment(checkout).stamp.write_text(damage, encoding="utf-8")
    assert setup_script.Environment(checkout).installed() == set()
    setup_script.Environment(checkout).before()


def test_an_environment_without_python_counts_as_none(setup_script: ModuleType, checkout: Path) -> None:
    stamp(setup_script, checkout, {"deck"})
    (checkout / ".venv" / "bin" / "python").unlink()
    assert setup_script.Environment(checkout).installed() == set()


def imported(folder: Path) -> set[str]:
    """Top-level modules that the Python files of `folder` import, anywhere in them."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names)


@pytest.mark.long
def test_every_package_that_is_imported_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    declared = project["project"]["dependencies"] + extras["cluster"] + extras["yaml"]
    declared += extras["mcp"] + extras["jupyter"] + extras["sphinx"] + extras["mkdocs"]
    mine = {canonicalize_name(Requirement(each).name) for each in declared}
    tests = {canonicalize_name(Requirement(each).name) for each in project["dependency-groups"]["dev"]}
    packages = metadata.packages_distributions()
    # asked for by another's name: the extra of manim-slides, and parts of pydantic, of mcp and of Sphinx
    mine |= {"pyside6", "pydantic-core", "anyio", "mcp-types", "docutils"}
    for folder, known in (("astrai_slides", mine), ("slides", mine), ("tests", mine | tests)):
        modules = imported(ROOT / folder) & set(packages) - {"astrai_slides"}
        unasked = {name for name in modules if not {canonicalize_name(each) for each in packages[name]} & known}
        assert unasked == set(), folder
