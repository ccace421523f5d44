"""Tests with their `assert`s rewritten, once for all workers.

pytest rewrites each file that it imports, which takes twice as long as everything else before the first test, and
keeps what it made. Workers start at the same time, so that in a fresh checkout each of them would rewrite every file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest


def rewrite_once(config: pytest.Config, files: Iterable[Path]) -> int:
    """Rewrite those of `files` that are not as pytest keeps them, by as many processes as there are processors.

    Returns how many that were.
    """
    from _pytest.assertion import rewrite

    stale = [file for file in files if rewrite._read_pyc(file, _kept(rewrite, file)) is None]
    if sys.dont_write_bytecode or not stale:
        return 0
    state = config.stash[rewrite.assertstate_key]
    shares = [stale[place :: os.cpu_count() or 1] for place in range(os.cpu_count() or 1)] if _FORKS else [stale]
    forks = []
    for share in filter(None, shares[1:]):
        fork = os.fork()
        if not fork:
            try:
                _rewrite(rewrite, share, config, state)
            finally:
                os._exit(0)  # what it did not get to is done by a worker
        forks.append(fork)
    _rewrite(rewrite, shares[0], config, state)
    for fork in forks:
        os.waitpid(fork, 0)
    return len(stale)


_FORKS = hasattr(os, "fork")


def _kept(rewrite: Any, file: Path) -> Path:
    """Where pytest keeps a file that it rewrote."""
    return rewrite.get_cache_dir(file) / (file.stem + rewrite.PYC_TAIL)


def _rewrite(rewrite: Any, files: Iterable[Path], config: pytest.Config, state: Any) -> None:
    for file in files:
        kept = _kept(rewrite, file)
        try:
            made = rewrite._rewrite_test(file, config)
        except (OSError, SyntaxError, ValueError):
            continue  # whoever imports it says so
        if rewrite.try_makedirs(kept.parent):
            rewrite._write_pyc(state, made[1], made[0], kept)
