"""The texts that an audience can read on a resting frame, and what is said of pictures to those who do not see them.

manim forgets texts in two ways: animations put a text's glyphs into the scene one by one, and `Transform` and
`become` make a mobject look like another while it keeps its own text. `following_texts` remembers both.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from manim import Mobject
from manim.utils.iterables import list_update

from astrai_slides.base.identity import ById
from astrai_slides.base.surrogates import whole
from astrai_slides.recording.format.model import GRID, Frame, TextRun, View
from astrai_slides.seam.texts import Init, making_texts, shown_text, text_inits, texts_taken_with_looks

ALT_TEXT = "alt_text"
"""Attribute by which a deck says what is in a picture, of any of its mobjects: a screen reader reads it out."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A text and its glyphs, which may outlive it: a scene holds glyphs that were written one by one."""

    label: str
    text: "weakref.ref[Any]"
    glyphs: tuple["weakref.ref[Any]", ...]


class TextFollower:
    """Knows the texts made so far, without keeping them alive."""

    def __init__(self) -> None:
        self._made: list[_Made] = []

    def made(self, text: Any) -> None:
        """Remember a new text."""
        glyphs = tuple(weakref.ref(glyph) for glyph in text.family_members_with_points())
        if glyphs:
            self._made.append(_Made(shown_text(text) or "", weakref.ref(text), glyphs))

    def resting(self, scene: Any, end: Frame, number: Callable[[Any], int]) -> list[TextRun]:
        """Texts of `scene` that are visible in `end`, which it rests on, boxes in grid steps, in the scene's order.

        `number` says which `source` the draws of a mobject have.
        """
        places = {op.source: place for place, op in enumerate(end.ops)}

        def run(text: str, glyphs: Sequence[Any]) -> TextRun | None:
            found = _run(text, glyphs, end.view)
            drawn = sorted(places[each] for each in map(number, glyphs) if each in places)
            return None if found is None else replace(found, glyphs=_spans(drawn))

        shown = list_update(scene.mobjects, scene.foreground_mobjects)
        labelled = ById([(mobject, None) for root in shown for mobject in _labelled(root)])
        runs = [run(shown_text(mobject) or "", mobject.family_members_with_points()) for mobject in labelled]
        runs += [
            _described(member, end.view)
            for root in shown
            for member in root.get_family()
            if getattr(member, ALT_TEXT, "") and any(number(part) in places for part in member.get_family())
        ]
        displayed = ById([(member, None) for root in shown for member in root.get_family()])
        self._made = [made for made in self._made if all(glyph() is not None for glyph in made.glyphs)]
        for made in self._made:
            glyphs = [glyph() for glyph in made.glyphs]
            text = made.text()
            if (text is None or text not in labelled) and all(glyph in displayed for glyph in glyphs):
                runs.append(run(made.label if text is None else shown_text(text) or "", glyphs))
        told: dict[tuple[str, tuple[int, int, int, int]], TextRun] = {}
        for each in filter(None, runs):
            told.setdefault((each.text, each.box), each)
        return list(told.values())


def _spans(places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """`places`, in order, as (first, how many) of those that follow each other."""
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and sum(spans[-1]) == place:
            spans[-1] = spans[-1][0], spans[-1][1] + 1
        else:
            spans.append((place, 1))
    return tuple(spans)


@contextmanager
def following_texts(made: Callable[[Any], None]) -> Iterator[TextFollower]:
    """Follow texts while a scene runs, and hand each to `made`."""
    follower = TextFollower()

    def noting(init: Init) -> Init:
        def noted(text: Any, /, *args: Any, **kwargs: Any) -> None:
            init(text, *args, **kwargs)
            follower.made(text)
            made(text)

        return noted

    inits = {kind: noting(init) for kind, init in text_inits().items()}
    with making_texts(inits), texts_taken_with_looks():
        yield follower


def _labelled(mobject: Mobject) -> Iterable[Mobject]:
    if shown_text(mobject) is not None:
        yield mobject
        return
    for child in mobject.submobjects:
        yield from _labelled(child)


def _described(picture: Any, view: View) -> TextRun | None:
    """What `picture` says by its `ALT_TEXT`; no glyph belongs to it."""
    members = picture.family_members_with_points()
    points = np.concatenate([member.points[:, :2] for member in members])
    return _placed(str(getattr(picture, ALT_TEXT)), points, view)


def _run(text: str, glyphs: Sequence[Any], view: View) -> TextRun | None:
    seen = [glyph for glyph in glyphs if _visible(glyph)]
    if not text.strip() or not seen:
        return None
    return _placed(text, np.concatenate([glyph.points[:, :2] for glyph in seen]), view)


def _placed(text: str, points: "np.ndarray[Any, np.dtype[np.float64]]", view: View) -> TextRun | None:
    """`text` in the box around `points`, shape (n, 2); None outside of `view`."""
    if not np.isfinite(points).all():
        return None
    left, bottom = (round(float(edge) * GRID) for edge in points.min(axis=0))
    right, top = (round(float(edge) * GRID) for edge in points.max(axis=0))
    inside_x = left < view.x + view.width / 2 and right > view.x - view.width / 2
    inside_y = bottom < view.y + view.height / 2 and top > view.y - view.height / 2
    return TextRun(whole(text), (left, bottom, right, top)) if inside_x and inside_y else None


def _visible(glyph: Any) -> bool:
    return bool(glyph.get_fill_opacity() > 0 or (glyph.get_stroke_width() > 0 and glyph.get_stroke_opacity() > 0))
