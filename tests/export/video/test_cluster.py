"""Real Dask workers, each in a folder of its own that holds no deck."""

import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from moving import FPS, HEIGHT, WIDTH, filmed, moving

if find_spec("distributed") is None:  # importing it takes long, and each worker collects this file
    pytest.skip("the extra [cluster] is not installed", allow_module_level=True)

from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video import cluster
from astrai_slides.export.video.clips import Clip, encode_clips
from astrai_slides.export.video.cluster import cluster_workers, differences, versions
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers

QUALITY = quality(WIDTH, HEIGHT, FPS)
MOST_SECONDS = 15.0
"""Three of grace, five to end, and what a machine with other work takes longer."""


class Cluster:
    """A scheduler and workers as subprocesses of this test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[str]] = []
        self._readers: list[threading.Thread] = []
        self.workers: list[subprocess.Popen[str]] = []
        _, found = self._start(
            ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], r"Scheduler at:\s+(tcp://\S+)"
        )
        self.address = found

    def add_worker(self, *options: str) -> None:
        arguments = ["worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", *options]
        process, _ = self._start(arguments, r"Registered to:\s+(tcp://\S+)")
        self.workers.append(process)

    def _start(self, arguments: list[str], ready: str) -> tuple[subprocess.Popen[str], str]:
        folder = self._folder / str(len(self._processes))
        folder.mkdir()
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self._processes.append(process)
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            match = re.search(ready, line)
            if match:
                # read on, so that it never waits for a full pipe
                self._readers.append(threading.Thread(target=process.stderr.read, daemon=True))
                self._readers[-1].start()
                return process, match[1]
        raise AssertionError("".join(said))

    def kill(self, which: str) -> None:
        process = self.workers[0] if which == "worker" else self._processes[0]
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
        for reader in self._readers:
            reader.join()
        for process in self._processes:
            assert process.stderr is not None
            process.stderr.close()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "machines"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.stop()


def names(clips: list[Clip]) -> list[tuple[str, str]]:
    """Names in the cache tell what a file holds."""
    return [(clip.forwards.name, clip.backwards.name) for clip in clips]


def local(recording: Any, folder: Path) -> list[tuple[str, str]]:
    return names(encode_clips(recording, QUALITY, store=Store(folder), workers=Workers(ThreadPoolExecutor(1), 1)))


def test_two_workers_without_a_shared_folder_give_the_same_bytes(dask: Cluster, tmp_path: Path) -> None:
    dask.add_worker()
    dask.add_worker()
    for recording in (moving(400), filmed()):
        with cluster_workers(dask.address) as workers:
            assert workers.count == 2
            made = encode_clips(recording, QUALITY, store=Store(tmp_path / "far"), workers=workers)
        assert names(made) == local(recording, tmp_path / "near")


@pytest.mark.wide
def test_a_worker_killed_in_the_middle_is_made_up_for(dask: Cluster, tmp_path: Path) -> None:
    dask.add_worker()
    dask.add_worker()
    recording = moving(2400)
    killed = threading.Event()

    with cluster_workers(dask.address) as workers:
        submit = workers.executor.submit
        sent = 0

        def counted(*args: Any) -> Any:
            nonlocal sent
            sent += 1
            if sent == 5:  # two at work, two waiting: the first has come back
                os.kill(dask.workers[0].pid, signal.SIGKILL)
                killed.set()
            return submit(*args)

        workers.executor.submit = counted  # type: ignore[method-assign, assignment]
        made = encode_clips(recording, QUALITY, store=Store(tmp_path / "far"), workers=workers)
    assert killed.is_set()
    assert names(made) == local(recording, tmp_path / "near")


_HOSTILE = """
import itertools, pickle
from astrai_slides.export.video import answers

class Bomb:
    def __reduce__(self):
        return exec, ("import pathlib; pathlib.Path({mark!r}).write_text('ran')",)

# Dask runs this more than once
true = answers.true = getattr(answers, "true", answers.answer)
wrong = itertools.cycle([
    lambda task, said: None, lambda task, said: (), lambda task, said: pickle.dumps(Bomb()),
    lambda task, said: said[:-1], lambda task, said: said + said,
    lambda task, said: answers.packed(answers.ERROR, task, b"no"), lambda task, said: 1 / 0,
])
answers.answer = lambda work, task: next(wrong)(task, true(work, task))
"""

_RAISING = """
from astrai_slides.export.video import answers

answers.answer = lambda work, task: 1 / 0
"""

_SLOW = """
import time
from astrai_slides.export.video import answers

