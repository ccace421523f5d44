"""What somebody says about throughput, as a quotation: fixed, whatever is computed or measured beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """The words `text`, said `by` somebody; `measured`: they published the measurement behind it."""

    text: str
    by: str
    measured: bool
