"""What was imported of code that `identity.fingerprint` does not know: packages that only a deck, or its domain, needs.

They are told apart without being imported again, by what is written about them where they are installed.
"""

import functools
import hashlib
import importlib.metadata
import inspect
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from astrai_slides.base.identity import (
    DISTRIBUTION,
    PACKAGE,
    head_of,
    metadata_head,
    name_in,
    needed,
    normalized,
    version_in,
)


def imported_packages() -> tuple[list[str], list[str]]:
    """Return the packages that the modules imported so far belong to, and files of those that belong to none.

    Left out are what ours needs, and Python's own modules. A package that was installed as a link to its sources may
    stand under files, as nothing says which modules it has.
    """
    known = providers()
    modules = {name.partition(".")[0]: set[str]() for name in list(sys.modules)}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        # of compiled modules some stand under a second name, without their package
        if isinstance(file, str) and file.endswith(".py"):
            modules.setdefault(name.partition(".")[0], set()).add(file)
    packages = {normalized(each) for name in modules for each in known.get(name, ())}
    strange = modules.keys() - known.keys() - sys.stdlib_module_names - {PACKAGE.name}
    own = Path(sysconfig.get_path("stdlib"))
    files = {file for name in strange for file in modules[name] if Path(file).parent != own}
    return sorted(packages - _known()), sorted(files)


def package_digest(name: str) -> str:
    """Tell what is installed of the package `name` by its version and its list of files; empty if it is not."""
    try:
        version = version_in(metadata_head(name))
        files = importlib.metadata.distribution(name).read_text("RECORD") or ""
    except PackageNotFoundError:
        return ""
    return f"{version} {hashlib.sha256(files.encode()).hexdigest()}"


def providers() -> dict[str, set[str]]:
    """The distributions that are installed, by the modules that they have.

    What `importlib.metadata.packages_distributions` tells, which takes eight times as long as it reads each path.
    """
    providers: dict[str, set[str]] = {}
    for each in importlib.metadata.distributions():
        name = name_in(head_of(each))
        for module in _modules_of(each):
            providers.setdefault(module, set()).add(name)
    return providers


def _modules_of(distribution: importlib.metadata.Distribution) -> set[str]:
    """The names that a distribution declares, or else those of the folders and modules that it installed."""
    declared = (distribution.read_text("top_level.txt") or "").split()
    if declared:
        return set(declared)
    record = distribution.read_text("RECORD")
    if record is None:
        files = [str(each) for each in distribution.files or ()]
    else:
        # a path with a comma in it stands in quotes
        files = [line.lstrip('"').split(",", 1)[0] for line in record.splitlines()]
    names = {each.partition("/")[0] if "/" in each else inspect.getmodulename(each) for each in files}
    return {name for name in names if name is not None and name.isidentifier()}


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(needed(DISTRIBUTION))
