"""`astrai-slides doctor` on this machine, and on machines that lack something."""

import json
from importlib import metadata

import pytest
from click.testing import CliRunner

from astrai_slides.build import doctor
from astrai_slides.cli import main


def parts() -> dict[str, doctor.MachinePart]:
    return {part.name: part for part in doctor.examine()}


def test_a_machine_that_was_set_up_is_well() -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert result.exit_code == 0, result.output
    found = {part["name"]: part for part in json.loads(result.stdout)}
    assert found["manim"]["found"] == metadata.version("manim")
    assert {"manim-slides", "Cairo", "Pango", "font Inter", "reveal.js", "browser"} <= set(found)
    assert [name for name, part in found.items() if part["required"] and not part["ok"]] == []


def test_a_pair_that_does_not_work_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    version, wanted = metadata.version, "<0.22,>=0.21"
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "0.22.0" if name == "manim" else version(name))
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: [f"manim{wanted}", "manim-slides>=5"])
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert f"MISSING  manim: 0.22.0, but {wanted} is needed" in result.stdout
    assert f"remedy: pip install 'manim{wanted}'" in result.stdout


@pytest.mark.parametrize(
    ("have", "wanted", "fits"),
    [
        ("0.21.0", "part<0.22,>=0.21", True),
        ("0.22.0", "part<0.22,>=0.21", False),
        ("0.20.1", "part<0.22,>=0.21", False),
        ("13", "part<13", False),
        ("1", "part", True),
        ("0.21.0.post1", "part[extra]>=0.21", True),
        ("0.22rc1", "part>=0.22", False),
        ("1.10", "part>=1.9", True),
        ("2.1", "part~=2.0", True),
        ("3.0", "part~=2.0", False),
        ("2.1", "part!=2.1", False),
        ("2.1.5", "part==2.1.*", True),
        ("1.0", "part>=2; sys_platform == 'nowhere'", None),
        ("1.0", "part>=2; extra == 'more'", None),
        ("1.0", "part>=2; python_version >= '3'", False),
    ],
)
def test_versions_are_compared_as_pip_does(
    monkeypatch: pytest.MonkeyPatch, have: str, wanted: str, fits: bool | None
) -> None:
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: [wanted])
    monkeypatch.setattr(doctor.metadata, "version", lambda name: have)
    found = list(doctor._packages())
    assert [part.ok for part in found] == ([] if fits is None else [fits])
    assert {part.name for part in found} <= {"part"}


def test_what_only_presenting_needs_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_OPEN_QT", "import a_module_that_nobody_has")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0
    assert "without  Qt (presenter's window): ModuleNotFoundError" in result.stdout
    assert "without  browser: not found" in result.stdout
    assert "without  LaTeX (formulas): latex and dvisvgm not found" in result.stdout
    assert result.stdout.count("costs:") == result.stdout.count("remedy:") == 4


def test_a_part_that_fails_to_load_is_told() -> None:
    def broken() -> str:
        raise OSError("libcairo.so.2: cannot open shared object file")

    part = doctor._tried("Cairo", broken, "nothing can be drawn", "install it")
    assert (part.ok, part.required) == (False, True)
    assert "libcairo.so.2" in part.found
