"""Which animations a renderer skips."""

from manim.renderer.cairo_renderer import CairoRenderer


def update_skipping(renderer: CairoRenderer) -> None:
    """At the begin of a play: let `renderer` skip it if it was made to skip all, or section or settings ask for that.

    Raises manim's EndSceneEarlyException after the last animation that the settings ask for.
    """
    renderer.skip_animations = renderer._original_skipping_status
    renderer.update_skipping_status()
