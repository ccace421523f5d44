"""Other machines that draw and encode: workers of a Dask `distributed` scheduler.

They get recordings and give back bytes: no folder is shared, and they need no deck, no fonts and no manim.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video.executor import Workers

RETRIES = 3
"""How often a task is given to another worker when the one that had it died."""

_TIMEOUT = "10s"
_MISSING = "missing"


def versions() -> dict[str, str]:
    """Versions of all that decides what a frame looks like and how it is encoded. Runs on workers too."""
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
        yield Workers(_executor(client), _check(client, address))
    finally:
        client.close()


def _client(make: Any, address: str) -> Any:
    return make(address, timeout=_TIMEOUT, set_as_default=False)


def _executor(client: Any) -> Executor:
    executor: Executor = client.get_executor(pure=False, retries=RETRIES)
    return executor


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
    answers: dict[str, Any] = client.run(versions, on_error="return")
    return {
        worker: answer if isinstance(answer, Mapping) else f"{type(answer).__name__}: {answer}"
        for worker, answer in answers.items()
    }


def differences(mine: Mapping[str, str], theirs: Mapping[str, str] | str) -> str:
    """Say in what `theirs` differ from `mine`; empty if in nothing. A string is why a worker could not answer."""
    if isinstance(theirs, str):
        return f"it cannot run astrai-slides ({theirs})"
    return ", ".join(
        f"{name} {theirs.get(name, _MISSING)} there, {version} here"
        for name, version in mine.items()
        if theirs.get(name, _MISSING) != version
    )
