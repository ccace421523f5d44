"""What `manim-slides render` leaves behind, for `manim-slides present` and `convert`: a JSON file and clips."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from astrai_slides.base import atomic, cache
from astrai_slides.export.video.clips import Clip
from astrai_slides.export.video.encode import Quality
from astrai_slides.recording.format.model import Recording

_OURS = re.compile(r"astrai-[0-9a-f]{16}(_reversed)?\.mp4")
_NAME_DIGITS = 16


def write_presentation(recording: Recording, clips: Sequence[Clip], quality: Quality, folder: Path) -> Path:
    """Write `<Scene>.json` and `files/<Scene>/` into `folder` (commonly `slides`) and return the JSON file's path.

    `clips` are those of the recording's steps. The JSON file comes last, so that it never names a clip that is not
    there; then clips of earlier builds go.
    """
    files = folder / "files" / recording.scene
    slides: list[dict[str, Any]] = []
    written: set[str] = set()
    for step, clip in zip(recording.steps, clips, strict=True):
        name = f"astrai-{cache.content(clip.forwards)[:_NAME_DIGITS]}"
        forwards, backwards = f"{name}.mp4", f"{name}_reversed.mp4"
        for source, placed in ((clip.forwards, forwards), (clip.backwards, backwards)):
            _place(source, files / placed)
            written.add(placed)
        slides.append(
            {
                "loop": step.loop,
                "auto_next": step.auto_next,
                "playback_rate": step.playback_rate,
                "reversed_playback_rate": step.reversed_playback_rate,
                "notes": step.notes,
                "dedent_notes": True,
                "skip_animations": False,
                "src": None,
                "type": "video",
                "direction": step.direction,
                # manim-slides takes them from the folder above that of the JSON file
                "file": f"{folder.name}/files/{recording.scene}/{forwards}",
                "rev_file": f"{folder.name}/files/{recording.scene}/{backwards}",
            }
        )
    content = {
        "slides": slides,
        "resolution": [quality.width, quality.height],
        "background_color": f"#{recording.background >> 8:06x}",
    }
    target = folder / f"{recording.scene}.json"
    atomic.write_bytes(target, json.dumps(content, indent=2, ensure_ascii=False).encode())
    for old in files.iterdir():
        if _OURS.fullmatch(old.name) and old.name not in written:
            old.unlink(missing_ok=True)
    return target


def clips_of(target: Path) -> list[Path]:
    """The clips that the JSON file `target` names, forwards and backwards; none if it cannot be read."""
    try:
        slides = json.loads(target.read_bytes())["slides"]
        return [target.parent.parent / slide[key] for slide in slides for key in ("file", "rev_file")]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _place(source: Path, target: Path) -> None:
    data = source.read_bytes()
    if not (target.is_file() and target.read_bytes() == data):
        atomic.write_bytes(target, data)
