"""Forks hand back what they found, and none outlives what started it."""

import errno
import io
import os
import select
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from astrai_slides.base.forks import FORKS, ForkDiedError, Forks
from astrai_slides.base.scratch import scratch_folder

pytestmark = pytest.mark.skipif(not FORKS, reason="this system does not fork")

SECONDS = 5.0
"""In which everything that was started has ended."""


def die() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b"never"


def stay() -> bytes:
    signal.pause()
    return b"never"


def fail() -> bytes:
    raise ValueError


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_more_work_than_processes() -> None:
    wanted = [bytes([number]) * (1 << 18) for number in range(5)]
    with Forks(2) as forks:
        started = []
        for each in wanted:
            started.append(forks.start(lambda each=each: each))
            assert sum(not fork.is_over for fork in started) <= 2
        while not all(fork.is_over for fork in started):
            forks.wait()
        assert [fork.found() for fork in started] == wanted


def test_there_are_no_more_than_there_is_room_for() -> None:
    room = 1
    with Forks(3, lambda: room) as forks:
        first = forks.start(lambda: b"first")
        assert forks.are_wanted
        assert not forks.has_room
        second = forks.start(lambda: b"second")
        assert first.is_over, "it was waited for"
        room = 0
        assert not forks.are_wanted
        third = forks.start(lambda: b"third")
        assert second.is_over, "room that is gone since it was asked for holds nobody up"
        forks.wait()
        room = 5
        started = [forks.start(lambda: b"") for _ in range(3)]
        assert not forks.has_room, "nor more than there may be"
        while not all(each.is_over for each in started):
            forks.wait()
    assert third.found() == b"third"


class _Unread(io.StringIO):
    def flush(self) -> None:
        raise BrokenPipeError


@pytest.mark.parametrize("stream", [None, _Unread()])
def test_one_starts_whatever_became_of_the_standard_streams(
    stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Forks(1) as forks:
        monkeypatch.setattr(sys, "stdout", stream)
        fork = forks.start(lambda: b"done")
        monkeypatch.undo()
        forks.wait()
    assert fork.found() == b"done"


@pytest.mark.parametrize("refusing", ["_fork", "_memory_file"])
def test_what_the_system_refuses_leaves_no_file_open(refusing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(f"astrai_slides.base.forks.{refusing}", refused)
    before = sorted(each.name for each in Path("/proc/self/fd").iterdir())
    with Forks(2) as forks:
        with pytest.raises(OSError, match="Cannot allocate"):
            forks.start(stay)
        assert not forks.has_room, "nor are others asked for"
    assert sorted(each.name for each in Path("/proc/self/fd").iterdir()) == before


def test_chance_goes_on_as_it_would() -> None:
    import random

    random.seed(5)
    with Forks(1) as forks:
        fork = forks.start(lambda: str(random.random()).encode())
        forks.wait()
    assert fork.found().decode() == str(random.random())


@pytest.mark.parametrize("work", [die, fail])
def test_one_that_dies_says_so(work: object, capfd: pytest.CaptureFixture[str]) -> None:
    with Forks(2) as forks:
        fork = forks.start(work)  # type: ignore[arg-type]
        forks.wait()
    with pytest.raises(ForkDiedError):
        fork.found()


def test_none_outlives_the_block() -> None:
    with Forks(2) as forks:
        pids = [forks.start(stay)._pid for _ in range(2)]
        assert all(map(is_there, pids))
    assert not any(map(is_there, pids))


def test_none_outlives_a_block_that_is_interrupted_while_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    pids = []
    fork = os.fork

    def interrupted() -> int:
        pids.append(fork())
        if pids[-1]:
            os.kill(os.getpid(), signal.SIGINT)  # which waits until signals are let through again
        return pids[-1]

    monkeypatch.setattr("astrai_slides.base.forks._fork", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), Forks(1) as forks:
            forks.start(stay)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(pids) == 1
    assert not is_there(pids[0])


@contextmanager
def another_thread_takes_signals() -> Iterator[int]:
    """Yield what there is to read as soon as Python knows of a signal, which another thread has taken by then."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    awake = signal.set_wakeup_fd(writing)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield reading
    finally:
        signal.signal(signal.SIGINT, before)
        signal.set_wakeup_fd(awake)
        over.set()
        thread.join()
        for each in (reading, writing):
            os.close(each)


@pytest.mark.parametrize("first", [True, False])
def test_an_interrupt_that_another_thread_takes_is_raised_after_the_fork_and_never_in_it(
    first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`first`: the signal comes before the fork, else after it."""
    fork = os.fork
    with another_thread_takes_signals() as known:

        def interrupted() -> int:
            pid = 0 if first else fork()
            if first or pid:
                os.kill(os.getpid(), signal.SIGINT)
                os.read(known, 1)
            return fork() if first else pid

        monkeypatch.setattr("astrai_slides.base.forks._fork", interrupted)
        with Forks(1) as forks:
            with pytest.raises(KeyboardInterrupt):
                forks.start(lambda: b"done")
            (started,) = forks._running
            forks.wait()
        assert started.found() == b"done"


def test_none_leaves_its_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    reading, writing = os.pipe()

    def work_in_a_folder() -> bytes:
        with scratch_folder() as folder:
            os.write(writing, os.fsencode(folder.name))
            return stay()

    with Forks(1) as forks:
        forks.start(work_in_a_folder)
        name = os.fsdecode(os.read(reading, 100))
        assert [each.name for each in tmp_path.iterdir()] == [name]
    assert list(tmp_path.iterdir()) == []
    for each in (reading, writing):
        os.close(each)


def test_none_outlives_its_parent() -> None:
    """Even one that is killed, which can do nothing more."""
    source = """
        import signal
        from astrai_slides.base.forks import Forks
        with Forks(1) as forks:
            fork = forks.start(signal.pause)
            print(fork._pid, flush=True)
            signal.pause()
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(source)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            parent.wait()
            assert select.select([child], [], [], SECONDS)[0]
        finally:
            os.close(child)
