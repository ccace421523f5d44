"""A deck that is to be presented: built where `build` puts it, unless that was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.base.progress import Progress
from astrai_slides.build.make import BuildRequest, make
from astrai_slides.build.plan import TALKS_FOLDER
from astrai_slides.build.rebuild import previewed, scenes_of
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.registry import formats_named


@dataclass(frozen=True, slots=True)
class PresentedDeck:
    """The file that is presented, and the talk file that it was built from, None for a deck without."""

    file: Path
    talk_file: Path | None


def presented(named: str | None, scenes: Sequence[str], kind: str, progress: Progress) -> PresentedDeck:
    """Build what `named` means (the only talk if nothing) in the format `kind`, one deck of all scenes.

    Raises UnknownTargetError for a name that means nothing, AstraiSlidesError where it cannot be built.
    """
    target = previewed(named)
    # whoever wants to show a deck does not wait for its variants, but has them where they are there
    named_scenes = [target, *(scenes or scenes_of(target))]
    request = BuildRequest(named_scenes, formats_named([kind]), variants=True, only_known_variants=True)
    files = [built.path for built in make(request, progress)]
    if not files:
        raise AstraiSlidesError(f"{target}: there is nothing to show; name another file")
    return PresentedDeck(files[0], _talk_file(target))


def _talk_file(target: str) -> Path | None:
    if target.endswith(".py"):
        return None
    return Path(target if target.endswith(".toml") else f"{TALKS_FOLDER}/{target}.toml")
