"""`[html]` of a talk file, and the same keys on a command line."""

from typing import Any

import pytest
from pydantic import ValidationError

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.document import PageSettings
from astrai_slides.talk.page import HtmlTable, given_settings
from astrai_slides.talk.tables import problems


def test_what_is_left_out_is_as_a_deck_is_by_itself() -> None:
    assert HtmlTable().settings("") == PageSettings()


def test_what_is_given_goes_before_what_stands_there() -> None:
    table = HtmlTable(controls=True, loop=True, css="a.css").overridden({"loop": False, "auto_slide": 3})
    assert table.settings("a {}") == PageSettings(controls=True, auto_slide=3, css="a {}")


@pytest.mark.parametrize(("value", "number"), [(True, "c/t"), (False, False), ("c", "c"), ("c/t", "c/t")])
def test_slide_numbers(value: Any, number: str | bool) -> None:
    assert HtmlTable(slide_number=value).settings("").slide_number == number


@pytest.mark.parametrize(("colour", "read"), [("", ""), ("#abc", "#aabbcc"), ("Navy", "#000080")])
def test_a_background_is_a_colour(colour: str, read: str) -> None:
    assert HtmlTable(background=colour).settings("").background == read


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"slide_numbers": True}, "slide_numbers: unknown key; did you mean 'slide_number'?"),
        ({"slide_number": "h.v"}, "slide_number: "),
        ({"auto_slide": 5000}, "auto_slide: must be less than or equal to 3600, not 5000"),
        ({"auto_slide": -1}, "auto_slide: must be greater than or equal to 0, not -1"),
        ({"background": "no colour"}, "background: 'no colour' is no colour; write #1e1e2e or a name that CSS has"),
        ({"controls": "true"}, "controls: must be true or false"),
    ],
)
def test_mistakes_name_the_key_and_the_remedy(data: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HtmlTable.model_validate(data)
    [line] = problems(data, caught.value)
    assert line.startswith(told)


def test_a_command_line_gives_what_toml_would_and_texts_without_quotes() -> None:
    given = given_settings(["controls=true", "auto_slide=2.5", "css=styles/my.css", 'background="navy"'])
    assert given == {"controls": True, "auto_slide": 2.5, "css": "styles/my.css", "background": "navy"}
    assert given_settings(["css=a.css\nloop=true"]) == {"css": "a.css\nloop=true"}
    assert given_settings(["slide_number=c/t", "background=#fff"]) == {"slide_number": "c/t", "background": "#fff"}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["controls"], "'controls': write KEY=VALUE, as in controls=true"),
        (["loop=true", "loop=false"], "loop is given twice; give it once"),
        (["loop=yes"], 'loop: must be true or false, not "yes"'),
        (["shuffle=true"], "shuffle: unknown key; known here: slide_number"),
    ],
)
def test_what_a_command_line_cannot_mean_is_said(texts: list[str], told: str) -> None:
    with pytest.raises(AstraiSlidesError) as caught:
        given_settings(texts)
    assert str(caught.value).startswith(told)
