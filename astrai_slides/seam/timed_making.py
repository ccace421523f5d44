"""While somebody listens to where the time goes (`base.phases`): what manim takes for texts, formulas and SVG files."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from manim import MarkupText, SVGMobject, Text
from manim.mobject.text.tex_mobject import MathTex, SingleStringMathTex

from astrai_slides.base.phases import FORMULAS, SVGS, TEXTS, listening, phase
from astrai_slides.base.replaced import replaced
from astrai_slides.seam.texts import TYPST

_TEXTS = (Text, MarkupText)
_FORMULAS = (SingleStringMathTex, MathTex, *TYPST)


@contextmanager
def timed_making() -> Iterator[None]:
    """Count the making of texts and formulas inside the block, and the reading of SVG files; enter it last.

    Where nobody listens nothing is put in manim's place.
    """
    if not listening():
        yield
        return
    with ExitStack() as stack:
        kinds: tuple[Any, ...] = (*_TEXTS, *_FORMULAS)
        for kind in kinds:
            stack.enter_context(replaced(kind, "__init__", _timed(kind.__init__)))
        # not what makes it, whose defaults decks change
        stack.enter_context(replaced(SVGMobject, "init_svg_mobject", _timed(SVGMobject.init_svg_mobject)))
        yield


def _phase_of(made: Any) -> str:
    if isinstance(made, _TEXTS):
        return TEXTS
    return FORMULAS if isinstance(made, _FORMULAS) else SVGS


def _timed(make: Callable[..., Any]) -> Callable[..., Any]:
    def timed(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        with phase(_phase_of(self)):
            return make(self, *args, **kwargs)

    return timed
