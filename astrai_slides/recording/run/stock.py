"""Scenes that a CairoRenderer cannot run: rendered by manim's OpenGL renderer, every step a film."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from astrai_slides.base.resolution import Resolution
from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import GRID, Blob, Film, Recording, Rgba, Step, View
from astrai_slides.recording.run.film import Filmer
from astrai_slides.seam.config import write_movies
from astrai_slides.seam.slides import is_slide

_REASON = "filmed by manim's OpenGL renderer, whose scenes are not paths"


def film_opengl_scene(scene_class: type[Any], resolution: Resolution, folder: Path) -> Recording:
    """Render `scene_class`, a manim-slides scene made for OpenGL, and return its films as a recording.

    manim writes what it needs into `folder`. Raises AstraiSlidesError if the scene is not a manim-slides `Slide` or
    there is no OpenGL.
    """
    from manim import config
    from manim.renderer.opengl_renderer import OpenGLRenderer
    from manim_slides.config import PresentationConfig

    name = scene_class.__name__
    if not is_slide(scene_class):
        raise AstraiSlidesError(f"{name} is made for OpenGL: derive it from manim_slides.Slide, so that it has steps")
    write_movies()
    config.media_dir = str(folder / "media")
    output = folder / "slides"
    output.mkdir(parents=True, exist_ok=True)
    logging.getLogger("manim-slides").setLevel(logging.WARNING)
    try:
        scene: Any = scene_class(renderer=OpenGLRenderer(), output_folder=output)
    except Exception as error:
        raise AstraiSlidesError(
            f"{name} needs OpenGL, which does not work here ({error}). Without a screen, run the build under xvfb-run"
        ) from error
    scene.skip_reversing = True
    scene.render()
    presentation = PresentationConfig.from_file(output / f"{name}.json")
    filmer = Filmer(resolution)
    view = View(0, 0, round(float(config.frame_width) * GRID), round(float(config.frame_height) * GRID))
    background = _rgba(config.background_color)
    steps: list[Step] = []
    blobs: dict[str, Blob] = {}
    for place, slide in enumerate(presentation.slides, 1):
        step, used = filmer.source(Path(slide.file), view, background)
        blobs.update(used)
        assert step.film is not None
        steps.append(
            replace(
                step,
                name=str(place),
                title=str(place),
                notes=slide.notes,
                loop=slide.loop,
                auto_next=slide.auto_next,
                playback_rate=slide.playback_rate,
                reversed_playback_rate=slide.reversed_playback_rate,
                direction=slide.direction,
                film=Film(step.film.digest, _REASON),
            )
        )
    warnings = [BuildWarning(Kind.FILMED, f"step {step.name!r}: {_REASON}") for step in steps]
    writer = scene.renderer.file_writer
    if writer.includes_sound or writer.subcaptions:
        lost = "the sounds and subcaptions of a scene of manim's OpenGL renderer are left out"
        warnings.append(BuildWarning(Kind.SOUND, lost))
    size = resolution.width, resolution.height
    return Recording(name, resolution.fps, *size, background, tuple(steps), blobs, tuple(warnings))


def _rgba(color: Any) -> Rgba:
    red, green, blue = (int(part) for part in color.to_int_rgb())
    return red << 24 | green << 16 | blue << 8 | 0xFF
