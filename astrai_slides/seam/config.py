"""Where manim takes its settings from, and the settings that manim-slides sets and a newer manim does not have."""

from pathlib import Path
from typing import Any

_UNLIMITED = -1
"""How manim's setting of the most files it keeps spells "all of them"."""


def settings_files() -> list[Path]:
    """Return the files that manim took its settings from when it was imported, and those that it would have.

    The file that comes with manim itself is left out.
    """
    from manim._config.utils import config_file_paths

    return [Path(path) for path in config_file_paths()[1:]]


def write_nothing() -> None:
    """Set manim to write no files and open no windows, whatever its settings files ask for."""
    from manim import config

    config.preview = False
    config.show_in_file_browser = False
    config.save_last_frame = False
    if hasattr(config, "live_preview"):  # 0.22, which checks what is to be written when a scene is made
        config.live_preview = config.enable_gui = False
        config.dry_run = True


def write_movies() -> None:
    """Set manim to write a movie of each animation, as manim-slides needs them."""
    from manim import config

    supply_removed_settings()
    if hasattr(config, "live_preview"):
        config.dry_run = False
    config.write_to_movie = True


def supply_removed_settings() -> None:
    """Give manim 0.22 the settings that manim-slides 5.7 sets in every slide, for the rest of this process.

    manim 0.22 has neither `write_to_movie` (its `format` says that now) nor `flush_cache` (now a command of its own),
    and refuses infinity as `max_files_cached`, which it moreover reads before manim-slides sets it. Does nothing where
    manim has them, and nothing the second time.
    """
    from manim import config

    kind: Any = type(config)
    if not hasattr(kind, "write_to_movie"):
        kind.write_to_movie = property(_writes_movie, _write_movie)
        kind.max_files_cached = property(_most_files, _keep_most_files)
    if not hasattr(kind, "flush_cache"):
        kind.flush_cache = property(_flushes_cache, _flush_cache)


def _writes_movie(config: Any) -> bool:
    return not config.dry_run and config.format not in ("none", "png", "png-sequence")


def _write_movie(config: Any, value: bool) -> None:
    if not value:
        config.format = "none"
        return
    if config.format in ("none", "png", "png-sequence"):
        config.format = "auto"
    # a scene takes it over as it is made, which is before manim-slides asks for it
    config.max_files_cached = _UNLIMITED


def _most_files(config: Any) -> int:
    return int(config._d["max_files_cached"])


def _keep_most_files(config: Any, value: float) -> None:
    if value != float("inf") and (not isinstance(value, int) or value < _UNLIMITED):
        raise ValueError(f"max_files_cached must be a whole number, or {_UNLIMITED} for unlimited")
    config._d["max_files_cached"] = _UNLIMITED if value == float("inf") else value


def _flushes_cache(config: Any) -> bool:
    return False


def _flush_cache(config: Any, value: bool) -> None:
    if value:
        raise ValueError("this manim has no flush_cache; run `manim cache clear` instead")
