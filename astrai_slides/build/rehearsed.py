"""What comes of a rehearsal: it is kept beside the talk, and may become the plan of the next."""

from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.planned import TABLE, retimed, write_planned
from astrai_slides.talk.rehearsals import Rehearsal, RehearsedStep, keep_rehearsal, kept_rehearsals, rehearsals_file
from astrai_slides.talk.tables import read_tables

__all__ = ["Rehearsal", "RehearsedStep", "keep_rehearsal", "kept_rehearsals", "plan_as", "rehearsals_file"]


def plan_as(talk_file: Path, rehearsal: Rehearsal) -> dict[str, float]:
    """Have the talk file plan the seconds that steps took, and return what it plans now by step or part.

    Steps that were not seen keep their plan. Raises AstraiSlidesError where the file cannot be changed.
    """
    before = read_tables(talk_file).get(TABLE, {})
    if not isinstance(before, dict):
        raise AstraiSlidesError(f"{talk_file}: {TABLE}: must be a table; write it as [{TABLE}]")
    plan = {each.step: each.planned for each in rehearsal.steps}
    took = {each.step: each.seconds for each in rehearsal.steps if each.seconds}
    times = retimed(before, plan, took)
    write_planned(talk_file, times)
    return times
