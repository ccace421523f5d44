"""Finds what a Python source needs of a library: names that it imports, looks up, or puts something in place of."""

import ast
import re
from collections.abc import Iterator

from reaching import LIBRARIES, is_private, library_names

_MODULE = re.compile(rf"(?:{'|'.join(LIBRARIES)})(?:\.\w+)+")


def needs(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of everything that `source` needs: the full name, or where the source does not say what has
    it, a point and the name alone.
    """
    tree = ast.parse(source)
    imported = dict(_imported(tree))
    own = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    for node in ast.walk(tree):
        for name in _needed(node, imported):
            last = name.rpartition(".")[2]
            # what every object has, and what is the source's own, is no need
            if not hasattr(object, last) and not (name.startswith(".") and last in own):
                yield getattr(node, "lineno", 0), name


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What the names of a source stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or known, known
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _needed(node: ast.AST, imported: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if _of_library(alias.name))
    elif isinstance(node, ast.ImportFrom) and node.module and _of_library(node.module):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute):
        origin = _origin(node, imported)
        if _of_library(origin):
            yield origin
        elif not origin and is_private(node.attr) and node.attr in library_names():
            yield f".{node.attr}"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _MODULE.fullmatch(node.value):
        yield node.value
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("replaced", "getattr", "setattr"):
        yield from _pair(node.args, imported, replaces=ast.unparse(node.func) == "replaced")
    elif isinstance(node, ast.Tuple):
        yield from _pair(node.elts, imported, replaces=False)


def _pair(parts: list[ast.expr], imported: dict[str, str], replaces: bool) -> Iterator[str]:
    """Of something that has a name, and that name in a string."""
    if len(parts) < 2 or not isinstance(parts[1], ast.Constant) or not isinstance(parts[1].value, str):
        return
    origin, name = _origin(parts[0], imported), parts[1].value
    if _of_library(origin):
        yield f"{origin}.{name}"
    elif not origin and (replaces or (is_private(name) and name in library_names())):
        yield f".{name}"


def _origin(node: ast.expr, imported: dict[str, str]) -> str:
    """What `node` is by the imports; empty where they do not say."""
    if isinstance(node, ast.Attribute):
        inner = _origin(node.value, imported)
        return f"{inner}.{node.attr}" if inner else ""
    return imported.get(node.id, "") if isinstance(node, ast.Name) else ""


def _of_library(name: str) -> bool:
    return name.partition(".")[0] in LIBRARIES
