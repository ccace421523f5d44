"""What a build warns of: sentences, each of a kind that can be looked for.

To add one, name its `Kind` and put a `BuildWarning` where others of the place are: into `warnings` of a recording while
a scene runs, into `Production.warn` in a writer of a format, before it writes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from astrai_slides.errors import AstraiSlidesError


class Kind(StrEnum):
    """What a warning is about; its value is the word that `build --json` has for it."""

    CHECK = "check"
    """What an audience could not read or see, which `astrai-slides check` tells in full."""
    DECK = "deck"
    """What a deck says about itself, see `Deck.build_warnings`."""
    FILMED = "filmed"
    """A step is a film, not paths."""
    GLYPH = "glyph"
    """A font has no picture for a character."""
    PICTURE = "picture"
    """A picture is not shown as it is, or shapes are shown as one."""
    SCENE = "scene"
    """A scene is left out."""
    SIZE = "size"
    """A file is larger than was asked for, or than a player takes, or a picture has another size than was asked for."""
    SOUND = "sound"
    """A sound cannot be heard in a file."""
    TIMING = "timing"
    """Something is shown sooner, later or at another frame rate than the deck says."""


@dataclass(frozen=True, slots=True)
class BuildWarning:
    """A sentence about what a build did otherwise than asked, or about what will not work everywhere."""

    kind: Kind
    text: str

    def __str__(self) -> str:
        return self.text


Warn: TypeAlias = Callable[[BuildWarning], None]
"""Takes a warning; raises StrictError where none is allowed."""


class StrictError(AstraiSlidesError):
    """A build that allows no warnings has some."""

    def __init__(self, name: str, warnings: Iterable[BuildWarning]) -> None:
        listed = "".join(f"\n  {warning.kind}: {warning}" for warning in warnings)
        super().__init__(f"{name}: not written, as --strict allows no warnings:{listed}")


def plain(warnings: Iterable[BuildWarning]) -> list[tuple[str, str]]:
    """Return `warnings` as pairs of texts, as files hold them."""
    return [(warning.kind.value, warning.text) for warning in warnings]


def of_plain(pairs: Iterable[tuple[str, str]]) -> list[BuildWarning]:
    """Return what `plain` was given. Raises ValueError or TypeError for what is no such pairs."""
    return [BuildWarning(Kind(kind), str(text)) for kind, text in pairs]
