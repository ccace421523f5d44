"""How manim-slides counts animations and slides."""

from collections.abc import Callable
from typing import Any

from astrai_slides.seam.scene import named_like


def is_slide(scene_class: type[Any]) -> bool:
    """Whether `scene_class` is a scene of manim-slides, so that it has slides instead of sections."""
    from manim_slides.slide.base import BaseSlide

    return issubclass(scene_class, BaseSlide)


def has_played(scene: Any) -> bool:
    """Whether `scene`, one of manim-slides, has played anything since the slide under way began."""
    return bool(scene._current_animation > scene._start_animation)


def set_notes(scene: Any, notes: str) -> None:
    """Give the slide of `scene` that is under way, one of manim-slides, these notes."""
    scene._base_slide_config.notes = notes


SLOWEST, FASTEST = 0.001, 1000.0
"""How many times as fast as recorded a slide may be shown."""


def _check_rates(settings: Any) -> None:
    """Raise ValueError for a slide that would never end, or that no player can show."""
    for name in ("playback_rate", "reversed_playback_rate"):
        rate = getattr(settings, name)
        if not SLOWEST <= rate <= FASTEST:
            raise ValueError(f"{name} is {rate:g}; give a number from {SLOWEST:g} to {FASTEST:g}, 1 being as recorded")


class _NotedSlides(list[Any]):
    """The slides that manim-slides notes, each told of as it is noted.

    A deck may override `next_slide`, play in it, and call the one that it overrides from any of its methods, so that
    only here is it known where a slide ends.
    """

    def __init__(self, noted: Callable[[Any], None]) -> None:
        super().__init__()
        self._noted = noted

    def append(self, slide: Any) -> None:
        _check_rates(slide)
        super().append(slide)
        self._noted(slide)


def telling_slides(scene_class: type[Any], ended: Callable[[Any, Any], None]) -> type[Any]:
    """Return a subclass of `scene_class`, a scene of manim-slides, that calls `ended(scene, slide)` where a slide ends.

    `slide` is manim-slides' own `PreSlideConfig`. Nothing is written. While a slide is being ended, with the wait that
    rests there, `ends_slide` of the scene is true.
    """

    class TellingSlides(scene_class):  # type: ignore[misc]
        ends_slide = False

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._slides = _NotedSlides(lambda slide: ended(self, slide))

        def next_slide(self, *args: Any, **kwargs: Any) -> None:
            self.ends_slide = True
            super().next_slide(*args, **kwargs)
            self.ends_slide = False
            _check_rates(self._base_slide_config)

        def _save_slides(self, *args: Any, **kwargs: Any) -> None:
            if has_played(self):
                self._add_last_slide()

    return named_like(TellingSlides, scene_class)
