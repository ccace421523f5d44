"""The player's modules: what the bundler makes of them, what it refuses, and that what is shown is what is in them."""

import base64
import hashlib
import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html import built, reveal

MAIN = 'import { twice } from "./twice.js";\nwindow.result = twice(21);\n'
TWICE = "export function twice(value) {\n  return 2 * value;\n}\n"


@pytest.fixture
def bundler(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(project_root / "scripts"))
    return importlib.import_module("bundle")


@pytest.fixture
def page_files(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(project_root / "scripts"))
    return importlib.import_module("page_files")


@pytest.fixture
def fresh() -> Iterator[None]:
    """Read what was built anew, and let nobody else read what a test made of it."""
    built.built.cache_clear()
    yield
    built.built.cache_clear()


@pytest.fixture
def copied(page_files: ModuleType, project_root: Path, tmp_path: Path) -> Path:
    """What the build needs of a checkout, and what it made, somewhere else."""
    for name in (page_files.PLAYER, page_files.TARGET):
        shutil.copytree(project_root / name, tmp_path / name)
    (tmp_path / "astrai_slides" / "export" / "html").mkdir()
    known = Path("astrai_slides") / "export" / "html" / "reveal.py"
    shutil.copyfile(project_root / known, tmp_path / known)
    return tmp_path


def write(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder


def run(browser: Browser, script: str) -> object:
    page = browser.new_page()
    try:
        page.evaluate(
            "(script) => { document.head.append(Object.assign(document.createElement('script'), "
            "{ textContent: script })); }",
            script,
        )
        return page.evaluate("() => window.result")
    finally:
        page.close()


def test_modules_become_one_script(bundler: ModuleType, chromium: Browser, tmp_path: Path) -> None:
    script = bundler.bundle(write(tmp_path, main=MAIN, twice=TWICE), "main.js")
    assert run(chromium, script) == 42


def test_a_name_belongs_to_its_module(bundler: ModuleType, chromium: Browser, tmp_path: Path) -> None:
    # `origin` is what the browser calls the page's address: what a module calls so is nobody else's
    modules = write(
        tmp_path,
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\nwindow.result = [a(), b(), origin];\n',
        a="const origin = 1;\nexport const a = () => origin;\n",
        b="const origin = 2;\nexport const b = () => origin;\n",
    )
    assert run(chromium, bundler.bundle(modules, "main.js")) == [1, 2, "null"]


def test_comments_go_and_everything_else_stays(bundler: ModuleType, chromium: Browser, tmp_path: Path) -> None:
    source = r"""// gone
    /* gone
       too */
    const text = "// stays" + '/* stays */' + "\"//stays";   // gone
    const template = `// stays ${[1, 2].map((n) => `/* ${n} */ ${{ a: "}" }.a}`)} // "stays"
        indented`;
    const regex = /[/*"'`] \/\/ stays/.source + "a//b".split(/\/\//)[1];
    const half = (8 + 4) / 2 / 3 /* gone */ / 1;
    const sum = 1 + /* gone */ +1
    const after = [1] /* gone */
    window.result = [text, template, regex, half, sum, after.length];
    """
    assert run(chromium, bundler.bundle(write(tmp_path, main=source), "main.js")) == run(chromium, source)
    stripped = bundler.stripped(bundler.tokens(source))
    assert "gone" not in stripped
    assert not [line for line in stripped.splitlines() if not line or line.startswith("    const")]


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"main": MAIN}, r"twice\.js is missing from .*; main\.js imports it"),
        ({"twice": TWICE}, r"main\.js is missing"),
        ({"main": MAIN, "twice": TWICE.replace("twice", "thrice")}, r"main\.js, line 1: twice\.js exports no twice"),
        ({"main": MAIN, "twice": TWICE + TWICE}, r"twice\.js, line 4: twice is exported twice"),
        ({"main": MAIN + MAIN, "twice": TWICE}, r"main\.js, line 3: twice is imported twice"),
        ({"main": MAIN, "twice": TWICE, "other": TWICE}, r"other\.js is imported by no module"),
        (
            {"main": MAIN, "twice": TWICE + "export const more = 1;\n"},
            r"twice\.js exports more, which no module imports",
        ),
        (
            {
                "main": MAIN,
                "twice": 'import { half } from "./half.js";\n' + TWICE,
                "half": 'import { twice } from "./twice.js";\nexport const half = () => twice(1);\n',
            },
            r"in a circle: twice\.js -> half\.js -> twice\.js",
        ),
        ({"main": 'import twice from "./twice.js";\n', "twice": TWICE}, r"main\.js, line 1: an import is to be"),
        ({"main": 'import * as all from "./twice.js";\n', "twice": TWICE}, r"main\.js, line 1: an import is to be"),
        ({"main": 'import { twice as a } from "./twice.js";\n', "twice": TWICE}, r"line 1: an import is to be"),
        ({"main": 'if (1) {\n  import("./twice.js");\n}\n', "twice": TWICE}, r"main\.js, line 2: an import is to be"),
        ({"main": "export default 1;\n"}, r"main\.js, line 1: an export is to be"),
        ({"main": "let a = 1;\nexport { a };\n"}, r"main\.js, line 2: an export is to be"),
        ({"main": "export let a = 1;\n"}, r"main\.js, line 1: an export is to be"),
        ({"main": "export const a = [1, 2], b = 2;\n"}, r"main\.js, line 1: export one constant at a time"),
        ({"main": "export const a = 1\nconst b = 2, c = 3;\n"}, r"main\.js, line 1: export one constant at a time"),
        ({"main": "{\n}\n/x/.test();\n"}, r"main\.js, line 3: after a brace, '/' may"),
        ({"main": "const a = 'not closed;\n"}, r"main\.js, line 1: no JavaScript that is known here"),
        ({"main": "const a = `not ${closed}\n"}, r"main\.js, line 1: no JavaScript that is known here"),
        ({"main": "if (1) {\n"}, r"main\.js: a brace is not closed"),
        ({"main": "if (1) {\n}}\n"}, r"main\.js, line 2: a closing brace too many"),
    ],
)
def test_what_cannot_work_names_the_file(
    bundler: ModuleType, tmp_path: Path, modules: dict[str, str], message: str
) -> None:
    with pytest.raises(bundler.BundleError, match=message):
        bundler.bundle(write(tmp_path, **modules), "main.js")


