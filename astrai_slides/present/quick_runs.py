"""Quick runs of a deck and their snapshots (`build.quick`), held by the process that builds: one edit, one run.

Where an edit can be gone on with from a snapshot, the build waits until the step that was edited is shown. Where there
is a second processor, the step that is probably the one is recorded meanwhile.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from astrai_slides.build.quick import MOST_BYTES, memory_of, processors
from astrai_slides.build.snapshots import Chooser, Snapshot, forget_sources
from astrai_slides.present.file_writer import FileWriter

LARGEST = 2_000_000_000
"""Bytes of memory that all snapshots may take together."""
_MOST = 200
"""So many processes may wait at a time."""
_LOOK_EVERY = 5.0
"""Seconds between two looks at how much memory they take."""

_kill_group: Any = getattr(os, "killpg", None)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@dataclass(slots=True, eq=False)
class _RunUnderWay:
    """A run under way."""

    channel: socket.socket
    begins: Snapshot | None
    """From which it goes on, None for one from the begin."""
    pid: int = 0
    made: list[int] = field(default_factory=list)
    """Its snapshots."""
    records_for: "_RunUnderWay | None" = None
    """The run that waits for the step which this one records whole; it does nothing else."""
    records: bool = False
    step: tuple[int, int] = (-1, -1)
    """Which it records: numbers of scene and step."""


class QuickRuns:
    """Runs, the snapshots of which outlive them."""

    def __init__(
        self,
        begin: Callable[[dict[str, Any], socket.socket, list[socket.socket]], None],
        tell: Callable[..., None],
        writer: FileWriter | None = None,
        *,
        largest: int = LARGEST,
    ) -> None:
        """`begin` forks a run of an order from its begin, with its end of a socket; the child closes those given.

        `tell` takes what there is to tell: a `page`, or a `group` of processes that has begun or ended. `writer` takes
        the step that was edited, and which others there are.
        """
        self._writer = writer
        self._begin_from_begin = begin
        self._tell = tell
        self._largest = largest
        self._runs: list[_RunUnderWay] = []
        self._snapshots: dict[int, tuple[Snapshot, socket.socket]] = {}
        self._order: dict[str, Any] = {}
        self._chooser = Chooser()
        self._looked = 0.0
        self.settled = True
        """Whether nothing is to be waited for: the step that was edited is shown, or will not be."""
        self.is_recording = False
        """Whether the end of that step is known, and its motion is being recorded."""
        self._found: dict[tuple[int, int], str] = {}
        """Files with steps that were recorded before they were asked for."""
        self._segments: dict[tuple[int, int], str] = {}
        """Files with what such steps end with."""

    @property
    def sockets(self) -> list[socket.socket]:
        """All that is open."""
        return [each.channel for each in self._runs] + [channel for _, channel in self._snapshots.values()]

    @property
    def waiting(self) -> list[Snapshot]:
        """The snapshots that there are, those that are furthest last."""
        return sorted((each for each, _ in self._snapshots.values()), key=lambda each: each.order)

    @property
    def heard(self) -> list[int]:
        """Descriptors at which there may be something to `receive`."""
        return [each.channel.fileno() for each in self._runs]

    def begin(self, order: dict[str, Any]) -> None:
        """Run what `order` says, from the last snapshot before what was edited."""
        self.end()
        self._order, self.is_recording = order, False
        self._chooser = Chooser()
        while True:
            chosen = self._chooser.chosen(each for each, _ in self._snapshots.values())
            if chosen is None:
                self.settled = True
                self._from_begin()
                return
            run = self._go_on(chosen, {})
            if run is not None:
                self.settled = False
                if processors() > 1:
                    self._record_ahead(run, chosen)
                return
            self._drop([chosen.pid])  # it is gone

    def end(self) -> None:
        """End what is running; snapshots stay."""
        for each in self._runs[:]:
            self._end(each)
        self._forget_found()

    def _forget_found(self) -> None:
        for file in (*self._found.values(), *self._segments.values()):
            Path(file).unlink(missing_ok=True)
        self._found.clear()
        self._segments.clear()

    def close(self) -> None:
        """End everything."""
        self.end()
        self._drop(list(self._snapshots))

    def receive(self, descriptor: int) -> None:
        """Take what a run tells."""
        run = next((each for each in self._runs if each.channel.fileno() == descriptor), None)
        if run is None:
            return
        try:
            told, descriptors, _, _ = socket.recv_fds(run.channel, MOST_BYTES, 1)
        except OSError:
            told, descriptors = b"", []
        if not told:
            self._over(run, done=False)
            return
        self._take(run, json.loads(told), [socket.socket(fileno=each) for each in descriptors])

    def _take(self, run: _RunUnderWay, told: dict[str, Any], sockets: list[socket.socket]) -> None:
        if "began" in told:
            run.pid = told["began"]
            self._tell(group=run.pid)
        elif "snapshot" in told and sockets:
            snapshot = Snapshot.of(told["snapshot"])
            self._snapshots[snapshot.pid] = snapshot, sockets[0]
            run.made.append(snapshot.pid)
            self._thin()
        elif "needless" in told:
            self._drop([told["needless"]])
        elif "page" in told:
            self._tell(page=told["page"], order=self._order["order"])
        elif "steps" in told:
            if self._writer is not None:
                self._writer.steps(told["steps"])
        elif "edited" in told:
            self._record_whole(run, *told["edited"])
        elif "segments" in told:
            self._segments[run.step] = told["segments"]
            if run.records_for is not None:
                self._draw(*run.step)
        elif "whole" in told:
            if run.records_for is None:
                self._found[run.step] = told["whole"]
            else:
                self._answer(run, told["whole"])
        elif "cannot" in told:
            self._run_anew(run)
        elif "same" in told and not run.records:  # a snapshot that was made after the edit has nothing to go on with
            self.settled = True
            self._end_others(run)
        elif "over" in told:
            self._over(run, done=told["over"] == "done")

    def _from_begin(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, suppress(OSError):
            self._begin_from_begin(self._order, theirs, [ours, *self.sockets])
            self._runs.append(_RunUnderWay(ours, None))
            return
        ours.close()

    def _run_anew(self, run: _RunUnderWay) -> None:
        """Run the scene from its begin, as `run` cannot go on with the edit."""
        self._answer(run, "")
        self._end(run)
        if not run.records:
            self._end_others(run)
            self.settled = True
            self._from_begin()

    def _go_on(self, snapshot: Snapshot, more: dict[str, Any]) -> _RunUnderWay | None:
        """Have a fork of `snapshot` go on; None if that is gone."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = {"order": self._order, "place": snapshot.place, **more}
        with theirs:
            try:
                socket.send_fds(self._snapshots[snapshot.pid][1], [json.dumps(command).encode()], [theirs.fileno()])
            except OSError:
                ours.close()
                return None
        run = _RunUnderWay(ours, snapshot)
        self._runs.append(run)
        return run

    def _record_ahead(self, run: _RunUnderWay, snapshot: Snapshot) -> None:
        """Record the step that comes next after `snapshot`, from which `run` goes on: the edit is probably in that."""
        step = snapshot.scene, snapshot.next_step
        begins = self._before(run, *step) if snapshot.has_begun else snapshot
        recording = self._go_on(begins, {"whole": step[1], "later": True}) if begins is not None else None
        if recording is not None:
            recording.records, recording.step = True, step

    def _end_others(self, run: _RunUnderWay, step: tuple[int, int] = (-1, -1)) -> None:
        """End what records another step than that which `run` waits for."""
        for each in self._runs[:]:
            if each.records and each.records_for is None and each.step != step and each is not run:
                self._end(each)

    def _record_whole(self, run: _RunUnderWay, scene: int, place: int) -> None:
        """Have the step number `place` of the scene number `scene` recorded, from the last snapshot before it."""
        self.is_recording = True
        self._end_others(run, (scene, place))
        self._draw(scene, place)
        file = self._found.pop((scene, place), "")
        if file:
            self._let_go_on(run, file)
            return
        for each in self._runs:
            if each.records and each.step == (scene, place):
                each.records_for = run
                return
        chosen = self._before(run, scene, place)
        recording = self._go_on(chosen, {"whole": place}) if chosen is not None else None
        if recording is None:
            self._let_go_on(run, "")
        else:
            recording.records, recording.records_for, recording.step = True, run, (scene, place)

    def _draw(self, scene: int, place: int) -> None:
        """Have what the step that was edited ends with drawn, if that is known."""
        file = self._segments.pop((scene, place), "")
        if file and self._writer is not None:
            self._writer.segments(file)

    def _before(self, run: _RunUnderWay, scene: int, place: int) -> Snapshot | None:
        """The last snapshot before the step number `place` begins that `run` made, or could go on from."""
        own = {*run.made, run.begins.pid} if run.begins is not None else {*run.made}
        places = [each for each, _ in self._snapshots.values() if each.scene == scene]
        before = [each for each in places if each.order <= (scene, place, False, each.place, each.plays)]
        made = [each for each in before if each.pid in own]
        return max(made, key=lambda each: each.order) if made else self._chooser.chosen(before)

    def _answer(self, run: _RunUnderWay, file: str) -> None:
        waiting, run.records_for = run.records_for, None
        if waiting is not None and waiting in self._runs:
            self._let_go_on(waiting, file)

    def _let_go_on(self, run: _RunUnderWay, file: str) -> None:
        if file and self._writer is not None:
            self._writer.recorded(file)
        with suppress(OSError):
            run.channel.send(json.dumps({"whole": file}).encode())
        self.settled, self.is_recording = True, False

    def _over(self, run: _RunUnderWay, *, done: bool) -> None:
        """Take that a run has ended; snapshots that its own stand in place of are let go."""
        self._answer(run, "")
        self._end(run)
        if run.records:
            return
        self._end_others(run)
        self._forget_found()
        if self._writer is not None:
            self._writer.give_up()
        self.settled = True
        if done:
            last = run.begins.order if run.begins is not None else (-1, -1, False, -1)
            later = {pid for pid, (each, _) in self._snapshots.items() if each.order > last}
            self._drop(later - set(run.made))
            self._thin(at_once=True)

    def _end(self, run: _RunUnderWay) -> None:
        if run not in self._runs:
            return
        self._runs.remove(run)
        if run.pid:
            with suppress(ProcessLookupError, PermissionError):
                _kill_group(run.pid, _KILL)
            self._tell(group_ended=run.pid)
        run.channel.close()

    def _drop(self, pids: Iterable[int]) -> None:
        """Let snapshots end, unless a run that goes on from one would end with it."""
        busy = {each.begins.pid for each in self._runs if each.begins is not None}
        for pid in pids:
            if pid in self._snapshots and pid not in busy:
                snapshot, channel = self._snapshots.pop(pid)
                channel.close()
                if all(each.sources != snapshot.sources for each, _ in self._snapshots.values()):
                    forget_sources(snapshot)

    def _thin(self, *, at_once: bool = False) -> None:
        """Let every second of the snapshots end that are furthest behind, where all take too much memory."""
        if len(self._snapshots) > _MOST:
            self._drop([each.pid for each in self.waiting[1::2]])
        if not at_once and time.monotonic() - self._looked < _LOOK_EVERY:
            return
        self._looked = time.monotonic()
        while len(self._snapshots) > 1 and sum(map(memory_of, self._snapshots)) > self._largest:
            before = len(self._snapshots)
            waiting = self.waiting
            older = waiting[1 : max(2, len(waiting) // 2) : 2] or waiting[1:2]
            self._drop([each.pid for each in older])
            if len(self._snapshots) == before:
                return
