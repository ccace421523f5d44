"""LLMServingSim's `bench`: a real vLLM, recorded inside the server, an object a request; waiting and prefill apart."""

from pathlib import Path
from typing import Any, Self

from pydantic import model_validator

from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.one_by_one import each_checked, run_of
from astrai_slides.serving.sim.measured.records import LONGEST_REQUEST, Number, Record, Tokens


class ServedRequest(Record):
    """A request; seconds from an arbitrary zero."""

    input_toks: Tokens = 0
    output_toks: Tokens = 0
    queued_ts: Number
    scheduled_ts: Number
    first_token_ts: Number
    last_token_ts: Number

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        times = (self.queued_ts, self.scheduled_ts, self.first_token_ts, self.last_token_ts)
        if self.output_toks and (list(times) != sorted(times) or times[-1] - times[0] > LONGEST_REQUEST):
            raise ValueError("queued_ts, scheduled_ts, first_token_ts and last_token_ts contradict each other")
        return self


def is_llmservingsim(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a request that LLMServingSim recorded."""
    return {"queued_ts", "scheduled_ts", "first_token_ts", "last_token_ts"} <= set(data)


def read_llmservingsim(entries: list[dict[str, Any]], file: Path) -> MeasuredRun:
    """The run of these requests, each from when it was queued in the server."""
    said = each_checked(entries, file, ServedRequest)
    requests = [
        MeasuredRequest(
            each.input_toks,
            each.output_toks,
            each.queued_ts,
            each.first_token_ts - each.queued_ts,
            each.last_token_ts - each.queued_ts,
            waited=each.scheduled_ts - each.queued_ts,
        )
        for each in said
        if each.output_toks
    ]
    return run_of(Tool.LLMSERVINGSIM, file, requests, len(said) - len(requests))
