"""Subcaptions of a deck, in a file beside the one that shows it: WebVTT."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from astrai_slides.base import atomic

if TYPE_CHECKING:
    from fractions import Fraction

    from astrai_slides.recording.format.model import Recording

CAPTIONS = ".vtt"
"""What the name of a file with subcaptions ends with."""


def write_captions(recording: "Recording", frames: Sequence[int], fps: "Fraction", path: Path) -> None:
    """Write the captions to `path`, nothing where there are none.

    Times are those of a film in which step after step is shown for `frames` at `fps` frames a second.
    """
    text = captions_text(recording, frames, fps)
    if text is not None:
        atomic.write_bytes(path, text.encode("utf-8", "replace"))


def captions_text(recording: "Recording", frames: Sequence[int], fps: "Fraction") -> str | None:
    """The captions as WebVTT; None where there are none."""
    cues = []
    begin = 0.0
    for step, count in zip(recording.steps, frames, strict=True):
        cues += [(begin + each.start, begin + each.start + each.seconds, each.text) for each in step.captions]
        begin += float(count / fps)
    if not cues:
        return None
    written = [f"{_time(start)} --> {_time(end)}\n{_words(text)}\n" for start, end, text in sorted(cues)]
    return "\n".join(["WEBVTT\n", *written])


def _time(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _words(text: str) -> str:
    """Text of a cue, which an empty line would end."""
    lines = (line.strip() for line in text.splitlines())
    escaped = "\n".join(line for line in lines if line)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
