"""What decks in documents are called, and the words of their options."""

import pytest

from astrai_slides.embed.document_decks import name_of
from astrai_slides.embed.manim_slides_options import words_in


def test_no_two_decks_have_one_name() -> None:
    assert name_of("index", "Demo", 0) == "index-Demo-1"
    documents = ["guide/intro", "guide-intro", "guide intro", "guide//intro", "intro"]
    names = {name_of(document, "Demo", before) for document in documents for before in range(2)}
    assert len(names) == 10
    assert all("/" not in name and " " not in name for name in names)


def test_words_are_taken_apart_as_a_shell_does() -> None:
    assert words_in("a=1 title='two words'") == ["a=1", "title=two words"]
    with pytest.raises(ValueError, match=r"title=It's: a quote has no end; write another, or \\' for an apostrophe"):
        words_in("title=It's ")
