"""The notebook magic `%%astrai_slides`, and decks that a notebook shows; needs the extra `jupyter`.

`%load_ext astrai_slides` brings the magic; docs/documents.md has its options. It takes what `%%manim_slides` takes. The
class is recorded in the notebook's own process, as it may use what other cells defined.
"""

import argparse
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope
from IPython.display import display

from astrai_slides.build.of_class import ClassFault, ClassWish, page_of_class
from astrai_slides.embed.frame import frame_with
from astrai_slides.embed.manim_slides_options import page_options, words_in

_QUALITIES = ("l", "m", "h", "p", "k")
_LONG_QUALITIES = {
    "low_quality": "l",
    "medium_quality": "m",
    "high_quality": "h",
    "production_quality": "p",
    "fourk_quality": "k",
}


class BuiltDeck:
    """A deck that was built as HTML, which a notebook shows where it is a cell's result."""

    def __init__(self, page: Path | str) -> None:
        """`page` is the file, or the HTML itself where it begins with a tag."""
        if isinstance(page, str) and page.lstrip().startswith("<"):
            self._html, self._title = page, "A deck"
        else:
            self._html, self._title = Path(page).read_text("utf-8"), Path(page).stem
        self.file = None if self._html is page else Path(page)

    def __repr__(self) -> str:
        return f"BuiltDeck({str(self.file)!r})" if self.file else f"<a deck of {len(self._html) / 1000:.0f} kB>"

    def _repr_html_(self) -> str:
        return frame_with(self._html, self._title)


class CellError(Exception):
    """A deck in a cell that cannot be shown. A notebook shows where in the cell, and the message."""

    def __init__(self, message: str, cause: BaseException | None, shell: InteractiveShell) -> None:
        super().__init__(message)
        self._cause = cause
        self._shell = shell

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of this: the way from the cell to the fault, without our own."""
        trace = None if self._cause is None else _from_cell(self._cause.__traceback__)
        if self._cause is None or trace is None:
            return [f"astrai-slides: {self}"]
        shown = self._shell.InteractiveTB.structured_traceback(type(self._cause), self._cause, trace)
        return [*shown, f"\nastrai-slides: {self}"]


@magics_class
class AstraiSlidesMagic(Magics):
    """`%%astrai_slides`, which records a class of the cell, and `%astrai_slides`, which records one of another."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._plays: dict[str, bytes | None] = {}
        """What was recorded of each class, so that a cell that is run again plays only what was edited."""

    @needs_local_scope
    @line_cell_magic
    def astrai_slides(self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None) -> None:
        """Record a deck and show it below the cell.

        As a cell's first line: %%astrai_slides [options] MyDeck, with the class MyDeck in the cell.
        As a line: %astrai_slides [options] MyDeck, for a class that another cell defined.

        -q l|m|h|p|k, -r WIDTH,HEIGHT, --fps N: as manim has them.
        --no-variants: leave out what other values of the deck's knobs show, which takes long to record.
        --most-variants N: most variants of a step, 64 unless told; a deck with more is refused.
        --manim-slides KEY=VALUE ...: controls, slide_number, progress, loop, auto_slide, background_color, title.
        """
        names = self._shell.user_ns if local_ns is None else local_ns
        wish, scene = _read(line, self._say)
        if cell is not None:
            self._run(cell, names)
        self._show(scene, names, wish)

    def _run(self, cell: str, names: dict[str, Any]) -> None:
        """Run the cell's code, in whose errors the magic's line counts as the first, as the notebook numbers lines."""
        blank = len(cell) - len(cell.lstrip("\n"))  # which IPython takes away
        code = "\n" * (1 + blank) + self._shell.transform_cell(cell)  # type: ignore[no-untyped-call]
        # the count of executions may be that of the next cell already
        number = len(names.get("In", ())) - 1
        name = self._shell.compile.cache(code, number)
        try:
            exec(self._shell.compile(code, name, "exec"), names)
        except Exception as error:
            raise CellError(f"the cell cannot be run: {type(error).__name__}: {error}", error, self._shell) from error

    def _show(self, scene: str, names: dict[str, Any], wish: ClassWish) -> None:
        found = names.get(scene)
        if not isinstance(found, type):
            raise UsageError(f"there is no class {scene!r} here; write it in the cell, or name one that was run")
        made = page_of_class(found, wish, self._plays.get(scene), self._say)
        if isinstance(made, ClassFault):
            self._fail(made, found)
        self._plays[scene] = made.plays
        for each in made.warnings:
            self._say(each)
        display(BuiltDeck(made.html))  # type: ignore[no-untyped-call]

    def _fail(self, fault: ClassFault, scene: type[Any]) -> NoReturn:
        construct = getattr(scene, "construct", None)
        file = getattr(getattr(construct, "__code__", None), "co_filename", "")
        message = fault.message
        if file and message.startswith(f"{file}: "):
            message = message.removeprefix(f"{file}: ")
        raise CellError(message, fault.cause, self._shell) from fault.cause

    def _say(self, sentence: str) -> None:
        print(f"astrai-slides: {sentence}")  # noqa: T201 (what a cell prints stands below it)


class _MagicParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"%astrai_slides: {message}; %astrai_slides? shows what it takes")


def _read(line: str, say: Any) -> tuple[ClassWish, str]:
    """Read the magic's line, as `%%manim_slides` takes it."""
    ours, _, theirs = line.partition("--manim-slides")
    parser = _MagicParser(prog="%astrai_slides", add_help=False, allow_abbrev=False)
    add = parser.add_argument
    add("scene", metavar="Scene")
    add("-q", "--quality", choices=[*_QUALITIES, *_LONG_QUALITIES])
    add("-r", "--resolution")
    add("--fps", "--frame_rate", type=float)
    add("--no-variants", action="store_true")
    add("--most-variants", type=int, default=ClassWish().most_variants)
    # how much manim prints and keeps, which is nothing
    add("-v", "--verbosity")
    add("--progress_bar")
    add("--disable_caching", action="store_true")
    try:
        given, options = parser.parse_args(words_in(ours)), page_options(words_in(theirs))
    except ValueError as error:
        raise UsageError(f"%astrai_slides: {error}") from None
    for each in options.refused:
        say(each)
    quality = _LONG_QUALITIES.get(given.quality, given.quality)
    size = _size(given.resolution)
    variants = not given.no_variants, given.most_variants
    wish = ClassWish(quality, given.fps, size, options.html, options.title, *variants)
    return wish, given.scene


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.replace("x", ",").strip("()").partition(",")
    if not (width.strip().isdecimal() and height.strip().isdecimal()):
        raise UsageError(f"%astrai_slides: -r {text}: write WIDTH,HEIGHT in pixels, as in -r 1080,1920")
    return int(width), int(height)


def _from_cell(trace: TracebackType | None) -> TracebackType | None:
    """The part of a traceback from the first line on that is in no package of ours or of manim's."""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if module not in ("astrai_slides", "manim", "manim_slides", "contextlib"):
            return trace
        trace = trace.tb_next
    return None


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add the magic to `shell`; what `%load_ext astrai_slides` calls."""
    shell.register_magics(AstraiSlidesMagic)
