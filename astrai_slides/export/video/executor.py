"""Processes of this machine that draw and encode, and that do not outlive what started them."""

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workers:
    """An executor, and how many tasks it works on at a time."""

    executor: Executor
    count: int


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local_workers(count: int | None = None) -> Iterator[Workers]:
    """Yield `count` processes (as many as processors by default).

    They end with the block. If it fails or is interrupted, they are ended at once; if this process is killed, they
    end by themselves.
    """
    count = count or processors()
    before = {process.pid for process in multiprocessing.active_children()}
    # spawn: the parent runs threads and holds manim, of which a worker needs nothing
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=_start_worker)
    try:
        _start(pool, count)
        yield Workers(pool, count)
    except BaseException:
        for process in multiprocessing.active_children():
            if process.pid not in before:
                process.terminate()
                process.join()
        # waits for the pool's own thread, which Python's exit would otherwise catch closing its pipes
        pool.shutdown(cancel_futures=True)
        raise
    else:
        pool.shutdown()


def _start(pool: Executor, count: int) -> None:
    """Start `count` processes of `pool` now, with Ctrl-C blocked, which they inherit.

    Ctrl-C reaches the whole group, and the parent decides what becomes of its workers; ignoring it once a worker runs
    would be too late for one that is still loading Python.
    """
    with _ctrl_c_deferred():
        for _ in range(count):
            pool.submit(_nothing)


@contextmanager
def _ctrl_c_deferred() -> Iterator[None]:
    """Raise KeyboardInterrupt only after the block; processes started in it do not hear of Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    waiting: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: waiting.append(number))
    # for the new processes; here, the system may give the signal to another thread
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask else set()
    try:
        yield
    finally:
        if mask:
            mask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if waiting:
        raise KeyboardInterrupt


def _nothing() -> None:
    """A task that makes a pool start a process."""


def _start_worker() -> None:
    # for systems where what is blocked is not inherited
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    # now, as workers are started before there is anything to draw, while a processor is free
    importlib.import_module("astrai_slides.export.video.chunks")


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
