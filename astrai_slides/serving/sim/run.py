"""The account of a whole run: what every request lived through, and what the forwards carried."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from astrai_slides.serving.sim.lengths import IntArray
from astrai_slides.serving.sim.options import NANOSECONDS, Options
from astrai_slides.serving.sim.timeline import Policy

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Run:
    """What a scheduler did with a workload; arrays have one entry a request, in the order given.

    Turns count from 1. Times are whole nanoseconds from the start (units of 1e9 where `options.cost` is None).
    """

    policy: Policy
    options: Options
    output_tokens: IntArray
    arrivals_ns: IntArray
    admitted_turn: IntArray
    finished_turn: IntArray
    first_token_ns: IntArray
    finished_ns: IntArray
    turns: int
    elapsed_ns: int
    decode_forwards: int
    decode_rows: int
    prefill_forwards: int
    yielded_tokens: IntArray | None = None
    """Tokens that each answer has when it ends; None: all of `output_tokens`."""
    preempted: IntArray | None = None
    """How often each request lost its KV memory; None: never."""
    prompt_tokens_read: int | None = None
    """Prompt tokens that all prefills read, recomputed ones included; None where nothing is read twice."""
    prompt_tokens_reused: int = 0
    """Prompt tokens that were found in the store of prefixes."""

    @property
    def answers(self) -> IntArray:
        """Tokens that each answer has when it ends."""
        return self.output_tokens if self.yielded_tokens is None else self.yielded_tokens

    @property
    def aborted(self) -> int:
        """Requests that ended unfinished."""
        return int(np.count_nonzero(self.answers < self.output_tokens))

    @property
    def preemptions(self) -> int:
        """How often a request lost its KV memory."""
        return 0 if self.preempted is None else int(self.preempted.sum())

    @property
    def requests(self) -> int:
        """How many requests were served."""
        return len(self.output_tokens)

    @property
    def useful_cells(self) -> int:
        """Cells that yielded a token: the sum of the answer lengths."""
        return int(self.answers.sum())

    @property
    def total_cells(self) -> int:
        """Slots times turns."""
        return self.options.slots * self.turns

    @property
    def idle_cells(self) -> int:
        """Cells that yielded nothing: a free slot, or a request that had to wait in its slot."""
        return self.total_cells - self.useful_cells

    @property
    def occupancy(self) -> float:
        """Useful cells over total cells, 0 to 1."""
        return self.useful_cells / self.total_cells if self.turns else 0.0

    @property
    def rows_per_forward(self) -> float:
        """Mean number of requests that shared a decode forward; 0 where nothing was decoded."""
        return self.decode_rows / self.decode_forwards if self.decode_forwards else 0.0

    @property
    def elapsed(self) -> float:
        """How long the run took, in `options.time_unit`, waits for arrivals included."""
        return self.elapsed_ns / NANOSECONDS

    @property
    def throughput(self) -> float:
        """Tokens a unit of time: useful cells over elapsed time."""
        return self.useful_cells / self.elapsed if self.elapsed_ns else 0.0

    def time_to_first_token(self) -> FloatArray:
        """From arrival to the end of the turn that yields the first token, per request, in `options.time_unit`."""
        return np.asarray((self.first_token_ns - self.arrivals_ns) / NANOSECONDS, dtype=np.float64)

    def latency(self) -> FloatArray:
        """From arrival to the end of the turn that yields the last token, per request, in `options.time_unit`."""
        return np.asarray((self.finished_ns - self.arrivals_ns) / NANOSECONDS, dtype=np.float64)


def returned_with_batch(admitted_turn: IntArray, finished_ns: IntArray) -> IntArray:
    """When the batch of each request ended, for static batches: those admitted in one turn."""
    _, batch = np.unique(admitted_turn, return_inverse=True)
    ends = np.zeros(int(batch.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(ends, batch, finished_ns)
    return np.asarray(ends[batch], dtype=np.int64)


def arrivals_in_ns(arrivals: FloatArray, options: Options) -> IntArray:
    """Arrival times in whole nanoseconds; zeros for a full queue."""
    if not options.honour_arrivals:
        return np.zeros(len(arrivals), dtype=np.int64)
    return np.rint(np.asarray(arrivals, dtype=np.float64) * NANOSECONDS).astype(np.int64)
