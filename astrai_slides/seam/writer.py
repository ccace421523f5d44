"""What stands in for manim's writer of files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _NoOutput:
    """What manim 0.22 asks of a writer's output before it plays."""

    enabled: bool = False
    is_still: bool = False
    is_video: bool = False
    is_image_sequence: bool = False
    fallback_to_still: bool = False


class NullWriter:
    """Stands where manim writes movie files, and writes none; made with what any manim makes its own with."""

    output_spec = _NoOutput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sections: list[Any] = []
        self.partial_movie_files: list[str | None] = []
        self.next_section("unnamed", "default.normal", False)

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Note a section, whose `skip_animations` manim reads."""
        self.sections.append(_Section(name, type_, skip_animations))

    def is_already_cached(self, hash_invocation: str) -> bool:
        """Nothing is."""
        return False

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


@dataclass(slots=True)
class _Section:
    name: str
    type_: str
    skip_animations: bool


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None
