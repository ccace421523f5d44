"""A recording's pictures at rest in the colours of another theme, as for paper."""

from collections.abc import Mapping
from dataclasses import replace

from astrai_slides.look.theme import Palette, theme_named
from astrai_slides.recording.format.model import Draw, Frame, Op, Paint, Recording, Rgba, Step


def repainted(recording: Recording, theme: str) -> Recording:
    """`recording` with the last frame of each step in the colours of `theme`; "" leaves them as they are.

    Only a deck of ours says in which colours of a theme it was drawn: any other stays as it is, and so do pictures
    and films.
    """
    if not theme or not recording.palette:
        return recording
    colours = exchanged(dict(recording.palette), theme_named(theme).palette)
    if all(one == other for one, other in colours.items()):
        return recording
    painter = _Repainter(colours)
    steps = tuple(painter.step(step) for step in recording.steps)
    return replace(recording, steps=steps, background=painter.colour(recording.background))


def exchanged(drawn: Mapping[str, str], palette: Palette) -> dict[int, int]:
    """Colours as 0xRRGGBB: what each of `drawn`, named as `Palette.named` does, becomes in `palette`."""
    other = palette.named()
    pairs: dict[int, int] = {}
    for name, colour in drawn.items():
        if name in other:
            pairs.setdefault(int(colour[1:], 16), int(other[name][1:], 16))
    return pairs


class _Repainter:
    def __init__(self, colours: Mapping[int, int]) -> None:
        self._colours = colours
        self._paints: dict[Paint, Paint] = {}

    def colour(self, colour: Rgba) -> Rgba:
        return self._colours.get(colour >> 8, colour >> 8) << 8 | colour & 0xFF

    def step(self, step: Step) -> Step:
        if step.film is not None:
            return step
        end = step.end
        return replace(step, end=Frame(tuple(map(self._op, end.ops)), end.view, self.colour(end.background)))

    def _op(self, op: Op) -> Op:
        if not isinstance(op, Draw):
            return op
        style = op.style
        fill, stroke, back = (self._paint(paint) for paint in (style.fill, style.stroke, style.back))
        return replace(op, style=replace(style, fill=fill, stroke=stroke, back=back))

    def _paint(self, paint: Paint | None) -> Paint | None:
        if paint is None:
            return None
        if paint not in self._paints:
            self._paints[paint] = replace(paint, stops=tuple(map(self.colour, paint.stops)))
        return self._paints[paint]
