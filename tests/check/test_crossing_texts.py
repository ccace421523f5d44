"""Texts that cross are looked for only where there are two."""

from collections.abc import Sequence
from typing import Any, overload

from moving import BACKGROUND, frame, square

from astrai_slides.check.rules import crossing_texts
from astrai_slides.check.seen import DeckSeen
from astrai_slides.recording.format.model import Frame, Recording, Step, TextRun


class Undecoded(Sequence[Frame]):
    """Frames of a step that nobody may look at, as they would have to be decoded."""

    def __len__(self) -> int:
        return 30

    @overload
    def __getitem__(self, index: int) -> Frame: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Frame]: ...

    def __getitem__(self, index: Any) -> Any:
        raise AssertionError("looked at")


def test_no_frame_is_decoded_for_fewer_than_two_texts() -> None:
    end = frame(square(0, 0), square(1.2, 0))
    plain = Step("plain", Undecoded(), tuple((index, 1) for index in range(30)), end)  # type: ignore[arg-type]
    text = TextRun("ab", (0, 0, 1, 1), ((0, 2),))
    one = Step("one", Undecoded(), tuple((index, 1) for index in range(30)), end, texts=(text,))  # type: ignore[arg-type]
    for step in DeckSeen(Recording("Mine", 30, 320, 180, BACKGROUND, (plain, one))).steps:
        assert list(crossing_texts.find(step)) == []
