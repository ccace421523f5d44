"""Formulas that LaTeX set once, by any project of this user, are not set again.

An entry is named by the formula's whole source, by the programs that set it (their files' size and time, as asking
for a version takes as long as a formula), by LaTeX's settings and the packages in the working directory, and holds the
outlines with the SHA-256 of every file that LaTeX read for them, so that an edited package or a macro file of the
deck's own makes it void.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from astrai_slides.base import cache, inputs
from astrai_slides.base.identity import ById
from astrai_slides.base.phases import FORMULAS, phase
from astrai_slides.seam.formulas_together import MOST, fits_others, set_together
from astrai_slides.seam.latex import CONVERTER, Formula, LatexError, end_all, setting_formulas

LIMIT = 256 << 20
"""Most bytes that formulas take: some 10,000."""

_PACKAGES = (".sty", ".cls", ".cfg", ".def", ".fd")
"""How names end of what LaTeX looks for first in the working directory."""

_PATIENCE = 0.1
"""Seconds between two tries to end what is under way."""


def formula_store(*, forgetful: bool = False) -> cache.Store:
    """Where this user's formulas are kept; `forgetful` sets each of them anew."""
    return cache.Store(cache.user_folder() / cache.FORMULAS, min(LIMIT, cache.default_limit()), forgetful=forgetful)


_Files: TypeAlias = set[str]
_Outcome: TypeAlias = dict[str, _Files | LatexError]
"""Of some formulas, by their sources: which files LaTeX read for each, or why it failed."""
_Setting: TypeAlias = "Future[_Outcome]"


