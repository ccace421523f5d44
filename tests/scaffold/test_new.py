"""`astrai-slides new`: what it writes builds, and nothing is overwritten."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from astrai_slides.cli import main
from astrai_slides.scaffold import project
from astrai_slides.scaffold.template import load_template, template_names
from astrai_slides.talk.file import TALKS_FOLDER, load_talk


@pytest.fixture(autouse=True)
def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*words: str) -> Result:
    return CliRunner().invoke(main, ["new", *words])


def files() -> dict[str, str]:
    return {str(path): path.read_text("utf-8") for path in sorted(Path().rglob("*")) if path.is_file()}


def test_there_are_ours_and_what_packages_bring() -> None:
    assert template_names() == ["blank", "steps", "comparison", "serving"]


@pytest.mark.long
@pytest.mark.parametrize("template", [name for name in template_names() if name != "serving"])
def test_it_builds_at_once(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = new("Our servers", "--from", template)
    assert result.exit_code == 0, result.output
    monkeypatch.chdir("our-servers")
    assert f"astrai-slides preview {Path.cwd().name}" in result.stdout.splitlines()[-2]
    command = result.stdout.splitlines()[-1].partition("&& astrai-slides ")[2].split()
    built = CliRunner().invoke(main, ["-q", *command, "--strict", "--size", "320x180", "--fps", "10"])
    assert built.exit_code == 0, built.output
    page = Path("presentations/our-servers.html").read_text("utf-8")
    assert "<title>Our servers</title>" in page
    assert "OurServers" in Path("slides/our_servers.py").read_text("utf-8")


@pytest.mark.long
def test_a_new_talk_s_page_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two steps, as they are written, at full quality: a page is sent by mail, and opened over slow networks."""
    assert new("our-servers").exit_code == 0
    monkeypatch.chdir("our-servers")
    built = CliRunner().invoke(main, ["-q", "build", "--to", "html"])
    assert built.exit_code == 0, built.output
    page = Path("presentations/our-servers.html")
    assert page.read_text("utf-8").count("<section") == 2
    assert page.stat().st_size <= 300_000


def test_the_whole_talk_of_the_domain_is_a_valid_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert new("our-servers", "--from", "serving").exit_code == 0
    talk = load_talk(Path("our-servers/presentations/our-servers.toml"))
    assert (talk.title, talk.scene) == ("Our servers", "slides/our_servers.py:OurServers")
    flagship = Path(project.__file__).parents[2] / "slides" / "continuous_batching.py"
    written = Path("our-servers/slides/our_servers.py").read_text("utf-8")
    assert written.replace("OurServers", "ContinuousBatching") == flagship.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "class_name"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("\ufb01sh", "Fish"),
        ("\uff21\uff22", "AB"),
        ("\u0939\u093f\u0902\u0926\u0940", None),
    ],
)
def test_it_is_called_as_python_reads_it(name: str, class_name: str | None) -> None:
    """An accent of its own, wide letters, and vowels that are letters to Python only."""
    assert new(name).exit_code == 0
    (file,) = Path().rglob("*.toml")
    assert load_talk(file).scene_class == (class_name or name)


def test_a_talk_is_added_to_a_project() -> None:
    Path("presentations").mkdir()
    assert new("harbour").exit_code == 0
    assert new("another", "--from", "steps").exit_code == 0
    assert sorted(files()) == [
        "presentations/another.toml",
        "presentations/harbour.toml",
        "slides/another.py",
        "slides/harbour.py",
    ]


@pytest.mark.parametrize("there", ["slides/harbour.py", "presentations/harbour.toml"])
def test_nothing_is_overwritten(there: str) -> None:
    for folder in ("presentations", "slides"):
        Path(folder).mkdir()
    Path(there).write_text("mine", encoding="utf-8")
    result = new("harbour")
    assert (result.exit_code, files()) == (1, {there: "mine"})
    assert there in result.stderr


def test_a_folder_of_that_name_is_left_alone() -> None:
    Path("harbour").mkdir()
    result = new("harbour")
    assert result.exit_code == 1
    assert "harbour: exists" in result.stderr
    assert not list(Path("harbour").iterdir())


@pytest.mark.parametrize("fails", range(3))
def test_all_files_or_none(fails: int, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    write = project.atomic.write_bytes

    def full(path: Path, data: bytes) -> None:
        if len(written) == fails:
            raise OSError(28, "No space left on device")
        written.append(path)
        write(path, data)

    monkeypatch.setattr(project.atomic, "write_bytes", full)
    result = new("harbour")
    assert result.exit_code == 1
    assert len(written) == fails
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("3 boats", "a letter first"),
        ("../harbour", "letters, digits and hyphens"),
        ("class", "letters, digits and hyphens"),
        ("", "letters, digits and hyphens"),
        ("json", "would hide"),
        ("manim", "would hide"),
        ("winreg", "would hide"),  # also where it is not found
    ],
)
def test_a_name_that_cannot_be_one_is_refused(name: str, says: str) -> None:
    result = new(name)
    assert result.exit_code == 1
    assert says in result.stderr
    assert not files()


def test_an_unknown_template_says_which_there_are() -> None:
    result = new("harbour", "--from", "balnk")
    assert result.exit_code == 2
    assert "there are blank, steps, comparison, serving" in result.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("harbour", ("harbour", "harbour", "Harbour", "Harbour")),
        ("Our KV cache", ("our-kv-cache", "our_kv_cache", "OurKVCache", "Our KV cache")),
        ("größe_2", ("größe-2", "größe_2", "Größe2", "Größe 2")),
    ],
)
def test_a_name_is_written_as_each_place_has_it(name: str, expected: tuple[str, str, str, str]) -> None:
    found = project.names_for(name)
    assert (found.word, found.module, found.class_name, found.title) == expected


def test_a_title_is_kept_whatever_is_in_it() -> None:
    talk = load_template("blank").talk_for("slides/a.py:A", 'A "quoted" \\ title')
    assert 'title = "A \\"quoted\\" \\\\ title"' in talk


def test_talks_are_where_builds_look_for_them() -> None:
    assert project.TALKS_FOLDER == TALKS_FOLDER
