"""Fixtures of the tests of serving."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def serving_data() -> Path:
    """Small hand-made files in the formats that tools write."""
    return Path(__file__).resolve().parent / "data"
