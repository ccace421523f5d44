"""Writing a new talk: its files, all or none."""

import importlib.util
import keyword
import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.base import atomic
from astrai_slides.base.names import as_python_reads
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.scaffold.template import Template

TALKS_FOLDER = "presentations"
SCENES_FOLDER = "slides"

_IGNORED = """\
# what builds leave
.cache/
media/
__pycache__/
presentations/*
!presentations/*.toml
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What a talk is called: its files `word`.toml and `module`.py, its class, and its title."""

    word: str
    module: str
    class_name: str
    title: str


def names_for(name: str) -> Names:
    """Return what a talk called `name` is called where. Raises AstraiSlidesError for a name that cannot be one."""
    name = as_python_reads(name)
    parts = [each for each in re.split(r"[\s_-]+", name) if each]
    module = "_".join(parts).lower()
    if not module.isidentifier() or keyword.iskeyword(module):
        raise AstraiSlidesError(
            f"{name!r} cannot name a talk: its scene is a Python file; use letters, digits and hyphens, a letter first"
        )
    if module in sys.stdlib_module_names or importlib.util.find_spec(module) is not None:
        raise AstraiSlidesError(
            f"{name!r} is a module of Python or of a package that is installed, which {module}.py would hide; "
            f"try {name}-talk"
        )
    class_name = "".join(each[:1].upper() + each[1:] for each in parts)
    title = " ".join(parts)
    return Names("-".join(parts).lower(), module, class_name, title[:1].upper() + title[1:])


def create(name: str, template: Template, here: Path) -> list[Path]:
    """Write a talk called `name` into the project `here`, or into a new folder where `here` is none; return its files.

    A project is a folder with presentations/ in it. Raises AstraiSlidesError, and writes nothing, if a file is there
    already or the name cannot be one.
    """
    names = names_for(name)
    inside = (here / TALKS_FOLDER).is_dir()
    root = here if inside else here / names.word
    if not inside and root.exists():
        raise AstraiSlidesError(f"{root}: exists; pick another name, or remove it")
    scene = f"{SCENES_FOLDER}/{names.module}.py"
    files = {
        root / scene: template.scene_for(names.class_name),
        root / TALKS_FOLDER / f"{names.word}.toml": template.talk_for(f"{scene}:{names.class_name}", names.title),
    }
    if not inside:
        files[root / ".gitignore"] = _IGNORED
    there = [path for path in files if path.exists()]
    if there:
        raise AstraiSlidesError(f"{there[0]}: exists; nothing is overwritten: pick another name, or move it away")
    _write(files)
    return list(files)


def _write(files: dict[Path, str]) -> None:
    """Write all files or none; folders that had to be made for them go too if one cannot be written."""
    with ExitStack() as undo:
        for path, text in files.items():
            for folder in reversed([each for each in path.parents if not each.exists()]):
                try:
                    folder.mkdir()
                except OSError as error:
                    raise AstraiSlidesError(f"{folder}: cannot be made: {error.strerror or error}") from error
                undo.callback(folder.rmdir)
            atomic.write_bytes(path, text.encode("utf-8"))
            undo.callback(path.unlink)
        undo.pop_all()
