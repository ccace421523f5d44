"""Where the time of a build goes: whoever does a kind of work says so, and somebody may be listening.

    with phase(COLLECTING):
        ...

Phases may be nested: what an inner one takes is not the outer one's. Without a listener (`profiling`) this costs a
function call. Only the thread that listens is followed by the clock; other processes say what processor time they took,
and other threads are one sum.
"""

import marshal
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from subprocess import Popen
from typing import TypeAlias

try:
    import resource
except ImportError:  # Windows, which does not tell what a child took
    resource = None  # type: ignore[assignment]

READING = "reading and comparing files"
LOADING = "loading manim, talk and deck"
DECK = "the deck's own code"
TEXTS = "texts"
FORMULAS = "formulas (LaTeX, Typst)"
SVGS = "SVG files"
PLAYING = "begin and finish of animations"
ANIMATING = "animations, frame by frame"
"""Updaters of the deck's are among it."""
COLLECTING = "collecting what is drawn"
COMPARING = "comparing scenes"
"""With those of the recording before, and of forks."""
ENCODING = "encoding the recording"
FORKING = "forks: start and wait"
DRAWING = "drawing and encoding videos"
KEEPING = "keeping it for the next build"
OTHER = "everything else"

ORDER = (
    *(READING, LOADING, DECK, TEXTS, FORMULAS, SVGS, PLAYING, ANIMATING, COLLECTING, COMPARING, ENCODING, FORKING),
    *(DRAWING, KEEPING),
)
"""In which phases are told; what is written, by format, comes before the last, and `OTHER` at the end."""

Step: TypeAlias = tuple[str, int] | None
"""A step by its scene and its number, from 0; None for what is of no one step."""

_NOTHING: AbstractContextManager[None] = nullcontext()


def phase(name: str) -> AbstractContextManager[None]:
    """What is done in the block is `name`, in whichever step is under way."""
    return _NOTHING if _profile is None else _profile.phase(name)


@contextmanager
def of_scene(name: str) -> Iterator[None]:
    """What is done in the block is for steps of the scene `name`; first for its first."""
    if _profile is None:
        yield
        return
    _profile.scenes.append(name)
    _profile.at_step((name, 0))
    try:
        yield
    finally:
        _profile.at_step(None)


def at_step(place: int) -> None:
    """From now on, what is done is for the step number `place` of the scene, from 0."""
    if _profile is not None:
        _profile.at_step((_profile.scenes[-1], place))


def of_step(place: int) -> AbstractContextManager[None]:
    """What is done in the block is for the step number `place` of the scene."""
    return _NOTHING if _profile is None else _profile.of_step((_profile.scenes[-1], place))


def step_named(place: int, name: str) -> None:
    """Say what a step of the scene is called."""
    if _profile is not None:
        _profile.names[_profile.scenes[-1], place] = name


def by_child(name: str, seconds: float, step_name: str | None = None) -> None:
    """Say that another process took `seconds` of processor time for `name`; from any thread."""
    if _profile is not None:
        _profile.add_child(name, seconds, step_name)


def in_fork(work: Callable[[], bytes]) -> bytes:
    """Call `work` in a fork, and return what it returns with what it took, for `from_fork`."""
    if _profile is None:
        return work()
    _profile.start_over()
    data = work()
    return _profile.handed_over(data)


def from_fork(data: bytes) -> bytes:
    """Return what the work of a fork returned, from what `in_fork` did."""
    return data if _profile is None else _profile.taken_over(data)


def in_branch() -> None:
    """Say that this process is a fork that goes on from where it is; it ends with `of_branch`."""
    if _profile is not None:
        _profile.start_over()


def of_branch(data: bytes) -> bytes:
    """Return `data`, which this branch found, with what it took, for `from_fork`."""
    return data if _profile is None else _profile.handed_over(data)


def wait_for(process: "Popen[bytes]", name: str) -> int:
    """Wait for the end of `process`, which works for `name`; return its exit status. From any thread."""
    if _profile is None or resource is None or not hasattr(os, "waitid"):
        return process.wait()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    with reaping():
        before = of_children()
        status = process.wait()
        by_child(name, of_children() - before)
    return status


def reaping() -> AbstractContextManager[object]:
    """Ends of other processes are taken one at a time, as the system tells one sum for all that have ended."""
    return _NOTHING if _profile is None else _reaping


_reaping = threading.Lock()


