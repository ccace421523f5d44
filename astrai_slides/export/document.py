"""What an export says about the talk it holds, and about its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astrai_slides.recording.model import Step

_ENDS = (".", ",", ":", ";", "!", "?", "\u2026")


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


def title_of(step: "Step") -> str:
    """What the step is called."""
    return step.title or step.name


def part_of(step: "Step") -> str:
    """The part of the talk that the step belongs to: `flow` for `flow/static`."""
    return step.name.partition("/")[0]


def description(step: "Step") -> str:
    """What a screen reader says in place of the picture: the title, and the texts that are on the slide."""
    return "".join(_sentences([title_of(step), *(run.text for run in step.texts)]))


def _sentences(texts: list[str]) -> Iterator[str]:
    """`texts` on one line each, with a pause between; a title that is on the slide is said once."""
    flat = [" ".join(text.split()) for text in texts]
    said = [text for place, text in enumerate(flat) if text and (place == 0 or text != flat[0])]
    for place, text in enumerate(said):
        last = place + 1 == len(said)
        yield text if last else f"{text} " if text.endswith(_ENDS) else f"{text}. "
