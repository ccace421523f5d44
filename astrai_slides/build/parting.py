"""A recording that parts where a knob is read for the first time: a fork of the process goes on for each other value.

So what came before is there once, and each variant costs what follows. Which sets of values are recorded: those that
`recording.explored` asks for, which are all of the knobs that are needed at the same time.
"""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from astrai_slides.base.branches import Branches
from astrai_slides.base.inputs import Inputs
from astrai_slides.base.knobs import Knob, Knobs
from astrai_slides.talk.file import Talk

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Recording
    from astrai_slides.recording.run.record import Recorded


@dataclass
class Parting:
    """Parts a recording; `media` is where manim keeps what it makes, which every branch has a folder of."""

    branches: Branches
    media: Path
    _knobs: Knobs = field(default_factory=Knobs)
    _talk: Talk | None = None
    _seen: set[str] = field(default_factory=set)
    """Knobs that were read by this run, or by that from which it parted."""

    def follow(self, knobs: Knobs, talk: Talk | None) -> None:
        """Part where one of `knobs` is read, some of which turn `talk`."""
        self._knobs, self._talk = knobs, talk
        knobs.first_read = self._read

    def _read(self, knob: Knob) -> None:
        """Fork for each other value of `knob`, if whatever was turned so far is still needed."""
        turned, reads = self._knobs.turned, self._knobs.reads
        if knob.name in self._seen:
            return  # recorded again from its start
        self._seen.add(knob.name)
        if any(name not in reads or reads[name].until is not None for name in turned):
            return
        for place in range(len(knob.values)):
            if place == knob.value:
                continue
            try:
                is_new = self.branches.part()
            except OSError:
                return  # no more processes: what is missing is recorded by itself
            if is_new:
                self._turn(knob, place)
                return

    def _turn(self, knob: Knob, place: int) -> None:
        from astrai_slides.recording.run.record import keep_media_in

        keep_media_in(self.media / self.branches.name)
        self._knobs.turned[knob.name] = place
        if self._talk is not None:
            known = {each.name for each in self._talk.knobs}
            turned = {name: value for name, value in self._knobs.turned.items() if name in known}
            if knob.name in known:
                self._talk.become(self._talk.turned(turned))

    def found(self, recorded: "Recorded", read: Inputs) -> None:
        """End this process if it is a branch, which recorded that."""
        from astrai_slides.recording.format.container import dump

        if self.branches.is_branch:
            recording, turned = recorded.recording, self._knobs.turned
            since = (each.since[0] for each in recording.knobs if each.knob.name in turned)
            first = min(len(recording.steps) - 1, *since)
            rest = replace(recording, steps=recording.steps[first:])
            self.branches.end(pickle.dumps((turned, first, dump(rest), read)))


@dataclass(frozen=True)
class Parted:
    """What a branch found."""

    turned: Mapping[str, int]
    first: int
    """Up to which step, from 0, it is what it parted from."""
    rest: bytes
    read: Inputs

    def recording(self, default: "Recording") -> "Recording":
        """The whole of it; `default` is that of the deck with none of its knobs turned."""
        from astrai_slides.recording.format.container import load

        rest = load(self.rest)
        # what a variant shows before any of its knobs was read is what the default shows
        steps = (*default.steps[: self.first], *rest.steps)
        return replace(rest, steps=steps, blobs={**default.blobs, **rest.blobs}, background=default.background)


def parted(branches: Branches) -> list[Parted]:
    """What the branches found, all of which have ended."""
    return [Parted(*pickle.loads(each)) for each in branches.found()]
