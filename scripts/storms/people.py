"""What people and other machines do meanwhile: edit a talk, write a deck that misbehaves, answer as hostile workers."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from storms.case import ROOT, Case, Storm, borrow, hold


@contextmanager
def _edits(folder: Path, stack: ExitStack) -> Iterator[Case]:
    borrow("build")
    import pytest
    import test_edited_meanwhile as edited

    place = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASTRAI_SLIDES_CACHE", str(folder / "cache"))
        patch.setenv("PYTHONPATH", str(ROOT))
        os.chdir(folder)
        for name, text in edited.FILES.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        edited.write("decks", 1)
        wanted = {("", 1): edited.built()}
        for name in edited.EDITED:
            edited.write(name, 2)
            wanted[name, 2] = edited.built(force=True)
            edited.write(name, 1)
        hold(list(wanted.values()).count(wanted["", 1]) == 1, "some edits are not seen")

        def by_another(choose: random.Random, name: str) -> str:
            """A build in a process of its own, and the edit whenever it comes."""
            words = ["-q", "build", "talk.toml", "--to", "html", "--out", "out", "--force"]
            process = subprocess.Popen(
                [sys.executable, "-m", "astrai_slides", *words],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            with suppress(subprocess.TimeoutExpired):
                process.wait(choose.uniform(0.5, 4))
            edited.write(name, 2)
            _, said = process.communicate()
            hold(process.returncode == 0, f"the edited build failed: {said!r}")
            return "at any moment"

        def within(choose: random.Random, name: str) -> str:
            """A build in this process, and the edit before or after a step of it."""
            moment, side = choose.choice(edited.CASES)
            with pytest.MonkeyPatch.context() as inner:
                left = edited.at(inner, moment, side, partial(edited.write, name, 2))
                edited.built(force=True)
            for edit in left:
                edit()
            return "at a step"

        def case(choose: random.Random) -> str:
            for name in edited.EDITED:
                edited.write(name, 1)
            edited.built()
            name = choose.choice(edited.EDITED)
            told = choose.choice([by_another, within])(choose, name)
            for again in ("the next build", "the one after it"):
                hold(edited.built() == wanted[name, 2], f"{again} does not show {name} as it was edited ({told})")
            return told

        try:
            yield case
        finally:
            os.chdir(place)


@contextmanager
def _decks(folder: Path, stack: ExitStack) -> Iterator[Case]:
    borrow("build")
    import test_misbehaving_decks as misbehaving

    with misbehaving.ForkedBuilds() as builds:
        plain = _temporary(folder)
        hold(misbehaving.build(builds, plain, misbehaving.PLAIN).code == 0, "a deck that does nothing odd fails")
        shown = (plain / "out" / "Deck.html").read_bytes()
        # each once before any comes again
        order: list[Any] = []

        def case(choose: random.Random) -> str:
            if not order:
                order.extend(random.Random(0).sample(misbehaving.DECKS, len(misbehaving.DECKS)))
            deck = order.pop()
            try:
                misbehaving.test_a_deck_may_do_what_it_likes(builds, shown, _temporary(folder), deck)
            except AssertionError as error:
                raise AssertionError(f"deck {deck.name!r}: {error}") from error
            return "built all the same" if deck.code == 0 else "told"

        yield case


def _temporary(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


@contextmanager
def _hostile(folder: Path, stack: ExitStack) -> Iterator[Case]:
    borrow("export", "export/video")
    import pytest
    import test_hostile_workers as hostile

    from astrai_slides.base.cache import Store

    right = hostile.drawn(hostile.short(), Store(folder / "right"))
    tests = {
        "once": hostile.test_a_wrong_answer_is_asked_for_again,
        "for ever": hostile.test_one_that_stays_wrong_is_named_and_never_kept,
    }

    def case(choose: random.Random) -> str:
        way, name = choose.choice(list(tests)), choose.choice(list(hostile.HARMS))
        with pytest.MonkeyPatch.context() as patch:
            try:
                tests[way](name, _temporary(folder), right, patch)
            except AssertionError as error:
                raise AssertionError(f"{name!r} {way}: {error}") from error
        return way

    yield case


@contextmanager
def _cluster(folder: Path, stack: ExitStack) -> Iterator[Case]:
    borrow("export", "export/video")
    import test_cluster as cluster

    tests = {
        "a hostile worker": cluster.test_a_hostile_worker_is_made_up_for_by_an_honest_one,
        "a worker killed": cluster.test_a_worker_killed_in_the_middle_is_made_up_for,
        "the last worker killed": partial(
            cluster.test_losing_the_last_worker_or_the_scheduler_ends_the_build, which="worker"
        ),
        "the scheduler killed": partial(
            cluster.test_losing_the_last_worker_or_the_scheduler_ends_the_build, which="scheduler"
        ),
    }

    def case(choose: random.Random) -> str:
        name = choose.choice(list(tests))
        place = _temporary(folder)
        (place / "machines").mkdir()
        with ExitStack() as closing:
            made = cluster.Cluster(place / "machines")
            closing.callback(made.stop)
            tests[name](dask=made, tmp_path=place)
        return name

    yield case


STORMS = (
    Storm("edits", "files of a talk edited during a build", 20, _edits),
    Storm("decks", "decks that leave, change their process, or ask for what cannot be", 60, _decks),
    Storm("hostile-answers", "answers of workers that are not what was asked for", 40, _hostile),
    Storm("cluster", "a Dask cluster with a hostile worker, and ones that die, scheduler too", 8, _cluster),
)