class Formulas:
    """Sets formulas, or takes them from `store`."""

    def __init__(self, store: cache.Store) -> None:
        self._store = store
        self._began = time.time()
        self._digests: dict[str, str] = {}
        self._programs: dict[str, str] = {}
        self._packages: dict[str, str] = {}
        self._kept = False
        self._workers: ThreadPoolExecutor | None = None
        self._under_way: dict[str, _Setting] = {}
        self._started: dict[str, _Setting] = {}
        self._formulas: dict[str, Formula] = {}
        """Those that were started."""
        self._read: ById[_Files, dict[str, str]] = ById()
        self._over = False

    def expect(self, formulas: Iterable[Formula]) -> None:
        """Start to set those of `formulas` that are not kept, as many at a time as there are processors.

        May be called again, where a scene is recorded again: what was started is not started twice.
        """
        new = [formula for formula in formulas if formula.source not in self._started]
        lacking = [formula for formula in new if not self._restore(self._key(formula), formula)]
        if len(lacking) > 1:
            self._workers = self._workers or ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="formulas")
            # packages of the deck's own may have the names of those that formulas are known to leave alone
            ordinary = self._beside() == inputs.NONE_UNSEEN
            alone = [formula for formula in lacking if not (ordinary and fits_others(formula))]
            others = [formula for formula in lacking if ordinary and fits_others(formula)]
            several = [others[at : at + MOST] for at in range(0, len(others), MOST)]
            for some in (*several, *([formula] for formula in alone)):
                setting = self._workers.submit(self._set_some, some)
                for formula in some:
                    self._started[formula.source] = self._under_way[formula.source] = setting
                    self._formulas[formula.source] = formula

    def _set_some(self, formulas: Sequence[Formula]) -> _Outcome:
        """Set `formulas` in one run, or, where one of them does not let that be, in several.

        Returns what LaTeX read for each, or why it failed.
        """
        if self._over:
            return {}
        [first, *others] = formulas
        if not others:
            try:
                return {first.source: first.typeset()}
            except LatexError as error:
                return {first.source: error}
        read = set_together(formulas)
        if read is not None:
            return {formula.source: read for formula in formulas}
        half = len(formulas) // 2
        return self._set_some(formulas[:half]) | self._set_some(formulas[half:])

    @contextmanager
    def keeping(self) -> "Iterator[Formulas]":
        """Keep and use formulas inside the block."""
        try:
            with setting_formulas(self._timed):
                yield self
            self._keep_guesses()
        finally:
            self._over = True
            if self._workers is not None:
                self._workers.shutdown(wait=False, cancel_futures=True)
                # guesses that nobody asked for, and what was under way when the build was left; what had not begun is
                # done, though `wait` would wait for it, as nobody is left to say that it was cancelled
                begun = [each for each in self._started.values() if not each.cancelled()]
                while wait(begun, _PATIENCE).not_done:
                    end_all()
                self._workers.shutdown()  # at once, as nothing is under way: no thread is left when a build forks
                self._workers = None
        if self._kept:
            self._store.trim()

    def _keep_guesses(self) -> None:
        """Keep what was set in vain, so that it is not set again by the next build, which guesses the same."""
        for source, setting in self._under_way.items():
            if setting.done() and not setting.cancelled():
                listed = setting.result()[source]
                if not isinstance(listed, LatexError):
                    self._keep(self._formulas[source], listed)

    def _timed(self, formula: Formula) -> None:
        with phase(FORMULAS):
            self.set(formula)

    def set(self, formula: Formula) -> None:
        """Write the formula's outlines where manim looks for them. Raises LatexError with LaTeX's reason."""
        started = self._under_way.pop(formula.source, None)
        if started is None and formula.svg_file.exists():
            return  # it was asked for before
        if started is not None or not self._restore(self._key(formula), formula):
            listed = started.result()[formula.source] if started else formula.typeset()
            if isinstance(listed, LatexError):
                raise listed
            self._keep(formula, listed)

    def _keep(self, formula: Formula, listed: _Files) -> None:
        """Keep `formula`, which was set and for which LaTeX read the files `listed`; tell of those."""
        read = self._read.get(listed)
        if read is None:
            # LaTeX has read them by now, at whatever moment
            read = self._read[listed] = {path: inputs.read_since(path, self._began) for path in listed}
        self._tell(read)
        about = {"svg": formula.svg_file.read_text("utf-8"), "inputs": read}
        with suppress(OSError):  # a cache that is full costs time, no more
            self._store.put_bytes(self._key(formula), ".formula", json.dumps(about, sort_keys=True).encode())
            self._kept = True

    def _restore(self, key: str, formula: Formula) -> bool:
        path = self._store.get(key)
        if path is None:
            return False
        try:
            about = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return False  # removed meanwhile
        read: dict[str, str] = about["inputs"]
        if any(self._digest(name) != digest for name, digest in read.items()):
            path.unlink(missing_ok=True)
            return False
        self._tell(read)
        formula.svg_file.write_text(about["svg"], "utf-8")
        return True

    def _key(self, formula: Formula) -> str:
        programs = [self._program(name) for name in (*formula.compilers, CONVERTER)]
        # what LaTeX finds in place of what it found where the formula was kept
        settings = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("TEX")]
        return cache.key("formula", formula.source, *programs, formula.output_format, *settings, self._beside())

    def _beside(self) -> str:
        """Tell the packages in the working directory, which LaTeX takes before those that are installed."""
        folder = str(Path.cwd())
        if folder not in self._packages:
            self._packages[folder] = inputs.unseen_digest(folder, _PACKAGES)
        return self._packages[folder]

    def _program(self, name: str) -> str:
        if name not in self._programs:
            found = os.path.realpath(shutil.which(name) or name)
            with suppress(OSError):
                status = Path(found).stat()
                found = f"{found} {status.st_size} {status.st_mtime_ns}"
            self._programs[name] = found
        return self._programs[name]

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            self._digests[path] = inputs.digest(path)
        return self._digests[path]

    @staticmethod
    def _tell(read: dict[str, str]) -> None:
        """Tell whoever watches what is read: LaTeX opened these by itself."""
        for path in read:
            sys.audit("open", path, "rb", 0)
            if read[path] == inputs.CHANGED:
                inputs.tell_changed(path)