true = answers.true = getattr(answers, "true", answers.answer)
answers.answer = lambda work, task: time.sleep(0.2) or true(work, task)
"""
"""Whoever answers nonsense has nothing to do meanwhile, and would be given what waits for this one."""


@pytest.mark.parametrize(("other", "frames"), [(_HOSTILE, 1200), (_RAISING, 400)], ids=["hostile", "raising"])
def test_a_hostile_worker_is_made_up_for_by_an_honest_one(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str, frames: int
) -> None:
    for name in ("_WHO_SECONDS", "_ANSWER_SECONDS"):  # a busy machine's scheduler may take long to say who had it
        monkeypatch.setattr(cluster, name, 60.0)
    mark, preload, slow = tmp_path / "ran", tmp_path / "hostile.py", tmp_path / "slow.py"
    preload.write_text(other.replace("{mark!r}", repr(str(mark))))
    slow.write_text(_SLOW)
    dask.add_worker("--preload", str(preload))
    dask.add_worker("--preload", str(slow))
    recording = moving(frames)
    with cluster_workers(dask.address) as workers:
        assert workers.remote is not None
        asked = []
        elsewhere = workers.remote.elsewhere
        workers.remote.elsewhere = lambda *words: (asked.append(words), elsewhere(*words))[1]  # type: ignore[method-assign]
        made = encode_clips(recording, QUALITY, store=Store(tmp_path / "far"), workers=workers)
    assert asked
    assert names(made) == local(recording, tmp_path / "near")
    assert names(made) == local(recording, tmp_path / "far")
    assert not mark.exists()


def test_what_only_workers_may_have_that_are_gone_is_asked_again(dask: Cluster) -> None:
    dask.add_worker()
    dask.add_worker()
    with cluster_workers(dask.address) as workers:
        remote: Any = workers.remote
        asked = workers.executor.submit(os.getpid)
        had = next(each for each in dask.workers if each.pid == asked.result())
        again = remote.elsewhere(asked, time.sleep, 60)
        assert remote.stranded([asked, again]) == []
        other = next(each for each in dask.workers if each is not had)
        other.kill()
        deadline = time.monotonic() + MOST_SECONDS
        while remote.stranded([asked, again]) != [again]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        again.cancel()
        assert remote.elsewhere(again, os.getpid).result() == had.pid


@pytest.mark.parametrize("which", [pytest.param("worker", marks=pytest.mark.wide), "scheduler"])
def test_losing_the_last_worker_or_the_scheduler_ends_the_build(dask: Cluster, tmp_path: Path, which: str) -> None:
    dask.add_worker()
    recording = moving(20_000)
    lost = 0.0
    with cluster_workers(dask.address) as workers:
        submit, sent = workers.executor.submit, itertools.count()

        def counted(*args: Any) -> Any:
            nonlocal lost
            if next(sent) == 3:  # the first has come back
                dask.kill(which)
                lost = time.monotonic()
            return submit(*args)

        workers.executor.submit = counted  # type: ignore[method-assign, assignment]
        with pytest.raises(
            AstraiSlidesError, match=r"^step 'one', frames \d+ to \d+: .*the scheduler at tcp://"
        ) as told:
            encode_clips(recording, QUALITY, store=Store(tmp_path / "far"), workers=workers)
    assert time.monotonic() - lost < MOST_SECONDS
    assert ("has no worker left" if which == "worker" else "does not answer any more") in str(told.value)


def test_no_scheduler_no_worker_and_other_versions_are_told(dask: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TIMEOUT", "1s")
    with pytest.raises(AstraiSlidesError, match="no scheduler answers"), cluster_workers("tcp://127.0.0.1:9"):
        pass
    with (
        pytest.raises(AstraiSlidesError, match="has no worker; start one"),
        cluster_workers(dask.address),
    ):
        pass
    dask.add_worker()
    mine = versions()
    monkeypatch.setattr(cluster, "_ask", lambda client: {"tcp://there": {**mine, "cairo": "1.14.0"}})
    with (
        pytest.raises(AstraiSlidesError, match=r"tcp://there would draw otherwise.*cairo 1\.14\.0 there"),
        cluster_workers(dask.address),
    ):
        pass


def test_differences_name_what_differs() -> None:
    mine = {"av": "18.1", "cairo": "1.18"}
    assert differences(mine, dict(mine)) == ""
    assert differences(mine, {"av": "17.0", "cairo": "1.18"}) == "av 17.0 there, 18.1 here"
    assert "missing" in differences(mine, {"av": "18.1"})
    assert "cannot run" in differences(mine, "ModuleNotFoundError: no astrai_slides")
