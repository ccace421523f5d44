"""What measures AstrAI's own engine, beside a stand-in for its scheduler: a deadline that comes, and what is told."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from benchmarks.gpu import astrai
from benchmarks.gpu.astrai import KERNELS, AstrAI, Kernels, kernels
from benchmarks.gpu.serving import Job

STOP = object()
SLOTS = 2


class Scheduler:
    """As AstrAI's: turns in a thread, which dies where a request is freed while a turn is computed."""

    def __init__(self, turn: float, patience: float) -> None:
        self.turn, self.patience = turn, patience
        self.loops, self.most_loops, self.crashes = 0, 0, 0
        self._tasks: dict[int, tuple[int, Callable[[object], None]]] = {}
        self._given = 0
        self._ended = threading.Event()
        self._loop_thread: threading.Thread | None = None

    def add_task(
        self, prompt: object, *, max_tokens: int, temperature: float, stream_callback: Callable[[object], None]
    ) -> int:
        self._given += 1
        self._tasks[self._given] = max_tokens, stream_callback
        return self._given

    def remove_task(self, task: int) -> None:
        self._tasks.pop(task, None)

    def start(self) -> None:
        self._ended.clear()
        self._loop_thread = threading.Thread(target=self._loop, daemon=True)
        self._loop_thread.start()

    def stop(self) -> None:
        self._ended.set()
        assert self._loop_thread
        self._loop_thread.join(self.patience)
        self._loop_thread = None
        for _, tell in tuple(self._tasks.values()):
            tell(STOP)
        self._tasks.clear()

    def _loop(self) -> None:
        self.loops += 1
        self.most_loops = max(self.most_loops, self.loops)
        try:
            while not self._ended.is_set():
                active = tuple(self._tasks)[:SLOTS]
                time.sleep(self.turn)
                for task in active:
                    left, tell = self._tasks[task]
                    tell("w")
                    self._tasks[task] = left - 1, tell
                    if left == 1:
                        del self._tasks[task]
                        tell(STOP)
        except KeyError:
            self.crashes += 1
        finally:
            self.loops -= 1


@contextmanager
def engine(turn: float, patience: float = 2.0) -> Iterator[tuple[AstrAI, Scheduler]]:
    scheduler = Scheduler(turn, patience)
    scheduler.start()
    serving = AstrAI(scheduler, STOP, SLOTS, Kernels())
    try:
        yield serving, scheduler
    finally:
        serving.close()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(astrai, "PATIENCE", 0.005)


LONG = [Job([1], 10_000)] * 5
SHORT = [Job([1, 2], 2)] * 3


def test_after_a_deadline_the_next_run_is_answered() -> None:
    with engine(0.01) as (serving, scheduler):
        for serve in (serving.serve_continuous, serving.serve_static):
            cut = serve(LONG, time.perf_counter, time.perf_counter() + 0.05)
            assert (cut.answers, cut.given, cut.cut) == ((), 5, True)
            served = serve(SHORT, time.perf_counter, time.perf_counter() + 20)
            assert [len(each.tokens) for each in served.answers] == [2, 2, 2]
        assert scheduler.crashes == 0, "the loop was not disturbed in a turn"


def test_a_deadline_keeps_what_was_answered_before_it() -> None:
    with engine(0.01) as (serving, _):
        cut = serving.serve_static([*SHORT[:SLOTS], *LONG], time.perf_counter, time.perf_counter() + 0.3)
        assert [len(each.tokens) for each in cut.answers] == [2, 2]


def test_a_turn_that_is_longer_than_the_scheduler_waits_for_is_waited_for() -> None:
    with engine(0.2, patience=0.01) as (serving, scheduler):
        serving.serve_continuous(LONG, time.perf_counter, time.perf_counter() + 0.02)
        served = serving.serve_continuous(SHORT, time.perf_counter, time.perf_counter() + 20)
        assert len(served.answers) == 3
        assert scheduler.most_loops == 1, "two loops would compute in one cache"


def checkout(loaded: tuple[str, ...], supports: bool) -> SimpleNamespace:
    return SimpleNamespace(
        is_available=lambda name: name in loaded, CudaBackend=SimpleNamespace(supports=lambda head_dim: supports)
    )


@pytest.mark.parametrize(
    ("backend", "loaded", "supports", "called"),
    [
        ("CudaBackend", KERNELS, True, "its CUDA kernels"),
        ("CudaBackend", KERNELS[:2], True, "some of its CUDA kernels"),
        ("CudaBackend", KERNELS, False, "PyTorch's kernels"),
        ("TorchNativeBackend", (), False, "PyTorch's kernels"),
        ("FlashAttnBackend", KERNELS[2:], False, "kernels of FlashAttnBackend"),
        (None, KERNELS, True, "unknown kernels"),
    ],
)
def test_the_result_says_which_kernels_computed(
    backend: str | None, loaded: tuple[str, ...], supports: bool, called: str
) -> None:
    told = kernels(checkout(loaded, supports), SimpleNamespace(backend_name=backend), 64)
    assert told.called == called
    assert told.note == (
        f"AstrAI's backend of attention: {backend or 'unknown'}; compiled kernels loaded: {', '.join(loaded) or 'none'}"
    )
    assert told.note in AstrAI(None, STOP, SLOTS, told).notes


@pytest.mark.parametrize("extension", [None, SimpleNamespace(), SimpleNamespace(CudaBackend=object)])
def test_a_checkout_that_does_not_tell_of_kernels_is_unknown(extension: object) -> None:
    told = kernels(extension, SimpleNamespace(), 64)
    assert told.called == "unknown kernels"
    assert told.note == "AstrAI's backend of attention: unknown; compiled kernels loaded: unknown"
