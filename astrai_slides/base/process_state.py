"""The state of the process (directory, environment, streams ...), put back after a deck that changes what it likes."""

import gc
import locale
import logging
import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from astrai_slides.base.inputs import is_local_file
from astrai_slides.base.interrupts import received
from astrai_slides.base.reason import reason

_SOON = 0.001
_deck_threads: list[threading.Thread] = []
"""Threads that decks started, for which Python would wait at its end."""


@contextmanager
def process_restored() -> Iterator[list[str]]:
    """Run the block; afterwards, put back what it changed of the process.

    That is the working directory, umask, environment, locale, handlers of signals, standard streams, warnings, logging,
    limits, functions of Python's modules that this package calls, hooks, timers. A process that the block forked, and
    that comes to the block's end, ends there: there is one build. Yields a list that holds a sentence for each thread
    that failed, and for what failed where Python goes on.
    """
    process, threads = os.getpid(), set(threading.enumerate())
    faults: list[str] = []
    functions = _keep_functions()
    with ExitStack() as stack:
        _functions.append(functions)
        stack.callback(_functions.remove, functions)
        for keep in _KEPT:
            stack.callback(keep())
        stack.enter_context(warnings.catch_warnings())
        stack.callback(setattr, threading, "excepthook", threading.excepthook)

        def note(arguments: threading.ExceptHookArgs) -> None:
            if arguments.exc_type is not SystemExit:  # by which a thread may end, as Python has it
                faults.append(_thread_fault(arguments))

        threading.excepthook = note
        stack.callback(setattr, sys, "unraisablehook", sys.unraisablehook)
        sys.unraisablehook = _noting_unraisable(faults, sys.unraisablehook)
        # None where whoever called us closed them: then Python prints nothing
        sys.stdout, sys.stderr = (each and _DeckStream(each) for each in (sys.stdout, sys.stderr))
        ending: BaseException | None = None
        try:
            yield faults
        except BaseException as error:
            ending = error
            raise
        finally:
            functions()  # first, as all else calls them
            if os.getpid() not in (process, *_in_place):
                _end_child(ending)
            _deck_threads.extend(each for each in set(threading.enumerate()) - threads if not each.daemon)


_functions: list[Callable[[], None]] = []
"""Each puts back what a block around found as functions of Python's modules."""


def put_functions_back() -> None:
    """Have Python's functions be what they were before the deck, which has nothing left to do."""
    for each in _functions[-1:]:
        each()


_in_place: list[int] = []
"""This process, where it was forked to go on in place of the first."""


def go_on_in_place() -> None:
    """Let this process, which was forked in blocks of `process_restored`, come to their end as the first would."""
    _in_place[:] = [os.getpid()]


def ended_at_once(code: int) -> None:
    """End the process with `code` if threads that a block of `process_restored` started still run; return otherwise.

    Python would wait for them, for ever perhaps.
    """
    if not any(each.is_alive() for each in _deck_threads):
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _noting_unraisable(
    faults: list[str], otherwise: Callable[["sys.UnraisableHookArgs"], object]
) -> Callable[["sys.UnraisableHookArgs"], None]:
    """A hook that notes what failed in the deck's own code where Python goes on, as it does in a `__del__`."""

    def note(unraisable: "sys.UnraisableHookArgs") -> None:
        places = [(each.tb_frame.f_code.co_filename, each.tb_lineno) for each in _ways(unraisable.exc_traceback)]
        own = [place for place in places if is_local_file(place[0])]
        if received or not own or unraisable.exc_value is None:
            otherwise(unraisable)
        else:
            file, line = own[-1]
            faults.append(
                f"the deck failed, and went on ({Path(file).name}, line {line}): {reason(unraisable.exc_value)}"
            )

    return note


