"""Formulas that manim has LaTeX set: what is asked for, how it is set, and why that fails."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from manim import config
from manim.mobject.text import tex_mobject
from manim.utils import tex_file_writing
from manim.utils.tex import TexTemplate

from astrai_slides.base.phases import FORMULAS, wait_for
from astrai_slides.base.replaced import replaced

CONVERTER = "dvisvgm"
"""The program that makes paths of what LaTeX writes."""

WAYS_OUT = (
    "Either install LaTeX: texlive-latex-extra and dvisvgm (apt), the cask mactex-no-gui (brew) or MiKTeX (Windows); "
    "or write it without: MathTypst and Typst need 'pip install typst' only, Text needs nothing"
)

_MARKS = re.compile(r"\\special ?\{dvisvgm:raw </?g[^}]*>\}")
_CONTEXT = re.compile(r"(?:<argument>|l\.\d+) (.*)")
"""A line of a log that ends where an error arose; the next line goes on from there."""

_LOG_WIDTHS = {"max_print_line": "1000", "error_line": "254", "half_error_line": "238"}
"""Settings of LaTeX, by which it breaks and shortens no line of its log that matters."""


class LatexError(ValueError):
    """A formula cannot be set; the message has LaTeX's own reason. A ValueError, as manim raises."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula to be set: its LaTeX source, the programs that read it in turn, and what they write (".dvi")."""

    source: str
    compilers: tuple[str, ...]
    output_format: str
    text: str
    """What the deck wrote."""
    tex_file: Path
    """Where manim keeps the source; what it makes of it has the same name with other endings."""

    @property
    def svg_file(self) -> Path:
        """Where manim looks for the outlines."""
        return self.tex_file.with_suffix(".svg")

    def typeset(self) -> set[str]:
        """Write `svg_file`, and return the files that LaTeX read for it, those below the working directory as seen
        from there. Several may be set at a time, by threads. Raises LatexError with the reason.
        """
        with TemporaryDirectory(dir=self.tex_file.parent, prefix="setting-") as folder:
            tex_file = Path(folder, self.tex_file.name)
            tex_file.write_text(self.source, "utf-8")
            try:
                for compiler in self.compilers:
                    compiled(compiler, self.output_format, tex_file)
                made = convert(tex_file, self.output_format)
            except FileNotFoundError as error:
                raise LatexError(f"{error.filename or error} is not found, which sets formulas. {WAYS_OUT}") from None
            except ValueError as error:
                raise LatexError(f"{error}; the formula is: {self.text}") from None
            made.replace(self.svg_file)
            return files_read(tex_file)


def compiled(compiler: str, output_format: str, tex_file: Path) -> None:
    """Have `compiler` read `tex_file`.

    Raises ValueError with its reason where it fails, FileNotFoundError where it is not found.
    """
    program, *others = tex_file_writing.make_tex_compilation_command(compiler, output_format, tex_file, tex_file.parent)
    if _run([program, "-recorder", *others], {**os.environ, **_LOG_WIDTHS}):
        log = tex_file.with_suffix(".log")
        said = reason(log.read_text("utf-8", "replace").splitlines()) if log.exists() else None
        raise ValueError(f"{compiler}: {said or f'failed without a reason; see what {compiler} --version says'}")


def convert(tex_file: Path, output_format: str, pages: str = "1", number: str = "") -> Path:
    """Make outlines as manim's `convert_to_svg` does, whose program nobody could end, and return their file.

    Of several `pages` each has a file of its own, to whose name `number` adds dvisvgm's pattern for its number.
    Raises ValueError where none is made of one page, FileNotFoundError without dvisvgm.
    """
    made = tex_file.with_suffix(".svg")
    options = ["--pdf"] if output_format == ".pdf" else []
    target = made.with_stem(made.stem + number)
    options += [f"--page={pages}", "--no-fonts", "--verbosity=0", f"--output={target.as_posix()}"]
    _run([CONVERTER, *options, tex_file.with_suffix(output_format).as_posix()], dict(os.environ))
    if not number and not made.exists():
        raise ValueError(
            f"{CONVERTER}: makes no outlines of {output_format}; see what {CONVERTER} --version says, "
            "of which 2.4 or newer is needed"
        )
    return made


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run `command`, which `end_all` ends; return its exit status."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment) as process:
        _under_way.add(process)
        try:
            return wait_for(process, FORMULAS)
        except BaseException:
            process.kill()
            raise
        finally:
            _under_way.discard(process)


_under_way: set["subprocess.Popen[bytes]"] = set()


def end_all() -> None:
    """End every program that sets a formula, in whichever thread: it is wanted no more, and may never end."""
    for process in list(_under_way):
        process.kill()


Setter: TypeAlias = Callable[[Formula], object]
"""Sees to it that the formula's `svg_file` is there."""


@contextmanager
def setting_formulas(setter: Setter) -> Iterator[None]:
    """Inside the block, have `setter` see to each formula that manim asks for."""

    def to_svg(expression: str, environment: str | None = None, tex_template: TexTemplate | None = None) -> Path:
        template = tex_template or config.tex_template
        tex_file = tex_file_writing.generate_tex_file(expression, environment, template)
        compilers = template.tex_compiler
        listed = (compilers,) if isinstance(compilers, str) else tuple(compilers)
        formula = Formula(tex_file.read_text("utf-8"), listed, template.output_format, _plain(expression), tex_file)
        setter(formula)
        return formula.svg_file

    with replaced(tex_mobject, "tex_to_svg_file", to_svg):
        yield


class _AskedError(Exception):
    """Ends the making of a formula when it is known what is asked for."""


def asked_formulas(make: Callable[[], object]) -> list[Formula]:
    """Return what `make` asks for first, without setting it; nothing if it asks for nothing or fails before that."""
    asked: list[Formula] = []

    def ask(formula: Formula) -> None:
        asked.append(formula)
        raise _AskedError

    with setting_formulas(ask), suppress(Exception):
        make()
    return asked


def reason(log: list[str]) -> str | None:
    """Return the first error in LaTeX's `log`, with the text before and after it; None without one."""
    start = next((number for number, line in enumerate(log) if line.startswith("!")), None)
    if start is None:
        return None
    said = log[start][1:].strip()
    for line, following in pairwise(log[start + 1 :]):
        context = _CONTEXT.match(line)
        if line.startswith("!"):
            break
        if context:
            return f"{said} {_plain(context[1])} <-- here {_plain(following)}".strip()
    return said


def _plain(text: str) -> str:
    """`text` without the marks that manim puts around parts of a formula."""
    return _MARKS.sub("", text).strip()


def files_read(tex_file: Path) -> set[str]:
    """The files that LaTeX listed as read, besides those that it wrote itself."""
    try:
        lines = tex_file.with_suffix(".fls").read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return set()
    folder = Path.cwd()
    read = {(folder / line[6:]).absolute() for line in lines if line.startswith("INPUT ")}
    read = {path for path in read if path.stem != tex_file.stem}
    return {str(path.relative_to(folder) if path.is_relative_to(folder) else path) for path in read}
