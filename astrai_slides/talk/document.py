"""What an export says about the talk it holds."""

from dataclasses import dataclass


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
