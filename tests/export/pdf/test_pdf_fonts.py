"""The fonts of a PDF."""

import logging

import pytest

from astrai_slides.export.pdf.fonts import Face


def test_whoever_hears_all_loggers_is_told_nothing_of_tables(caplog: pytest.LogCaptureFixture) -> None:
    fonts = logging.getLogger("fontTools")
    before = fonts.level
    fonts.setLevel(logging.NOTSET)
    try:
        with caplog.at_level(logging.DEBUG):
            Face("a", bold=False, italic=False)
        assert caplog.records == []
    finally:
        fonts.setLevel(before)
