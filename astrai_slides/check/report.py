"""Findings as one HTML page, which asks nothing of a network: each with a picture on which it is marked."""

import base64
import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from astrai_slides.base import atomic
from astrai_slides.check.checker import Checked
from astrai_slides.check.finding import Finding
from astrai_slides.check.told import summary
from astrai_slides.recording.format.model import Frame, Recording, Step
from astrai_slides.recording.paint.raster import encode_few_colours, rasterise, rgb

_WIDTH = 960
"""Pixels across a picture."""
_COLOURS = 128
"""Colours of a picture."""
_ROOM = 0.012
"""Share of the frame that a mark leaves around what it marks."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1f24; background: #fff }}
svg {{ width: 100%; height: auto; display: block; border: 1px solid #8c959f }}
rect {{ fill: none; stroke-width: 6 }}
.error rect {{ stroke: #ff2d55 }} .warning rect {{ stroke: #ffb000 }}
.error b {{ color: #b3002d }} .warning b {{ color: #7a5200 }}
article {{ margin: 2rem 0; border-top: 1px solid #d0d7de; padding-top: 1rem }}
p {{ margin: .3rem 0 }} .where {{ color: #57606a }}
</style>
{pictures}
{body}
</html>
"""


def write_report(checked: Sequence[tuple[Checked, Recording]], target: Path) -> None:
    """Write the findings of each recording to `target`, atomically."""
    atomic.write_bytes(target, report(checked).encode("utf-8", "replace"))


def report(checked: Sequence[tuple[Checked, Recording]]) -> str:
    """The page; the same findings give the same page."""
    pictures: dict[str, str] = {}
    decks = [_deck(number, deck, recording, pictures) for number, (deck, recording) in enumerate(checked)]
    body = "\n".join(line for lines in decks for line in lines)
    title = "Findings: " + ", ".join(deck.scene for deck, _ in checked)
    symbols = "".join(pictures.values())
    hidden = f'<svg width="0" height="0" style="position:absolute;border:0">{symbols}</svg>'
    return _PAGE.format(title=html.escape(title), pictures=hidden, body=body)


def _deck(number: int, deck: Checked, recording: Recording, pictures: dict[str, str]) -> Iterator[str]:
    yield f"<h1>{html.escape(deck.scene)}</h1>\n<p>{html.escape(summary(deck))}</p>"
    for finding in deck.findings:
        step = recording.steps[finding.place]
        frame, at = frame_at(step, finding.breach.seconds, recording.fps)
        name = f"p{number}-{finding.place}-{at}"
        height = max(round(_WIDTH * recording.height / recording.width), 1)
        if name not in pictures:
            pictures[name] = _symbol(name, recording, frame, height)
        yield _article(finding, step, name, height)
    for unseen in deck.unseen:
        told = f"step {unseen.place + 1}, {unseen.step}: {unseen.sentence}"
        yield f'<p class="warning"><b>warning</b> {html.escape(told)}</p>'
    for finding, switch in deck.off:
        told = f"{finding.rule} is off in step {finding.step} ({switch.where}): {switch.reason}"
        yield f'<p class="where">{html.escape(told)}</p>'


def _article(finding: Finding, step: Step, name: str, height: int) -> str:
    breach = finding.breach
    where = f"step {finding.place + 1}, {step.name}"
    if step.title != step.name:
        where += f" ({step.title})"
    if breach.seconds is not None:
        where += f", at {breach.seconds:.1f} s"
    if finding.line:
        where += f" · {finding.file}:{finding.line}"
    return (
        f'<article class="{breach.severity}"><p><b>{breach.severity}</b> {html.escape(finding.rule)}: '
        f'{html.escape(finding.sentence)}</p><p class="where">{html.escape(where)}</p>'
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{html.escape(breach.what, quote=True)}">'
        f'<use href="#{name}"/>{_mark(finding, height)}</svg></article>'
    )


def _mark(finding: Finding, height: int) -> str:
    if finding.shares is None:
        return ""
    left, top, right, bottom = finding.shares
    room = _ROOM * _WIDTH
    x, y = max(left * _WIDTH - room, 3), max(top * height - room, 3)
    wide = min(right * _WIDTH + room, _WIDTH - 3) - x
    high = min(bottom * height + room, height - 3) - y
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="{max(wide, 6):.0f}" height="{max(high, 6):.0f}" rx="6"/>'


def _symbol(name: str, recording: Recording, frame: Frame, height: int) -> str:
    data = encode_few_colours(rgb(rasterise(frame, recording.blobs, _WIDTH, height)), _COLOURS)
    return (
        f'<symbol id="{name}" viewBox="0 0 {_WIDTH} {height}"><image width="{_WIDTH}" height="{height}" '
        f'href="data:image/png;base64,{base64.b64encode(data).decode("ascii")}"/></symbol>'
    )


def frame_at(step: Step, seconds: float | None, fps: float) -> tuple[Frame, int]:
    """The frame that is shown `seconds` after the step's begin, and its number; the end and -1 for None."""
    if seconds is None:
        return step.end, -1
    shown = 0
    for index, count in step.runs:
        shown += count
        if shown > round(seconds * fps):
            return step.frames[index], index
    return step.end, -1
