"""Digits that are scaled once look as those that manim scales each time."""

from typing import Any

from manim import BLUE, DecimalNumber, Integer, MathTex, Text

from astrai_slides.seam.speedups import faster_manim


class Large(MathTex):
    """Has a size of its own."""

    @property
    def font_size(self) -> Any:
        return 10

    @font_size.setter
    def font_size(self, size: float) -> None:
        self.scale(3)


def looks() -> list[bytes]:
    numbers = [
        DecimalNumber(3.14159, font_size=size, mob_class=kind)
        for size in (48, 20, 48.0)
        for kind in (MathTex, Text, Large)
        for _ in range(2)
    ]
    numbers += [Integer(-1234, color=BLUE), DecimalNumber(2 + 3j), DecimalNumber(12, unit="m", show_ellipsis=True)]
    numbers[0].set_value(59.5)
    return [part.points.tobytes() + part.fill_rgbas.tobytes() for each in numbers for part in each.get_family()]


def test_numbers_look_the_same(monkeypatch: Any) -> None:
    monkeypatch.setattr("manim.mobject.text.numbers.string_to_mob_map", {})
    wanted = looks()
    scaled: list[object] = []
    setter = MathTex.font_size.fset

    def noted(self: MathTex, size: float) -> None:
        scaled.append(self)
        setter(self, size)

    with faster_manim():
        looks()
        for kind in MathTex.__mro__:
            if "font_size" in vars(kind):
                monkeypatch.setattr(kind, "font_size", MathTex.font_size.setter(noted))
                break
        assert looks() == wanted
        assert looks() == wanted
        assert not scaled
        DecimalNumber(3.1, font_size=99)
        DecimalNumber(3.1, font_size=99)
        assert 0 < len(scaled) <= 4
