"""Other machines that draw and encode: workers of a Dask `distributed` scheduler.

They get recordings and give back bytes: no folder is shared, and they need no deck, no fonts and no manim.
"""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video.answers import said
from astrai_slides.export.video.executor import Workers

RETRIES = 3
"""How often a task is given to another worker when the one that had it died."""

GRACE = 3.0
"""Seconds without any worker that are waited, as one that a nanny starts again comes back within."""

_TIMEOUT = "10s"
_ANSWER_SECONDS = 1.0
"""How long the scheduler is waited for when it is asked how things are."""
_WHO_SECONDS = 2.0
"""The same when it is asked who had a task, twice, which else might go to the same worker again; a build that is left
ends within five seconds."""
_CLOSE_SECONDS = 2.0
_MISSING = "missing"
_LONGEST_VERSIONS = 10_000
"""Bytes of what a worker tells of its versions."""


def told_versions() -> bytes:
    """Return `versions` as JSON. Runs on workers: what they answer is plain bytes."""
    return json.dumps(versions()).encode()


def versions() -> dict[str, str]:
    """Versions of all that decides what a frame looks like and how it is encoded."""
    import av
    import cairo
    import numpy

    from astrai_slides import __version__
    from astrai_slides.export.video.encode import VERSION

    return {
        "astrai-slides": f"{__version__} (encoder {VERSION})",
        "av": str(av.__version__),
        "cairo": str(cairo.cairo_version_string()),
        "numpy": str(numpy.__version__.partition(".")[0]),
    }


