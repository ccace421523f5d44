"""`astrai-slides doctor` on this machine, and on machines that lack something."""

import json
from importlib import metadata

import pytest
from click.testing import CliRunner

from astrai_slides import doctor
from astrai_slides.cli import main


def parts() -> dict[str, doctor.Part]:
    return {part.name: part for part in doctor.examine()}


def test_a_machine_that_was_set_up_is_well() -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert result.exit_code == 0, result.output
    found = {part["name"]: part for part in json.loads(result.stdout)}
    assert found["manim"]["found"] == metadata.version("manim")
    assert {"manim-slides", "Cairo", "Pango", "font Inter", "reveal.js", "browser"} <= set(found)
    assert [name for name, part in found.items() if part["required"] and not part["ok"]] == []


def test_a_pair_that_does_not_work_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    version = metadata.version
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "0.23.0" if name == "manim" else version(name))
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert "MISSING  manim: 0.23.0, but <0.23,>=0.21 is needed" in result.stdout
    assert "remedy: pip install 'manim<0.23,>=0.21'" in result.stdout


def test_what_only_presenting_needs_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_OPEN_QT", "import a_module_that_nobody_has")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0
    assert "without  Qt (presenter's window): ModuleNotFoundError" in result.stdout
    assert "without  browser: not found" in result.stdout
    assert result.stdout.count("costs:") == result.stdout.count("remedy:") == 3


def test_a_part_that_fails_to_load_is_told() -> None:
    def broken() -> str:
        raise OSError("libcairo.so.2: cannot open shared object file")

    part = doctor._tried("Cairo", broken, "nothing can be drawn", "install it")
    assert (part.ok, part.required) == (False, True)
    assert "libcairo.so.2" in part.found


@pytest.mark.parametrize(
    ("version", "versions", "fits"),
    [
        ("0.21.0", ">=0.21,<0.22", True),
        ("0.22.0", ">=0.21,<0.22", False),
        ("0.20.1", ">=0.21,<0.22", False),
        ("4.1.post1", ">=4.1", True),
        ("12.3.0", "<13", True),
        ("13", "<13", False),
        ("8.5.1", "<9,>=8.5", True),
        ("2.0", "!=2", False),
        ("2.0", "==2", True),
        ("1", "", True),
    ],
)
def test_versions(version: str, versions: str, fits: bool) -> None:
    assert doctor._fits(version, versions) is fits
