"""A request to an LLM server, as a scheduler sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    `prompt_tokens` are read by prefill; `output_tokens` (>= 1) are generated one a turn,
    the first of them by prefill itself. `arrival` is in seconds from the start of the run. `hash_ids` name the blocks
    of its prompt, if that is known: prompts whose first ones are equal begin alike.
    """

    name: str
    prompt_tokens: int
    output_tokens: int
    arrival: float = 0.0
    hash_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.prompt_tokens < 1:
            raise ValueError(f"{self.name}: prompt_tokens must be at least 1")
        if self.output_tokens < 1:
            raise ValueError(f"{self.name}: output_tokens must be at least 1")
