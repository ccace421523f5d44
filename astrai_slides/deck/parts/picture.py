"""A picture from a file, as large as it may be, with what it shows in words."""

from pathlib import Path
from typing import Any

from manim import FadeIn, FadeOut, Group, ImageMobject, SVGMobject
from PIL import Image

from astrai_slides.deck.parts.text import paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.seam.held_pixels import shape_of

_VECTOR = ".svg"
_MOST_LINES = 2
_COARSEST = 80
"""Pixels a scene unit, below which an audience sees them: 640 from top to bottom of a frame."""


def image_of(file: Path) -> Any:
    """The mobject of a picture: SVG as paths, what else Pillow reads as pixels. Raises DeckError if it cannot be."""
    try:
        if file.suffix.lower() == _VECTOR:
            return SVGMobject(str(file))
        with Image.open(file) as picture:
            picture.verify()
        return ImageMobject(str(file))
    except FileNotFoundError:
        raise DeckError(f"{file}: there is no such file; name a picture beside the talk file") from None
    except Exception as error:  # whatever the readers of pictures raise
        raise DeckError(f"{file}: cannot be read as a picture: {error}; name another") from error


class FittedPicture(Group):
    """The picture in `file` in the middle of `box`, in its own proportions, with `caption` under it.

    `alt` says what is to be seen to those who do not see it; screen readers read it out, in every format. Raises
    DeckError without it, for a file that is no picture, and for one of too few pixels.
    """

    def __init__(self, file: Path, alt: str, box: Box, theme: Theme, caption: str = "") -> None:
        if not alt.strip():
            raise DeckError(f"{file}: nothing says what it shows; write a sentence as alt")
        self.caption: Any = paragraph(caption, theme.type.small, theme.palette.muted, box.width)
        if len(self.caption) > _MOST_LINES:
            raise DeckError(f"the caption {caption!r:.60} is longer than {_MOST_LINES} lines; shorten it")
        self.image = image_of(file)
        room = box
        if len(self.caption):
            below = theme.space.gap + len(self.caption) * self.caption.leading
            room = box.above(box.bottom + below)
        self.image.scale(min(room.width / self.image.width, room.height / self.image.height))
        self._check_pixels(file)
        self.image.move_to(room.center)
        self.image.alt_text = " ".join(alt.split())
        super().__init__(self.image, self.caption)
        if len(self.caption):
            bottom = float(self.image.get_bottom()[1])
            self.caption.at(room.center[0], bottom - theme.space.gap - theme.type.small, "center")

    def _check_pixels(self, file: Path) -> None:
        if isinstance(self.image, ImageMobject):
            has = shape_of(self.image)[1] / self.image.width
            if has < _COARSEST:
                raise DeckError(
                    f"{file}: is shown {_COARSEST / has:.1f} times as large as its pixels allow; give it a smaller box,"
                    " or take a picture of more pixels"
                )

    def appear(self) -> Any:
        """It comes, with its caption."""
        return FadeIn(self)

    def leave(self) -> Any:
        """It goes."""
        return FadeOut(self)
