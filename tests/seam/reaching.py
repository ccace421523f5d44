"""Finds where Python sources reach into a library: private names, private modules, and attributes replaced."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

LIBRARIES = ("manim", "manim_slides", "manimpango", "svgelements")
PRIVATE_MODULES = ("manimpango.cmanimpango", "manimpango.register_font")
"""Modules that no documentation names, though they have no underscore."""

SETTINGS = ("manim.config",)
"""Objects that a library wants to be written to."""

_PRIVATE = re.compile(rb"(?:\.|def |class )(_[A-Za-z]\w*)")

Found = tuple[int, str]
"""A line, and what is wrong with it."""


def is_private(name: str) -> bool:
    """Whether `name` is meant for its own module or class only."""
    return name.startswith("_") and not name.endswith("__") and name != "_"


@cache
def library_sources(name: str) -> tuple[Path, ...]:
    """The Python files of an installed library."""
    # not `find_spec`, which asks what tests have put into `sys.modules`
    spec = PathFinder.find_spec(name)
    assert spec is not None
    folders = [Path(each) for each in spec.submodule_search_locations or ()]
    return tuple(path for folder in folders for path in folder.rglob("*.py"))


@cache
def defined_in(path: Path) -> frozenset[str]:
    """The private names that a file gives to something."""
    return frozenset(_defined(ast.parse(path.read_bytes())))


@cache
def library_names() -> frozenset[str]:
    """The private names of all libraries."""
    sources = (path.read_bytes() for name in LIBRARIES for path in library_sources(name))
    found = {name.decode() for source in sources for name in _PRIVATE.findall(source)}
    return frozenset(filter(is_private, found))


def _defined(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        names: Iterable[str] = ()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names = [node.name]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names = [node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
            names = [node.attr]
        elif isinstance(node, ast.alias):
            names = [node.asname or node.name]
        yield from filter(is_private, names)


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


class _Finder(ast.NodeVisitor):
    def __init__(self, tree: ast.Module, allowed: Iterable[str]) -> None:
        self.found: list[Found] = []
        self._own = frozenset(_defined(tree)) | frozenset(allowed)
        self._imported: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    known = alias.name if alias.asname else alias.name.partition(".")[0]
                    self._imported[alias.asname or known] = known
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self._imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def _blame(self, node: ast.AST, what: str) -> None:
        self.found.append((getattr(node, "lineno", 0), what))

    def _origin(self, node: ast.expr) -> str:
        """What the imports of the file say that `node` is, by its full name; empty where they say nothing."""
        if isinstance(node, ast.Attribute):
            inner = self._origin(node.value)
            return f"{inner}.{node.attr}" if inner else ""
        return self._imported.get(node.id, "") if isinstance(node, ast.Name) else ""

    def _module(self, node: ast.AST, name: str) -> None:
        if name.partition(".")[0] not in LIBRARIES:
            return
        private_module = any(name.startswith(f"{each}.") for each in PRIVATE_MODULES)
        # imported from its package, the function of that name comes
        private_module |= name in PRIVATE_MODULES and isinstance(node, ast.Import)
        if private_module or any(map(is_private, name.split("."))):
            self._blame(node, f"imports {name}")

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._module(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._module(node, f"{node.module}.{alias.name}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if is_private(node.attr) and node.attr not in self._own:
            self._blame(node, f"names {ast.unparse(node)}")
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            origin = self._origin(node.value)
            if origin.partition(".")[0] in LIBRARIES and origin not in SETTINGS:
                self._blame(node, f"replaces {origin}.{node.attr}")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        name = node.value
        if isinstance(name, str) and is_private(name) and name not in self._own and name in library_names():
            self._blame(node, f"names {name} in a string")

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func)
        if node.args and called.endswith(("patch.object", "patch", "patch.multiple", "replaced")):
            target = node.args[0]
            origin = str(target.value) if isinstance(target, ast.Constant) else self._origin(target)
            if origin.partition(".")[0] not in sys.stdlib_module_names:
                self._blame(node, f"patches {ast.unparse(target)}")
        sets = called in ("setattr", "delattr") and called not in self._own
        if node.args and sets and not _is_self(node.args[0]):
            self._blame(node, f"sets attributes of {ast.unparse(node.args[0])}")
        self.generic_visit(node)


def reaches(source: str, allowed: Iterable[str] = ()) -> list[Found]:
    """Return where `source` reaches into a library; `allowed` are private names that it may use."""
    tree = ast.parse(source)
    finder = _Finder(tree, allowed)
    finder.visit(tree)
    return sorted(set(finder.found))
