"""What stands in for manim's writer of files."""

import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import av
from manim import config
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.section import DefaultSectionType, Section
from manim.utils.file_ops import seek_full_path_from_defaults

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class _NoOutput:
    """What manim 0.22 asks of a writer's output before it plays."""

    enabled: bool = False
    is_still: bool = False
    is_video: bool = False
    is_gif: bool = False
    is_image_sequence: bool = False
    fallback_to_still: bool = False
    save_sections: bool = False
    transparent: bool = False


@dataclass(frozen=True, slots=True)
class AddedSound:
    """A sound that a scene added: its file, when it begins, in seconds of the scene's time, and its gain in dB."""

    path: Path
    kind: str
    """What the file is, as FFmpeg calls it: wav, mp3."""
    time: float
    gain: float
    data: bytes = field(repr=False)


class NullWriter:
    """Stands where manim writes movie files, and writes none; made with what any manim makes its own with.

    What a deck reads of it has the kind that manim's own has. Paths lie in manim's folder for media, and in a folder
    of their own, which is made when a deck asks for one of them.
    """

    output_spec = _NoOutput()
    force_output_as_scene_name = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # manim 0.21 gives the renderer and the scene's name, 0.22 its plan of what is to be written
        self.renderer, name = (*args, None, None)[:2] if len(args) > 1 else (None, None)
        plan = getattr(args[0], "plan", None) if args else None
        if plan is not None:  # which decks may read under manim 0.22
            self.settings, self.output_plan = args[0], plan
            self.video_encoder = getattr(args[0], "video_encoder", None)
        self.output_name = Path(str(name or getattr(plan, "output_stem", None) or "Scene"))
        self.includes_sound = False
        self.frame_count = 0
        self.sections: list[Section] = []
        self.partial_movie_files: list[str | None] = []
        self.subcaptions: list[Any] = []
        """`srt.Subtitle` objects, in seconds of the scene's time."""
        self.sounds: list[AddedSound] = []
        self._place = Path(config.media_dir or ".") / "videos" / f"{self.output_name}-{next(_numbers)}"
        self.next_section("autocreated", DefaultSectionType.NORMAL, False)

    # -- paths that a deck may ask for

    @cached_property
    def _folder(self) -> Path:
        self._place.mkdir(parents=True, exist_ok=True)
        return self._place

    @property
    def movie_file_path(self) -> Path:
        """Where manim would write its movie."""
        return self._folder / f"{self.output_name}.mp4"

    @property
    def image_file_path(self) -> Path:
        """Where manim would write a still."""
        return self._folder / f"{self.output_name}.png"

    @property
    def gif_file_path(self) -> Path:
        """Where manim would write a GIF."""
        return self._folder / f"{self.output_name}.gif"

    @property
    def partial_movie_directory(self) -> Path:
        """Where manim would write a movie of each play."""
        folder = self._folder / "partial_movie_files"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def sections_output_dir(self) -> Path:
        """Where manim would write a movie of each section: nowhere, as it does unless asked to."""
        return Path()

    def left_behind(self) -> list[str]:
        """Names of the files that the deck wrote beside manim's movie, sorted."""
        return sorted(path.name for path in self._place.rglob("*") if path.is_file())

    # -- what a scene tells it

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Note a section, whose `skip_animations` manim reads."""
        if self.sections and self.sections[-1].is_empty():
            self.sections.pop()
        self.sections.append(Section(type_, None, name, skip_animations))

    def add_partial_movie_file(self, hash_animation: str | None) -> None:
        """Note a play, None for one that is skipped."""
        file = None if hash_animation is None else str(self._place / "partial_movie_files" / f"{hash_animation}.mp4")
        self.partial_movie_files.append(file)
        self.sections[-1].partial_movie_files.append(file)

    def add_sound(self, sound_file: Any, time: float | None = None, gain: float | None = None, **kwargs: Any) -> None:
        """Keep a sound; raises FileNotFoundError where there is no such file, ValueError
        for one that holds no sound, and before the scene's begin."""
        try:
            path = Path(seek_full_path_from_defaults(sound_file, config.get_dir("assets_dir"), [".wav", ".mp3"]))
        except OSError:
            raise FileNotFoundError(
                f"there is no sound file {str(sound_file)!r}; name it from the working directory, or from manim's "
                "assets_dir"
            ) from None
        if time is not None and time < 0:
            raise ValueError(f"{sound_file}: a sound cannot begin {-time:g} s before the scene")
        data = path.read_bytes()
        kind = _kind(data, str(sound_file))
        self.includes_sound = True
        begin = float(getattr(self.renderer, "time", 0.0)) if time is None else float(time)
        self.sounds.append(AddedSound(path, kind, begin, float(gain or 0.0), data))

    def is_already_cached(self, hash_invocation: str) -> bool:
        """Nothing is."""
        return False

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__") or not callable(getattr(SceneFileWriter, name, None)):
            raise AttributeError(f"manim's writer of files has no {name!r} while a deck is recorded")
        return _nothing


def _kind(data: bytes, name: str) -> str:
    try:
        with av.open(io.BytesIO(data)) as container:
            if container.streams.audio:
                return str(container.format.name).partition(",")[0]
    except av.FFmpegError as error:
        raise ValueError(f"{name}: not a sound file that can be read ({error})") from error
    raise ValueError(f"{name}: holds no sound")


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None
