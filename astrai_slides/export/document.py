"""What an export says about the talk it holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Properties of the exported file. `language` is a BCP 47 tag; `date` is ISO 8601 or empty."""

    title: str
    speaker: str = ""
    event: str = ""
    date: str = ""
    language: str = "en"
