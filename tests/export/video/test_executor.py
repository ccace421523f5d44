"""Workers that die or are left at any moment: whoever waits for them hears of it, and none stays behind."""

import os
import signal
import threading
import time
from concurrent.futures import CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video import executor
from astrai_slides.export.video.executor import Workers, local_workers

SECONDS = 5
"""How long an end may take."""
LARGE = 50_000_000
"""Bytes: many times what a pipe holds, so that a worker is cut off within its answer."""


class _CutOff:
    """An answer within which the worker dies: half of it is in the pipe."""

    def __reduce__(self) -> tuple[object, ...]:
        connection = next(each for each in _connections() if each)
        os.write(connection, (LARGE).to_bytes(4, "big") + bytes(1000))
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def _connections() -> list[int]:
    """Numbers of the sockets that a worker has: its pipe."""
    return [int(each.name) for each in Path("/proc/self/fd").iterdir() if "socket" in str(_target(each))]


def _target(link: Path) -> Path:
    try:
        return link.readlink()
    except FileNotFoundError:  # what listed the folder
        return Path()


def cut_off() -> _CutOff:
    return _CutOff()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def large() -> bytes:
    return bytes(LARGE)


def busy() -> None:
    threading.Event().wait()


def half() -> float:
    return 0.5


class UnsendableError(Exception):
    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError


def unsendable() -> None:
    raise UnsendableError("of this reason")


def wrong() -> None:
    raise ValueError("a wrong value")


def _children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if each.name() == executor.NAME]


@pytest.mark.long
def test_answers_errors_and_what_cannot_be_sent_come_back() -> None:
    with local_workers(2) as workers:
        futures = [workers.executor.submit(half) for _ in range(5)]
        assert [each.result() for each in futures] == [0.5] * 5
        with pytest.raises(ValueError, match="a wrong value") as told:
            workers.executor.submit(wrong).result()
        assert "in wrong" in "".join(told.value.__notes__)
        with pytest.raises(RuntimeError, match="UnsendableError: of this reason"):
            workers.executor.submit(unsendable).result()
        with pytest.raises(Exception, match="pickle"):
            workers.executor.submit(lambda: None).result()
        assert len(workers.executor.submit(large).result()) == LARGE
    assert not _children()


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks for the worker's pipe in /proc")
@pytest.mark.parametrize("death", [die, cut_off])
def test_a_worker_that_dies_is_heard_of_by_all_who_wait(death: object) -> None:
    with local_workers(1) as workers:
        first = workers.executor.submit(death)  # type: ignore[arg-type]
        others = [workers.executor.submit(half) for _ in range(3)]
        done = wait([first, *others], SECONDS * 4)
        assert not done.not_done
        assert isinstance(first.exception(), BrokenProcessPool)
        assert all(isinstance(each.exception(), BrokenProcessPool) for each in others)
        with pytest.raises(BrokenProcessPool):
            workers.executor.submit(half)
    assert not _children()


@pytest.mark.long
@pytest.mark.parametrize("idle", [True, False])
def test_a_worker_that_is_killed_without_a_task_is_heard_of_at_once(idle: bool) -> None:
    with local_workers(2) as workers:
        workers.check()
        if idle:  # else it is still loading
            workers.executor.submit(half).result()
        for each in _children()[:1]:
            each.kill()
        assert "a worker process ended before its time" in _refusal(workers)
        with pytest.raises(BrokenProcessPool):
            workers.executor.submit(half)
    assert not _children()


def _refusal(workers: Workers) -> str:
    """What `check` says within `SECONDS`, looked at without a pause."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            workers.check()
        except AstraiSlidesError as error:
            return str(error)
    return "nothing"


def test_the_end_of_the_workers_is_not_one_before_its_time() -> None:
    with local_workers(1) as workers:
        watching = [each for each in threading.enumerate() if each.name == "worker's end"]
    for each in watching:
        each.join(SECONDS)
    workers.check()
    with pytest.raises(RuntimeError, match="have ended"):
        workers.executor.submit(half)


@pytest.mark.long
@pytest.mark.parametrize("task", [large, busy])
@pytest.mark.parametrize("way", ["an error", "the end"])
def test_work_that_is_left_ends_at_once(task: object, way: str) -> None:
    futures = []
    try:
        with local_workers(2) as workers:
            workers.executor.submit(half).result()
            futures = [workers.executor.submit(task) for _ in range(40)]  # type: ignore[arg-type]
            began = time.monotonic()
            if way == "an error":
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert time.monotonic() - began < SECONDS
    assert not _children()
    assert not wait(futures, SECONDS).not_done
    kinds = {type(each.exception()) for each in futures if not each.cancelled()}
    assert kinds <= {BrokenProcessPool, type(None)}
    assert any(each.cancelled() for each in futures)
    with pytest.raises(CancelledError):
        futures[-1].result()


def test_processes_that_cannot_be_started_are_told_and_those_that_were_end(monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = BaseProcess.start, []

    def refuse(process: BaseProcess) -> None:
        if started:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        start(process)
        started.append(process)

    monkeypatch.setattr(BaseProcess, "start", refuse)
    with pytest.raises(AstraiSlidesError, match=r"temporarily unavailable; .* --workers 1"), local_workers(2):
        raise AssertionError
    assert not started[0].is_alive()
