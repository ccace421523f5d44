"""Which fonts texts are set in, and what Pango knows of fonts in this process."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import fontpkg_inter
import manimpango

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import Theme
from astrai_slides.seam.fonts import registered_files, search_fonts_again

FONT = "Inter"
"""Family name of the font that comes along, in the package `fontpkg-inter`."""
CODE_FONT = "JetBrains Mono"
"""Family of code, all of whose characters are equally wide, in the package `fontpkg-jetbrains-mono`."""
_CODE_PACKAGE = "fontpkg_jetbrains_mono"
CHINESE_FONT = "Noto Sans CJK SC"
CHINESE_EXTRA = 'pip install "astrai-slides[zh]"'
_CHINESE_PACKAGE = "manimgx_fonts_cjk"
_CHINESE_FAMILIES = (CHINESE_FONT, "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei")
"""Families that Simplified Chinese can be set in, the first of them preferred."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """Families that a text is set in, in the order in which they are looked through for a glyph, and their files."""

    families: tuple[str, ...]
    files: tuple[Path, ...] = ()

    @property
    def names(self) -> str:
        """The families as Pango takes them."""
        return ", ".join(self.families)


def inter() -> Fonts:
    """The font that comes along."""
    return Fonts((FONT,), tuple(sorted((Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf"))))


def fonts_for(theme: Theme, language: str) -> Fonts:
    """What a deck in `theme` and `language` is set in.

    Raises AstraiSlidesError for a family of the theme, or for Chinese, that this machine has not.
    """
    fonts = inter()
    if theme.font and theme.font != FONT:
        own = Fonts((theme.font,), theme.font_files)
        _register(own)
        if theme.font not in manimpango.list_fonts():
            raise AstraiSlidesError(
                f"there is no font {theme.font!r} on this machine; install it, or name its files in font_files"
            )
        fonts = Fonts((theme.font, FONT), (*own.files, *fonts.files))
    if language.partition("-")[0].lower() == "zh":
        chinese = _chinese()
        return Fonts((*fonts.families, *chinese.families), (*fonts.files, *chinese.files))
    return fonts


def code_fonts() -> Fonts:
    """What code is set in: a font of equally wide characters, and what it has not as other texts.

    Raises AstraiSlidesError if it is not installed.
    """
    found = importlib.util.find_spec(_CODE_PACKAGE)
    if found is None or found.origin is None:
        package = _CODE_PACKAGE.replace("_", "-")
        raise AstraiSlidesError(f"the font {CODE_FONT!r} is not installed; pip install {package}")
    files = tuple(sorted((Path(found.origin).parent / "files").glob("*.ttf")))
    return Fonts((CODE_FONT, *_used.families), (*files, *_used.files))


def _chinese() -> Fonts:
    """A font for Simplified Chinese: that of the extra, or else one that is installed."""
    found = importlib.util.find_spec(_CHINESE_PACKAGE)
    if found is not None and found.origin is not None:
        return Fonts((CHINESE_FONT,), tuple(sorted(Path(found.origin).parent.glob("*.tt[cf]"))))
    there = set(manimpango.list_fonts())
    family = next((family for family in _CHINESE_FAMILIES if family in there), None)
    if family is None:
        raise AstraiSlidesError(f"there is no font for Chinese on this machine; install one: {CHINESE_EXTRA}")
    return Fonts((family,))


def use_fonts(fonts: Fonts) -> None:
    """Set texts in `fonts` from now on, in this process and those it forks."""
    global _used
    _used = fonts


def used_fonts() -> Fonts:
    """What texts are set in."""
    return _used


def register_font(fonts: Fonts | None = None) -> None:
    """Make `fonts`, or those in use, known to Pango in this process, installed or not; AstraiSlidesError if that fails.

    Known once is not known for ever: manim's own `with register_font(...)` makes Pango forget all fonts when it ends.
    """
    _register(fonts or _used)


def _register(fonts: Fonts) -> None:
    files = set(map(str, fonts.files))
    if files <= set(registered_files()) and set(fonts.families) <= set(manimpango.list_fonts()):
        return
    for file in fonts.files:
        if not manimpango.register_font(str(file)):
            package = file.parent.parent.name.replace("_", "-")
            remedy = f"reinstall the package {package}" if package.startswith("fontpkg-") else "mend it"
            raise AstraiSlidesError(f"the font {file} cannot be loaded; {remedy}")
    search_fonts_again()


_used = inter()
