"""Helpers of these tests lie beside them."""

import sys
from pathlib import Path

import pytest

from astrai_slides.layout import Layout, layout_for
from astrai_slides.theme import DARK, Theme

sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("resting")


@pytest.fixture(scope="session")
def theme() -> Theme:
    return DARK


@pytest.fixture(scope="session")
def layout(theme: Theme) -> Layout:
    return layout_for(theme)