def test_a_module_comes_after_those_that_it_needs(bundler: ModuleType, project_root: Path) -> None:
    done: set[str] = set()
    for module in bundler.modules(built.SOURCES, "main.js"):
        assert {file for file, _, _ in module.imports} <= done
        done.add(module.name)
    assert done == {path.name for path in built.SOURCES.glob("*.js")} - {"support.js"}


def test_a_deck_shows_this_checkouts_player(bundler: ModuleType, fresh: None) -> None:
    script = bundler.bundle(built.SOURCES, "main.js", ["support.js"])
    assert built.built().scripts[-1] == script
    assert "scriptInterface" in script


def test_modules_of_the_player_are_short() -> None:
    for path in built.SOURCES.glob("*.js"):
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("import ")]
        assert len(lines) <= 170, path.name


@pytest.mark.parametrize("name", ["keys.js", "main.js", "support.js"])
def test_a_deleted_player_file_breaks_the_build(page_files: ModuleType, copied: Path, name: str) -> None:
    (copied / page_files.PLAYER / name).unlink()
    with pytest.raises(ValueError, match=rf"^{name} is missing from (astrai_slides/export/)?player"):
        page_files.refresh(copied)


def test_an_edited_player_is_not_shown_until_it_is_put_together(
    page_files: ModuleType, copied: Path, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "FOLDER", copied / page_files.TARGET)
    monkeypatch.setattr(built, "SOURCES", copied / page_files.PLAYER)
    keys = copied / page_files.PLAYER / "keys.js"
    keys.write_text(keys.read_text("utf-8").replace("full screen", "whole screen"), encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=r"keys\.js was changed .*: python scripts/page_files\.py"):
        built.built()
    page_files.refresh(copied)
    assert "whole screen" in built.built().scripts[-1]


