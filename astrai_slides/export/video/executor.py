"""Processes of this machine that draw and encode, and that do not outlive what started them.

Each has a pipe of its own, of which this process holds one end only: whatever happens to a worker, and however far it
was with an answer, whoever waits for it hears of its end at once. Nothing in here waits without a limit but for a
worker that is at work.
"""

import gc
import importlib
import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from astrai_slides.base.forks import FORKS, name_process, processors
from astrai_slides.base.phases import DRAWING, by_child
from astrai_slides.errors import AstraiSlidesError

END_SECONDS = 2.0
"""How long the end of workers, which have been killed, is waited for, all together."""

NAME = "slides-worker"
"""What the system calls a worker, where it is a fork."""

_DRAWS_WITH = "astrai_slides.export.video.chunks"

ENDED = "a worker process ended before its time (out of memory?); try --workers 1"
"""Why nothing more is drawn once one has died."""


class Remote(Protocol):
    """What there is to workers that are no processes of ours: they may be lost, and are not taken at their word."""

    def lost(self) -> str:
        """Why no answer will come any more, as the rest of a sentence; "" while some may."""

    def elsewhere(self, before: "Future[Any]", work: Callable[..., Any], *arguments: object) -> "Future[Any]":
        """Submit `work`, to another worker than that which had `before` where there is one."""

    def stranded(self, asked: "Iterable[Future[Any]]") -> "list[Future[Any]]":
        """Those of `asked` that were submitted to workers which are all gone, while others are there."""


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and how many tasks it works on at a time."""

    executor: Executor
    count: int
    remote: Remote | None = None
    """None for processes of ours."""
    whole: Callable[[], bool] = lambda: True
    """Whether no worker has ended before its time, after which no task is taken any more."""

    def check(self) -> None:
        """Raise AstraiSlidesError if a worker has ended before its time, at work or not."""
        if not self.whole():
            raise AstraiSlidesError(f"steps cannot be drawn and encoded: {ENDED}")


@contextmanager
def local_workers(count: int | None = None) -> Iterator[Workers]:
    """Yield `count` processes (as many as processors by default).

    They end with the block, at once: what they still work on then, nobody has waited for. If this process is killed,
    they end by themselves. Raises AstraiSlidesError if the system starts no more processes.
    """
    count = count or processors()
    pool = _Pool()
    try:
        try:
            pool.start(count)
        except OSError as error:
            reason = error.strerror or error
            raise AstraiSlidesError(
                f"--workers: {count} processes cannot be started: {reason}; close other programs, or try --workers 1"
            ) from error
        yield Workers(pool, count, whole=pool.whole)
    finally:
        pool.shutdown()


@dataclass(frozen=True, slots=True)
class _Order:
    future: "Future[Any]"
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class _Pool(Executor):
    """Processes, and for each a thread that hands it tasks, and one that hears of its end also while it has none.

    Once one has died, no task is taken any more.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._orders: deque[_Order] = deque()
        self._workers: list[tuple[BaseProcess, Connection]] = []
        self._over = False
        self._broken = False

    def start(self, count: int) -> None:
        """Start `count` processes now.

        Ctrl-C reaches the whole group, and the parent decides what becomes of its workers; ignoring it once a worker
        runs would be too late for one that is still loading Python, which inherits that it is blocked therefore.
        """
        # a fork has loaded what it draws with; elsewhere each worker loads it anew
        context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
        if FORKS:
            importlib.import_module(_DRAWS_WITH)
        with _signals_deferred(), warnings.catch_warnings():
            # Python 3.12 warns of threads, of whose locks a worker needs none
            warnings.simplefilter("ignore", DeprecationWarning)
            for _ in range(count):
                ours, theirs = context.Pipe()
                try:
                    # a fork has the ends of those before it, which would seem to live as long as it does
                    others = tuple(each for _, each in self._workers) if FORKS else ()
                    process = context.Process(target=_work, args=(theirs, *others, *[ours] * FORKS), daemon=True)
                    process.start()
                except BaseException:
                    ours.close()
                    raise
                finally:
                    theirs.close()  # or nobody would hear that the worker has died
                self._workers.append((process, ours))
                threading.Thread(target=self._mind, args=(ours,), daemon=True, name="worker").start()
                threading.Thread(target=self._watch, args=(process,), daemon=True, name="worker's end").start()

    def whole(self) -> bool:
        """Whether no worker has died, but by `shutdown`."""
        return not self._broken

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Have a worker call `fn`, which takes no named arguments; raises BrokenProcessPool once one has died."""
        assert not kwargs
        order = _Order(Future(), fn, args)
        with self._changed:
            if self._broken:
                raise BrokenProcessPool("a worker ended before its time")
            if self._over:
                raise RuntimeError("the workers have ended")
            self._orders.append(order)
            self._changed.notify()
        return order.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End all workers now. What they were at is lost; nothing is waited for longer than `END_SECONDS`."""
        self._over = True  # first, as their end is awaited
        for process, _ in self._workers:
            with suppress(OSError):
                process.kill()
        with self._changed:
            left = list(self._orders)
            self._orders.clear()
            self._changed.notify_all()
        for order in left:
            if order.future.cancel():
                order.future.set_running_or_notify_cancel()  # for those who wait for several
        until = time.monotonic() + END_SECONDS
        for process, _ in self._workers:
            process.join(max(0.0, until - time.monotonic()))

    def _mind(self, connection: Connection) -> None:
        """Hand tasks to a worker, one after the other, until it or the pool ends."""
        with connection:
            while True:
                order = self._next()
                if order is None:
                    return
                if not order.future.set_running_or_notify_cancel():
                    continue
                try:
                    connection.send_bytes(pickle.dumps((order.function, order.arguments)))
                    good, answer, seconds = pickle.loads(connection.recv_bytes())
                except (EOFError, OSError):
                    self._break(order)
                    return
                except BaseException as error:  # of what cannot be pickled
                    good, answer = False, error
                else:
                    step = next((each.step for each in order.arguments if hasattr(each, "step")), None)
                    by_child(DRAWING, seconds, step)
                if good:
                    order.future.set_result(answer)
                else:
                    order.future.set_exception(answer)

    def _next(self) -> _Order | None:
        with self._changed:
            while not self._orders and not self._over and not self._broken:
                self._changed.wait()
            return self._orders.popleft() if self._orders and not self._broken else None

    def _watch(self, process: BaseProcess) -> None:
        # not `join`, which must not be called by two threads
        wait([process.sentinel])
        self._break(None)

    def _break(self, order: _Order | None) -> None:
        """Fail `order`, at which a worker died, and all that wait; if the pool has ended, as it should, that alone."""
        with self._changed:
            if not self._over:
                self._broken = True
            failed = [order, *self._orders] if order else [*self._orders]
            self._orders.clear()
            self._changed.notify_all()
        for each in failed:
            if each is order or each.future.set_running_or_notify_cancel():
                each.future.set_exception(BrokenProcessPool("a worker ended before its time"))


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Answer Ctrl-C and SIGTERM only after the block; processes started in it do not hear of Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    waiting: list[int] = []
    # a handler that Python did not set stays, and so does what ends this process at once
    deferred = [each for each in (signal.SIGINT, signal.SIGTERM) if callable(signal.getsignal(each))]
    handlers = {each: signal.signal(each, lambda number, _: waiting.append(number)) for each in deferred}
    if os.name == "posix" and not FORKS:
        # it goes with the first process otherwise, and then takes away what is blocked next
        resource_tracker.ensure_running()
    # for the new processes; here, the system may give the signal to another thread
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask else set()
    try:
        yield
    finally:
        if mask:
            mask(signal.SIG_SETMASK, before)
        for each, handler in handlers.items():
            signal.signal(each, handler)
    for number in waiting[:1]:
        signal.raise_signal(number)


def _start_worker() -> None:
    # for systems where what is blocked is not inherited
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a fork has its parent's
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    # now, as workers are started before there is anything to draw, while a processor is free
    importlib.import_module(_DRAWS_WITH)


def _work(connection: Connection, *others: Connection) -> None:
    """What a worker does: tasks, until its pipe is closed. `others` are ends of pipes that are not its own."""
    for each in others:
        each.close()
    if FORKS:
        name_process(NAME)
        gc.freeze()  # looking for garbage would write to, and so copy, all that it shares
    _start_worker()
    while True:
        try:
            task = connection.recv_bytes()
        except (EOFError, OSError):
            return
        answer = _answer(task)
        try:
            connection.send_bytes(answer)
        except OSError:
            return


def _answer(task: bytes) -> bytes:
    began = time.process_time()
    try:
        function, arguments = pickle.loads(task)
        return pickle.dumps((True, function(*arguments), time.process_time() - began))
    except Exception as error:
        error.add_note(traceback.format_exc())
        try:
            return pickle.dumps((False, error, time.process_time() - began))
        except Exception:  # not every exception can be sent
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}"), 0.0))


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
