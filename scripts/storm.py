"""Raise storms: everything that may happen to a build, a file or a deck, over and over, and what was held.

Run as `python scripts/storm.py`, with the Python that `make test` installs for. Each case is made from a seed, which is
shown where it was not held: `--only NAME --seed N --cases 1` repeats it. docs/wide.md has the table of the last long
run.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from storms import ends, files, forked, machines, people
from storms.case import DONE, Case, NotHeldError, Storm

STORMS: dict[str, Storm] = {
    storm.name: storm for storm in (*ends.STORMS, *forked.STORMS, *machines.STORMS, *files.STORMS, *people.STORMS)
}


@dataclass
class Tally:
    """What became of a storm's cases."""

    tried: int = 0
    cases: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    """Seed, and what happened."""

    @property
    def counted(self) -> int:
        """Tries but those that came too late."""
        return self.tried - self.outcomes[DONE]


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Raise NotHeldError in the block if it takes longer."""

    def late(number: int, frame: object) -> None:
        raise NotHeldError(f"hangs: no end after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _told(error: BaseException) -> str:
    if isinstance(error, NotHeldError):
        return str(error)
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_told(each) for each in error.exceptions)
    notes = " ".join(getattr(error, "__notes__", ()))[-1500:]
    return f"{type(error).__name__}: {error} ({traceback.extract_tb(error.__traceback__)[-1].line}) {notes}"


def try_one(storm: Storm, case: Case, seed: int, tally: Tally) -> str:
    """Try the case that `seed` makes, note what became of it, and return that."""
    begun = time.monotonic()
    tries = 1
    try:
        with _within(storm.limit):
            outcome = case(random.Random(seed))
        if isinstance(outcome, tuple):
            outcome, tries = outcome
        tally.outcomes[outcome] += tries
    except Exception as error:
        outcome = f"NOT HELD: {_told(error)}"
        tally.failures.append((seed, outcome.removeprefix("NOT HELD: ")))
    tally.tried += tries
    tally.cases += 1
    tally.seconds += time.monotonic() - begun
    return outcome


def run(
    names: Sequence[str], seed: int, seconds: float, cases: int | None, folder: Path, *, bars: bool = False
) -> dict[str, Tally]:
    """Try cases of each storm, those first that are furthest from the tries they need, until the time is over.

    With `bars`, storms that are short of what they need go on until they have it.
    """
    tallies = {name: Tally() for name in names}
    until = time.monotonic() + seconds
    with ExitStack() as stack:
        opened: dict[str, Case | None] = {}
        while True:
            left = [name for name in names if cases is None or tallies[name].cases < cases]
            left = [name for name in left if opened.get(name, STORMS[name]) is not None]
            if time.monotonic() >= until:
                left = [name for name in left if bars and tallies[name].counted < STORMS[name].least]
            if not left:
                break
            name = min(left, key=lambda each: tallies[each].counted / STORMS[each].least)
            storm, tally = STORMS[name], tallies[name]
            if name not in opened:
                place = folder / name
                place.mkdir()
                try:
                    opened[name] = stack.enter_context(storm.cases(place, stack))
                except Exception as error:  # all others are raised all the same
                    opened[name] = None
                    tally.tried += 1
                    tally.failures.append((seed, f"cannot begin: {_told(error)}"))
            number = seed + tally.cases
            case = opened[name]
            outcome = try_one(storm, case, number, tally) if case is not None else tally.failures[-1][1]
            print(f"{time.strftime('%H:%M:%S')} {name} {number}: {outcome}", flush=True)
    return tallies


def table(tallies: dict[str, Tally]) -> Iterator[str]:
    """What was tried and held, a line a storm, as Markdown."""
    yield "| storm | what | tried | held | what became of them | seconds |"
    yield "|---|---|---:|---:|---|---:|"
    for name, tally in tallies.items():
        outcomes = ", ".join(f"{outcome}: {count:,}" for outcome, count in sorted(tally.outcomes.items()))
        held = tally.tried - len(tally.failures)
        yield f"| {name} | {STORMS[name].meaning} | {tally.tried:,} | {held:,} | {outcomes} | {tally.seconds:.0f} |"


def main() -> int:
    """Read the options and raise storms. Returns 1 if one was not held."""
    parser = argparse.ArgumentParser(description="Raise storms over builds, files and decks; say what was held.")
    parser.add_argument("--only", action="append", choices=list(STORMS), help="this storm only; may be given again")
    parser.add_argument("--seed", type=int, default=0, help="of the first case of each storm (default: 0)")
    parser.add_argument("--seconds", type=float, default=3600, help="how long to go on (default: 3600)")
    parser.add_argument("--cases", type=int, help="of each storm at most")
    parser.add_argument("--bars", action="store_true", help="go on until each storm has the tries that it needs")
    options = parser.parse_args()
    names = options.only or list(STORMS)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background, which what is interrupted would inherit
        signal.signal(signal.SIGINT, signal.default_int_handler)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="astrai-slides-storm-", ignore_cleanup_errors=True) as folder:
        tallies = run(
            names, options.seed, options.seconds, options.cases, Path(os.path.realpath(folder)), bars=options.bars
        )
    load = f", load {os.getloadavg()[2]:.0f} at the end" if hasattr(os, "getloadavg") else ""
    print(f"\nSeed {options.seed}, {time.monotonic() - begun:.0f} s{load}\n")
    print("\n".join(table(tallies)))
    failures = [(name, seed, said) for name, tally in tallies.items() for seed, said in tally.failures]
    for name, seed, said in failures:
        print(f"\nNot held: --only {name} --seed {seed} --cases 1\n  {said}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