def test_without_its_sources_the_player_is_as_it_was_built(
    copied: Path, page_files: ModuleType, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = built.built().scripts
    built.built.cache_clear()
    monkeypatch.setattr(built, "FOLDER", copied / page_files.TARGET)
    monkeypatch.setattr(built, "SOURCES", copied / "nowhere")
    assert built.built().scripts == scripts


@pytest.mark.parametrize("name", [*built.SCRIPTS, "reveal.css", "LICENSE", "hashes.json"])
def test_a_missing_part_names_the_remedy(
    page_files: ModuleType, copied: Path, fresh: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(built, "FOLDER", copied / page_files.TARGET)
    (built.FOLDER / name).unlink()
    with pytest.raises(AstraiSlidesError, match=rf"^{name}, .* install astrai-slides again"):
        built.built()


@pytest.mark.parametrize("name", [*built.SCRIPTS, "hashes.json"])
def test_a_damaged_part_names_the_remedy(
    page_files: ModuleType, copied: Path, fresh: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(built, "FOLDER", copied / page_files.TARGET)
    file = built.FOLDER / name
    file.write_bytes(file.read_bytes()[:-2])
    with pytest.raises(AstraiSlidesError, match=rf"^{name}, .* install astrai-slides again"):
        built.built()


def test_putting_together_again_touches_nothing_that_is_right(page_files: ModuleType, copied: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (copied / page_files.TARGET).iterdir()}
    page_files.refresh(copied)
    assert {file: file.stat().st_mtime_ns for file in (copied / page_files.TARGET).iterdir()} == before


def carrier(folder: Path, version: str) -> Path:
    """A package that carries a reveal.js of this version."""
    texts = {
        "dist/reveal.js": f'e.VERSION="{version}"; "</script>"',
        "dist/reveal.css": "a { }",
        "LICENSE": "free of charge",
    }
    for name, text in texts.items():
        file = folder / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_the_build_brings_reveal_and_its_hashes(
    page_files: ModuleType, copied: Path, tmp_path: Path, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "FOLDER", copied / page_files.TARGET)
    page_files.build(copied, carrier(tmp_path / "package", reveal.VERSION))
    found = built.built()
    assert found.scripts[1] == f'e.VERSION="{reveal.VERSION}"; "\\x3c/script>"'
    assert (found.reveal_css, found.reveal_licence) == ("a { }", "free of charge")
    assert found.hashes[1] == base64.b64encode(hashlib.sha256(found.scripts[1].encode()).digest()).decode()


def test_the_build_takes_no_other_reveal(page_files: ModuleType, copied: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"not reveal\.js {reveal.VERSION}"):
        page_files.build(copied, carrier(tmp_path / "package", "6.0.0"))


@pytest.mark.parametrize("name", ["reveal.js", "reveal.css", "LICENSE", "hashes.json"])
def test_reveal_is_brought_where_it_is_missing(
    page_files: ModuleType, copied: Path, tmp_path: Path, fresh: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(built, "FOLDER", copied / page_files.TARGET)
    monkeypatch.setattr(page_files, "installed", lambda _: carrier(tmp_path / "package", reveal.VERSION))
    page_files.refresh(copied)
    assert "Hakim El Hattab" in built.built().reveal_css  # it is there, and stays
    (built.FOLDER / name).unlink()
    built.built.cache_clear()
    page_files.refresh(copied)
    assert built.built().reveal_css == "a { }"


def test_no_script_seems_to_begin_or_end_a_script_element(page_files: ModuleType) -> None:
    assert page_files._in_a_page("a </script> <!-- <SCRIPT> <b>") == r"a \x3c/script> \x3c!-- \x3cSCRIPT> <b>"
    for script in built.built().scripts:
        assert not any(each in script.lower() for each in ("<script", "</script", "<!--"))


LINT_FAULTS = {
    "no-undef": "export const used = nowhere;\n",
    "no-unused-vars": "const unused = 1;\nexport const used = 1;\n",
    "eqeqeq": "export const used = (a) => a == 1;\n",
    "prefer-const": "export function used() {\n  let a = 1;\n  return a;\n}\n",
    "no-restricted-globals": "export const used = () => origin;\n",
    "unambiguous": "window.used = 1;\n",
    "no-cycle": 'import { other } from "./other.js";\nexport const used = () => other();\n',
    "named": 'import { nothing } from "./other.js";\nexport const used = () => nothing();\n',
}


def lint(project_root: Path, folder: Path) -> tuple[int, set[str]]:
    """Return the linter's exit status and the rules that it names."""
    oxlint = shutil.which("oxlint", path=str(Path(sys.executable).parent))
    assert oxlint, "oxlint is missing; `make test` installs it"
    done = subprocess.run(
        [oxlint, "--config", str(project_root / ".oxlintrc.json"), "--format", "json", str(folder)],
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert found["number_of_files"]
    return done.returncode, {each["code"].partition("(")[2].rstrip(")") for each in found["diagnostics"]}


def test_the_player_and_the_page_of_a_preview_are_linted(project_root: Path) -> None:
    page = project_root / "astrai_slides" / "present" / "page"
    assert lint(project_root, built.SOURCES) == (0, set())
    embed = project_root / "astrai_slides" / "export" / "embed"
    assert lint(project_root, page) == lint(project_root, embed) == (0, set())
    wanted = subprocess.run(["make", "-n", "lint"], cwd=project_root, capture_output=True, text=True, check=True).stdout
    folders = " ".join(folder.relative_to(project_root).as_posix() for folder in (built.SOURCES, embed, page))
    assert f"oxlint {folders}\n" in wanted


@pytest.mark.parametrize("rule", LINT_FAULTS)
def test_the_linter_sees(project_root: Path, tmp_path: Path, rule: str) -> None:
    folder = tmp_path / "player"
    folder.mkdir()
    write(
        folder, used=LINT_FAULTS[rule], other='import { used } from "./used.js";\nexport const other = () => used();\n'
    )
    status, rules = lint(project_root, folder)
    assert status
    assert rule in rules
