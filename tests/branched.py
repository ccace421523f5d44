"""A deck recorded once for all values of its knobs, by branches of the recording."""

from pathlib import Path

from astrai_slides.base.branches import Branches
from astrai_slides.build.parting import Parted, Parting, parted
from astrai_slides.build.plan import Job
from astrai_slides.build.watched import record_watched
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import Order


def recorded_in_branches(
    job: Job, folder: Path, count: int, fps: float, width: int, height: int
) -> tuple[Recording, list[Parted]]:
    """What a job is with the defaults of its knobs, and what its branches found."""
    found, media = folder / "found", folder / "media"
    found.mkdir()
    told: list[int] = []
    with Branches(found, count, told.append) as branches:
        parting = Parting(branches, media)
        order = Order(fps, width, height, media, job.attributes)
        trunk, _ = record_watched(job, job.scenes[0], order, [media, found], parting=parting)
        branches.join()
        assert told[-1] == len(parted(branches))
        return trunk.recording, parted(branches)
