"""Which formulas a deck is going to ask for, as far as its source says so without being run.

Calls of manim's own `MathTex` and `Tex` are looked for. Their arguments are worked out where they are made of literals,
plain values of the module, and variables of loops over such. Of a deck that shows numbers come the digits, each of
which manim has set by itself. A guess that is wrong costs time of an idle processor, and nothing else: what a deck asks
for is what it gets.
"""

import ast
import copy
import inspect
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from manim import MathTex, Tex

from astrai_slides.seam.latex import Formula, asked_formulas

MOST = 200
"""Formulas that are guessed at most."""

_PLAIN = (str, int, float, bool, tuple, list, dict)
_SAFE = {"range": range, "enumerate": enumerate, "zip": zip, "len": len, "str": str, "int": int, "reversed": reversed}
_NODES = (
    *(ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Name, ast.Tuple, ast.List, ast.Dict, ast.Subscript),
    *(ast.Starred, ast.Call, ast.keyword, ast.BinOp, ast.UnaryOp, ast.USub, ast.Add, ast.Sub, ast.Mod, ast.FloorDiv),
    *(ast.Load, ast.Store),
)
"""What neither changes anything nor takes long."""

_MAKER = "_made_"

_NUMBERS = re.compile(
    r"\b(?:DecimalNumber|DecimalMatrix|DecimalTable|Integer|IntegerMatrix|IntegerTable|Variable|BarChart"
    r"|include_numbers|add_coordinates|add_numbers)\b"
)
"""What shows numbers."""
_DIGITS = "0123456789.-"


class _EnoughError(Exception):
    """As many formulas as may be guessed."""


def formulas_ahead(scene_class: type[Any]) -> list[Formula]:
    """Return the formulas that the file of `scene_class` names, each once, in order."""
    function = scene_class.construct
    try:
        source = inspect.getsource(inspect.getmodule(function) or scene_class)
        tree = ast.parse(source) if "Tex(" in source else ast.Module([], [])
    except (OSError, TypeError, SyntaxError):
        return []
    names = dict(function.__globals__)
    found: dict[str, Formula] = {}
    if _NUMBERS.search(source):
        for digit in _DIGITS:
            found |= {formula.source: formula for formula in asked_formulas(partial(MathTex, digit))}
    for call, loops in _calls(tree, names):
        kind = names[call.func.id] if isinstance(call.func, ast.Name) else None

        def made(*args: Any, kind: Any = kind, **kwargs: Any) -> None:
            for formula in asked_formulas(lambda: kind(*args, **kwargs)):
                found[formula.source] = formula
            if len(found) >= MOST:
                raise _EnoughError

        try:
            eval(_looped(call, loops), {"__builtins__": {}, **_SAFE, **_plain(names), _MAKER: made})
        except _EnoughError:
            break
        except Exception:  # what is named here may exist only when the deck runs
            continue
    return list(found.values())


def _calls(tree: ast.AST, names: dict[str, Any]) -> Iterator[tuple[ast.Call, list[ast.comprehension]]]:
    """Calls of manim's formulas in `tree` that can be worked out, each with the loops around it, outermost first."""

    def walk(node: ast.AST, loops: list[ast.comprehension]) -> Iterator[tuple[ast.Call, list[ast.comprehension]]]:
        if isinstance(node, ast.For):
            loops = [*loops, ast.comprehension(node.target, node.iter, [], 0)]
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            loops = [*loops, *node.generators]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and names.get(node.func.id) in (MathTex, Tex):
            needed = _needed(node, loops)
            if all(map(_is_safe, (*node.args, *(word.value for word in node.keywords)))) and all(
                _is_safe(loop.iter) and not loop.ifs for loop in needed
            ):
                yield node, needed
        for child in ast.iter_child_nodes(node):
            yield from walk(child, loops)

    return walk(tree, [])


def _needed(call: ast.Call, loops: list[ast.comprehension]) -> list[ast.comprehension]:
    """Those of `loops` whose variables `call` uses, or that one of those uses."""
    used = _names(call)
    needed: list[ast.comprehension] = []
    for loop in reversed(loops):
        if used & _names(loop.target):
            needed.insert(0, loop)
            used |= _names(loop.iter)
    return needed


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _is_safe(node: ast.AST) -> bool:
    return all(
        isinstance(each, _NODES)
        and (not isinstance(each, ast.Call) or (isinstance(each.func, ast.Name) and each.func.id in _SAFE))
        for each in ast.walk(node)
    )


def _looped(call: ast.Call, loops: list[ast.comprehension]) -> Any:
    """Code that calls `_MAKER` in place of the class, for every turn of `loops`."""
    made: ast.expr = copy.deepcopy(call)
    assert isinstance(made, ast.Call)
    made.func = ast.Name(_MAKER, ast.Load())
    if loops:
        made = ast.ListComp(made, copy.deepcopy(loops))
    return compile(ast.fix_missing_locations(ast.Expression(made)), "<formulas>", "eval")


def _plain(names: dict[str, Any]) -> dict[str, Any]:
    """Values of a module that are plain data."""
    return {name: value for name, value in names.items() if type(value) in _PLAIN}
