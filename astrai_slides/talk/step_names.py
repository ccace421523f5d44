"""Which steps a deck's source names, where it says so without being run."""

import ast
import sys
from collections.abc import Iterator

from astrai_slides.talk.source import Source

_STEP = "step"
_KNOWN = ("manim", "manim_slides", "numpy", "astrai_slides.deck", "astrai_slides.look")
"""Packages that open no step but those that a deck asks them for."""
_INDIRECT = {"getattr", "setattr", "vars", "eval", "exec", "globals", "locals", "__import__", "step_infos", "__dict__"}
"""Names by which a step may be opened, or named, unseen."""


def step_names(source: Source) -> list[str] | None:
    """The names of all steps that scenes of the file open by name, in its order; None where running it may name others.

    What a deck of plain manim-slides calls its steps are their numbers, which are not listed. A scene of the file may
    have fewer. Raises AstraiSlidesError for what is no Python.
    """
    if not all(_is_known(each) for node in ast.walk(source.tree) for each in _imported(node)):
        return None
    called: set[ast.expr] = set()
    names: dict[str, None] = {}
    for node in _in_order(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _STEP:
            name = _first(node)
            if name is None:
                return None
            called.add(node.func)
            names[name] = None
        elif _is_indirect(node, called):
            return None
    return list(names)


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _first(call: ast.Call) -> str | None:
    """The text that is a call's first argument, or its `name`."""
    given = call.args[:1] or [word.value for word in call.keywords if word.arg == "name"]
    value = given[0].value if given and isinstance(given[0], ast.Constant) else None
    return value if isinstance(value, str) and value else None


def _is_indirect(node: ast.AST, called: set[ast.expr]) -> bool:
    """Whether a step may be opened here that no call in sight names."""
    if isinstance(node, ast.Attribute):
        return node not in called and node.attr in (_STEP, *_INDIRECT)
    if isinstance(node, ast.FunctionDef):
        return node.name == _STEP
    return (isinstance(node, ast.Name) and node.id in _INDIRECT) or (
        isinstance(node, ast.Constant) and node.value == _STEP
    )


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield "." * node.level + (node.module or "")


def _is_known(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names or any(
        module == each or module.startswith(f"{each}.") for each in _KNOWN
    )
