"""Requests in flight over time, as areas one on the other: those that decode, in prefill, and waiting on top."""

import numpy as np
from manim import VGroup, VMobject

from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import half_filled
from astrai_slides.serving.sim.in_flight import InFlight


def load_areas(load: InFlight, duration: float, box: Box, theme: Theme) -> VGroup:
    """The areas of `load` from 0 to `duration` (seconds), to the width of `box`; its height is the peak.

    Filled as the bars of requests are: decode wholly, prefill half, waiting hardly. A state that nobody was in has no
    area.
    """
    areas = VGroup()
    peak = max(load.peak, 1)
    times = [step.time for step in load.steps] + [duration]
    lower = [0] * len(load.steps)
    opacities = (1.0, half_filled(theme), theme.space.ghost)
    for count, opacity in zip(("decoding", "prefill", "waiting"), opacities, strict=True):
        upper = [low + getattr(step, count) for low, step in zip(lower, load.steps, strict=True)]
        if upper != lower:
            outline = [*_stairs(times, upper), *reversed(_stairs(times, lower))]
            area = VMobject(color=theme.palette.muted, stroke_width=0 if opacity == 1 else theme.space.thin)
            points = [
                (box.left + time / duration * box.width, box.bottom + level / peak * box.height, 0.0)
                for time, level in outline
            ]
            area.set_points_as_corners(np.array([*points, points[0]]))
            areas.add(area.set_fill(theme.palette.muted, opacity=opacity))
        lower = upper
    return areas


def _stairs(times: list[float], levels: list[int]) -> list[tuple[float, int]]:
    """The corners of a line that holds each level until the next time."""
    return [corner for at, level in enumerate(levels) for corner in ((times[at], level), (times[at + 1], level))]
