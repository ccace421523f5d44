"""Install what this checkout needs and does not find: system packages (apt or brew) and a `.venv` with pinned packages.

Run by the Makefile as `python scripts/setup.py deck`, or `quick`, `test` or `wide`; needs nothing but Python's standard
library. Another folder than `.venv`, say for another Python, is named by `--venv`.
Looks before it acts: where nothing is missing it starts no package manager, asks for no password and prints nothing.
"""

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = f"constraints/{sys.version_info.major}.{sys.version_info.minor}.txt"
"""Versions that were tested together on this Python."""

OLDEST_PYTHON = (3, 11)
LOCK_WAIT_SECONDS = 300
"""How long apt waits for another apt, as a freshly started machine often runs one by itself."""

_TESTED_EXTRAS = ("present", "cluster", "mcp", "jupyter", "sphinx", "mkdocs")
EXTRAS = {"deck": ("present",), "quick": _TESTED_EXTRAS, "test": _TESTED_EXTRAS, "wide": (*_TESTED_EXTRAS, "zh")}
GROUPS = {"deck": (), "quick": ("dev",), "test": ("dev",), "wide": ("dev", "wide")}
_TESTED = {"deck", "quick", "test"}
COVERED = {"deck": {"deck"}, "quick": {"deck", "quick"}, "test": _TESTED, "wide": set(EXTRAS)}
"""Whatever is installed for a target serves those as well."""


class SetupError(Exception):
    """Something is missing that cannot be installed; the message names it and the remedy."""


# ---------------------------------------------------------------------------------------------------------------------
# What is needed, and how its presence is seen


@dataclass(frozen=True)
class Need:
    """Something from outside Python, why, how to see that it is there, and the packages that bring it.

    `apt` holds names in order of preference, as distributions differ; `brew` is empty where macOS brings the thing
    itself. `linux_only` marks what macOS has no use for.
    """

    what: str
    present: Callable[[], bool]
    apt: tuple[str, ...]
    brew: tuple[str, ...] = ()
    linux_only: bool = False
    optional: bool = False
    """Left out where no package manager has it, or it cannot be installed: what needs it has something in its place."""


def command(*names: str, applications: Sequence[str] = ()) -> Callable[[], bool]:
    """Look for any of the commands `names`, or of the macOS `applications`."""
    return lambda: (
        any(shutil.which(name) for name in names) or any(Path("/Applications", name).exists() for name in applications)
    )


def library(*sonames: str) -> Callable[[], bool]:
    """Try to load the shared libraries `sonames`, as the program that needs them will."""

    def present() -> bool:
        try:
            for soname in sonames:
                ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return present


def header(name: str, *folders: str) -> Callable[[], bool]:
    """Ask the C compiler whether it finds the header `name`."""

    def present() -> bool:
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            return False
        flags = [f"-I{folder}" for folder in folders]
        source = f"#include <{name}>\n".encode()
        return subprocess.run([compiler, *flags, "-E", "-"], input=source, capture_output=True).returncode == 0

    return present


def pkg_config(module: str) -> Callable[[], bool]:
    """Ask pkg-config for `module`, as the build of a Python package will."""

    def present() -> bool:
        found = shutil.which("pkg-config")
        return found is not None and subprocess.run([found, "--exists", module]).returncode == 0

    return present


def venv_module() -> bool:
    """Whether this Python can make a virtual environment; Debian packs that apart."""
    return subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0


def impress() -> bool:
    """Whether LibreOffice is there with the part that opens slides."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        return Path("/Applications/LibreOffice.app").exists()
    return (Path(found).resolve().parent / "libsdlo.so").exists() or sys.platform != "linux"


def formulas() -> bool:
    """Whether LaTeX is there with what manim's own template names."""
    found = shutil.which("kpsewhich")
    return found is not None and subprocess.run([found, "standalone.cls"], capture_output=True).returncode == 0


