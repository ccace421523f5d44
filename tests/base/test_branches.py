"""Forks that go on from where a process is."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from astrai_slides.base.branches import Branches
from astrai_slides.base.forks import FORKS

pytestmark = pytest.mark.skipif(not FORKS, reason="there are no forks on this system")


def chosen(branches: Branches, levels: int) -> list[int]:
    """What this process, which parts at each of so many choices of three, takes at each."""
    taken = []
    for _ in range(levels):
        taken.append(next((value for value in (1, 2) if branches.part()), 0))
    return taken


@pytest.mark.parametrize("count", [1, 2, 8])
def test_each_set_of_choices_is_taken_by_one_process(tmp_path: Path, count: int) -> None:
    told: list[int] = []
    with Branches(tmp_path, count, told.append) as branches:
        try:
            taken = chosen(branches, 3)
            if branches.is_branch:
                branches.end(bytes(taken))
            branches.join()
        finally:
            branches.leave()
        assert taken == [0, 0, 0]
        found = sorted(map(tuple, branches.found()))
        assert found == sorted(
            (a, b, c) for a in range(3) for b in range(3) for c in range(3) if (a, b, c) != (0, 0, 0)
        )
        assert told == sorted(told)
        assert told[-1] == len(found)


def of_branch(folder: Path, act: Callable[[], object]) -> tuple[list[bytes], bool]:
    """What is found where the first of two branches does something, and whether there is room for another then."""
    with Branches(folder, 2, lambda _: None) as branches:
        try:
            if branches.part():
                act()
                branches.end(b"first")
            branches.join()
            parallel = branches.part()
            if parallel:
                branches.end(b"second")
            is_beside = len(branches._children) == 1
            branches.join()
        finally:
            branches.leave()
        return branches.found(), is_beside


def fail() -> None:
    raise ValueError


@pytest.mark.parametrize("act", [lambda: os.kill(os.getpid(), signal.SIGKILL), fail], ids=["killed", "failed"])
def test_a_branch_that_comes_to_nothing_leaves_its_room(tmp_path: Path, act: Callable[[], object]) -> None:
    assert of_branch(tmp_path, act) == ([b"second"], True)


def test_branches_end_with_the_block(tmp_path: Path) -> None:
    reader, writer = os.pipe()

    def interrupted() -> None:
        with Branches(tmp_path, 2, lambda _: None) as branches:
            if branches.part():
                os.close(reader)
                signal.pause()
            os.close(writer)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    # nobody holds the other end any more
    assert os.read(reader, 1) == b""
    os.close(reader)
