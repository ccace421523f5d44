"""What tests of previews share with those of decks."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driven_runs import Driven, driving

sys.path.insert(1, str(Path(__file__).parent.parent / "export"))


@pytest.fixture
def driven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Driven]]:
    """Begin runs of a deck in a folder of its own: see `driving`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / ".cache"))
    with driving(tmp_path) as begin:
        yield begin
