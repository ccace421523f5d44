"""The lanes themselves: what puts a test into one, and that nothing is skipped unseen."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.long

HERE = Path(__file__).parent

HELPER = """
import subprocess
from pathlib import Path

OFFICE = "soffice"
TOOL = ["python", "-m", "pip", "install"]

def convert(file):
    subprocess.run([OFFICE, file])

def install():
    subprocess.run(TOOL)

class Screen:
    def start(self):
        return ["Xvfb"]

TEXT = "a soffice and a Xvfb in a text, and chromium"
"""

TESTS = """
import pytest
from hypothesis import given, strategies as st
from helper import TEXT, Screen, convert, install

@pytest.fixture
def shown(playwright):
    return playwright

@pytest.fixture
def converted(tmp_path):
    return convert(tmp_path)

@pytest.fixture(scope="module", autouse=False)
def pages(converted):
    return converted

def test_plain(): assert TEXT
def test_browser(shown): pass
def test_office(converted): pass
def test_screen(): Screen().start()
def test_package(): install()
def test_nested():
    def inner():
        return convert("x")
    inner()
@pytest.mark.parametrize("deck", ["default_deck"])
def test_flagship(deck): pass
@pytest.mark.long
def test_long(): pass
@pytest.mark.wide
def test_wide(): pass
@given(st.integers())
def test_property(number): pass
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of its own, with the lanes of this one."""
    scripts, tests = tmp_path / "scripts", tmp_path / "tests"
    for folder in (scripts, tests):
        folder.mkdir()
    # which puts this checkout's player together, and has nothing to do there
    (scripts / "page_files.py").touch()
    for name in ("conftest.py", "chromium_program.py", "lanes.py", "leftovers.py", "rewritten.py"):
        shutil.copyfile(HERE / name, tests / name)
    (tests / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers -p no:cacheprovider\n", "utf-8")
    (tests / "helper.py").write_text(HELPER, "utf-8")
    return tests


def run(suite: Path, *options: str, workers: str = "0", ci: str = "") -> "subprocess.CompletedProcess[str]":
    # other plugins have nothing to do there, and take as long as the rest to import
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    if workers != "0":
        options = (*options, "-p", "xdist", "-n", workers)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options], cwd=suite, env=environment, capture_output=True, text=True
    )


def chosen(suite: Path, lane: str) -> set[str]:
    done = run(suite, "--collect-only", "--lane", lane)
    assert done.returncode == 0, done.stdout + done.stderr
    return {line.partition("::test_")[2].partition("[")[0] for line in done.stdout.splitlines() if "::" in line}


def test_what_a_test_uses_puts_it_into_its_lane(suite: Path) -> None:
    (suite / "test_some.py").write_text(TESTS, "utf-8")
    every = {"plain", "browser", "office", "screen", "package", "nested", "flagship", "long", "wide", "property"}
    assert chosen(suite, "quick") == {"plain", "property"}
    assert chosen(suite, "test") == every - {"wide"}
    assert chosen(suite, "wide") == {"wide", "property"}
    assert chosen(suite, "all") == every


@pytest.mark.parametrize(
    ("body", "workers"),
    [
        ("def test_that():\n    pytest.skip('why')", "0"),
        pytest.param("pytest.importorskip('no_such_module')", "2", marks=pytest.mark.wide),
    ],
    ids=["a test", "a module, in a worker"],
)
def test_a_skip_is_red_in_ci_only(suite: Path, body: str, workers: str) -> None:
    text = f"import pytest\n{body}\ndef test_other(): pass\n"
    (suite / "test_some.py").write_text(text, "utf-8")
    (suite / "test_more.py").write_text("def test_more(): pass\n", "utf-8")
    at_home = run(suite, workers=workers)
    assert at_home.returncode == 0, at_home.stdout
    in_ci = run(suite, workers=workers, ci="true")
    assert in_ci.returncode == 1, in_ci.stdout
    assert "fails where CI is set: test_some.py" in in_ci.stdout


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.wide)])
def test_data_that_is_no_part_of_the_project_may_lack_in_ci(suite: Path, workers: str) -> None:
    (suite / "test_some.py").write_text("def test_that(shared_data): pass\ndef test_other(): pass\n", "utf-8")
    in_ci = run(suite, workers=workers, ci="true")
    assert in_ci.returncode == 0, in_ci.stdout
    assert "SKIPPED, as the shared data folder (real trace, AstrAI runs) is not beside" in in_ci.stdout
    assert "test_some.py::test_that" in in_ci.stdout


def test_an_expected_failure_is_no_skip(suite: Path) -> None:
    (suite / "test_some.py").write_text("import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n", "utf-8")
    assert run(suite, ci="true").returncode == 0


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.wide)])
def test_a_process_that_is_left_behind_is_ended_and_told(suite: Path, workers: str) -> None:
    body = "subprocess.Popen([sys.executable, '-c', 'import threading; threading.Event().wait()  # forgotten'])"
    (suite / "test_some.py").write_text(f"import subprocess, sys\ndef test_it():\n    {body}\n", "utf-8")
    done = run(suite, workers=workers)
    assert done.returncode == 1, done.stdout
    told = next(line for line in done.stdout.splitlines() if "LEFT BEHIND" in line)
    assert told.endswith("# forgotten")
    assert not psutil.pid_exists(int(told.partition("process ")[2].partition(":")[0]))


LEAVES = """
import importlib, locale, logging, os, signal, sys, threading
from concurrent.futures import ThreadPoolExecutor
going, pool = threading.Event(), ThreadPoolExecutor(1)
logging.getLogger("known")
def test_it(tmp_path):
    import of_the_suite  # which lies in the folder for temporary files as well, and is no leftover
    threading.Thread(target=going.wait, name="forgotten").start()
    threading.Thread(target=going.wait, daemon=True).start()
    pool.submit(int)
    logging.getLogger("known").setLevel(logging.ERROR)
    signal.signal(signal.SIGUSR1, print)
    locale.setlocale(locale.LC_ALL, "C" if locale.setlocale(locale.LC_ALL) != "C" else "C.UTF-8")
    (tmp_path / "forgotten_module.py").touch()
    sys.path.insert(0, str(tmp_path))
    importlib.import_module("forgotten_module")
    os.environ["FORGOTTEN"] = "1"
    os.chdir(tmp_path)
