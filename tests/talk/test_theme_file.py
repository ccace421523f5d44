"""A theme of a talk's own: what a TOML file says of it, and how its mistakes are told."""

from pathlib import Path

import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.contrast import unreadable
from astrai_slides.look.theme import LIGHT, THEMES, Theme
from astrai_slides.talk.file import Talk

THEME = """
base = "light"
font = "Acme Sans"
font_files = ["acme.ttf"]
logo = "logo.svg"
footer = "Acme 2026"
slide_number = true

[colors]
headline = "#0a5a2a"
categories = ["#aa0000", "#0000aa"]
"""


def look(folder: Path, theme: str, name: str = "acme.toml") -> Theme:
    (folder / "deck.py").write_text("class Deck: ...\n")
    for file in ("acme.ttf", "logo.svg"):
        (folder / file).touch()
    (folder / "acme.toml").write_text(theme)
    talk = folder / "talk.toml"
    talk.write_text(f'scene = "deck.py:Deck"\ntheme = "{name}"\n')
    return Talk.load(talk).look


def test_a_theme_is_another_with_some_things_changed(tmp_path: Path) -> None:
    own = look(tmp_path, THEME)
    assert own.name == "acme"
    assert own.palette.headline == "#0A5A2A"
    assert own.palette.categories == ("#AA0000", "#0000AA", *LIGHT.palette.categories[2:])
    assert own.palette.ink == LIGHT.palette.ink
    assert (own.font, own.footer, own.slide_number) == ("Acme Sans", "Acme 2026", True)
    assert (own.logo, own.font_files) == (tmp_path / "logo.svg", (tmp_path / "acme.ttf",))
    assert look(tmp_path, "", "contrast") == THEMES["contrast"]


@pytest.mark.parametrize(
    ("theme", "told"),
    [
        ('base = "ligth"', "acme.toml: base: there is no theme 'ligth'; did you mean 'light'?"),
        ('[colors]\nheadlin = "#aa0000"', "acme.toml: colors: there is no colour 'headlin'; did you mean 'headline'?"),
        ('[colors]\nink = "red"', "acme.toml: colors: ink: 'red' is no colour; write #1e1e2e"),
        ("[colors]\ncategories = []", "acme.toml: colors: categories takes a list of one to 8 colours"),
        ('logo = "other.svg"', "acme.toml: logo: there is no file "),
        ('logo = "acme.ttf"', "acme.toml: logo: acme.ttf cannot be used; name one that ends in .svg, .png"),
        ("slide_numbers = true", "acme.toml: slide_numbers: unknown key; did you mean 'slide_number'?"),
    ],
)
def test_mistakes_are_told_by_file_and_key(tmp_path: Path, theme: str, told: str) -> None:
    with pytest.raises(AstraiSlidesError) as error:
        look(tmp_path, theme)
    assert told in str(error.value)


def test_a_theme_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"talk.toml: theme: there is no file .*other.toml; name one beside"):
        look(tmp_path, "", "other.toml")
    with pytest.raises(AstraiSlidesError, match=r"there is no theme 'drak'; did you mean 'dark'"):
        look(tmp_path, "", "drak")


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    own = look(tmp_path, 'base = "light"\n[colors]\nmuted = "#c0c0c0"')
    told = unreadable(own.palette)
    assert [each.partition(" has")[0] for each in told] == [
        "muted #C0C0C0 on background #F6F8FA",
        "muted #C0C0C0 on faint #E1E6EB",
    ]
    assert not any(unreadable(theme.palette) for theme in THEMES.values())
