"""Talk files: what every one has, and one clear error with file, key and remedy for everything that is wrong."""

from pathlib import Path
from typing import Any

import pytest
from talk_files import write

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.class_names import in_words, kebab_case
from astrai_slides.talk.document import TALK_VARIABLE
from astrai_slides.talk.file import (
    Talk,
    default_talk_for,
    find_talks,
    load_talk,
    talk_for,
)

HEAD = """scene = "slides/deck.py:MyDeck"
title = "A talk"
speaker = "Ada Lovelace"
event = "A conference"
date = 2026-11-24
language = "pt-BR"
theme = "dark"
"""
REST = """
[planned]
title = 30
"flow/static" = 12.5

[deck]
rows = 3
names = ["a", "b"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a deck that must not be run, and a folder for talks."""
    (tmp_path / "slides").mkdir()
    (tmp_path / "presentations").mkdir()
    deck = 'class Other: ...\n\n\nclass MyDeck: ...\n\n\nraise RuntimeError("a talk file runs no deck")\n'
    (tmp_path / "slides" / "deck.py").write_text(deck, encoding="utf-8")
    return tmp_path


def test_everything_a_talk_says(project: Path) -> None:
    path = write(project, HEAD + REST)
    for talk in (Talk.load(path), load_talk(path)):
        assert type(talk) is Talk
        assert talk.path == path
        assert talk.name == "my-deck"
        assert talk.project == project
        assert talk.scene_file == project / "slides" / "deck.py"
        assert talk.scene_class == "MyDeck"
        assert talk.theme == "dark"
        assert talk.deck == {"rows": 3, "names": ["a", "b"]}
        document = talk.document()
        assert (document.title, document.speaker, document.event) == ("A talk", "Ada Lovelace", "A conference")
        assert (document.date, document.language) == ("2026-11-24", "pt-BR")
        assert document.planned == (("title", 30.0), ("flow/static", 12.5))


