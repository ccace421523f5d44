"""Which parts of the house a user has, what each missing one costs, and how to get it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

DISTRIBUTION = "astrai-slides"
PRESENT_EXTRA = "present"
TRY_SECONDS = 60
"""How long a part may take to start when it is tried in a process of its own."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "firefox-esr", "microsoft-edge", "safari")
BROWSER_APPLICATIONS = ("Chromium.app", "Google Chrome.app", "Firefox.app", "Safari.app", "Microsoft Edge.app")
OFFICES = ("soffice", "libreoffice")
OFFICE_APPLICATIONS = ("LibreOffice.app", "Microsoft PowerPoint.app", "Keynote.app")


@dataclass(frozen=True, slots=True)
class MachinePart:
    """One part: whether it works, which version or what is wrong, and what to do.

    Without a `required` part nothing can be built; another one costs only what `cost` says.
    """

    name: str
    ok: bool
    found: str
    cost: str
    remedy: str
    required: bool


def examine() -> Iterator[MachinePart]:
    """Look at every part in turn; some are tried in a process of their own, since they may crash."""
    yield from _packages()
    yield _cairo()
    yield _pango()
    yield _font()
    yield _reveal()
    yield _qt()
    yield _program(
        "browser",
        BROWSERS,
        BROWSER_APPLICATIONS,
        "HTML decks cannot be shown on this machine",
        "install Firefox or Chromium",
    )
    yield _program(
        "slides program",
        OFFICES,
        OFFICE_APPLICATIONS,
        "PPTX files are written, but cannot be looked at on this machine",
        "install LibreOffice Impress, Keynote or PowerPoint",
    )
    yield _latex()
    yield MachinePart("ffmpeg", True, "not needed: videos are encoded by the PyAV package", "", "", required=False)


def _packages() -> Iterator[MachinePart]:
    """The Python packages that astrai-slides asks for, each against the versions it works with."""
    try:
        wanted = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield MachinePart(
            DISTRIBUTION,
            False,
            "not installed",
            "nothing works",
            "install it with pip, as README.md says",
            required=True,
        )
        return
    for each in map(Requirement, wanted):
        if each.marker and not each.marker.evaluate({"extra": ""}):  # an extra, or another platform's
            continue
        name, versions = each.name, str(each.specifier)
        cost, remedy = "nothing can be built", f"pip install '{name}{versions}'"
        if name in ("manim", "manim-slides"):
            cost = "nothing can be built: manim and manim-slides must be a pair that works together"
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield MachinePart(name, False, "not installed", cost, remedy, required=True)
            continue
        fits = each.specifier.contains(version, prereleases=True)
        found = version if fits else f"{version}, but {versions} is needed"
        yield MachinePart(name, fits, found, cost, remedy, required=True)


def _tried(name: str, find: Callable[[], str], cost: str, remedy: str) -> MachinePart:
    """A required part that `find` names the version of, or fails to."""
    try:
        return MachinePart(name, True, find(), cost, remedy, required=True)
    except Exception as error:
        return MachinePart(name, False, f"{type(error).__name__}: {error}", cost, remedy, required=True)


def _cairo() -> MachinePart:
    def version() -> str:
        import cairo

        return str(cairo.cairo_version_string())

    return _tried(
        "Cairo", version, "nothing can be drawn", "install libcairo2-dev (apt) or cairo (brew), then pycairo with pip"
    )


def _pango() -> MachinePart:
    def version() -> str:
        import manimpango

        return str(manimpango.pango_version())

    remedy = "install libpango1.0-dev (apt) or pango (brew), then ManimPango with pip"
    return _tried("Pango", version, "no text can be drawn", remedy)


def _font() -> MachinePart:
    def version() -> str:
        from fontpkg_inter import FAMILY, ROOT

        if not any(Path(ROOT).rglob("*.[ot]tf")):
            raise FileNotFoundError(f"the font files of {FAMILY} are gone")
        return f"fontpkg-inter {metadata.version('fontpkg-inter')}"

    remedy = "pip install --force-reinstall fontpkg-inter"
    return _tried("font Inter", version, "the flagship deck cannot be drawn as designed", remedy)


def _reveal() -> MachinePart:
    def version() -> str:
        from astrai_slides.export.html.built import built
        from astrai_slides.export.html.reveal import VERSION

        built()
        return f"reveal.js {VERSION} and the player are in the package"

    return _tried("reveal.js", version, "no HTML deck can be written", "install astrai-slides again with pip")


_OPEN_QT = """
from PySide6 import QtMultimediaWidgets, QtWidgets, __version__
QtWidgets.QApplication([])
print(__version__)
"""


def _qt() -> MachinePart:
    """The presenter's window, tried as `manim-slides present` opens it, but on no screen."""
    cost = "'manim-slides present' cannot open its window; browser, PPTX and PDF are not touched"
    remedy = f"pip install '{DISTRIBUTION}[{PRESENT_EXTRA}]'"
    if sys.platform == "linux":
        remedy += "; where a library is missing: 'make deck' installs what Qt needs"
    ok, said = _run_python(_OPEN_QT, {"QT_QPA_PLATFORM": "offscreen"})
    if ok and sys.platform == "linux":
        missing = _missing_window_libraries()
        if missing:
            ok, said = False, f"{said}, but a window needs {', '.join(missing)}"
    return MachinePart("Qt (presenter's window)", ok, said, cost, remedy, required=False)


def _missing_window_libraries() -> list[str]:
    """Libraries that Qt's window plug-in needs and does not find; an offscreen try does not load it."""
    try:
        import PySide6
    except ImportError:
        return []
    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    ldd = shutil.which("ldd")
    if ldd is None or not plugin.is_file():
        return []
    listing = subprocess.run([ldd, plugin], capture_output=True, text=True, timeout=TRY_SECONDS).stdout
    return sorted({line.split()[0] for line in listing.splitlines() if "not found" in line})


def _run_python(source: str, environment: dict[str, str]) -> tuple[bool, str]:
    try:
        done = subprocess.run(
            [sys.executable, "-c", source],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TRY_SECONDS,
            env=os.environ | environment,
        )
    except subprocess.TimeoutExpired:
        return False, f"did not start within {TRY_SECONDS} s"
    if done.returncode == 0:
        return True, done.stdout.strip()
    last = (done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"])[-1]
    return False, last


def _latex() -> MachinePart:
    """The two programs that set MathTex and Tex."""
    programs = ("latex", "dvisvgm")
    lacking = [name for name in programs if shutil.which(name) is None]
    found = f"{' and '.join(lacking)} not found" if lacking else " and ".join(programs)
    remedy = (
        "install texlive-latex-extra and dvisvgm (apt), the cask mactex-no-gui (brew) or MiKTeX (Windows); or do "
        "without: MathTypst and Typst need 'pip install typst' only, Text needs nothing"
    )
    return MachinePart("LaTeX (formulas)", not lacking, found, "MathTex and Tex cannot be set", remedy, required=False)


def _program(
    name: str, commands: tuple[str, ...], applications: tuple[str, ...], cost: str, remedy: str
) -> MachinePart:
    found = next(filter(None, map(shutil.which, commands)), None)
    if found is None and sys.platform == "darwin":
        found = next((each for each in applications if Path("/Applications", each).exists()), None)
    return MachinePart(
        name, found is not None, Path(found).name if found else "not found", cost, remedy, required=False
    )
