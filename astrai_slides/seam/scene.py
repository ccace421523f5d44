"""Which renderer scenes get, and where their sections begin and they end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import manim.scene.scene

from astrai_slides.base.replaced import replaced


@contextmanager
def scenes_rendered_by(make: Callable[..., Any]) -> Iterator[None]:
    """Let every scene that is made inside the block, and brings none, take its renderer from `make`.

    manim calls `make` with the scene's class of cameras (or None) as `camera_class`, and with whether all animations
    are to be skipped as `skip_animations`.
    """
    with replaced(manim.scene.scene, "CairoRenderer", make):
        yield


def telling_sections(scene_class: type[Any], ended: Callable[[Any], None]) -> type[Any]:
    """Return a subclass of `scene_class`, a plain scene, that calls `ended` with itself where a section ends."""

    class TellingSections(scene_class):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            # where a section ends only manim's writer is told of: a deck may play in a `next_section` of its own, and
            # call the one that it overrides from any of its methods
            writer = self.renderer.file_writer
            begin = writer.next_section

            def next_section(*args: Any, **kwargs: Any) -> None:
                ended(self)
                begin(*args, **kwargs)

            writer.next_section = next_section

        def render(self, *args: Any, **kwargs: Any) -> bool:
            rerun = bool(super().render(*args, **kwargs))
            ended(self)
            return rerun

    return named_like(TellingSections, scene_class)


def named_like(made: type[Any], original: type[Any]) -> type[Any]:
    """Give `made` the name and the docstring of `original`, by which manim and decks know a scene."""
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(made, name, getattr(original, name))
    return made


def carry_out(animation: Any, scene: Any) -> None:
    """Bring `scene` to the end of `animation` without a frame."""
    animation._setup_scene(scene)
    animation.begin()
    animation.finish()
    animation.clean_up_from_scene(scene)
