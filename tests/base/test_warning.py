"""Warnings: their kinds, and what is kept of them."""

import json

import pytest

from astrai_slides.base.warning import BuildWarning, Kind, StrictError, of_plain, plain

WARNINGS = [BuildWarning(kind, f"about {kind}") for kind in Kind]


def test_warnings_outlast_a_file() -> None:
    assert of_plain(json.loads(json.dumps(plain(WARNINGS)))) == WARNINGS


@pytest.mark.parametrize("damaged", [[["no such kind", "text"]], ["text"], [None], [["glyph"]]])
def test_what_is_no_warning_is_refused(damaged: list[tuple[str, str]]) -> None:
    with pytest.raises((TypeError, ValueError)):
        of_plain(damaged)


def test_an_error_names_every_warning_and_its_kind() -> None:
    assert str(StrictError("Plain", WARNINGS[:2])) == (
        "Plain: not written, as --strict allows no warnings:\n  check: about check\n  deck: about deck"
    )
