"""What was worked out before of a picture, most of which stays the same from rest to rest."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import ById
from astrai_slides.recording.format.model import Frame, Op

_MOST_PICTURES = 256
"""Pictures that are kept, of up to a megabyte each."""

_MOST_OF_STEPS_BEFORE = 32
"""Pictures that are kept from one step to the next."""


class Results:
    """Results by what decides them; of pictures those that were wanted last."""

    def __init__(self) -> None:
        self._results: dict[object, Any] = {}
        self._pictures: dict[object, Any] = {}

    def once(self, key: object, work: Callable[[], Any]) -> Any:
        """Return what `work` returned when it was called for an equal `key`, or does now."""
        if key not in self._results:
            self._results[key] = work()
        return self._results[key]

    def picture(self, key: object, work: Callable[[], Any]) -> Any:
        """Do the same where the result is large."""
        known = self._pictures.pop(key, None) or (work(),)
        while len(self._pictures) >= _MOST_PICTURES:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[key] = known  # it comes last again
        return known[0]

    def let_go(self) -> None:
        """Let go of most pictures, as another step comes."""
        for key in list(self._pictures)[:-_MOST_OF_STEPS_BEFORE]:
            del self._pictures[key]


class Numbers:
    """Ops by numbers, which are the same for ops that look the same in the same place."""

    def __init__(self, first: int = 0) -> None:
        """Numbers begin with `first`."""
        self._first = first
        self._ops: list[Op] = []
        self._by_value: dict[Op, int] = {}
        self._by_op: ById[Op, int] = ById()
        self._of_frames: ById[Frame, npt.NDArray[np.int32]] = ById()

    def __len__(self) -> int:
        return len(self._ops)

    def anew(self) -> "Numbers":
        """Return numbers that know no op yet, none of which any of these was."""
        return Numbers(self._first + len(self._ops))

    def of(self, frame: Frame) -> npt.NDArray[np.int32]:
        """Return the numbers of the ops of `frame`, in order."""
        known = self._of_frames.get(frame)
        if known is None:
            known = np.array([self._number(op) for op in frame.ops], np.int32)
            self._of_frames[frame] = known
        return known

    def op(self, number: int) -> Op:
        """Return the op that has `number`."""
        return self._ops[number - self._first]

    def _number(self, op: Op) -> int:
        known = self._by_op.get(op)
        if known is None:
            known = self._by_value.setdefault(op, self._first + len(self._ops))
            if known == self._first + len(self._ops):
                self._ops.append(op)
            self._by_op[op] = known
        return known
