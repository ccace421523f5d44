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

_SET_BY_A_SLIDE = ("notes", "loop", "auto_next", "playback_rate", "reversed_playback_rate", "direction")
_REASON = "filmed by manim's OpenGL renderer, whose scenes are not paths"


def film_opengl_scene(scene_class: type[Any], resolution: Resolution, folder: Path) -> Recording:
    """Render `scene_class`, a scene made for OpenGL, and return its films as a recording.

    Steps are the slides of a manim-slides scene, and the sections of any other. manim writes what it needs into
    `folder`. Raises AstraiSlidesError if there is no OpenGL.
    """
    from manim import config
    from manim.renderer.opengl_renderer import OpenGLRenderer

    name = scene_class.__name__
    write_movies()
    config.media_dir = str(folder / "media")
    output = folder / "slides"
    output.mkdir(parents=True, exist_ok=True)
    logging.getLogger("manim-slides").setLevel(logging.WARNING)
    of_slides = is_slide(scene_class)
    if not of_slides:
        config.format = "mp4"
        config.save_sections = True
    try:
        scene: Any = scene_class(renderer=OpenGLRenderer(), **({"output_folder": output} if of_slides else {}))
    except Exception as error:
        raise AstraiSlidesError(
            f"{name} needs OpenGL, which does not work here ({error}). Without a screen, run the build under xvfb-run"
        ) from error
    shown = _slides(scene, output) if of_slides else _sections(scene)
    filmer = Filmer(resolution)
    view = View(0, 0, round(float(config.frame_width) * GRID), round(float(config.frame_height) * GRID))
    background = _rgba(config.background_color)
    steps: list[Step] = []
    blobs: dict[str, Blob] = {}
    for place, (file, settings) in enumerate(shown, 1):
        step, used = filmer.source(file, view, background)
        blobs.update(used)
        film = Film(step.film.digest, _REASON) if step.film is not None else None
        steps.append(replace(step, name=str(place), title=str(place), film=film, **settings))
    warnings = [BuildWarning(Kind.FILMED, f"step {step.name!r}: {_REASON}") for step in steps]
    writer = scene.renderer.file_writer
    if writer.includes_sound or writer.subcaptions:
        lost = "the sounds and subcaptions of a scene of manim's OpenGL renderer are left out"
        warnings.append(BuildWarning(Kind.SOUND, lost))
    size = resolution.width, resolution.height
    return Recording(name, resolution.fps, *size, background, tuple(steps), blobs, tuple(warnings))


def _slides(scene: Any, output: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Render `scene`, a manim-slides scene that writes to `output`: the movie of each slide, and what it sets."""
    from manim_slides.config import PresentationConfig

    scene.skip_reversing = True
    scene.render()
    presentation = PresentationConfig.from_file(output / f"{type(scene).__name__}.json")
    return [(Path(slide.file), {key: getattr(slide, key) for key in _SET_BY_A_SLIDE}) for slide in presentation.slides]


def _sections(scene: Any) -> list[tuple[Path, dict[str, Any]]]:
    """Render `scene`, any other scene: the movie of each section that is shown, or its picture if nothing is played."""
    writer = scene.renderer.file_writer
    tear_down = scene.tear_down

    def named_by_place() -> None:
        tear_down()
        for place, section in enumerate(writer.sections):
            if section.video is not None:
                # a section may be called what no file can
                section.video = f"{place}.mp4"

    scene.tear_down = named_by_place
    scene.render()
    if not scene.renderer.num_plays:
        return [(Path(writer.image_file_path), {})]
    return [(writer.sections_output_dir / section.video, {}) for section in writer.sections if section.video]


def _rgba(color: Any) -> Rgba:
    red, green, blue = (int(part) for part in color.to_int_rgb())
    return red << 24 | green << 16 | blue << 8 | 0xFF
