"""Pieces of work that several processes take in turn: all of them, in order, whatever becomes of the processes."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from astrai_slides.base import shared_work
from astrai_slides.base.forks import FORKS
from astrai_slides.base.shared_work import FEWEST_PIECES, in_order

pytestmark = pytest.mark.skipif(not FORKS, reason="this system does not fork")

SIZE = 100_000
"""Bytes of a piece: more than a pipe holds."""
PIECES = 40


def piece(number: int) -> bytes:
    return bytes([number]) * SIZE


def children() -> set[str]:
    tasks = Path("/proc/self/task").iterdir()
    return {pid for task in tasks for pid in (task / "children").read_text("ascii").split()}


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    before, files = children(), open_files()
    yield
    assert children() == before
    assert open_files() == files


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_pieces_come_in_order(helpers: int, tmp_path: Path) -> None:
    def work(number: int) -> bytes:
        with (tmp_path / f"{number}").open("x") as told:  # fails where somebody did it before
            told.write(str(os.getpid()))
        time.sleep(0.002)
        return piece(number)

    assert list(in_order(PIECES, work, SIZE, helpers, "painting")) == [piece(number) for number in range(PIECES)]
    workers = {(tmp_path / f"{number}").read_text() for number in range(PIECES)}
    assert len(workers) == 1 + helpers
    assert str(os.getpid()) in workers


def test_few_pieces_take_no_process() -> None:
    seen: list[int] = []
    for _ in in_order(FEWEST_PIECES - 1, piece, SIZE, 3, "painting"):
        seen.append(len(children()))
    assert set(seen) == {seen[0]}
    assert len(seen) == FEWEST_PIECES - 1


def test_a_process_that_dies_costs_no_piece() -> None:
    here = os.getpid()

    def work(number: int) -> bytes:
        if os.getpid() != here and number > 4:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.002)
        return piece(number)

    assert list(in_order(PIECES, work, SIZE, 2, "painting")) == [piece(number) for number in range(PIECES)]


def test_a_fault_is_told_where_it_is_waited_for() -> None:
    def work(number: int) -> bytes:
        if number == PIECES // 2:
            raise ZeroDivisionError
        return piece(number)

    found: list[bytes] = []
    with pytest.raises(ZeroDivisionError):
        found.extend(in_order(PIECES, work, SIZE, 2, "painting"))
    assert len(found) <= PIECES // 2


def test_who_stops_early_leaves_nothing() -> None:
    with closing(in_order(PIECES, piece, SIZE, 2, "painting")) as pieces:
        assert next(pieces) == piece(0)


def test_where_no_process_can_be_had_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(shared_work, "parted", refused)
    assert list(in_order(PIECES, piece, SIZE, 2, "painting")) == [piece(number) for number in range(PIECES)]
