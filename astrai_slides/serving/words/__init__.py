"""Every sentence of the decks on LLM serving, one module a language."""

from collections.abc import Mapping

from astrai_slides.serving.words import en, zh
from astrai_slides.serving.words.wording import Words

FALL_BACK = "en"
LANGUAGES: Mapping[str, Words] = {"en": en, "zh": zh}
"""By the primary subtag of a language tag (BCP 47): pt for pt-BR."""


def words_for(language: str) -> Words:
    """The words of the language tag `language`; English where there are none, see `missing_language`."""
    return LANGUAGES.get(_primary(language), LANGUAGES[FALL_BACK])


def missing_language(language: str) -> tuple[str, ...]:
    """What to tell a speaker whose language has no words; nothing if it has."""
    if _primary(language) in LANGUAGES:
        return ()
    known = ", ".join(sorted(LANGUAGES))
    return (f"language {language!r} has no words yet, so the slides are in English; there are words for: {known}",)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
