"""The table `[check]` of a talk file: rules of `astrai-slides check` that are off in a step, and why."""

from typing import Annotated

from pydantic import Field

from astrai_slides.talk.tables import Items, Table


class OffTable(Table):
    """One rule that is off in one step."""

    rule: Annotated[str, Field(min_length=1)]
    step: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]


class CheckTable(Table):
    """What is off. Which rules and steps there are is known once the deck is recorded."""

    off: Items[OffTable] = ()
