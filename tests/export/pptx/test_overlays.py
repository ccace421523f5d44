"""Shapes above videos that are written before the videos are there are those that are written with them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from documents import DOCUMENT, addressed, talk

from astrai_slides.export.pptx import overlays, presentation
from astrai_slides.export.pptx.presentation import overlays_ahead, write_pptx
from astrai_slides.recording.format.model import Picture, Recording, Step


@pytest.fixture
def grouped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the overlays that were written."""
    names: list[str] = []
    group = overlays.group

    def noted(*arguments: object) -> str:
        names.append(str(arguments[4]))
        return group(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(overlays, "group", noted)
    return names


def plain_first() -> Recording:
    """A talk whose steps without pictures come first."""
    made = talk()
    return replace(made, steps=tuple(sorted(made.steps, key=shows_pictures)))


def shows_pictures(step: Step) -> bool:
    return any(isinstance(op, Picture) for op in step.end.ops)


@pytest.mark.parametrize("make", [plain_first, talk, addressed])
def test_a_file_is_the_same(make: Callable[[], Recording], tmp_path: Path, grouped: list[str]) -> None:
    made = make()
    films = [None] * len(made.steps)
    write_pptx(made, tmp_path / "alone.pptx", DOCUMENT, films)
    alone, grouped[:] = grouped[:], []
    ahead = overlays_ahead(made)
    # the first steps of the others have a picture or a link
    assert len(grouped) == (sum(not shows_pictures(step) for step in made.steps) if make is plain_first else 0)
    write_pptx(made, tmp_path / "ahead.pptx", DOCUMENT, films, overlays=ahead)
    assert (tmp_path / "ahead.pptx").read_bytes() == (tmp_path / "alone.pptx").read_bytes()
    # none is written twice, and none in another order, as what filled outlines cover depends on those before
    assert grouped == alone


def test_what_becomes_a_picture_is_not_written_ahead(monkeypatch: pytest.MonkeyPatch, grouped: list[str]) -> None:
    monkeypatch.setattr(presentation, "MOST_POINTS", 0)
    overlays_ahead(plain_first())
    assert grouped == []


def test_not_all_of_a_long_talk_is_held(monkeypatch: pytest.MonkeyPatch, grouped: list[str]) -> None:
    monkeypatch.setattr(overlays, "_MOST_BYTES", 10)
    overlays_ahead(plain_first())
    assert len(grouped) == 1
