"""A theme of a talk's own: a TOML file with colours, fonts, logo and footer over one of the themes that come along."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import DARK, THEMES, Palette, Theme
from astrai_slides.talk.tables import Items, Table, checked, read_tables

SUFFIX = ".toml"
_CATEGORIES = "categories"
_LOGOS = (".svg", ".png", ".jpg", ".jpeg")
_FONTS = (".ttf", ".otf", ".ttc")


class ThemeFile(Table):
    """What a theme file says; everything may be left out.

    `base` is the theme that the rest comes from. `colors` are #rrggbb by the names of `Palette`; `categories` a list
    of up to eight. `font` is a family, `font_files` where it is if the machine has it not; `logo` a picture.
    """

    base: str = DARK.name
    colors: dict[str, Any] = Field(default_factory=dict)
    font: str = ""
    font_files: Items[str] = ()
    logo: str = ""
    footer: Annotated[str, Field(max_length=80)] = ""
    slide_number: bool = False

    @field_validator("base")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in THEMES:
            raise ValueError(f"there is no theme {name!r}; {did_you_mean(name, sorted(THEMES))}")
        return name

    @field_validator("colors")
    @classmethod
    def _colours(cls, colors: dict[str, Any]) -> dict[str, Any]:
        names = [field.name for field in fields(Palette)]
        for name, value in colors.items():
            if name not in names:
                raise ValueError(f"there is no colour {name!r}; {did_you_mean(name, names)}")
            listed = value if name == _CATEGORIES else [value]
            if not isinstance(listed, list) or not 0 < len(listed) <= len(DARK.palette.categories):
                raise ValueError(f"{name} takes a list of one to {len(DARK.palette.categories)} colours")
            for each in listed:
                if not _is_colour(each):
                    raise ValueError(f"{name}: {each!r:.40} is no colour; write #1e1e2e")
        return colors


def load_theme(path: Path, find: Callable[[str], Path]) -> Theme:
    """The theme in the TOML file at `path`, whose files `find` finds.

    Raises AstraiSlidesError with file, key and remedy.
    """
    table = checked(path, read_tables(path), ThemeFile)
    base = THEMES[table.base]
    colors: dict[str, Any] = {
        name: tuple(map(str.upper, value)) if name == _CATEGORIES else value.upper()
        for name, value in table.colors.items()
    }
    if (own := colors.get(_CATEGORIES)) is not None:
        # what a deck tells apart beyond these has the colours of the theme that it comes from
        colors[_CATEGORIES] = (*own, *base.palette.categories[len(own) :])
    return replace(
        base,
        name=path.stem,
        palette=replace(base.palette, **colors),
        font=table.font or base.font,
        font_files=tuple(_file(path, "font_files", each, _FONTS, find) for each in table.font_files),
        logo=_file(path, "logo", table.logo, _LOGOS, find) if table.logo else None,
        footer=table.footer,
        slide_number=table.slide_number,
    )


def _file(theme: Path, key: str, name: str, suffixes: tuple[str, ...], find: Callable[[str], Path]) -> Path:
    beside = theme.parent / name
    file = beside if beside.exists() else find(name)
    if not file.is_file():
        raise AstraiSlidesError(f"{theme}: {key}: there is no file {file}; name one beside {theme.name}")
    if file.suffix.lower() not in suffixes:
        raise AstraiSlidesError(
            f"{theme}: {key}: {file.name} cannot be used; name one that ends in {', '.join(suffixes)}"
        )
    return file


def _is_colour(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != 7 or value[0] != "#":
        return False
    return all(digit in "0123456789abcdefABCDEF" for digit in value[1:])
