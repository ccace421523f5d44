"""What a deck's source says without being run: which classes it has, and which model they name for their talk file."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import PathFinder
from pathlib import Path

from astrai_slides.base.names import is_dotted
from astrai_slides.errors import AstraiSlidesError

TALK_MODEL = "talk_model"
"""The attribute by which a deck's class names the model of its talk file."""
LOADED_TALK = "loaded_talk"
"""The attribute of a deck's class that is the talk to show, where it was loaded before the deck is run."""
MAX_SOURCE = 5_000_000
"""Bytes: what is larger is no deck."""


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model as a deck names it, `package.module:Class`, and where it does: the file and its line."""

    name: str
    file: Path
    line: int

    @property
    def where(self) -> str:
        """Where it stands, for the beginning of a message."""
        return f"{self.file}, line {self.line}: {TALK_MODEL}"


@dataclass(frozen=True)
class Source:
    """A Python file, parsed."""

    file: Path

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree; raises AstraiSlidesError, with the line, for what is no Python."""
        if self.file.stat().st_size > MAX_SOURCE:
            raise AstraiSlidesError(f"{self.file} is too large for a deck; name the deck's Python file")
        try:
            return ast.parse(self.file.read_bytes(), str(self.file))
        except (SyntaxError, ValueError, RecursionError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            raise AstraiSlidesError(f"{self.file}{line}: not valid Python: {error}; mend the deck") from None

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes by name, in the order of the file; of two with one name the last."""
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)}

    @cached_property
    def imported(self) -> dict[str, tuple[str, int, str]]:
        """What imported names stand for: a module, the number of dots before it, and a name in it, or "" for itself."""
        found: dict[str, tuple[str, int, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    module = each.name if each.asname else each.name.partition(".")[0]
                    found[each.asname or module] = (module, 0, "")
            elif isinstance(node, ast.ImportFrom):
                for each in node.names:
                    found[each.asname or each.name] = (node.module or "", node.level, each.name)
        return found


def talk_model(deck: Source, name: str) -> NamedModel | None:
    """The model that class `name` of `deck` names for its talk file, itself or by a base class; None if none does.

    Base classes are followed through the file and through what it imports, as far as that can be found without
    importing anything. Raises AstraiSlidesError, with file and line, for a name that is no literal text.
    """
    return _named_by(deck, name, deck.file.resolve().parent, set())[1]


def _named_by(source: Source, name: str, folder: Path, seen: set[tuple[Path, str]]) -> tuple[bool, NamedModel | None]:
    """Whether a class says which model it has, and which; `folder` is where the deck's own imports are looked for."""
    if (source.file, name) in seen:
        return False, None
    seen.add((source.file, name))
    found = source.classes.get(name)
    if found is None:
        return _elsewhere(source, name, folder, seen)
    for statement in reversed(found.body):
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == TALK_MODEL for target in targets):
            return True, _literal(source, statement)
    for base in found.bases:
        said, model = _base(source, base, folder, seen)
        if said:
            return True, model
    return False, None


def _literal(source: Source, statement: ast.Assign | ast.AnnAssign) -> NamedModel | None:
    value = statement.value.value if isinstance(statement.value, ast.Constant) else ...
    if value is None:
        return None
    module, _, name = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    if not (name.isidentifier() and is_dotted(module)):
        raise AstraiSlidesError(
            f"{source.file}, line {statement.lineno}: {TALK_MODEL} is read without running the deck; write it as text "
            f'in quotes that names a module and a class in it: {TALK_MODEL} = "my_talk:MyTalk"'
        )
    return NamedModel(f"{module}:{name}", source.file, statement.lineno)


def _base(source: Source, base: ast.expr, folder: Path, seen: set[tuple[Path, str]]) -> tuple[bool, NamedModel | None]:
    if isinstance(base, ast.Subscript):  # of a generic class
        base = base.value
    if isinstance(base, ast.Name):
        return _named_by(source, base.id, folder, seen)
    if not isinstance(base, ast.Attribute):
        return False, None
    module = _dotted(base.value)
    known = source.imported.get(module.partition(".")[0])
    if not module or known is None:
        return False, None
    name, up, member = known
    rest = module.partition(".")[2]
    whole = ".".join(part for part in (name, member, rest) if part)
    return _in_file(_module(source, whole, up, folder), base.attr, folder, seen)


def _elsewhere(source: Source, name: str, folder: Path, seen: set[tuple[Path, str]]) -> tuple[bool, NamedModel | None]:
    """Follow a name that `source` does not define to where it is imported from."""
    if name in source.imported:
        module, up, member = source.imported[name]
        return _in_file(_module(source, module, up, folder), member, folder, seen) if member else (False, None)
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and any(each.name == "*" for each in node.names):
            said, model = _in_file(_module(source, node.module or "", node.level, folder), name, folder, seen)
            if said:
                return True, model
    return False, None


def _in_file(file: Path | None, name: str, folder: Path, seen: set[tuple[Path, str]]) -> tuple[bool, NamedModel | None]:
    if file is None or file.stat().st_size > MAX_SOURCE:  # what is installed may be larger than any deck
        return False, None
    return _named_by(Source(file), name, folder, seen)


def _dotted(node: ast.expr) -> str:
    """`a.b.c` as text; empty for what is no chain of names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return ".".join([node.id, *parts]) if isinstance(node, ast.Name) else ""


def _module(source: Source, name: str, up: int, folder: Path) -> Path | None:
    """The file of a module that `source` imports, found without importing it or a package that it is in."""
    if up:
        places = [source.file.parents[up - 1]] if up <= len(source.file.parents) else []
        return next(_files(places, name), None)
    return next(_files([folder, Path.cwd()], name), None) or installed_file(name)


def installed_file(name: str) -> Path | None:
    """The Python file of the module `name` of an installed package, found without importing it or its packages."""
    first, *rest = name.split(".")
    try:
        spec = importlib.util.find_spec(first)
        for number, _ in enumerate(rest, 1):
            if spec is None:
                return None
            spec = PathFinder.find_spec(".".join([first, *rest[:number]]), spec.submodule_search_locations)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec is not None and spec.origin and spec.origin.endswith(".py") else None


def _files(folders: list[Path], name: str) -> Iterator[Path]:
    for folder in folders:
        place = folder.joinpath(*name.split(".")) if name else folder
        for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
            if file.is_file():
                yield file