"""
FINDS_NOTHING = """
import locale, logging, os, signal, sys, test_first
BEFORE = locale.setlocale(locale.LC_ALL)  # when it is collected
def test_it():
    test_first.going.set()
    assert "of_the_suite" in sys.modules
    assert logging.getLogger("known").level == logging.NOTSET
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL and locale.setlocale(locale.LC_ALL) == BEFORE
    assert "forgotten_module" not in sys.modules and "FORGOTTEN" not in os.environ
    assert not any("test_it" in each for each in (os.getcwd(), *sys.path))
"""


@pytest.mark.parametrize("workers", ["0", pytest.param("1", marks=pytest.mark.wide)])
def test_what_stays_in_the_process_is_taken_back_and_told(suite: Path, workers: str) -> None:
    (suite / "test_first.py").write_text(LEAVES, "utf-8")
    (suite / "test_second.py").write_text(FINDS_NOTHING, "utf-8")
    (suite / "of_the_suite.py").touch()
    done = run(suite, workers=workers)
    assert done.returncode == 1, done.stdout
    assert "2 passed" in done.stdout, done.stdout
    told = [line.partition("LEFT BEHIND by a test: ")[2] for line in done.stdout.splitlines() if "LEFT BEHIND" in line]
    kinds = ["module", "sys.path", "folder", "environment", "answer", "locale", "thread"]
    assert [each.partition(" ")[0] for each in told] == kinds
    assert all(each.endswith(", by test_first.py") for each in told)


def test_nothing_heavy_is_imported_for_every_test(suite: Path) -> None:
    text = "import sys\ndef test_it():\n    assert not {'manim', 'playwright', 'av', 'click'} & set(sys.modules)\n"
    (suite / "test_some.py").write_text(text, "utf-8")
    done = run(suite)
    assert done.returncode == 0, done.stdout


def test_the_lanes_are_those_of_the_makefile(project_root: Path) -> None:
    makefile = (project_root / "Makefile").read_text("utf-8")
    for lane in ("quick", "test", "wide"):
        assert f"--lane {lane}" in makefile


def test_workers_find_every_file_rewritten(suite: Path) -> None:
    (suite / "test_some.py").write_text("def test_it(): assert 1 == 1\n", "utf-8")
    folder = suite / "inner"
    folder.mkdir()
    (folder / "test_broken.py").write_text("def test_it(:\n", "utf-8")
    code = (
        "import pathlib, pytest, rewritten\n"
        "class Plugin:\n"
        "    def pytest_configure(self, config):\n"
        "        files = sorted(pathlib.Path().rglob('test_*.py'))\n"
        "        print('rewritten', [rewritten.rewrite_once(config, files) for _ in range(2)])\n"
        "pytest.main(['-q', '--collect-only'], plugins=[Plugin()])\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": f"{HERE.parent}{os.pathsep}{suite}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run([sys.executable, "-c", code], cwd=suite, env=environment, capture_output=True, text=True)
    # one that cannot be read is left to whoever imports it
    assert "rewritten [2, 1]" in done.stdout, done.stdout + done.stderr
    assert "invalid syntax" in done.stdout


def test_pages_are_waited_for_by_functions(project_root: Path) -> None:
    """An expression is evaluated as text where it does not hold at once, which a page of ours forbids."""
    calls = [
        (file.name, node.lineno, ast.unparse(node.args[0]))
        for file in (project_root / "tests").rglob("*.py")
        if "wait_for_function" in (source := file.read_text("utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "wait_for_function"
    ]
    assert len(calls) > 20
    assert [call for call in calls if "=>" not in call[2] and not call[2].isupper()] == []