def gtk_window() -> bool:
    """Whether LibreOffice has the window in which it shows videos."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found is not None and (Path(found).resolve().parent / "libvclplug_gtk3lo.so").exists()


def gstreamer(plugin: str) -> Callable[[], bool]:
    """Look for a plug-in of GStreamer where distributions keep them."""
    folders = ("lib/*/gstreamer-1.0", "lib64/gstreamer-1.0", "lib/gstreamer-1.0")
    return lambda: any(any(Path("/usr").glob(f"{folder}/libgst{plugin}.so")) for folder in folders)


PYTHON_PACKAGE = f"python{sys.version_info.major}.{sys.version_info.minor}"

# Needed only while Python packages are being installed: pycairo and ManimPango come as sources for Linux.
BUILD_NEEDS = (
    Need("Python's venv module", venv_module, (f"{PYTHON_PACKAGE}-venv", "python3-venv")),
    Need("a C compiler", command("cc", "gcc", "clang"), ("gcc",)),
    Need("the C library's headers", header("stdio.h"), ("libc6-dev",)),
    Need(
        "Python's headers",
        header("Python.h", sysconfig.get_path("include"), sysconfig.get_path("platinclude")),
        (f"{PYTHON_PACKAGE}-dev", "python3-dev"),
    ),
    Need("pkg-config", command("pkg-config"), ("pkg-config", "pkgconf"), ("pkgconf",)),
    Need("Cairo (drawing)", pkg_config("cairo"), ("libcairo2-dev",), ("cairo",)),
    Need("Pango (text)", pkg_config("pangocairo"), ("libpango1.0-dev",), ("pango",)),
)


def _qt(soname: str, *apt: str) -> Need:
    return Need(f"{soname}, for the presenter's window (Qt)", library(soname), apt, linux_only=True)


DECK_NEEDS = (
    _qt("libEGL.so.1", "libegl1"),
    _qt("libGL.so.1", "libgl1"),
    _qt("libdbus-1.so.3", "libdbus-1-3"),
    _qt("libfontconfig.so.1", "libfontconfig1"),
    _qt("libgthread-2.0.so.0", "libglib2.0-0t64", "libglib2.0-0"),
    _qt("libpulse.so.0", "libpulse0"),
    _qt("libxkbcommon.so.0", "libxkbcommon0"),
    _qt("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    _qt("libX11-xcb.so.1", "libx11-xcb1"),
    _qt("libXext.so.6", "libxext6"),
    _qt("libXrandr.so.2", "libxrandr2"),
    _qt("libwayland-client.so.0", "libwayland-client0"),
    _qt("libwayland-cursor.so.0", "libwayland-cursor0"),
    _qt("libwayland-egl.so.1", "libwayland-egl1"),
    _qt("libxcb-cursor.so.0", "libxcb-cursor0"),
    _qt("libxcb-glx.so.0", "libxcb-glx0"),
    _qt("libxcb-icccm.so.4", "libxcb-icccm4"),
    _qt("libxcb-image.so.0", "libxcb-image0"),
    _qt("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    _qt("libxcb-randr.so.0", "libxcb-randr0"),
    _qt("libxcb-render-util.so.0", "libxcb-render-util0"),
    _qt("libxcb-shape.so.0", "libxcb-shape0"),
    _qt("libxcb-sync.so.1", "libxcb-sync1"),
    _qt("libxcb-util.so.1", "libxcb-util1"),
    _qt("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    _qt("libxcb-xkb.so.1", "libxcb-xkb1"),
)

TEST_NEEDS = (
    Need(
        "Chromium",
        command("chromium", "chromium-browser", applications=("Chromium.app", "Google Chrome.app")),
        ("chromium", "chromium-browser"),
        ("chromium",),
    ),
    # a third of Chromium's processor time for the same pictures; tests fall back to Chromium
    Need(
        "Chromium without a window",
        command("chromium-headless-shell"),
        ("chromium-headless-shell",),
        linux_only=True,
        optional=True,
    ),
    Need(
        "Firefox",
        command("firefox", "firefox-esr", applications=("Firefox.app",)),
        ("firefox-esr", "firefox"),
        ("firefox",),
    ),
    Need("LibreOffice Impress", impress, ("libreoffice-impress",), ("libreoffice",)),
    Need("LibreOffice's window (its slide show)", gtk_window, ("libreoffice-gtk3",), linux_only=True),
    Need("GStreamer in GTK (videos in a slide show)", gstreamer("gtk"), ("gstreamer1.0-gtk3",), linux_only=True),
    Need("GStreamer's mp4 (the same)", gstreamer("isomp4"), ("gstreamer1.0-plugins-good",), linux_only=True),
    Need("GStreamer's H.264 (the same)", gstreamer("libav"), ("gstreamer1.0-libav",), linux_only=True),
    Need("Xvfb (a screen for the presenter's test)", command("Xvfb"), ("xvfb",), linux_only=True),
    Need("xdotool (keys for the presenter's test)", command("xdotool"), ("xdotool",), linux_only=True),
    Need("poppler's tools (reading PDF)", command("pdftoppm"), ("poppler-utils",), ("poppler",)),
    Need("qpdf (checking PDF)", command("qpdf"), ("qpdf",), ("qpdf",)),
    Need("ffprobe (checking videos)", command("ffprobe"), ("ffmpeg",), ("ffmpeg",)),
)

# 400 MB
WIDE_NEEDS = (
    Need("LaTeX (formulas)", formulas, ("texlive-latex-extra",), ("texlive",)),
    Need("dvisvgm (the same)", command("dvisvgm"), ("dvisvgm",), ("texlive",)),
)

SYSTEM_NEEDS = {
    "deck": DECK_NEEDS,
    "quick": (),
    "test": DECK_NEEDS + TEST_NEEDS,
    "wide": DECK_NEEDS + TEST_NEEDS + WIDE_NEEDS,
}


def missing(needs: Iterable[Need]) -> list[Need]:
    """Return those of `needs` that this machine lacks."""
    on_linux = sys.platform == "linux"
    return [need for need in needs if (on_linux or not need.linux_only) and not need.present()]


# ---------------------------------------------------------------------------------------------------------------------
# System packages


def say(line: str) -> None:
    """Print one line about what is being installed."""
    print(f"setup: {line}", flush=True)


def listed(needs: Iterable[Need], names: Callable[[Need], str]) -> str:
    """Describe `needs`, a line each: the package and what it is for."""
    return "\n".join(f"  {names(need)}  ({need.what})" for need in needs)


def install_system(needs: Iterable[Need], target: str) -> None:
    """Install the packages for those of `needs` that are missing.

    Raises SetupError, naming each package, where that cannot be done.
    """
    lacking = missing(needs)
    spared = [need for need in lacking if need.optional]
    lacking = [need for need in lacking if not need.optional]
    if lacking:
        install_needed(lacking, target)
    if spared and shutil.which("apt-get"):
        spare(spared)


def install_needed(lacking: Sequence[Need], target: str) -> None:
    """Install the packages for `lacking`, or raise SetupError."""
    if shutil.which("apt-get"):
        install_with_apt(lacking, target)
    elif shutil.which("brew"):
        install_with_brew(lacking, target)
    else:
        raise SetupError(
            "these are missing, and neither apt nor brew is here to install them:\n"
            + listed(lacking, lambda need: need.apt[0])
            + f"\nInstall them with your system's package manager (names are Debian's), then run 'make {target}' again."
        )
    still = missing(lacking)
    if still:
        raise SetupError(
            "these packages were installed, but what they bring is still not found:\n"
            + listed(still, lambda need: need.apt[0])
        )


def install_with_apt(needs: Sequence[Need], target: str) -> None:
    """Install with apt, as root or through sudo."""
    names = " ".join(dict.fromkeys(need.apt[0] for need in needs))
    rights = administrator(
        f"these system packages are missing, and installing them needs administrator's rights:\n"
        f"{listed(needs, lambda need: need.apt[0])}\n"
        f"Run 'apt-get install {names}' as an administrator, then 'make {target}' again."
    )
    apt = _apt(rights)
    say(f"installing with apt: {names}")
    update = run_captured([*apt, "update"])
    unknown = [need for need in needs if apt_name(need) is None]
    if unknown:
        reason = f"\n'apt-get update' said: {tail(update)}" if update.returncode else ""
        raise SetupError(
            "apt knows no package for these:\n" + listed(unknown, lambda need: " or ".join(need.apt)) + reason
        )
    packages = list(dict.fromkeys(str(apt_name(need)) for need in needs))
    result = run_captured([*apt, "install", "--no-install-recommends", *packages])
    if result.returncode:
        raise SetupError(f"apt could not install {' '.join(packages)}:\n{tail(result)}")


def spare(needs: Sequence[Need]) -> None:
    """Install what apt has of `needs` where that asks nobody for a password; say what is done without."""
    for need in needs:
        name = apt_name(need)
        if name is None or os.geteuid() != 0:
            continue
        say(f"installing with apt: {name}")
        if run_captured([*_apt([]), "install", "--no-install-recommends", name]).returncode:
            say(f"{name} could not be installed; what would use it ({need.what}) goes on without")


def _apt(rights: Sequence[str]) -> list[str]:
    """Return the words before a command of apt that asks nothing and waits for another apt."""
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    return [*apt, "-o", f"DPkg::Lock::Timeout={LOCK_WAIT_SECONDS}", "-o", "Dpkg::Use-Pty=0"]


def apt_name(need: Need) -> str | None:
    """Return the first of `need`'s packages that apt can install here."""
    for name in need.apt:
        policy = run_captured(["apt-cache", "policy", name]).stdout
        if "Candidate:" in policy and "Candidate: (none)" not in policy:
            return name
    return None


