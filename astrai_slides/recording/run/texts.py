"""The texts that an audience can read on a resting frame, and what is said of pictures to those who do not see them.

manim forgets texts in two ways: animations put a text's glyphs into the scene one by one, and `Transform` and
`become` make a mobject look like another while it keeps its own text. `following_texts` remembers both.
"""

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from manim import Mobject
from manim.utils.iterables import list_update

from astrai_slides.base.identity import ById
from astrai_slides.base.surrogates import whole
from astrai_slides.recording.format.model import GRID, Frame, TextRun, View
from astrai_slides.recording.run.rests import StandingText, spans
from astrai_slides.seam.texts import Init, making_texts, shown_text, text_inits, texts_taken_with_looks

_Glyphs: TypeAlias = tuple[str, Sequence[Any]]
"""A text and its glyphs."""

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
            drawn = [places[each] for each in map(number, glyphs) if each in places]
            return None if found is None else replace(found, glyphs=spans(drawn))

        shown = list_update(scene.mobjects, scene.foreground_mobjects)
        whole, parts = self._shown(shown)
        described = [
            _described(member, end.view)
            for root in shown
            for member in root.get_family()
            if getattr(member, ALT_TEXT, "") and any(number(part) in places for part in member.get_family())
        ]
        runs = [*(run(*each) for each in whole), *described, *(run(*each) for each in parts)]
        told: dict[tuple[str, tuple[int, int, int, int]], TextRun] = {}
        for each in filter(None, runs):
            told.setdefault((each.text, each.box), each)
        return list(told.values())

    def standing(self, scene: Any, number: Callable[[Any], int]) -> tuple[StandingText, ...]:
        """Texts that can be seen on `scene` between two plays, wherever the camera looks; `number` is as above."""
        whole, parts = self._shown(list_update(scene.mobjects, scene.foreground_mobjects))
        told: dict[tuple[str, tuple[int, int, int, int]], StandingText] = {}
        for text, glyphs in (*whole, *parts):
            run = _run(text, glyphs, None)
            if run is not None:
                told.setdefault((run.text, run.box), StandingText(run.text, run.box, tuple(map(number, glyphs))))
        return tuple(told.values())

    def _shown(self, shown: Sequence[Mobject]) -> "tuple[list[_Glyphs], list[_Glyphs]]":
        """Texts with their glyphs among `shown` and its families; those of which only glyphs are left there apart."""
        labelled = ById([(mobject, None) for root in shown for mobject in _labelled(root)])
        whole: list[_Glyphs] = [
            (shown_text(mobject) or "", mobject.family_members_with_points()) for mobject in labelled
        ]
        parts: list[_Glyphs] = []
        displayed = ById([(member, None) for root in shown for member in root.get_family()])
        self._made = [made for made in self._made if any(glyph() is not None for glyph in made.glyphs)]
        for made in self._made:
            text = made.text()
            if text is None or text not in labelled:
                shown_now = made.label if text is None else shown_text(text) or ""
                glyphs = [glyph() for glyph in made.glyphs]
                if all(glyph in displayed for glyph in glyphs):
                    parts.append((shown_now, glyphs))
                elif shown_now == made.label:
                    parts.append(_left_of(made.label, [glyph if glyph in displayed else None for glyph in glyphs]))
        return whole, parts


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


def _left_of(text: str, glyphs: Sequence[Any]) -> _Glyphs:
    """The part of `text` whose `glyphs` are not None, with these; nothing where a letter has no glyph of its own."""
    letters = [place for place, letter in enumerate(text) if not letter.isspace()]
    if len(letters) != len(glyphs):
        return "", ()
    gone = {place for place, glyph in zip(letters, glyphs, strict=True) if glyph is None}
    left = "".join(letter for place, letter in enumerate(text) if place not in gone)
    return left.strip(), [glyph for glyph in glyphs if glyph is not None]


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


def _run(text: str, glyphs: Sequence[Any], view: View | None) -> TextRun | None:
    seen = [glyph for glyph in glyphs if _visible(glyph)]
    if not text.strip() or not seen:
        return None
    return _placed(text, np.concatenate([glyph.points[:, :2] for glyph in seen]), view)


def _placed(text: str, points: "np.ndarray[Any, np.dtype[np.float64]]", view: View | None) -> TextRun | None:
    """`text` in the box around `points`, shape (n, 2); None outside of `view`, if one is given."""
    if not np.isfinite(points).all():
        return None
    left, bottom = (round(float(edge) * GRID) for edge in points.min(axis=0))
    right, top = (round(float(edge) * GRID) for edge in points.max(axis=0))
    if view is None:
        return TextRun(whole(text), (left, bottom, right, top))
    inside_x = left < view.x + view.width / 2 and right > view.x - view.width / 2
    inside_y = bottom < view.y + view.height / 2 and top > view.y - view.height / 2
    return TextRun(whole(text), (left, bottom, right, top)) if inside_x and inside_y else None


def _visible(glyph: Any) -> bool:
    return bool(glyph.get_fill_opacity() > 0 or (glyph.get_stroke_width() > 0 and glyph.get_stroke_opacity() > 0))
