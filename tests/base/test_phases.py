"""Time is counted for what was done in it, once, and all of it is."""

import subprocess
import sys
import threading
import time

import pytest

from astrai_slides.base.forks import FORKS, Forks
from astrai_slides.base.phases import (
    COLLECTING,
    DECK,
    DRAWING,
    FORKING,
    FORMULAS,
    OTHER,
    PLAYING,
    at_step,
    by_child,
    from_fork,
    in_fork,
    of_scene,
    of_step,
    phase,
    profiling,
    step_named,
    wait_for,
)

BUSY = 0.05
"""Seconds of processor time that a kind of work takes here."""
LONG = 0.3
"""The same where the process is forked in between."""


def work(seconds: float = BUSY) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_without_a_listener_nothing_is_counted_and_everything_is_done() -> None:
    with of_scene("Scene"), phase(DECK), of_step(1):
        at_step(2)
        step_named(2, "two")
        by_child(DRAWING, 1.0)
    assert in_fork(lambda: b"found") == from_fork(b"found") == b"found"
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    assert wait_for(process, FORMULAS) == 3
    with profiling() as profile:
        pass
    assert set(profile.by_processor) == {(None, OTHER)}
    assert not profile.by_children


def test_what_is_within_is_not_counted_twice_and_falls_to_the_step_under_way() -> None:
    with profiling() as profile:
        with of_scene("Scene"), phase(DECK):
            work()
            with phase(PLAYING):
                work()
                with phase(COLLECTING), of_step(4):
                    work()
                work()
            at_step(1)
            work()
        work()
    counted = {key: round(seconds / BUSY) for key, seconds in profile.by_processor.items() if seconds > BUSY / 2}
    scene = "Scene"
    assert counted == {
        ((scene, 0), DECK): 1,
        ((scene, 0), PLAYING): 2,
        ((scene, 4), COLLECTING): 1,
        ((scene, 1), DECK): 1,
        (None, OTHER): 1,
    }
    assert sum(profile.by_clock.values()) == pytest.approx(profile.clock)
    assert sum(profile.by_processor.values()) + profile.threads + profile.rest == pytest.approx(profile.processor)


def test_a_fault_ends_its_phase() -> None:
    with profiling() as profile:
        with pytest.raises(ValueError, match="at fault"), phase(DECK):
            raise ValueError("at fault")
        work()
    assert profile.by_processor[None, OTHER] > BUSY / 2 > profile.by_processor[None, DECK]


def test_other_threads_are_one_sum_whatever_they_do() -> None:
    def elsewhere() -> None:
        with phase(DECK):
            work()

    with profiling() as profile:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert profile.threads == pytest.approx(BUSY, rel=0.5)
    assert (None, DECK) not in profile.by_clock


@pytest.mark.skipif(not FORKS, reason="this system does not fork")
def test_a_fork_tells_what_it_took_for_what() -> None:
    def draw() -> bytes:
        with phase(COLLECTING):
            work(LONG)
        return b"drawn"

    with profiling() as profile, Forks(1) as forks, of_scene("Scene"), phase(FORKING):
        fork = forks.start(draw)
        forks.wait()
        assert fork.found() == b"drawn"
    step = "Scene", 0
    assert profile.by_children[step, COLLECTING] == pytest.approx(LONG, rel=0.5)
    assert profile.by_children[step, FORKING] < LONG / 2
    assert sum(profile.by_children.values()) + profile.rest <= profile.processor
    # making a fork of a process that holds much takes a while as well: less than what this one does
    assert profile.rest < LONG / 2, "what a fork told is not counted once more when it ends"


@pytest.mark.skipif(not FORKS, reason="this system does not fork")
def test_a_fork_that_dies_told_nothing_and_what_it_took_is_not_lost() -> None:
    def die() -> bytes:
        work()
        raise SystemExit(1)

    with profiling() as profile, Forks(1) as forks:
        forks.start(die)
        forks.wait()
    assert not profile.by_children
    assert profile.rest >= BUSY


def test_a_program_is_counted_for_what_it_was_run_for() -> None:
    code = f"import time\nwhile time.process_time() < {2 * BUSY}: pass"
    with profiling() as profile:
        process = subprocess.Popen([sys.executable, "-c", code])
        with of_scene("Scene"):
            assert wait_for(process, FORMULAS) == 0
    assert profile.by_children[("Scene", 0), FORMULAS] >= 2 * BUSY
    assert profile.rest < BUSY


def test_workers_name_their_step() -> None:
    with profiling() as profile:
        for scene in ("Intro", "Results"):
            with of_scene(scene):
                step_named(0, "1")
        step_named(1, "chart")
        for name in ("chart", "Results/1", "never recorded"):
            by_child(DRAWING, 1.0, name)
    assert profile.by_children == {
        (("Results", 1), DRAWING): 1.0,
        (("Results", 0), DRAWING): 1.0,
        (("never recorded", -1), DRAWING): 1.0,
    }
