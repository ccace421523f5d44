"""What a theme puts under every slide: a logo, words, and the slide's number."""

from typing import Any

from manim import ImageMobject, SVGMobject

from astrai_slides.deck.parts.text import fitted, label
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.layout import Layout
from astrai_slides.look.theme import Theme

_VECTOR = ".svg"


class Strip:
    """Logo and footer on the left, the number on the right of `layout.strip`; nothing where the theme has none."""

    def __init__(self, layout: Layout, theme: Theme) -> None:
        self._box, self._theme = layout.strip, theme
        self.still: list[Any] = []
        self._number: Any = None
        if theme.logo is not None:
            self.still.append(self._logo())
        if theme.footer:
            left = self.still[0].get_right()[0] + theme.space.gap if self.still else self._box.left
            width = self._box.right - left - 3 * theme.space.gap
            words = fitted(theme.footer, theme.type.small, theme.palette.muted, width)
            self.still.append(words.centered(left, self._box.center[1], "left"))

    @property
    def shown(self) -> list[Any]:
        """What of it is on the slide."""
        return [*self.still, *([self._number] if self._number is not None else [])]

    def _logo(self) -> Any:
        file, box = self._theme.logo, self._box
        assert file is not None
        try:
            logo: Any = SVGMobject(str(file)) if file.suffix.lower() == _VECTOR else ImageMobject(str(file))
        except Exception as error:  # whatever the readers of pictures raise
            raise AstraiSlidesError(f"{file}: cannot be read as a picture: {error}; name another logo") from error
        logo.scale(box.height / logo.height)
        return logo.move_to((box.left + logo.width / 2, box.center[1], 0))

    def change(self, number: int) -> tuple[list[Any], list[Any]]:
        """What goes and what comes when slide `number` begins."""
        gone = [self._number] if self._number is not None else []
        come = list(self.still) if number == 1 else []
        if self._theme.slide_number:
            shown = label(str(number), self._theme.type.small, self._theme.palette.muted, tabular=True)
            self._number = shown.centered(self._box.right, self._box.center[1], "right")
            come.append(self._number)
        return gone, come
