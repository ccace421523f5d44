"""A request as the audience knows it: a pill with its name, in its colour, the same everywhere."""

from collections.abc import Sequence
from typing import Any

from manim import VGroup

from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.deck.parts.text import label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import request_color
from astrai_slides.serving.sim import Request


class RequestPill(VGroup):
    """A request's name on its colour."""

    def __init__(self, name: str, color: str, width: float, theme: Theme) -> None:
        height = theme.space.pill_height
        body = rounded(Box(0, 0, width, height), theme.space.radius, color=color, fill_opacity=1, stroke_width=0)
        text = label(name, theme.type.small, theme.palette.on_fill, weight="BOLD")
        super().__init__(body, text.centered(width / 2, height / 2))
        self.request_name = name
        self.color_name = color


def request_pills(requests: Sequence[Request], theme: Theme) -> dict[str, RequestPill]:
    """A pill for every request, by name, all of one width."""
    width = pill_width(requests, theme)
    return {
        request.name: RequestPill(request.name, request_color(index, theme), width, theme)
        for index, request in enumerate(requests)
    }


def pill_width(requests: Sequence[Request], theme: Theme) -> float:
    """As wide as the widest name asks for."""
    space = theme.space
    widest = max((name_width(request.name, theme) for request in requests), default=0.0)
    return max(space.pill_width, widest + 2 * space.hair)


def name_width(name: str, theme: Theme) -> float:
    """How wide a request's name is set."""
    text: Any = label(name, theme.type.small, theme.palette.on_fill, weight="BOLD")
    return float(text.width)
