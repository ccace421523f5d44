"""Static and continuous batching, turn by turn, as AstrAI's generation loop does it.

Once a turn: *cleanup* frees the slots of finished requests, *refill* admits waiting ones first come first served,
*prefill* yields the newcomers' first token, *decode* one token of every request that was there before.
The two policies share this loop and differ in one line: when refill may admit.
"""

from collections import deque
from collections.abc import Iterator, Sequence

from astrai_slides.serving.request import Request
from astrai_slides.serving.timeline import Cell, Phase, Policy, Timeline, Turn


def static_batching(requests: Sequence[Request], slots: int) -> Timeline:
    """Serve `requests` in batches of `slots`; a batch starts when the one before has finished whole.

    All requests wait from the start, in the order given (arrival times are not looked at).
    Raises ValueError when `slots` is below 1.
    """
    return _timeline(requests, slots, Policy.STATIC)


def continuous_batching(requests: Sequence[Request], slots: int) -> Timeline:
    """Serve `requests` on `slots` slots; a slot freed in one turn is refilled at the top of the next.

    All requests wait from the start, in the order given (arrival times are not looked at).
    Raises ValueError when `slots` is below 1.
    """
    return _timeline(requests, slots, Policy.CONTINUOUS)


def _timeline(requests: Sequence[Request], slots: int, policy: Policy) -> Timeline:
    if slots < 1:
        raise ValueError(f"a schedule needs at least one slot, not {slots}")
    return Timeline(policy, slots, tuple(requests), tuple(_turns(requests, slots, policy)))


def _turns(requests: Sequence[Request], slots: int, policy: Policy) -> Iterator[Turn]:
    waiting = deque(requests)
    cells: list[Cell | None] = [None] * slots
    number = 0
    while True:
        cells = [None if cell is None or cell.ends else _decoded(cell) for cell in cells]
        if policy is Policy.CONTINUOUS or not any(cells):
            for slot in range(slots):
                if cells[slot] is None and waiting:
                    cells[slot] = Cell(waiting.popleft(), Phase.PREFILL, 1)
        if not any(cells):
            return
        number += 1
        yield Turn(number, tuple(cells), tuple(waiting))


def _decoded(cell: Cell) -> Cell:
    return Cell(cell.request, Phase.DECODE, cell.token + 1)