def test_a_scene_is_enough(project: Path) -> None:
    talk = load_talk(write(project, 'scene = "slides/deck.py:MyDeck"\ndate = ""\n'))
    document = talk.document()
    assert (document.title, document.speaker, document.event, document.date) == ("My Deck", "", "", "")
    assert (document.language, document.planned, talk.deck, talk.theme) == ("en", (), {}, "dark")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A talk"', 'titel = "A talk"', "titel: unknown key; did you mean 'title'?"),
        ('title = "A talk"', 'title = ""', "title: text must have at least 1 character"),
        ('title = "A talk"', "title = 3", "title: must be text, in quotes, not 3"),
        ('theme = "dark"', 'theme = "drak"', "theme: there is no theme 'drak'; did you mean 'dark'?"),
        ('"pt-BR"', '"portuguese!"', "language: 'portuguese!' is no language tag (BCP 47); write en, de or pt-BR"),
        ('"pt-BR"', '"english"', "language: 'english' is no language tag (BCP 47); write en, de or pt-BR"),
        ('"pt-BR"', '"xx"', "language: 'xx' is no language tag (BCP 47); write en, de or pt-BR"),
        ("date = 2026-11-24", 'date = "soon"', "date: 'soon' is no date; write it as 2026-11-24, or leave it empty"),
        ("date = 2026-11-24", "date = 2026-11-24T10:00:00", "date: 2026-11-24 10:00:00 is no date; write it as"),
        ("date = 2026-11-24", "date = 5", "date: 5 is no date; write it as 2026-11-24"),
        ("deck.py:MyDeck", "deck.py", "scene: 'slides/deck.py' names no scene; write slides/my_deck.py:MyDeck"),
        ("deck.py:MyDeck", "dock.py:MyDeck", "dock.py; name the deck's Python file"),
        ("deck.py:MyDeck", "deck.py:MyDeak", "deck.py has no class MyDeak; did you mean 'MyDeck'?"),
        ('scene = "slides/deck.py:MyDeck"', "", "scene: missing; add it"),
        ("[planned]\ntitle = 30", "[planned]\ntitle = -1", "planned.title: must be greater than or equal to 0, not -1"),
        ("[planned]\ntitle = 30", '[planned]\n"a/b" = "1"', 'planned."a/b": must be a number, not "1"'),
        ("[planned]\ntitle = 30\n", "[planned.x]\n", "planned.x: must be a number"),
        ("[deck]", "[deck]\n[[planned]]", "not valid TOML: "),
        (
            "[planned]",
            "[planned",
            "not valid TOML: Expected ']' at the end of a table declaration (at line 9, column 9)",
        ),
        ("rows = 3", "rows = 3\nrows = 4", "not valid TOML: Cannot overwrite a value (at line 15, column 9)"),
        ("[deck]", "[dek]", "dek: unknown key; did you mean 'deck'?"),
        (
            "[deck]",
            "[sections]",
            "sections: unknown key; known here: scene, title, speaker, event, date, language, theme, print_theme, "
            "aspect, leave_out, planned, html, check, explore, deck; what a deck reads besides stands in [deck], or in "
            "a model that it names: talk_model",
        ),
    ],
)
def test_every_mistake_is_one_message_with_file_key_and_remedy(project: Path, old: str, new: str, message: str) -> None:
    good = HEAD + REST
    assert good.count(old) == 1
    path = write(project, good.replace(old, new))
    before = sorted(project.rglob("*"))
    with pytest.raises(AstraiSlidesError) as caught:
        load_talk(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(project.rglob("*")) == before, "nothing is written"


def test_tables_that_are_none(project: Path) -> None:
    path = write(project, HEAD + "planned = 60\ndeck = [1]\n")
    with pytest.raises(AstraiSlidesError) as caught:
        load_talk(path)
    assert str(caught.value).splitlines() == [
        f"{path}: planned: must be a table; write it as [planned] or {{ key = value }}",
        f"{path}: deck: must be a table; write it as [deck] or {{ key = value }}",
    ]


def test_all_mistakes_are_told_at_once(project: Path) -> None:
    faulty = HEAD.replace('"A talk"', "3").replace('"dark"', '"x"')
    for scene, told in (("deck.py:MyDeck", []), ("deck.py", ["scene"])):
        path = write(project, faulty.replace("deck.py:MyDeck", scene))
        with pytest.raises(AstraiSlidesError) as caught:
            load_talk(path)
        lines = str(caught.value).splitlines()
        assert [line.split(": ")[1] for line in lines] == [*told, "title", "theme"]
        assert all(line.startswith(f"{path}: ") for line in lines)


def test_files_that_are_no_talk(project: Path) -> None:
    folder = project / "presentations"
    write(project, HEAD)
    with pytest.raises(AstraiSlidesError, match=r"my-dek\.toml: there is no such file; did you mean 'my-deck\.toml'"):
        load_talk(folder / "my-dek.toml")
    with pytest.raises(AstraiSlidesError, match="is a directory; name a TOML file in it"):
        load_talk(folder)
    (folder / "latin.toml").write_bytes(b'title = "x"\nspeaker = "Andr\xe9"\n')
    with pytest.raises(AstraiSlidesError, match=r"latin\.toml, line 2: not UTF-8; save the file as UTF-8"):
        load_talk(folder / "latin.toml")
    with (folder / "huge.toml").open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(AstraiSlidesError, match=r"1,073,741,824 bytes are too many for a file written by hand"):
        load_talk(folder / "huge.toml")
    write(project, "x = " + "[" * 50_000, "deep.toml")
    with pytest.raises(AstraiSlidesError, match=r"deep\.toml: not usable TOML"):
        load_talk(folder / "deep.toml")


def test_a_deck_that_is_no_python_is_named_with_its_line(project: Path) -> None:
    (project / "slides" / "deck.py").write_text("class MyDeck:\n    def\n", encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=r"scene: .*deck\.py, line 2: not valid Python: .*; mend the deck"):
        load_talk(write(project, HEAD))


def test_a_talk_beside_its_deck(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text("class MyDeck: ...\n", encoding="utf-8")
    path = tmp_path / "talk.toml"
    path.write_text(HEAD.replace("slides/deck.py", "deck.py"), encoding="utf-8")
    assert load_talk(path).scene_file == tmp_path / "deck.py"


def test_a_relative_path_still_works_from_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, HEAD)
    monkeypatch.chdir(project)
    talk = load_talk(Path("presentations/my-deck.toml"))
    monkeypatch.chdir("/")
    assert talk.scene_file.is_file()


# Finding talks


def test_find_talks_in_order_and_none(project: Path) -> None:
    paths = [write(project, HEAD, name) for name in ("b.toml", "a.toml")]
    (project / "presentations" / "a.html").write_text("built")
    assert find_talks(project / "presentations") == sorted(paths)
    for folder in (project / "slides", project / "nowhere"):
        with pytest.raises(AstraiSlidesError, match="no talk file"):
            find_talks(folder)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ContinuousBatching", "continuous-batching"),
        ("MyDeck", "my-deck"),
        ("HTTPServer", "http-server"),
        ("KVCache2Deck", "kv-cache2-deck"),
        ("Talk", "talk"),
        ("my_talk", "my-talk"),
    ],
)
def test_kebab_case(name: str, file: str) -> None:
    assert kebab_case(name) == file


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ContinuousBatching", "Continuous Batching"),
        ("HTTPServer", "HTTP Server"),
        ("KVCache2Deck", "KV Cache2 Deck"),
        ("Talk", "Talk"),
        ("my__talk", "My Talk"),
    ],
)
def test_a_class_s_name_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


