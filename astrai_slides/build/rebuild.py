"""A build for whoever waits for the next edit: what it wrote, what it read, and where it failed, whatever that did."""

import linecache
import os
import re
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import TracebackType

from astrai_slides.base import inputs
from astrai_slides.base.cache import default_folder
from astrai_slides.base.identity import fingerprint
from astrai_slides.base.inputs import Inputs
from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.scratch import PREFIX, scratch_folder, sweep
from astrai_slides.base.warning import BuildWarning
from astrai_slides.build.lines_file import LINES
from astrai_slides.build.make import BuildRequest, make
from astrai_slides.build.plan import TALKS_FOLDER, UnknownTargetError, plan
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.registry import formats_named

__all__ = [
    "Fault",
    "Outcome",
    "fault_of",
    "load_all",
    "previewed",
    "rebuild",
    "scenes_of",
    "scratch_folder",
    "sweep",
    "write",
]

_NEEDED = (
    "export.html.page",
    "recording.join",
    "recording.reuse.earlier",
    "recording.run.formulas",
    "recording.run.load",
    "recording.run.record",
    "talk.file",
)
"""What `make` imports when it first needs it."""

_LINE = re.compile(r"^(?P<file>[^\n]+?\.\w+): (?:[^\n]*?\b)?line (?P<line>\d+)")
"""As our errors name file and line."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a deck cannot be shown: a message, and the place in the user's files, if it has one.

    `line` counts from 1, 0 where none is known; `text` is what stands in it.
    """

    message: str
    file: str = ""
    line: int = 0
    text: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return "\n".join(part for part in (place, f"    {self.text}" if self.text else "", self.message) if part)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to: the file that it wrote, or a fault. `read` is what it was made from, as far as it came."""

    file: Path | None
    read: Inputs
    fault: Fault | None = None
    warnings: list[str] = field(default_factory=list)


def previewed(target: str | None) -> str:
    """Return the target that is meant, which is there, whatever is wrong with it; the only talk if none is named.

    Raises UnknownTargetError for another one, and where there is not just one talk.
    """
    if target is None:
        talks = sorted(Path(TALKS_FOLDER).glob("*.toml"))
        if len(talks) != 1:
            names = ", ".join(talk.stem for talk in talks) or "none"
            raise UnknownTargetError(
                f"{TALKS_FOLDER} has {len(talks)} talks ({names}); name one, or a deck's Python file"
            )
        return str(talks[0])
    is_path = target.endswith((".py", ".toml"))
    if not (Path(target) if is_path else Path(TALKS_FOLDER) / f"{target}.toml").is_file():
        plan([target])  # which says what there is
    return target


def rebuild(target: str, scenes: list[str], out: Path, told: Callable[[str, str], object] | None = None) -> Outcome:
    """Build the HTML deck of `target` (as `plan` takes it, with `scenes` of a file) into the folder `out`.

    A file of several scenes, none of which is named, is one deck of all of them. `told` is called with the path and the
    digest of each file just before it is read, as nobody tells of them otherwise where a deck never ends. Raises
    nothing but KeyboardInterrupt: whatever the deck does is the fault that the outcome tells.
    """
    here = Path.cwd()
    warnings: list[str] = []
    file: Path | None = None
    fault: Fault | None = None

    def warned(_: str, warning: BuildWarning) -> None:
        warnings.append(str(warning))

    with inputs.watching([out, default_folder()], told) as read:
        try:
            wanted = [target, *(scenes or scenes_of(target))]
            request = BuildRequest(wanted, formats_named(["html"]), out=out, checks=True, lines=out / LINES)
            for built in make(request, SilentProgress(), warned):
                file = built.path
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a deck may raise what it likes
            os.chdir(here)
            fault = fault_of(error)
    if fault is None and file is None:
        fault = Fault(f"{target}: there is nothing to show; name another file")
    return Outcome(None if fault else file, _watched(read, out, failed=fault is not None), fault, warnings)


def write(target: str, scenes: list[str], formats: Sequence[str], say: Callable[[str], object]) -> None:
    """Write what `build` writes of `target` in these formats, where it does.

    `say` is told of each file that is another now, and why one could not be written.
    """
    request = BuildRequest([target, *scenes], formats_named(formats))
    try:
        for built in make(request, SilentProgress()):
            if built.new and not built.alike:
                say(f"wrote {built.path}")
    except AstraiSlidesError as error:
        say(f"not written: {error}")


def scenes_of(target: str) -> list[str]:
    """The scenes of a deck's file, if there are several; a talk names its own."""
    if not target.endswith(".py") or not Path(target).is_file():
        return []
    from astrai_slides.recording.run.load import scene_names

    with inputs.fresh_modules():
        names, _ = scene_names(Path(target))
    return names if len(names) > 1 else []


def _watched(read: Inputs, out: Path, *, failed: bool) -> Inputs:
    """Leave out folders that a build itself looks through for what others left behind, and those of others at work."""
    talks = Path(TALKS_FOLDER).absolute()
    own = {str(place) for place in (out, out.parent, default_folder().absolute(), talks)}
    own |= {tempfile.gettempdir(), os.path.realpath(tempfile.gettempdir())}
    others = tuple(str(Path(place) / PREFIX) for place in own)
    watched = {path: known for path, known in read.items() if path not in own and not path.startswith(others)}
    if failed:
        # what was looked for and not found, as a module, may be put beside what was found
        beside = {str(Path(path).parent) for path in watched if path.endswith((".py", ".toml"))} - own
        watched |= {folder: inputs.digest(folder) for folder in beside if Path(folder).is_dir()}
    return watched


def fault_of(error: BaseException) -> Fault:
    """Say what `error` is about, and which line of the user's files it arose in: the last that was being carried out.

    Files of installed packages are not the user's, nor are this package's own.
    """
    message = _said(error)
    for each in _chain(error):
        if isinstance(each, SyntaxError) and each.filename and each.lineno:
            return Fault(message, _shown(each.filename), each.lineno, (each.text or "").strip())
        places = [place for place in _places(each.__traceback__) if inputs.is_local_file(place[0])]
        if places:
            file, line = places[-1]
            linecache.checkcache(file)
            return Fault(message, _shown(file), line, linecache.getline(file, line).strip())
    found = _LINE.match(message)
    if found and Path(found["file"]).is_file():
        line = int(found["line"])
        return Fault(message, found["file"], line, linecache.getline(found["file"], line).strip())
    return Fault(message)


def _said(error: BaseException) -> str:
    if isinstance(error, AstraiSlidesError):
        return str(error)
    return traceback.format_exception_only(error)[-1].strip()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The errors that led to `error`, the first of them first, then itself."""
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in chain:
        chain.append(each)
        each = each.__cause__
    return reversed(chain)


def _places(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    for frame, line in traceback.walk_tb(trace):
        file = frame.f_code.co_filename
        if not file.startswith("<"):
            yield str(Path(file).absolute()), line


def _shown(file: str) -> str:
    """The path as the user would write it."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file


def load_all() -> Inputs:
    """Import what a build of an HTML deck needs, and return which of the user's files that read (as manim.cfg)."""
    with inputs.watching() as read:
        for name in _NEEDED:
            import_module(f"astrai_slides.{name}")
        fingerprint()
        from astrai_slides.recording.run.sources import settings_read
    return read | settings_read()
