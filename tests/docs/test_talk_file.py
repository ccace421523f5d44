"""The page on talk files: its tables are talk files, and it tells of every key."""

import re
from pathlib import Path

import pytest

from astrai_slides.base.inputs import fresh_modules
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.file import Talk, load_talk


@pytest.fixture
def page(project_root: Path) -> str:
    return (project_root / "docs" / "talk-file.md").read_text("utf-8")


@pytest.fixture
def project(tmp_path: Path, page: str) -> Path:
    """The files that the page lets a reader write, and the deck that it leaves open."""
    for folder in ("slides", "presentations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "slides" / "my_deck.py").write_text("class MyDeck: ...\n", "utf-8")
    module, deck = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
    (tmp_path / module.partition("\n")[0].removeprefix("# ")).write_text(module, "utf-8")
    (tmp_path / "slides" / "tour.py").write_text(deck, "utf-8")
    return tmp_path


def loaded(project: Path, text: str) -> Talk:
    path = project / "presentations" / "tour.toml"
    path.write_text(text, "utf-8")
    with fresh_modules():
        return load_talk(path)


def test_its_tables_are_talk_files_and_its_message_is_the_one(project: Path, page: str, monkeypatch) -> None:
    general, theme, tour, commands = re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S)
    assert loaded(project, general).deck["rows"] == 3
    for name in ("acme.svg", "slides/my_deck.py"):
        (project / name).touch()
    (project / "acme.toml").write_text(theme, "utf-8")
    own = loaded(project, general.replace('theme = "dark"', 'theme = "acme.toml"')).look
    assert (own.footer, own.palette.headline, own.slide_number) == ("Acme, internal", "#0A5A2A", True)
    stops = loaded(project, tour).stops  # type: ignore[attr-defined]
    assert [(stop.name, stop.minutes) for stop in stops] == [("Rome", 10), ("Ostia", 5)]
    assert "astrai_slides.commands" in commands
    (project / "presentations" / "tour.toml").write_text(tour.replace("minutes = 10", "minuts = 10"), "utf-8")
    monkeypatch.chdir(project)
    with fresh_modules(), pytest.raises(AstraiSlidesError) as caught:
        load_talk(Path("presentations/tour.toml"))
    assert f"`{caught.value}`" in page


def test_every_key_stands_in_it(page: str) -> None:
    assert [name for name in Talk.model_fields if not re.search(rf"^\[?{name}\b", page, re.M)] == []