def _ways(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _thread_fault(arguments: threading.ExceptHookArgs) -> str:
    name = arguments.thread.name if arguments.thread else "a thread"
    error, line = arguments.exc_value, ""
    for trace in _ways(arguments.exc_traceback):
        line = f", {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
    return f"a thread of the deck failed ({name}{line}): {reason(error) if error else arguments.exc_type.__name__}"


def _end_child(error: BaseException | None) -> NoReturn:
    """Leave a process that was forked, without what only the first process is to do."""
    if error is not None and isinstance(error.__cause__, SystemExit):
        error = error.__cause__  # of the deck, in our words
    code = error.code if isinstance(error, SystemExit) else 0 if error is None else 1
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


class _DeckStream:
    """A standard stream that cannot be closed, and prints what it cannot show as an escape."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __enter__(self) -> "_DeckStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, text: str) -> int:
        """Write `text`."""
        try:
            return int(self._stream.write(text))
        except UnicodeEncodeError:
            return self.write(text.encode("ascii", "backslashreplace").decode("ascii"))
        except BrokenPipeError:
            return len(text)  # nobody reads it any more, which is no fault of the deck

    def flush(self) -> None:
        """Hand on what was written."""
        with suppress(BrokenPipeError):
            self._stream.flush()

    def close(self) -> None:
        """Do no more than flush it: what comes after the deck is printed there too."""
        self.flush()

    def detach(self) -> Any:
        """Return the stream beneath, which stays in use."""
        return self._stream.buffer


def _keep_directory() -> Callable[[], None]:
    here = Path.cwd()
    return lambda: os.chdir(here)


def _keep_umask() -> Callable[[], None]:
    mask = os.umask(0o022)
    os.umask(mask)

    def put_back() -> None:
        os.umask(mask)

    return put_back


def _keep_environment() -> Callable[[], None]:
    before = dict(os.environ)

    def put_back() -> None:
        # only what differs, as threads may copy it at this moment for a program that they start
        for name in [name for name in os.environ if name not in before]:
            os.environ.pop(name, None)
        for name, value in before.items():
            if os.environ.get(name) != value:
                os.environ[name] = value

    return put_back


def _keep_locale() -> Callable[[], None]:
    before = locale.setlocale(locale.LC_ALL)

    def put_back() -> None:
        with suppress(locale.Error):
            locale.setlocale(locale.LC_ALL, before)

    return put_back


def _keep_signals() -> Callable[[], None]:
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM", "SIGPIPE", "SIGCHLD", "SIGUSR1", "SIGUSR2")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def put_back() -> None:
        for number, handler in before.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)

    return put_back


def _keep_timer() -> Callable[[], None]:
    timer: Any = getattr(signal, "setitimer", None)  # none on Windows
    if timer is None or threading.current_thread() is not threading.main_thread():
        return lambda: None
    kind: Any = getattr(signal, "ITIMER_REAL", 0)
    before, begun = signal.getitimer(kind), time.monotonic()

    def put_back() -> None:
        left, every = before
        timer(kind, max(left - (time.monotonic() - begun), _SOON) if left else 0, every)

    return put_back


def _keep_streams() -> Callable[[], None]:
    names = ("stdin", "stdout", "stderr", "__stdout__", "__stderr__")
    before = [(name, getattr(sys, name)) for name in names]
    copies: list[tuple[int, int]] = []
    for number in (1, 2):
        with suppress(OSError):
            copies.append((number, os.dup(number)))

    def put_back() -> None:
        for number, copy in copies:
            if not _same(number, copy):
                os.dup2(copy, number)
            os.close(copy)
        for name, stream in before:
            vars(sys)[name] = stream

    return put_back


def _same(number: int, other: int) -> bool:
    try:
        return os.path.sameopenfile(number, other)
    except OSError:
        return False


def _keep_logging() -> Callable[[], None]:
    root = logging.getLogger()
    disabled, level, handlers = root.manager.disable, root.level, root.handlers[:]

    def put_back() -> None:
        root.manager.disable = disabled
        root.setLevel(level)
        root.handlers[:] = handlers

    return put_back


def _keep_functions() -> Callable[[], None]:
    modules = [sys.modules[name] for name in _CALLED if name in sys.modules]
    before = [(module, {name: each for name, each in vars(module).items() if module is not sys or _is_fixed(name)})
              for module in modules]  # fmt: skip
    found: list[list[Any]] = [sys.meta_path, sys.path_hooks]
    lists = [(each, each[:]) for each in found]

    def put_back() -> None:
        for module, functions in before:
            now = vars(module)
            for name, value in functions.items():
                if now.get(name) is not value:
                    now[name] = value
        for each, entries in lists:
            each[:] = entries

    return put_back


def _is_fixed(name: str) -> bool:
    """Whether nothing but a deck gives `sys` another attribute of that name."""
    return callable(getattr(sys, name)) or name in ("modules", "meta_path", "path_hooks", "path_importer_cache")


def _keep_interpreter() -> Callable[[], None]:
    trace, profile, hook = sys.gettrace(), sys.getprofile(), sys.excepthook
    limit, switch = sys.getrecursionlimit(), sys.getswitchinterval()
    arguments, folder = sys.argv[:], tempfile.tempdir
    collecting, thresholds = gc.isenabled(), gc.get_threshold()

    def put_back() -> None:
        if sys.gettrace() is not trace:
            sys.settrace(trace)
        if sys.getprofile() is not profile:
            sys.setprofile(profile)
        sys.setrecursionlimit(limit)
        sys.setswitchinterval(switch)
        sys.argv[:], sys.excepthook, tempfile.tempdir = arguments, hook, folder
        gc.set_threshold(*thresholds)
        (gc.enable if collecting else gc.disable)()

    return put_back


_KEPT = (
    _keep_directory,
    _keep_umask,
    _keep_environment,
    _keep_locale,
    _keep_signals,
    _keep_streams,
    _keep_logging,
    _keep_interpreter,
    _keep_timer,  # put back before the handler of what it sends
)
_CALLED = (
    "builtins", "functools", "gc", "hashlib", "io", "json", "locale", "logging", "marshal", "os", "os.path", "pathlib",
    "pickle", "random", "select", "shutil", "signal", "subprocess", "sys", "tempfile", "threading", "time", "warnings",
    "zlib",
)  # fmt: skip
"""Modules of Python of which this package calls functions while a deck is being recorded, and afterwards."""
