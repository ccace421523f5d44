"""How the steps of a deck end, and how a step moves that was edited, before the deck is built: for a preview.

A process runs the scene, bringing each play to its end (`recording.run.ends`). At each statement of `construct` that
may begin a step it forks a snapshot: a process that waits there. Within a step that takes long it forks others, between
statements of `construct` or of methods that play. An edit of what comes later goes on from it
(`build.snapshots` chooses), with the new code in place of the old (`recording.run.code_changes`). What is found goes
into a copy of the page that was built last (`build.early_pages`); the build that follows replaces it. Scenes of a deck
of several are run one after the other.

Whoever forks the first process has a socket to it, and one to each snapshot, whose end is that of the snapshot.

| a run tells | |
|---|---|
| `{"began": PID}` | it has begun; it leads a group of processes |
| `{"snapshot": SNAPSHOT}` | with the socket of a snapshot |
| `{"needless": PID}` | nothing was played between this snapshot and the next |
| `{"page": FILE}` | another page |
| `{"cannot": true}` | it ends, as the new code cannot be put in place of the old |
| `{"same": true}` | nothing that it runs differs |
| `{"edited": [SCENE, PLACE]}` | that step of that scene is how it will be; it waits until it is told to go on |
| `{"segments": FILE}` | what the step that is to be recorded ends with, for whoever draws its clip |
| `{"whole": FILE}` | the step that was to be recorded |
| `{"steps": [NAME, ...]}` | those of the scene, which is over: by name if as built, null for that which was recorded |
| `{"over": REASON}` | there is no more to come; `done` where the scene has come to its end |
"""

import gc
import json
import os
import pickle
import signal
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from astrai_slides.base import inputs
from astrai_slides.base.cache import default_folder
from astrai_slides.base.forks import FORKS, adopt_orphans, end_with, outlive_parent, processors
from astrai_slides.base.forks import proportional_memory as memory_of
from astrai_slides.base.outside import end_before_reaching_out
from astrai_slides.base.process_state import go_on_in_place
from astrai_slides.build.early_pages import EarlyPages, keep_whole
from astrai_slides.build.memory import Memory
from astrai_slides.build.page import as_wished
from astrai_slides.build.plan import NO_PAGE_WISH, Job, JobScene, plan
from astrai_slides.build.snapshots import Snapshot, changed_keys, keep_sources, sources_now
from astrai_slides.build.watched import recording_key
from astrai_slides.export.production import BuildSettings

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Blob, Step
    from astrai_slides.recording.run.code_changes import Difference
    from astrai_slides.recording.run.ends import EndRun
    from astrai_slides.recording.run.record import Order
    from astrai_slides.talk.file import Talk

__all__ = ["FORKS", "MOST_BYTES", "adopt_orphans", "memory_of", "processors", "run_quickly"]

MOST_BYTES = 1 << 20
"""Of a message."""
_PROGRAMS = frozenset({"latex", "pdflatex", "xelatex", "lualatex", "luatex", "dvisvgm", "kpsewhich"})
"""What manim starts for formulas."""
_TEXTS = "texts"
_WORTH_S = 0.15
"""Seconds of processor time since the last snapshot after which another is worth its fork in the middle of a step."""
_LATER = 5
"""How much nicer who records what may be needed is than who finds out what is."""
_SHOWN_EVERY = 0.5
"""Seconds between two pages, but for that with the step that was edited."""

_CHILD_ENDED: Any = getattr(signal, "SIGCHLD", None)
_fork: Any = getattr(os, "fork", None)
_nice: Any = getattr(os, "nice", None)


def run_quickly(order: Mapping[str, Any], channel: socket.socket, parent: int) -> NoReturn:
    """Run what `order` says, in a process of its own that ends with `parent`; see the module. Never returns.

    `order` has the `target` and `scenes` as `build` takes them, and an empty folder `quick`.
    """
    # what a deck does wrong is told by the build; whoever listens sees the socket closed
    with suppress(BaseException):
        end_with(parent)
        _lead()
        _be_silent()
        _QuickRun(order, channel).run()
    os._exit(0)


def _lead() -> None:
    with suppress(OSError):
        os.setpgid(0, 0)


