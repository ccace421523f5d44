"""Tags of languages: those that are registered, in any case, and none that only look like one."""

import pytest

from astrai_slides.talk.languages import is_language_tag


@pytest.mark.parametrize("tag", ["en", "EN", "de-CH", "pt-BR", "zh-Hant-TW", "tlh", "yue", "cmn-Hans", "qaa", "he"])
def test_registered_languages(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "tag", ["english", "xx", "qzz", "deutsch", "e", "en_US", "en-", "", "en-\u00e4", "zz-US", "en\n"]
)
def test_others(tag: str) -> None:
    assert not is_language_tag(tag)