def test_the_talk_of_a_deck(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any) -> None:
    path = write(project, HEAD)
    other = write(project, HEAD.replace("A talk", "Another talk"), "other.toml")
    scene = project / "slides" / "deck.py"
    monkeypatch.delenv(TALK_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert default_talk_for("MyDeck", scene) == path, "beside the deck's project"
    monkeypatch.chdir(project)
    assert default_talk_for("MyDeck").resolve() == path, "under the working directory"
    assert talk_for("MyDeck", scene).title == "A talk"
    monkeypatch.setenv(TALK_VARIABLE, str(other))
    assert talk_for("MyDeck", scene).title == "Another talk", "what build hands to the deck comes first"


def test_a_deck_without_a_talk_file_has_a_title_and_all_else_by_default(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TALK_VARIABLE, raising=False)
    monkeypatch.chdir(project)
    talk = talk_for("MyDeck", Path("slides/deck.py"))
    assert talk.document() == load_talk(write(project, 'scene = "slides/deck.py:MyDeck"\n', "other.toml")).document()
    assert talk.title == "My Deck"
    assert talk.find("deck.py") == project / "slides" / "deck.py", "beside the deck"
    (project / "data.csv").write_text("")
    assert talk.find("data.csv") == project / "data.csv", "in the working directory"
    monkeypatch.setenv(TALK_VARIABLE, "gone.toml")
    with pytest.raises(AstraiSlidesError, match=r"^gone\.toml: there is no such file"):
        talk_for("MyDeck", Path("slides/deck.py"))


def test_a_scene_may_be_a_module_of_an_installed_package(project: Path) -> None:
    path = write(project, 'scene = "manim.mobject.graph:Graph"\n')
    talk = load_talk(path)
    assert talk.scene_class == "Graph"
    assert talk.scene_file.parts[-3:] == ("manim", "mobject", "graph.py")
    with pytest.raises(AstraiSlidesError, match=r"my-deck\.toml: scene: there is no module manim\.nothing; install"):
        load_talk(write(project, 'scene = "manim.nothing:Graph"\n'))
