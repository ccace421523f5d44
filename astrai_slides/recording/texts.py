"""The texts that an audience can read on a resting frame."""

from typing import Any

import numpy as np
from manim import MarkupText, Mobject, Text
from manim.mobject.text.numbers import DecimalNumber
from manim.mobject.text.tex_mobject import MathTex, SingleStringMathTex

from astrai_slides.recording.model import TextRun, View


def resting_texts(scene: Any, view: View, grid: int) -> list[TextRun]:
    """Texts of `scene` that are visible within `view`, in reading order of the scene, boxes in grid steps."""
    runs: list[TextRun] = []
    for mobject in [*scene.mobjects, *scene.foreground_mobjects]:
        _collect(mobject, view, grid, runs)
    return list(dict.fromkeys(runs))


def _collect(mobject: Mobject, view: View, grid: int, runs: list[TextRun]) -> None:
    text = _text(mobject)
    if text is None:
        for child in mobject.submobjects:
            _collect(child, view, grid, runs)
        return
    if not text.strip() or not _visible(mobject):
        return
    left, bottom = mobject.get_corner(np.array([-1.0, -1.0, 0.0]))[:2]
    right, top = mobject.get_corner(np.array([1.0, 1.0, 0.0]))[:2]
    if not np.isfinite([left, bottom, right, top]).all():
        return
    box = tuple(round(float(edge) * grid) for edge in (left, bottom, right, top))
    inside_x = box[0] < view.x + view.width / 2 and box[2] > view.x - view.width / 2
    inside_y = box[1] < view.y + view.height / 2 and box[3] > view.y - view.height / 2
    if inside_x and inside_y:
        runs.append(TextRun(text, (box[0], box[1], box[2], box[3])))


def _text(mobject: Mobject) -> str | None:
    if isinstance(mobject, Text):
        return str(mobject.original_text)
    if isinstance(mobject, MarkupText):
        return _without_markup(str(mobject.original_text))
    if isinstance(mobject, DecimalNumber):
        try:
            return str(mobject._get_num_string(mobject.number))
        except (AttributeError, TypeError, ValueError):
            return str(mobject.number)
    if isinstance(mobject, (MathTex, SingleStringMathTex)):
        return str(mobject.tex_string)
    return None


def _without_markup(text: str) -> str:
    from html import unescape
    from re import sub

    return unescape(sub(r"<[^>]*>", "", text))


def _visible(mobject: Any) -> bool:
    return any(
        len(member.points)
        and (float(member.get_fill_opacity()) > 0 or (member.get_stroke_width() > 0 and member.get_stroke_opacity() > 0))
        for member in mobject.family_members_with_points()
        if hasattr(member, "get_fill_opacity")
    )
