"""The rehearsals that are kept beside a talk."""

from pathlib import Path

import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.rehearsals import (
    Rehearsal,
    RehearsedStep,
    keep_rehearsal,
    kept_rehearsals,
    rehearsals_file,
)


def rehearsal(date: str) -> Rehearsal:
    return Rehearsal(date, [RehearsedStep("title", 12.5, 10.0, False), RehearsedStep("flow", 0.0, 3.0, True)])


def test_they_are_kept_beside_the_talk_in_order(tmp_path: Path) -> None:
    file = rehearsals_file(tmp_path / "my.talk.html")
    assert file == tmp_path / "my.talk.rehearsals.json"
    assert kept_rehearsals(file) == []
    first, second = rehearsal("2026-11-26T10:00:00+01:00"), rehearsal("2026-11-27T10:00:00+01:00")
    keep_rehearsal(file, first)
    keep_rehearsal(file, second)
    assert kept_rehearsals(file) == [first, second]
    assert (second.seconds, second.planned) == (12.5, 13)


@pytest.mark.parametrize(
    "damaged", ["", "{}", '[{"date": "x"}]', '[{"date": "x", "steps": [{"step": 1}]}]', "[1", "\0"]
)
def test_what_is_none_is_told_of_and_left_alone(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "talk.rehearsals.json"
    file.write_text(damaged, "utf-8")
    with pytest.raises(AstraiSlidesError, match=r"talk\.rehearsals\.json: .*; move it away"):
        keep_rehearsal(file, rehearsal("2026-11-26T10:00:00+01:00"))
    assert file.read_text("utf-8") == damaged
