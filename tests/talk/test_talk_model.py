"""The model that a deck names for its talk file: read without running the deck, imported, and held to be a model."""

from pathlib import Path

import pytest
from talk_files import write

from astrai_slides.base.inputs import fresh_modules
from astrai_slides.deck.base import Deck
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.document import TALK_VARIABLE
from astrai_slides.talk.file import Talk, load_talk, talk_for
from astrai_slides.talk.source import Source, talk_model

MODEL = """
from typing import Annotated

from pydantic import Field

from astrai_slides.talk.file import Talk
from astrai_slides.talk.tables import Items, Table


class Stop(Table):
    name: str
    minutes: Annotated[int, Field(ge=1)]


class TourTalk(Talk):
    stops: Annotated[Items[Stop], Field(min_length=1)]


class Unrelated:
    pass
"""
NAMED = 'talk_model = "tour:TourTalk"'
STOPS = '[[stops]]\nname = "Rome"\nminutes = 5\n'
NEVER = '\nraise RuntimeError("a talk file runs no deck")\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("slides", "presentations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "slides" / "tour.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(TALK_VARIABLE, raising=False)
    return tmp_path


def deck(project: Path, text: str, others: dict[str, str] | None = None) -> Path:
    for name, content in (others or {}).items():
        file = project / "slides" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content + NEVER, encoding="utf-8")
    file = project / "slides" / "deck.py"
    file.write_text(text + NEVER, encoding="utf-8")
    return file


def talk_file(project: Path, rest: str = "") -> Path:
    return write(project, f'scene = "slides/deck.py:Mine"\n{rest}')


def test_a_deck_s_own_tables_are_read_as_its_model_says(project: Path) -> None:
    deck(project, f"class Mine(Deck):\n    {NAMED}\n")
    with fresh_modules():
        talk = load_talk(talk_file(project, STOPS))
    assert [(stop.name, stop.minutes) for stop in talk.stops] == [("Rome", 5)]  # type: ignore[attr-defined]
    assert (type(talk).__name__, talk.title) == ("TourTalk", "Mine")
    assert talk.is_read_as("tour:TourTalk")
    assert not talk.is_read_as(None)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("", "stops: missing; add it"),
        ("stops = 3\n", "stops: must be a list, in [ ], not 3"),
        ("stops = []\n", "stops: list must have at least 1 item, not 0"),
        (STOPS.replace("minutes = 5", "minuts = 5"), "stops[1].minuts: unknown key; did you mean 'minutes'?"),
        (STOPS.replace("= 5", '= "5"'), 'stops[1].minutes: must be a whole number, not "5"'),
        (STOPS.replace("= 5", "= 0"), "stops[1].minutes: must be greater than or equal to 1, not 0"),
        (STOPS + "[stps]\n", "stps: unknown key; did you mean 'stops'?"),
        ('theme = "drak"\n' + STOPS, "theme: there is no theme 'drak'; did you mean 'dark'?"),
    ],
)
def test_faults_of_a_deck_s_own_tables_are_told_like_ours(project: Path, rest: str, message: str) -> None:
    deck(project, f"class Mine(Deck):\n    {NAMED}\n")
    path = talk_file(project, rest)
    with fresh_modules(), pytest.raises(AstraiSlidesError) as caught:
        load_talk(path)
    assert str(caught.value) == f"{path}: {message}"


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (f"class Mine(Deck):\n    {NAMED}", {}),
        ('class Mine(Deck):\n    talk_model: str = "tour:TourTalk"', {}),
        (f"class Base(Deck):\n    {NAMED}\nclass Mine(Base): ...", {}),
        (f"class Base(Deck):\n    {NAMED}\nclass Other: ...\nclass Mine(Other, Base): ...", {}),
        ("from base import Base as B\nclass Mine(B): ...", {"base.py": f"class Base(Deck):\n    {NAMED}"}),
        ("import base\nclass Mine(base.Base): ...", {"base.py": f"class Base(Deck):\n    {NAMED}"}),
        ("import base as b\nclass Mine(b.Base[int]): ...", {"base.py": f"class Base(Deck):\n    {NAMED}"}),
        ("from base import *\nclass Mine(Base): ...", {"base.py": f"class Base(Deck):\n    {NAMED}"}),
        (
            "from parts import Base\nclass Mine(Base): ...",
            {"parts/__init__.py": "from .base import Base", "parts/base.py": f"class Base(Deck):\n    {NAMED}"},
        ),
        (
            "import parts.base\nclass Mine(parts.base.Base): ...",
            {"parts/__init__.py": "", "parts/base.py": f"class Base(Deck):\n    {NAMED}"},
        ),
        ("from parts import base\nclass Mine(base.Base): ...", {"parts/base.py": f"class Base(Deck):\n    {NAMED}"}),
        (f'class Base(Deck):\n    talk_model = "other:Talk"\nclass Mine(Base):\n    {NAMED}', {}),
    ],
)
def test_a_model_is_found_in_the_source(project: Path, text: str, others: dict[str, str]) -> None:
    found = talk_model(Source(deck(project, text, others)), "Mine")
    assert found is not None
    assert found.name == "tour:TourTalk"
    assert NAMED.partition(" =")[0] in found.file.read_text().splitlines()[found.line - 1]