@contextmanager
def cluster_workers(address: str) -> Iterator[Workers]:
    """Yield the workers of the scheduler at `address`, such as tcp://host:8786.

    Raises AstraiSlidesError if `distributed` is not installed, nobody answers, no worker is there, or one has other
    versions than this machine.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise AstraiSlidesError(
            "--cluster needs Dask: install astrai-slides with the extra [cluster], as in "
            "pip install 'astrai-slides[cluster]'"
        ) from error
    try:
        client: Any = _client(Client, address)
    except (OSError, TimeoutError, ValueError) as error:
        raise AstraiSlidesError(
            f"--cluster {address}: no scheduler answers there ({error}); start one with `dask scheduler`"
        ) from error
    try:
        executor = ClusterExecutor(client, address)
        yield Workers(executor, _check(client, address), executor)
    finally:
        with suppress(Exception):  # of a scheduler that died there is nothing left to close
            client.close(timeout=_CLOSE_SECONDS)


def _client(make: Any, address: str) -> Any:
    return make(address, timeout=_TIMEOUT, set_as_default=False)


class ClusterExecutor(Executor):
    """Tasks for the workers of a scheduler; also tells whether they are still there, and asks another one."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._there: WeakKeyDictionary[Future[Any], Any] = WeakKeyDictionary()
        """What Dask knows a task by; it lets go of an answer that nobody here holds any more."""
        self._only: WeakKeyDictionary[Future[Any], frozenset[str]] = WeakKeyDictionary()
        """The workers that alone may have a task, by address."""
        self._asked_again: set[str] = set()
        """Workers that had a task which was given to another afterwards."""
        self._turn = itertools.count()
        self._empty_since: float | None = None
        self._lock = threading.Lock()

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        """Give `work` to any worker."""
        return self._submit(work, arguments)

    def elsewhere(self, before: Future[Any], work: Callable[..., Any], *arguments: object) -> Future[Any]:
        """Give `work` to another worker than that which had `before`, if there is another.

        That of whose tasks none had to be asked again goes first.
        """
        had, all_ = self._had(before), frozenset(self._workers())
        with self._lock:
            self._asked_again |= had
            others = (all_ - self._asked_again) or (all_ - had)
        if others and not had:  # whichever it was, it is another next time
            others = frozenset({sorted(others)[next(self._turn) % len(others)]})
        # the others alone: where it may go to any, a quick one that answers nonsense takes it from a busy one
        future = self._submit(work, arguments, workers=sorted(others) or None)
        if others:
            self._only[future] = others
        return future

    def stranded(self, asked: Iterable[Future[Any]]) -> list[Future[Any]]:
        """Those of `asked` that none of the workers may have which are there."""
        only = {future: self._only[future] for future in asked if future in self._only}
        there = self._workers() if only else ()
        return [future for future, workers in only.items() if there and workers.isdisjoint(there)]

    def lost(self) -> str:
        """Why no answer will come any more; "" while some may."""
        if self._client.status != "running":
            return f"the scheduler at {self._address} does not answer any more"
        with self._lock:
            if self._workers(unknown=("some",)):
                self._empty_since = None
            elif self._empty_since is None:
                self._empty_since = time.monotonic()
            elif time.monotonic() - self._empty_since >= GRACE:
                return f"the scheduler at {self._address} has no worker left; start one, and build again"
        return ""

    def _submit(self, work: Callable[..., Any], arguments: tuple[Any, ...], **where: Any) -> Future[Any]:
        there = self._client.submit(work, *arguments, pure=False, retries=RETRIES, **where)
        future: Future[Any] = Future()
        self._there[future] = there
        # called in a thread of its own, as a task that is cancelled here is to be cancelled there
        there.add_done_callback(lambda done: self._done(done, future))
        future.add_done_callback(self._forget)
        return future

    def _done(self, there: Any, future: Future[Any]) -> None:
        try:
            result = there.result()
        except BaseException as error:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
        else:
            if future.set_running_or_notify_cancel():
                future.set_result(result)

    def _forget(self, future: Future[Any]) -> None:
        if future.cancelled():
            there = self._there.pop(future, None)
            if there is not None:
                with suppress(Exception):
                    there.cancel()

    def _workers(self, unknown: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Addresses of all workers; `unknown` where the scheduler is too busy to say."""
        try:
            return tuple(self._client.sync(self._client.scheduler.ncores, callback_timeout=_ANSWER_SECONDS))
        except Exception:
            return unknown

    def _had(self, future: Future[Any]) -> set[str]:
        """Which workers have the answer of `future`, or are at work on it; none where nobody can tell."""
        there, only = self._there.pop(future, None), self._only.pop(future, frozenset())
        if len(only) == 1:
            return set(only)
        if there is None:
            return set()
        found: set[str] = set()
        with suppress(Exception):
            ask = self._client.scheduler.who_has
            found.update(*self._client.sync(ask, keys=(there.key,), callback_timeout=_WHO_SECONDS).values())
        with suppress(Exception):
            ask = self._client.scheduler.processing
            for worker, keys in self._client.sync(ask, callback_timeout=_WHO_SECONDS).items():
                if there.key in keys:
                    found.add(worker)
        return found


def _check(client: Any, address: str) -> int:
    """Compare all workers' versions with ours; return how many threads they have together."""
    threads = sum(client.nthreads().values())
    if threads == 0:
        raise AstraiSlidesError(
            f"--cluster {address}: the scheduler has no worker; start one with `dask worker {address}`"
        )
    mine = versions()
    for worker, theirs in _ask(client).items():
        different = differences(mine, theirs)
        if different:
            raise AstraiSlidesError(
                f"--cluster {address}: worker {worker} would draw otherwise than this machine: {different}; "
                "install the same versions on both"
            )
    return int(threads)


def _ask(client: Any) -> dict[str, Mapping[str, str] | str]:
    answers: dict[str, Any] = client.run(told_versions, on_error="return")
    return {worker: _versions_of(answer) for worker, answer in answers.items()}


def _versions_of(answer: object) -> Mapping[str, str] | str:
    """What a worker told of its versions, or why that is none."""
    if isinstance(answer, BaseException):
        return said(answer)
    if not isinstance(answer, bytes) or len(answer) > _LONGEST_VERSIONS:
        return "what it answers are no versions"
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return "what it answers are no versions"
    if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
        return "what it answers are no versions"
    return told


def differences(mine: Mapping[str, str], theirs: Mapping[str, str] | str) -> str:
    """Say in what `theirs` differ from `mine`; empty if in nothing. A string is why a worker could not answer."""
    if isinstance(theirs, str):
        return f"it cannot run astrai-slides ({theirs})"
    return ", ".join(
        f"{name} {theirs.get(name, _MISSING)} there, {version} here"
        for name, version in mine.items()
        if theirs.get(name, _MISSING) != version
    )