def administrator(refusal: str) -> list[str]:
    """Return the words to put before a command that needs root, or raise SetupError with `refusal`."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise SetupError(refusal)
    # without a terminal nobody can type a password
    if not sys.stdin.isatty() and run_captured(["sudo", "-n", "true"]).returncode:
        raise SetupError(refusal)
    return ["sudo"]


def install_with_brew(needs: Sequence[Need], target: str) -> None:
    """Install with brew, which wants no root."""
    unknown = [need for need in needs if not need.brew]
    if unknown:
        raise SetupError(
            "brew has no package for these:\n"
            + listed(unknown, lambda need: need.apt[0])
            + f"\nInstall them with your system's package manager (names are Debian's), then run 'make {target}' again."
        )
    packages = list(dict.fromkeys(name for need in needs for name in need.brew))
    say(f"installing with brew: {' '.join(packages)}")
    result = run_captured(["brew", "install", *packages])
    if result.returncode:
        raise SetupError(f"brew could not install {' '.join(packages)}:\n{tail(result)}")


def run_captured(words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command and keep what it prints, so that it is shown only when it fails."""
    return subprocess.run(words, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def tail(result: "subprocess.CompletedProcess[str]", lines: int = 15) -> str:
    """Return the end of what a command printed, where the reason for a failure stands."""
    return "\n".join(result.stdout.strip().splitlines()[-lines:])


# ---------------------------------------------------------------------------------------------------------------------
# Python packages


class Environment:
    """The checkout's `.venv` (or another folder), and the stamp in it that tells what it holds."""

    def __init__(self, root: Path = ROOT, folder: Path | None = None) -> None:
        self.root = root
        self.folder = root / (folder or ".venv")
        self.python = self.folder / "bin" / "python"
        self.stamp = self.folder / "astrai-slides-setup.json"

    def fingerprint(self) -> str:
        """Identify everything that decides what is installed: a change of it calls for a new installation."""
        digest = hashlib.sha256()
        digest.update(f"{self.root}\0{sys.version}\0".encode())
        for name in (CONSTRAINTS, "pyproject.toml", "hatch_build.py"):
            digest.update((self.root / name).read_bytes() + b"\0")
        return digest.hexdigest()

    def installed(self) -> set[str]:
        """Return the targets whose packages the environment holds, none where it is absent, damaged or out of date."""
        fingerprint, targets = self._stamped()
        return targets if self.python.exists() and fingerprint == self.fingerprint() else set()

    def before(self) -> set[str]:
        """Return the targets that the environment has served, also if it is out of date now."""
        return self._stamped()[1] & set(EXTRAS)

    def _stamped(self) -> tuple[str, set[str]]:
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
            return str(stamp["fingerprint"]), set(stamp["targets"])
        except (OSError, ValueError, KeyError, TypeError):
            return "", set()

    def install(self, target: str) -> None:
        """Create the environment where needed and install the pinned packages for `target`."""
        targets = self.before() | COVERED[target]
        self.stamp.unlink(missing_ok=True)  # an installation that breaks off is then done again
        say(f"installing Python packages into {self.folder.name}, which takes some minutes the first time")
        if not self._usable():
            self._check([sys.executable, "-m", "venv", "--clear", str(self.folder)])
        constraints = str(self.root / CONSTRAINTS)
        self._pip("--upgrade", "--constraint", constraints, "pip")
        extras = sorted({extra for each in targets for extra in EXTRAS[each]})
        groups = sorted({group for each in targets for group in GROUPS[each]})
        words = ["--constraint", constraints, "--build-constraint", constraints]
        words += [word for group in groups for word in ("--group", f"{self.root / 'pyproject.toml'}:{group}")]
        self._pip(*words, "--editable", f"{self.root}[{','.join(extras)}]")
        self.stamp.write_text(
            json.dumps({"fingerprint": self.fingerprint(), "targets": sorted(targets)}) + "\n", encoding="utf-8"
        )

    def refresh_page_files(self) -> None:
        """Put the HTML deck's player together again, where one of its files was edited or pulled."""
        result = subprocess.run([self.python, str(self.root / "scripts" / "page_files.py")])
        if result.returncode:
            raise SetupError("the HTML deck's player could not be put together; the reason stands above")

    def _usable(self) -> bool:
        """Whether the environment runs, and runs on this Python."""
        if not self.python.exists():
            return False
        found = subprocess.run(
            [self.python, "-c", "import pip, sys; print(sys.version)"], capture_output=True, text=True
        )
        return found.returncode == 0 and found.stdout.strip() == sys.version

    def _pip(self, *words: str) -> None:
        self._check([str(self.python), "-m", "pip", "install", "--quiet", *words])

    def _check(self, words: Sequence[str]) -> None:
        settings = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0"}
        result = subprocess.run(words, env=os.environ | settings)
        if result.returncode:
            raise SetupError(
                "the Python packages could not be installed; the reason stands above. Is the network there? "
                "Once it is mended, the same command goes on where it stopped."
            )


def pythons(root: Path = ROOT) -> list[str]:
    """Return the versions of Python that packages are pinned for, oldest first."""
    found = [path.stem for path in (root / "constraints").glob("3.*.txt")]
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")])


def main(arguments: Sequence[str] | None = None) -> int:
    """Install what the given target of the Makefile needs."""
    parser = argparse.ArgumentParser(description="Install what this checkout needs and does not find.")
    parser.add_argument("target", choices=sorted(EXTRAS), help="the target of the Makefile to prepare for")
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="where to install, within the checkout")
    parsed = parser.parse_args(arguments)
    target = parsed.target
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        print(f"setup: Python {oldest} or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    if not (ROOT / CONSTRAINTS).is_file():
        known = ", ".join(pythons())
        print(f"setup: this is Python {sys.version.split()[0]}; there are pinned packages for {known}", file=sys.stderr)
        return 1
    environment = Environment(folder=parsed.venv)
    outdated = target not in environment.installed()
    try:
        install_system((*(BUILD_NEEDS if outdated else ()), *SYSTEM_NEEDS[target]), target)
        if outdated:
            environment.install(target)
        environment.refresh_page_files()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; the same command goes on where it stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