@pytest.mark.parametrize(
    "text",
    [
        "class Mine(Deck): ...",
        "class Mine(made()): ...",
        "class Mine(Mine): ...",
        "class A(B): ...\nclass B(A): ...\nclass Mine(B): ...",
        "from gone import Base\nclass Mine(Base): ...",
        "from ....gone import Base\nclass Mine(Base): ...",
        "import gone.base\nclass Mine(gone.base.Base): ...",
        f"class Base(Deck):\n    {NAMED}\nclass Mine(Base):\n    talk_model = None",
    ],
)
def test_a_deck_that_names_none_has_none(project: Path, text: str) -> None:
    assert talk_model(Source(deck(project, text)), "Mine") is None


def test_a_base_class_of_what_is_installed_is_found_without_importing_it(project: Path, monkeypatch) -> None:
    package = project / "installed" / "tours"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(NEVER)
    (package / "decks.py").write_text(f"class TourDeck(Deck):\n    {NAMED}\n" + NEVER)
    monkeypatch.syspath_prepend(project / "installed")
    text = "from tours.decks import TourDeck\nclass Mine(TourDeck): ..."
    found = talk_model(Source(deck(project, text)), "Mine")
    assert found is not None
    assert (found.name, found.file) == ("tour:TourTalk", package / "decks.py")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("talk_model = TourTalk", "line 2: talk_model is read without running the deck; write it as text"),
        ('talk_model = "tour" + ":TourTalk"', "line 2: talk_model is read without running the deck; write it as text"),
        (
            'talk_model = "tour.TourTalk"',
            'names a module and a class in it: talk_model = "my_talk:MyTalk"',
        ),
        ("talk_model = 3", "line 2: talk_model is read without running the deck; write it as text"),
        (
            'talk_model = "tuor:TourTalk"',
            "line 2: talk_model: there is no module tuor; install the package that has it, or lay tuor beside the deck",
        ),
        (
            'talk_model = "tours.talk:TourTalk"',
            "talk_model: there is no module tours; install the package that has it, or lay tours.talk beside the deck",
        ),
        ('talk_model = "tour:TuorTalk"', "talk_model: tour has no class TuorTalk; did you mean 'TourTalk'?"),
        (
            'talk_model = "tour:Unrelated"',
            "talk_model: tour:Unrelated is no subclass of astrai_slides.talk.file.Talk; derive it from that",
        ),
        (
            'talk_model = "broken:TourTalk"',
            "talk_model: broken cannot be imported: ZeroDivisionError: division by zero; mend that",
        ),
        (
            'talk_model = "needy:TourTalk"',
            "talk_model: needy cannot be imported: ModuleNotFoundError: No module named 'is_not_there'; mend that",
        ),
        pytest.param(
            'talk_model = "hidden:TourTalk"',
            "talk_model: hidden cannot be imported: TypeError: TourTalk.name is called like something that Talk has; "
            'write name_: Annotated[..., Field(alias="name")]; mend that',
            marks=pytest.mark.filterwarnings("ignore:Field name"),  # pydantic only warns
        ),
        ('talk_model = "empty:TourTalk"', "talk_model: empty has no class TourTalk; it defines no subclass of Talk"),
        (
            'talk_model = "deck:TourTalk"',
            "talk_model: deck is the deck itself, which is not run to read a talk file; move TourTalk to a module",
        ),
    ],
)
def test_a_model_that_cannot_be_had(project: Path, line: str, message: str) -> None:
    file = deck(project, f"class Mine(Deck):\n    {line}\n")
    (project / "slides" / "broken.py").write_text("1 / 0\n")
    (project / "slides" / "needy.py").write_text("import is_not_there\n")
    hidden = "from astrai_slides.talk.file import Talk\nclass TourTalk(Talk):\n    name: str\n"
    (project / "slides" / "hidden.py").write_text(hidden)
    (project / "slides" / "empty.py").write_text("from astrai_slides.talk.file import Talk\n")
    with fresh_modules(), pytest.raises(AstraiSlidesError) as caught:
        load_talk(talk_file(project, STOPS))
    assert str(caught.value).startswith(f"{file}, line 2: talk_model")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_running_deck_reads_its_talk_file_as_its_model(project: Path) -> None:
    file = deck(project, "")
    with fresh_modules():
        with pytest.raises(AstraiSlidesError) as caught:
            talk_for("Mine", file, "tour:TourTalk")
        assert str(caught.value) == (
            f"{file}: Mine has no talk file and needs one: stops: missing; add it; write it as presentations/mine.toml"
        )
        write(project, f'scene = "slides/deck.py:Mine"\n{STOPS}', "mine.toml")
        deck(project, "class Mine(Deck): ...")
        assert type(talk_for("Mine", file, "tour:TourTalk")).__name__ == "TourTalk"


def test_a_model_that_only_running_the_deck_tells_is_refused(project: Path) -> None:
    deck(project, "class Mine(Deck): ...")
    talk = load_talk(talk_file(project))

    class Mine(Deck):
        loaded_talk = talk

    assert object.__new__(Mine).talk is talk
    Mine.talk_model = "tour:TourTalk"
    with pytest.raises(AstraiSlidesError, match="talk_model of Mine is 'tour:TourTalk' when the deck runs"):
        _ = object.__new__(Mine).talk
    Mine.loaded_talk = Talk.load(talk_file(project))
    assert object.__new__(Mine).talk.title == "Mine"