def _be_silent() -> None:
    """Print nothing: the build prints what the deck does."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


class _QuickRun:
    """A run of a scene, and in a snapshot what it goes on from."""

    def __init__(self, order: Mapping[str, Any], channel: socket.socket) -> None:
        from astrai_slides.recording.run.checkpoints import Program

        self._order = dict(order)
        self._channel = channel
        self._folder = Path(order["quick"])
        self._program = Program(self._at, self._first_entered, self._leaves)
        self._job: Job
        self._scene = 0
        """The scene under way."""
        self._ends: EndRun
        """Of that scene."""
        self._known: EarlyPages
        self._texts: dict[str, bytes] = {}
        """Texts that were set, in other runs as well."""
        self._talk: Talk | None = None
        self._keys: set[str] = set()
        self._read: inputs.Inputs = {}
        self._sources = ""
        self._kept = 0
        """So many modules are in the file `_sources`."""
        self._document: Any = None
        self._talk_text = ""
        """The talk file as it was read."""
        self._pages = 0
        self._construct = ""
        self._code: CodeType | None = None
        self._snapshot: tuple[int, int] | None = None
        """The last before a step, and how many plays there had been."""
        self._last_plays = -1
        """How many there had been at the last snapshot."""
        self._taken = 0.0
        """Processor time of this process until that."""
        self._inside: Mapping[str, int] = {}
        """Where it waits in methods that `construct` is in."""
        self._outdated: set[CodeType] = set()
        """Code of functions under way, the rest of which is another by now."""
        # of a run that goes on with an edit
        self._changed: frozenset[str] = frozenset()
        self._changed_keys: frozenset[str] = frozenset()
        self._statements: Mapping[str, int] = {}
        """The first that was edited of each `construct`."""
        self._is_touched = False
        """Whether something of what was edited was carried out."""
        self._is_edited = False
        """Whether a play of the step under way came after that."""
        self._was_told = False
        self._records_only = False
        self._shown = 0.0

    def tell(self, **what: Any) -> None:
        """Tell whoever began this run; end where nobody listens any more."""
        try:
            self._channel.send(json.dumps(what).encode())
        except OSError:
            os._exit(0)

    def run(self) -> None:
        """Run the scene from its begin."""
        from astrai_slides.recording.run.record import Order
        from astrai_slides.recording.run.sources import telling_of_fonts

        self.tell(began=os.getpid())
        media = self._folder / "media"
        media.mkdir(exist_ok=True)
        from astrai_slides.recording.run.formulas import formula_store

        store, memory = formula_store(), Memory()
        allowed = [self._folder, store.folder, memory.store.folder, default_folder()]
        end_before_reaching_out(allowed, _PROGRAMS, self._end_at_reach)
        self._job = job = _job(self._order["target"], self._order["scenes"])
        self._known = EarlyPages(job)
        self._talk, self._document = job.talk, job.document
        if job.talk_file is not None:
            self._talk_text = job.talk_file.read_text("utf-8", "replace")
        modules = job.loaded.modules if job.loaded else {}
        order = Order(media=media, attributes=job.attributes, formulas=store)
        with (
            inputs.watching(allowed) as self._read,
            inputs.fresh_modules(modules),
            telling_of_fonts(),
            self._program.followed(),
        ):
            self._follow_talk()
            for number, scene in enumerate(job.scenes):
                self._run_scene(number, scene, order)
        os._exit(0)

    def _run_scene(self, number: int, scene: JobScene, order: "Order") -> None:
        from astrai_slides.recording.run.ends import EndRun
        from astrai_slides.recording.run.load import load_scene

        self._scene, self._construct, self._code, self._snapshot = number, "", None, None
        self._ends = EndRun(self._ended, self._played)
        self._known.begin(number)

        def done() -> None:
            self._texts |= self._ends.tools.typesetter.used
            if self._records_only:
                os._exit(0)
            if not self._ends.has_cues:
                self._tell_steps()
            if number == len(self._job.scenes) - 1:
                self._done()

        self._ends.run(lambda: load_scene(scene.file, scene.name), scene.file, order, done)

    def _tell_steps(self) -> None:
        """Tell which steps are as they were built, where all but one are."""
        steps = self._known.replaced() if self._was_told else None
        if steps is not None:
            self.tell(steps=steps)

    def _done(self) -> NoReturn:
        self._keep_texts()
        self._show(complete=True)
        self.tell(over="done")
        os._exit(0)

    def _end_at_reach(self) -> NoReturn:
        self.tell(over="the deck reaches out")
        os._exit(0)

    # -- while it runs

    def _follow_talk(self) -> None:
        """Note which keys of the talk file the deck reads."""
        if self._talk is None:
            return
        kind: Any = type(self._talk)
        fields, found, keys = kind.model_fields, kind.__getattribute__, self._keys
        names = {name: field.alias or name for name, field in fields.items()}

        def get(talk: Any, name: str) -> Any:
            if name in names and names[name] not in keys:
                keys.add(names[name])
                if names[name] in self._changed_keys:
                    self._is_touched = True
            return found(talk, name)

        kind.__getattribute__ = get

    def _first_entered(self, name: str) -> None:
        if name in self._changed:
            self._is_touched = True

    def _played(self) -> None:
        if self._is_touched:
            self._is_edited = True

    def _at(self, name: str, place: int, frame: FrameType, *, turn: bool) -> None:
        """See that `construct` has come to a statement, or a turn of a loop, at which the run may be gone on from."""
        if not self._construct and frame.f_back is not None and frame.f_back.f_globals.get("__name__") == _RENDERS:
            self._construct, self._code = name, frame.f_code
            self._learn_texts()
        if frame.f_code is not self._code:
            return
        self._see(name, place)
        if frame.f_code in self._outdated:
            self._carry_out_rest(name, place, frame, turn=turn)
            raise _end_of_construct()
        if self._records_only or threading.active_count() > 1:
            return
        # a loop may have many turns in which nothing is played
        if turn and self._snapshot is not None and self._snapshot[1] == self._ends.plays:
            return
        self._inside = {}
        if self._snapshot is not None and self._snapshot[1] == self._ends.plays:
            self.tell(needless=self._snapshot[0])
        if self._fork_snapshot(name, place, frame, turn=turn):
            raise _end_of_construct()

    def _leaves(self, name: str, place: int, frame: FrameType) -> bool:
        """See that a method that plays, or `construct`, has come to a statement; whether the rest was carried out."""
        self._see(name, place)
        if frame.f_code in self._outdated:
            self._carry_out_rest(name, place, frame)
            return True
        if self._records_only or not self._construct or self._last_plays == self._ends.plays:
            return False
        if time.process_time() - self._taken < _WORTH_S or threading.active_count() > 1:
            return False
        inside = self._program.under_way(frame)
        if self._construct not in inside or name not in inside:
            return False
        construct = inside.pop(self._construct)
        self._inside = inside
        return self._fork_snapshot(name, construct, frame, amid=True)

    def _see(self, name: str, place: int) -> None:
        if place >= self._statements.get(name, place + 1):
            self._is_touched = True

    def _learn_texts(self) -> None:
        """Use the texts that were set by runs and scenes before."""
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            self._texts |= pickle.loads((self._folder / _TEXTS).read_bytes())
        self._ends.tools.typesetter.learn(self._texts)

    def _fork_snapshot(
        self, name: str, place: int, frame: FrameType, *, turn: bool = False, amid: bool = False
    ) -> bool:
        """Fork a snapshot, in which the function `name` waits in `frame`, and statement `place` of `construct` is next.

        Returns whether nothing is left to do of that function, in a fork that went on with the rest of it.
        """
        if not self._sources or len(self._program.sources) != self._kept:
            self._keep_sources()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            pid = _fork()
            if not pid:
                ours.close()
                return self._wait(theirs, name, frame, turn=turn)
            told = self._as_snapshot(pid, place, turn=turn, amid=amid).written()
            with suppress(OSError):
                socket.send_fds(self._channel, [json.dumps({"snapshot": told}).encode()], [ours.fileno()])
        self._last_plays, self._taken = self._ends.plays, time.process_time()
        if not amid:
            # an edit of what comes first needs the first one
            self._snapshot = (pid, self._ends.plays) if place or turn else None
        return False

    def _as_snapshot(self, pid: int, place: int, *, turn: bool, amid: bool) -> Snapshot:
        talk = str(self._job.talk_file.absolute()) if self._job.talk_file else ""
        left_out = {*self._program.sources, talk, str(Path.cwd())}
        read = dict(self._job.loaded.read) if self._job.loaded else {}
        read |= {path: known for path, known in self._read.items() if known != inputs.CHANGED}
        read = {path: known for path, known in read.items() if path not in left_out}
        return Snapshot(
            pid,
            self._construct,
            place,
            self._ends.cuts,
            self._ends.is_between_steps,
            self._sources,
            frozenset(self._program.entered),
            frozenset(self._keys),
            read,
            talk,
            self._scene,
            turn,
            self._inside,
            amid,
            self._ends.plays,
        )

    def _keep_sources(self) -> None:
        from astrai_slides.recording.run.code_changes import prepare

        self._kept = len(self._program.sources)
        place = self._folder / f"sources-{os.getpid()}-{self._kept}.json"
        keep_sources(self._program.sources, self._talk_text, place)
        prepare(self._program.sources)
        self._sources = str(place)

    def _keep_texts(self) -> None:
        """Keep the texts that were set, for whoever goes on from a snapshot that was made before."""
        draft = self._folder / f"{_TEXTS}-{os.getpid()}"
        draft.write_bytes(pickle.dumps(self._texts, pickle.HIGHEST_PROTOCOL))
        draft.replace(self._folder / _TEXTS)

    # -- a snapshot

    def _wait(self, commands: socket.socket, name: str, frame: FrameType, *, turn: bool) -> bool:
        """Wait for edits to go on with; return in a fork that does, as `_go_on`. The snapshot itself ends with whoever
        made it."""
        self._channel.close()
        outlive_parent()
        _lead()
        signal.signal(_CHILD_ENDED, signal.SIG_IGN)  # nobody waits for those that go on
        gc.freeze()
        me = os.getpid()
        while True:
            try:
                told, descriptors, _, _ = socket.recv_fds(commands, MOST_BYTES, 1)
            except OSError:
                os._exit(0)
            if not told:
                os._exit(0)
            if not _fork():
                commands.close()
                signal.signal(_CHILD_ENDED, signal.SIG_DFL)
                end_with(me)
                _lead()
                go_on_in_place()  # to the scenes after this one
                self._channel = socket.socket(fileno=descriptors[0])
                return self._go_on(json.loads(told), name, frame, turn=turn)
            for each in descriptors:
                os.close(each)

    def _go_on(self, command: Mapping[str, Any], name: str, frame: FrameType, *, turn: bool) -> bool:
        """Go on with what the files say now. Returns whether the rest of the function `name`, which waits in `frame`,
        is another and was carried out."""
        from astrai_slides.recording.run.code_changes import UnswappableError, difference, swap

        self.tell(began=os.getpid())
        self._order, self._snapshot, self._sources = command["order"], None, ""
        self._last_plays, self._taken = self._ends.plays, 0.0
        self._known.renew()
        # the snapshot may be of a run that went on with an edit itself
        self._is_touched = self._is_edited = self._was_told = False
        self._changed, self._changed_keys, self._shown = frozenset(), frozenset(), 0.0
        place = command["place"]
        try:
            old = dict(self._program.sources)
            new = {**old, **sources_now(old)}
            found: Difference = difference(old, new)
            if not found.spares(self._program.entered, self._construct, place + turn, self._inside):
                raise UnswappableError
            under_way = {*self._inside, self._construct}
            self._outdated = {self._program.code_of(each) for each in under_way & found.statements.keys()}
            swap(self._program, new, found, self._construct)
            self._renew_talk()
        except BaseException:
            self._refuse()
        self._changed = found.changed | found.added | found.reading
        self._statements = found.statements
        if found.nothing and not self._changed_keys:
            self.tell(same=True)
        self._learn_texts()
        if "whole" in command:
            if command.get("later"):
                _nice(_LATER)
            self._want_whole(command["whole"])
        if name not in found.statements:
            return False
        self._carry_out_rest(name, place if name == self._construct else self._inside[name], frame, turn=turn)
        return True

    def _carry_out_rest(self, name: str, place: int, frame: FrameType, *, turn: bool = False) -> None:
        """Carry out what the function `name`, which waits in `frame` before its statement `place`, is from there on."""
        from astrai_slides.recording.run.code_changes import UnswappableError, rest_of

        self._outdated.discard(frame.f_code)
        self._see(name, place)
        try:
            source = self._program.sources[frame.f_code.co_filename]
            rest = rest_of(source, name, place, self._statements[name], frame, turn=turn)
        except UnswappableError:
            self._refuse()
        if name == self._construct:
            self._code = rest.__code__
        self._program.result = rest(**frame.f_locals)

    def _refuse(self) -> NoReturn:
        self.tell(cannot=True)
        os._exit(0)

    def _renew_talk(self) -> None:
        """Let the talk be what its file says now, for everybody who has it."""
        if self._job.talk_file is None or self._talk is None:
            return
        from astrai_slides.talk.file import load_talk

        path = self._job.talk_file
        text = path.read_text("utf-8", "replace")
        self._changed_keys = changed_keys(self._talk_text, text) or frozenset()
        self._talk_text = text
        if not self._changed_keys:
            return
        talk = load_talk(path)
        for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_private__"):
            object.__setattr__(self._talk, name, getattr(talk, name))
        self._document = as_wished(talk.document(), talk, NO_PAGE_WISH)

    # -- what is found

    def _ended(self, place: int, step: "Step", blobs: "Mapping[str, Blob]") -> None:
        if self._records_only:
            return
        differs = self._known.ended(place, step, blobs)
        edited, self._is_edited = self._is_edited or differs, False
        first = edited and not self._was_told
        if first or time.monotonic() - self._shown > _SHOWN_EVERY:
            self._show(complete=False)
        if first:
            self._was_told = True
            self.tell(edited=[self._scene, place])
            file = self._told_to_go_on()
            if file:
                self._known.take_whole(Path(file))
                self._show(complete=False)

    def _told_to_go_on(self) -> str:
        """Wait; return the file with the step that was recorded whole, if it was."""
        told = self._channel.recv(MOST_BYTES)
        if not told:
            os._exit(0)
        return str(json.loads(told)["whole"])

    def _want_whole(self, place: int) -> None:
        """Record the step number `place` whole, and end."""
        from astrai_slides.recording.run.ends import Wanted

        self._records_only = True
        memory = Memory()
        key = recording_key(memory, self._job, self._job.scenes[self._scene], BuildSettings())

        def told(step: "Step", blobs: "Mapping[str, Blob]") -> None:
            file = self._folder / f"whole-{os.getpid()}"
            keep_whole(file, step, blobs)
            self.tell(whole=str(file))
            os._exit(0)

        self._ends.want(Wanted(place, memory.earlier_plays(key), processors(), told, self._drawn))

    def _drawn(self, step: "Step", blobs: "Mapping[str, Blob]") -> None:
        """Take a step that is to be encoded: what it ends with is drawn meanwhile, where clips are wanted."""
        formats = self._order.get("to")
        if not formats:
            return
        from astrai_slides.build.early_files import keep_segments

        file = self._folder / f"segments-{os.getpid()}"
        with suppress(Exception):  # what cannot be drawn so is drawn, or told of, when the step is whole
            if keep_segments(file, formats, step, blobs, self._ends.tools.resolution):
                self.tell(segments=str(file))

    def _show(self, *, complete: bool) -> None:
        """Tell of a page with what is known, if that is another than the one that was built last."""
        recording = self._known.recording(self._ends.tools.resolution, complete=complete)
        if recording is None:
            return
        from astrai_slides.export.html.page import build_html

        self._pages += 1
        self._shown = time.monotonic()
        file = self._folder / f"page-{os.getpid()}-{self._pages}.html"
        file.write_bytes(build_html(recording, self._document).encode("utf-8"))
        self.tell(page=str(file))


def _job(target: str, scenes: list[str]) -> Job:
    """The deck that a preview shows: of all the scenes of a file if none is named."""
    jobs = plan([target, *scenes])
    return jobs[0] if len(jobs) == 1 else plan([target, *(job.scenes[0].name for job in jobs)])[0]


def _end_of_construct() -> BaseException:
    from manim.utils.exceptions import EndSceneEarlyException

    return EndSceneEarlyException()


_RENDERS = "manim.scene.scene"
"""The module that calls `construct`."""
