"""A deck recorded with other values of its knobs, so that its page can hold all of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from astrai_slides.base import cache, inputs
from astrai_slides.base.inputs import Inputs
from astrai_slides.base.knobs import MOST_VARIANTS, Knob
from astrai_slides.build.memory import Known, Memory
from astrai_slides.build.parting import Parted
from astrai_slides.build.plan import Job, JobScene
from astrai_slides.build.watched import recording_key
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings

if TYPE_CHECKING:
    from astrai_slides.recording.explored import Explored
    from astrai_slides.recording.format.model import Recording
    from astrai_slides.recording.run.record import Recorded

RecordVariant = Callable[[Job, Mapping[str, int], bytes | None, str], "tuple[Recorded, Inputs]"]
"""Records a job with knobs of the deck turned, reusing plays of an earlier recording; the text names the variant."""
PartVariants = Callable[[bytes | None], "Sequence[Parted]"]
"""Records all variants at once where this system can, reusing plays of an earlier recording of the default."""


class _NotKnownError(Exception):
    """A variant was not recorded, and is not to be."""


class Variants:
    """The variants of one scene of a job: those that the memory has are not recorded again."""

    def __init__(
        self,
        job: Job,
        scene: JobScene,
        settings: BuildSettings,
        memory: Memory,
        record: RecordVariant | None = None,
        part_all: PartVariants | None = None,
        most: int = MOST_VARIANTS,
    ) -> None:
        """Without `record` and `part_all` there are variants only where all of them are known; `most` of a step."""
        self._job = job
        self._memory = memory
        self._record = record
        self._most = most
        self._part_all = part_all
        self._parted: dict[frozenset[tuple[str, int]], Parted] = {}
        """Variants that were recorded, and are not asked for yet."""
        self._key = recording_key(memory, job, scene, settings)
        self._where = where(job, scene)
        self._identities: list[str] = []
        self.read: Inputs = {}
        """What their recordings were made from."""

    @property
    def done(self) -> int:
        """How many variants there are so far, beside the default."""
        return len(self._identities)

    @property
    def identity(self) -> str:
        """What tells these variants from others."""
        return cache.key("variants", *self._identities)

    def explored(self, known: Known) -> "Explored | None":
        """All variants of `known`, the deck as it is by default; None for a deck without knobs."""
        from astrai_slides.recording.explored import explore

        self._default = known.recording
        try:
            return explore(known.recording, self._recorded, self._where, self._most)
        except _NotKnownError:
            return None

    def _recorded(self, turned: Mapping[str, int], knobs: Sequence[Knob]) -> "Recording":
        texts = {knob.name: knob.texts[turned[knob.name]] for knob in knobs if knob.name in turned}
        said = ", ".join(f"{name} = {text}" for name, text in texts.items())
        key = cache.key("variant", self._key, json.dumps(texts))
        known = self._memory.known_recording(key)
        if known is None and self._part_all is not None:
            found, self._part_all = self._part_all(self._memory.earlier_plays(self._key)), None
            self._parted = {frozenset(each.turned.items()): each for each in found}
        parted = self._parted.pop(frozenset(turned.items()), None)
        if known is None and parted is not None:
            known = self._memory.keep_recording(key, parted.recording(self._default), None, parted.read)
        if known is None:
            if self._record is None:
                raise _NotKnownError
            earlier = self._memory.earlier_plays(key) or self._memory.earlier_plays(self._key)
            job, own = _with_talk_turned(self._job, turned)
            recorded, read = self._record(job, own, earlier, said)
            known = self._memory.keep_recording(key, recorded.recording, recorded.plays, read)
        self._identities.append(known.identity)
        self.read = inputs.merged(self.read, known.inputs)
        return known.recording


def _with_talk_turned(job: Job, turned: Mapping[str, int]) -> tuple[Job, dict[str, int]]:
    """`job` with the knobs of its talk turned, and those of `turned` that are the deck's own."""
    if job.loaded is None:
        return job, dict(turned)
    talk = job.loaded.talk
    of_talk = {knob.name for knob in talk.knobs}
    own = {name: place for name, place in turned.items() if name not in of_talk}
    if len(own) < len(turned):
        talk = talk.turned({name: place for name, place in turned.items() if name in of_talk})
    return replace(job, loaded=replace(job.loaded, talk=talk)), own


def where(job: Job, scene: JobScene) -> str:
    """What messages about the variants of a scene begin with."""
    file = str(job.talk_file or scene.file)
    return file if len(job.scenes) == 1 else f"{file}: {scene.name}"


def refuse_unlike(job: Job, knobs: Sequence[Sequence[Knob]]) -> None:
    """Raise AstraiSlidesError where two of `knobs`, which has those of each scene, have one name and are not alike.

    They are turned as one.
    """
    known: dict[str, tuple[JobScene, Knob]] = {}
    for scene, own in zip(job.scenes, knobs, strict=True):
        for knob in own:
            first, other = known.setdefault(knob.name, (scene, knob))
            if other != knob:
                places = f"{_read_at(first, knob.name)} and {_read_at(scene, knob.name)}"
                raise AstraiSlidesError(
                    f"{places} have a knob {knob.name!r} each, with another {_difference(other, knob)}; in one deck "
                    "it is one knob, so make both alike, give one another name, or build with --no-variants or --each"
                )


def _difference(one: Knob, other: Knob) -> str:
    """What two knobs of one name do not have in common, as it is in both."""
    if one.texts != other.texts or one.values != other.values:
        return f"list of values ({', '.join(one.texts)}; {', '.join(other.texts)})"
    if one.label != other.label:
        return f"label ({one.label!r}; {other.label!r})"
    return f"default ({one.texts[one.value]}; {other.texts[other.value]})"


def _read_at(scene: JobScene, name: str) -> str:
    """The file and class of a scene, and in which line it reads the knob `name`, where that is written there."""
    import ast

    from astrai_slides.check.source import DeckSource

    source = DeckSource.read(scene.file, scene.name)
    calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    lines = sorted(
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "knob"
        and any(isinstance(each, ast.Constant) and each.value == name for each in call.args[:1])
    )
    first, last = source.scene_lines
    line = next((line for line in lines if first <= line <= last), None)
    return f"{source.file}: line {line}: {scene.name}" if line else f"{source.file}: {scene.name}"


def refuse_unknown(job: Job, recording: "Recording") -> None:
    """Raise AstraiSlidesError for a knob that is to have another default, and that the deck does not read."""
    from astrai_slides.base.spelling import did_you_mean

    names = [read.knob.name for read in recording.knobs]
    for name, _ in job.variant:
        if name not in names:
            remedy = did_you_mean(name, names) if names else "the deck has none"
            where = job.talk_file or job.scenes[0].file
            raise AstraiSlidesError(f"{where}: --variant {name}: there is no such knob; {remedy}")
