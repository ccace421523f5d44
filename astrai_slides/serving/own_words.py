"""Words of a speaker's own in place of those of a language, by name, as `[words]` of a talk file has them."""

import inspect
from collections.abc import Mapping
from typing import Annotated, Any, cast, get_type_hints

from pydantic import AfterValidator

from astrai_slides.base.spelling import did_you_mean
from astrai_slides.serving.words.wording import Words

FIGURES = {"slot", "row", "percent", "seconds", "times", "rows"}
"""Names whose text is made of a number, so that one text cannot stand in for all."""


def replaceable() -> dict[str, str]:
    """Names that may be replaced, as a talk file writes them, and what the language calls them."""
    texts = {name: name for name, kind in get_type_hints(Words).items() if kind is str}
    for name, function in inspect.getmembers(Words, inspect.isfunction):
        if not name.startswith("_") and name not in FIGURES and get_type_hints(function).get("return") is str:
            texts[name] = name
    return {name.lower(): name for name in texts}


def _checked(own: dict[str, str]) -> dict[str, str]:
    known = replaceable()
    for name in own:
        if name not in known:
            raise ValueError(f"there is no text {name!r}; {did_you_mean(name, sorted(known))}")
    return own


WordsTable = Annotated[dict[str, str], AfterValidator(_checked)]
"""A table `[words]`: texts by the names that `Words` has, in small letters."""


class _OwnWords:
    """A language, some of whose texts are others."""

    def __init__(self, words: Words, own: Mapping[str, str]) -> None:
        self._words = words
        known = replaceable()
        self._own: dict[str, Any] = {}
        for name, text in own.items():
            original = known[name]
            self._own[original] = text if original.isupper() else _always(text)

    def __getattr__(self, name: str) -> Any:
        return self._own[name] if name in self._own else getattr(self._words, name)


def _always(text: str) -> Any:
    return lambda *_, **__: text


def with_own(words: Words, own: Mapping[str, str]) -> Words:
    """`words` with the texts of `own` in place of theirs; the names have been checked by `WordsTable`."""
    return cast(Words, _OwnWords(words, own)) if own else words