def of_children() -> float:
    """Seconds of processor time of all children that have ended."""
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Profile:
    """What a build took, by step and phase, in seconds; it adds up to `clock`, and to `processor`."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.processor = 0.0
        """Of this process and its children."""
        self.before = time.process_time()
        """What this process took before: Python's start, and the command line's."""
        self.threads = 0.0
        """Processor time of other threads, which hand out work and take it."""
        self.rest = 0.0
        """Processor time of children of which nobody said what it was for: mostly their start and end."""
        self.by_clock: dict[tuple[Step, str], float] = {}
        self.by_processor: dict[tuple[Step, str], float] = {}
        """Of the thread that listens."""
        self.by_children: dict[tuple[Step, str], float] = {}
        self.names: dict[tuple[str, int], str] = {}
        """What steps are called."""
        self.scenes: list[str] = []
        """Those that were recorded, each as often as it was tried."""
        self._thread = threading.get_ident()
        self._process_began = time.process_time()
        self._children_began = of_children()
        self._lock = threading.Lock()
        self._stack: list[str] = [OTHER]
        self._step: Step = None
        self._clock_at = self._began = time.perf_counter()
        self._processor_at = self._thread_began = time.thread_time()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what the block takes as `name`."""
        if threading.get_ident() != self._thread:
            yield
            return
        self._count()
        self._stack.append(name)
        try:
            yield
        finally:
            self._count()
            self._stack.pop()

    def at_step(self, step: Step) -> None:
        """Count for `step` from now on."""
        if threading.get_ident() == self._thread:
            self._count()
            self._step = step

    @contextmanager
    def of_step(self, step: Step) -> Iterator[None]:
        """Count what the block takes for `step`."""
        before = self._step
        self.at_step(step)
        try:
            yield
        finally:
            self.at_step(before)

    def add_child(self, name: str, seconds: float, step_name: str | None) -> None:
        """Count processor time of another process: for the step under way, or for the one that is so called."""
        # what another thread has done is done ahead of the steps, or for whichever it names
        step: Step = self._step if threading.get_ident() == self._thread else None
        if step_name is not None:
            told = ((key, (name, f"{key[0]}/{name}")) for key, name in self.names.items())
            step = next((key for key, names in told if step_name in names), (step_name, -1))
        with self._lock:
            self.by_children[step, name] = self.by_children.get((step, name), 0.0) + seconds

    def start_over(self) -> None:
        """Count anew, in a fork."""
        global _reaping
        _reaping, self._lock = threading.Lock(), threading.Lock()  # another thread might have held them
        self._thread = threading.get_ident()
        self.by_clock, self.by_processor, self.by_children = {}, {}, {}
        self._clock_at, self._processor_at = time.perf_counter(), time.thread_time()

    def handed_over(self, data: bytes) -> bytes:
        """Return `data` with what was counted, in a fork."""
        self._count()
        return marshal.dumps((data, self.by_processor, self.by_children))

    def taken_over(self, data: bytes) -> bytes:
        """Count what a fork handed over; return its data."""
        try:
            own, *counted = marshal.loads(data)
        except (EOFError, ValueError, TypeError):
            return data  # it ended before its time, which whoever reads the data finds out
        for part in counted:
            for key, seconds in part.items():
                self.by_children[key] = self.by_children.get(key, 0.0) + seconds
        return bytes(own)

    def finish(self) -> None:
        """Count no more."""
        self._count()
        self.clock = self._clock_at - self._began
        here = time.process_time() - self._process_began
        # other threads cannot have taken less than nothing, but the system counts in steps
        self.threads = max(0.0, here - (self._processor_at - self._thread_began))
        told = sum(self.by_children.values())
        self.rest = max(0.0, of_children() - self._children_began - told)
        self.processor = sum(self.by_processor.values()) + self.threads + told + self.rest

    def _count(self) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        key = self._step, self._stack[-1]
        self.by_clock[key] = self.by_clock.get(key, 0.0) + clock - self._clock_at
        self.by_processor[key] = self.by_processor.get(key, 0.0) + processor - self._processor_at
        self._clock_at, self._processor_at = clock, processor


_profile: Profile | None = None


def listening() -> bool:
    """Whether anybody listens."""
    return _profile is not None


@contextmanager
def profiling() -> Iterator[Profile]:
    """Listen inside the block; what was heard is whole after it."""
    global _profile
    _profile = profile = Profile()
    try:
        yield profile
    finally:
        _profile = None
        profile.finish()
