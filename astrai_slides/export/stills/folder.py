"""A folder with a picture of what each step ends with, and `index.json`, which says what each shows.

A picture is called by its step's number and name, `04-flow.png`. What an earlier build left of steps that are no more
is removed; nothing else in the folder is touched.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from astrai_slides.base import atomic
from astrai_slides.base.progress import Advance
from astrai_slides.export.shared.steps import description, title_of
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import encode_png, encode_webp, rasterise, straight

INDEX = "index.json"
_FEWEST_DIGITS = 2
_MOST_CHARACTERS = 60
_OURS = re.compile(rf"\d{{{_FEWEST_DIGITS},}}(-[^/\\]*)?\.(png|svg|webp)")


def write_pngs(recording: Recording, numbers: Sequence[int], target: Path, advance: Advance) -> None:
    """Write a PNG for each step of `recording`, with the number that it has in `numbers`, beside the index `target`."""
    painter = Painter(recording.blobs)

    def draw(step: Step) -> bytes:
        return encode_png(straight(rasterise(step.end, recording.blobs, recording.width, recording.height, painter)))

    _write(recording, numbers, target, ".png", draw, advance)


def write_svgs(recording: Recording, numbers: Sequence[int], target: Path, advance: Advance) -> None:
    """Write an SVG for each step; see `write_pngs`."""
    from astrai_slides.export.stills.svg import svg

    def draw(step: Step) -> bytes:
        return svg(step, recording.blobs, recording.width, recording.height).encode()

    _write(recording, numbers, target, ".svg", draw, advance)


def write_webps(recording: Recording, numbers: Sequence[int], target: Path, advance: Advance, width: int) -> None:
    """Write a WebP of so many pixels across for each step; see `write_pngs`."""
    painter = Painter(recording.blobs)
    height = max(1, round(width * recording.height / recording.width))

    def draw(step: Step) -> bytes:
        return encode_webp(straight(rasterise(step.end, recording.blobs, width, height, painter)))

    _write(recording, numbers, target, ".webp", draw, advance)


def pictures_of(target: Path) -> list[Path]:
    """The pictures that the index `target` names, as far as they are called as ours are; none if it cannot be read."""
    return [path for path in stills_of(target) if path.parent == target.parent and _OURS.fullmatch(path.name)]


def stills_of(target: Path) -> list[Path]:
    """What the index `target` names, a file a step; nothing if it cannot be read."""
    try:
        listed = json.loads(target.read_bytes())["steps"]
        return [target.parent / str(each["file"]) for each in listed]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _write(
    recording: Recording,
    numbers: Sequence[int],
    target: Path,
    ending: str,
    draw: Callable[[Step], bytes],
    advance: Advance,
) -> None:
    before = pictures_of(target)
    digits = max(_FEWEST_DIGITS, len(str(max(numbers, default=0))))
    steps = []
    for done, (number, step) in enumerate(zip(numbers, recording.steps, strict=True)):
        advance(done, len(recording.steps), step.name)
        name = f"{number:0{digits}d}{_slug(step)}{ending}"
        data = draw(step)
        path = target.parent / name
        if not (path.is_file() and path.read_bytes() == data):
            atomic.write_bytes(path, data)
        about = {"number": number, "name": step.name, "title": title_of(step)}
        if step.section:
            about["section"] = step.section
        steps.append({**about, "file": name, "description": description(step)})
    index = {"size": [recording.width, recording.height], "steps": steps}
    atomic.write_bytes(target, json.dumps(index, indent=2, ensure_ascii=False).encode("utf-8", "replace"))
    for old in set(before) - {target.parent / str(each["file"]) for each in steps}:
        old.unlink(missing_ok=True)


def _slug(step: Step) -> str:
    """What a step's file is called after its number: its name, or its title where the name is but a number."""
    named = title_of(step) if step.name.isdecimal() else step.name
    words = "".join(each if each.isalnum() else " " for each in named.casefold()).split()
    slug = "-".join(words)[:_MOST_CHARACTERS].strip("-")
    return "" if not slug or (slug == step.name and slug.isdecimal()) else f"-{slug}"
