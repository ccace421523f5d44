"""What an export says about the talk it holds, and how its page behaves."""

from dataclasses import dataclass, field

from astrai_slides.look.theme import PRINT_THEME

TALK_VARIABLE = "ASTRAI_SLIDES_TALK"
"""Environment variable that names the talk file of a deck in place of its default one."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """How the HTML deck shows itself, as `[html]` of a talk file says (`talk.page.HtmlTable`)."""

    slide_number: str | bool = "c/t"
    """"c" the step, "c/t" the step and how many there are; False none."""
    progress: bool = True
    controls: bool | str = "auto"
    """Buttons for back and next; "auto": on a touch screen and in a frame."""
    loop: bool = False
    auto_slide: float = 0
    """Seconds that a step rests before the next one plays by itself; 0: it waits for the speaker."""
    background: str = ""
    """`#rrggbb` about the picture; empty for the picture's own background."""
    address: str = ""
    """Where the deck's file will be on the web; empty where that is not known."""
    css: str = ""
    """Style rules that ask nothing of a network."""


@dataclass(frozen=True, slots=True)
class Document:
    """Properties of the exported file. `language` is a BCP 47 tag; `date` is ISO 8601 or empty.

    `planned` has the seconds that the speaker means to spend, by the step's name or that of a part of the talk.
    """

    title: str
    speaker: str = ""
    event: str = ""
    date: str = ""
    language: str = "en"
    planned: tuple[tuple[str, float], ...] = ()
    print_theme: str = PRINT_THEME
    """The theme that a deck of ours is printed in; "" for that of the screen."""
    page: PageSettings = field(default_factory=PageSettings)
