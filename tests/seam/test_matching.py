"""Matching transforms take parts in the mobjects' order, and the same parts as manim does."""

from collections.abc import Callable

import manim
import pytest
from manim import (
    Animation,
    AnimationGroup,
    Annulus,
    Circle,
    Dot,
    Ellipse,
    Line,
    RegularPolygon,
    RoundedRectangle,
    Square,
    Star,
    TransformMatchingShapes,
    TransformMatchingTex,
    Triangle,
    VGroup,
)
from manim.mobject.text.tex_mobject import MathTexPart

from astrai_slides.seam.matching import matching_in_order


def shapes(*kinds: type[manim.VMobject]) -> VGroup:
    return VGroup(*(kind() for kind in kinds)).arrange()


def formula(letters: str) -> manim.VMobject:
    """Letters as manim has them of a formula, without LaTeX."""
    whole = MathTexPart()
    whole.tex_string = letters
    for letter in letters:
        part = MathTexPart()
        part.tex_string = letter
        part.set_points(Dot().points)
        whole.add(part)
    return whole.arrange()


SHAPES = (
    shapes(Circle, Square, Star, Line, Triangle, RegularPolygon),
    shapes(Triangle, Star, Square, Ellipse, Annulus, RoundedRectangle),
)
FORMULAS = (formula("abcdefghijkl"), formula("lkjihgfedxyz"))


def places(animation: Animation, within: manim.VMobject) -> list[int]:
    """Where in `within` what an animation moves comes from."""
    known = {id(each): place for place, each in enumerate(within.get_family())}
    return [known[id(each)] for each in animation.mobject.get_family() if id(each) in known]


@pytest.mark.parametrize("how", [{}, {"transform_mismatches": True}, {"fade_transform_mismatches": True}])
@pytest.mark.parametrize(
    ("kind", "pair"), [(TransformMatchingShapes, SHAPES), (TransformMatchingTex, FORMULAS)], ids=["shapes", "tex"]
)
def test_parts_come_in_the_order_of_the_mobjects(
    kind: Callable[..., AnimationGroup], pair: tuple[manim.VMobject, manim.VMobject], how: dict[str, bool]
) -> None:
    old, new = pair
    stock = kind(old, new, **how)
    with matching_in_order():
        ours = kind(old, new, **how)
    moved = [places(each, old) for each in ours.animations]
    assert sum(map(len, moved)) >= len(old)
    assert moved == [sorted(each) for each in moved]
    assert [sorted(places(each, old)) for each in stock.animations] == moved
    entering = [each.get_center()[0] for each in ours.animations[-1].mobject] if not how else []
    assert entering == sorted(entering)
