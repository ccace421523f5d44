"""How far a deck's code has come, for a scene of which nobody knows yet how long it will be.

Told by the statements that are being carried out: of `construct`, of the method that it has called, and so on. An
estimate, good for a progress bar and nothing else.
"""

import ast
import linecache
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import TypeAlias

import astrai_slides

_FEW_PLAYS = 8
"""Plays of one statement after which half of it counts as done, as nobody can tell how many follow in a loop."""

_LIBRARIES = tuple(
    {str(Path(astrai_slides.__file__).parent), *(sysconfig.get_path(key) for key in ("stdlib", "purelib"))}
)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)

_Statement: TypeAlias = tuple[float, float]
"""Where in its block a statement begins, from 0 to 1, and what part of the block it is."""


class Whereabouts:
    """Watches one scene being carried out."""

    def __init__(self) -> None:
        self._share = 0.0
        self._at: tuple[_Statement, ...] = ()
        self._plays = 0

    def share(self) -> float:
        """Return how much of the deck is done, from 0 to 1 and never less than before; called at each play."""
        at = tuple(_statements(_deck_calls(sys._getframe(1))))
        self._plays = self._plays + 1 if at == self._at else 0
        self._at = at
        share = self._plays / (self._plays + _FEW_PLAYS)
        for begin, part in reversed(at):
            share = begin + part * share
        self._share = max(self._share, share)
        return self._share


def _deck_calls(frame: FrameType | None) -> list[tuple[CodeType, int]]:
    """Functions of the deck's own between manim's `render` and `frame`, outermost first, and the lines they are at."""
    calls: list[tuple[CodeType, int]] = []
    while frame is not None:
        code = frame.f_code
        if code.co_name == "render" and frame.f_globals.get("__name__") == "manim.scene.scene":
            return calls[::-1]
        if not code.co_filename.startswith(_LIBRARIES):
            calls.append((code, frame.f_lineno))
        frame = frame.f_back
    return []


def _statements(calls: Iterable[tuple[CodeType, int]]) -> Iterator[_Statement]:
    """The statements that `calls` are in, each within the one before, down to the first that repeats."""
    for code, line in calls:
        statements, repeats = _place(code, line)
        yield from statements
        if repeats:
            return


@cache
def _place(code: CodeType, line: int) -> tuple[tuple[_Statement, ...], bool]:
    """The statements that `line` of a function is in, each within the one before, and whether the last repeats."""
    body = _bodies(code.co_filename).get((code.co_name, code.co_firstlineno), [])
    statements: list[_Statement] = []
    while True:
        found = [number for number, each in enumerate(body) if each.lineno <= line <= (each.end_lineno or each.lineno)]
        if not found:
            return tuple(statements), False
        statements.append((found[0] / len(body), 1 / len(body)))
        statement = body[found[0]]
        if isinstance(statement, _LOOPS):
            return tuple(statements), True
        body = _block(statement, line)


def _block(statement: ast.stmt, line: int) -> list[ast.stmt]:
    """The block of `statement` that `line` is in."""
    blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    blocks += [handler.body for handler in getattr(statement, "handlers", [])]
    blocks += [case.body for case in getattr(statement, "cases", [])]
    return next((each for each in blocks if each and each[0].lineno <= line <= (each[-1].end_lineno or line)), [])


@cache
def _bodies(file: str) -> dict[tuple[str, int], list[ast.stmt]]:
    """Bodies of the functions in `file` by name and first line, as their code has it."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min(each.lineno for each in (node, *node.decorator_list))
            found[node.name, first] = node.body
    return found
