"""The table `[html]` of a talk file, and the same keys as the command line gives them."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.document import PageSettings
from astrai_slides.talk.tables import Table, problems
from astrai_slides.talk.toml import parsed

LONGEST_REST = 3600
"""Seconds: who means longer has probably written milliseconds."""


class HtmlTable(Table):
    """How the HTML deck shows itself. `css` is a file, beside the talk file or in the project's root."""

    slide_number: bool | Literal["c", "c/t"] = True
    progress: bool = True
    controls: bool | Literal["auto"] = "auto"
    loop: bool = False
    auto_slide: Annotated[float, Field(ge=0, le=LONGEST_REST)] = 0
    background: str = ""
    address: str = ""
    css: str = ""

    @field_validator("background")
    @classmethod
    def _colour(cls, colour: str) -> str:
        """As `#rrggbb`."""
        if not colour:
            return colour
        from PIL import ImageColor

        try:
            red, green, blue, *_ = ImageColor.getrgb(colour)
        except ValueError:
            raise ValueError(f"{colour!r:.40} is no colour; write #1e1e2e or a name that CSS has") from None
        return f"#{red:02x}{green:02x}{blue:02x}"

    @field_validator("address")
    @classmethod
    def _absolute(cls, address: str) -> str:
        """Of the web, and whole: what is joined to it is looked for there by others."""
        if address and not re.fullmatch(r"https?://[^/\s?#]+/[^\s?#]*", address):
            raise ValueError(f"{address!r:.60} is no address of a file on the web; write https://example.org/deck.html")
        return address

    def overridden(self, given: Mapping[str, Any]) -> Self:
        """This table with the keys of `given` in place of its own; they have been checked by `given_settings`."""
        return type(self).model_validate({**self.model_dump(exclude_unset=True), **given})

    def settings(self, css: str) -> PageSettings:
        """What the page is told; `css` is what the file `self.css` holds."""
        number = "c/t" if self.slide_number is True else self.slide_number
        return PageSettings(
            number,
            self.progress,
            self.controls,
            self.loop,
            self.auto_slide,
            self.background,
            self.address,
            css,
        )


def given_settings(texts: Sequence[str]) -> dict[str, Any]:
    """Read `key=value` of a command line: a value as TOML writes it, where texts may do without quotes.

    Raises one AstraiSlidesError with every key that is unknown or cannot have its value, and the remedy.
    """
    data: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise AstraiSlidesError(f"{text!r}: write KEY=VALUE, as in controls=true")
        if key in data:
            raise AstraiSlidesError(f"{key} is given twice; give it once")
        data[key] = _value(value)
    try:
        HtmlTable.model_validate(data)
    except ValidationError as error:
        raise AstraiSlidesError("\n".join(problems(data, error))) from None
    return data


def _value(text: str) -> Any:
    try:
        table = parsed(f"value = {text}")
    except ValueError:
        return text
    return table["value"] if list(table) == ["value"] else text
