"""Constants of a deck's modules: which may be given another value in a run, and who reads them.

A constant is set once, at the module's top, to what no function is called for.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_CALCULATED = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.UnaryOp,
    ast.BinOp,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NAMING = (*_SCOPES, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


def constants_of(tree: ast.Module) -> dict[str, ast.Assign | ast.AnnAssign]:
    """The statements that set the constants of a module, by name."""
    times = _times_set(tree)
    found: dict[str, ast.Assign | ast.AnnAssign] = {}
    for each in tree.body:
        name = _set_by(each)
        if name is not None and times[name] == 1 and isinstance(each, ast.Assign | ast.AnnAssign):
            found[name] = each
    return found


def _set_by(statement: ast.stmt) -> str | None:
    """The name that `statement` gives a value that is only calculated."""
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    else:
        return None
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return None
    return targets[0].id if all(isinstance(each, _CALCULATED) for each in ast.walk(value)) else None


def _times_set(tree: ast.Module) -> Counter[str]:
    """How often names may be given a value in a module, whose functions and classes have names of their own."""
    times: Counter[str] = Counter()
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, ast.Global):
            times.update(dict.fromkeys(node.names, 2))
        elif isinstance(node, ast.alias) and not inside:
            times[node.asname or node.name.partition(".")[0]] += 1
        elif isinstance(node, _NAMING) and not inside:
            times[node.name or ""] += 1
        elif isinstance(node, ast.MatchMapping) and not inside:
            times[node.rest or ""] += 1
        elif isinstance(node, ast.Name) and not inside and not isinstance(node.ctx, ast.Load):
            times[node.id] += 1
        inside = inside or isinstance(node, _SCOPES)
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]
    return times


def mentions(nodes: Iterable[ast.AST], names: frozenset[str]) -> bool:
    """Whether anything in `nodes` may read one of `names`, by its name, as an attribute, or by a text."""
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and each.id in names:
                return True
            if isinstance(each, ast.Attribute) and each.attr in names:
                return True
            if isinstance(each, ast.Constant) and each.value in names:
                return True
            if isinstance(each, ast.alias) and (each.name in names or each.name == "*"):
                return True
    return False


@dataclass(frozen=True, slots=True)
class Renewed:
    """Constants that have another value, or are new: statements in order, and all names that they give a value."""

    statements: tuple[ast.Assign | ast.AnnAssign, ...]
    names: frozenset[str]


def renewed(before: Mapping[str, Any], after: Mapping[str, ast.Assign | ast.AnnAssign]) -> Renewed:
    """Those of `after` whose values differ from `before`, and those that are made of them."""
    names = {name for name, each in after.items() if name not in before or ast.dump(before[name]) != ast.dump(each)}
    more = True
    while more:
        made = {name for name, each in after.items() if name not in names and mentions([each], frozenset(names))}
        names |= made
        more = bool(made)
    return Renewed(tuple(each for name, each in after.items() if name in names), frozenset(names))
