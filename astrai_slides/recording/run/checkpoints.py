"""A deck's own modules, compiled so that a run of them can wait between two statements and go on with other code.

Each function of a local module says that it is entered, and `construct` says before each statement that may begin a
step where it is, and in a loop over such statements before each turn. That is added to the syntax tree; what the
modules do stays the same.
"""

import ast
import builtins
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType, FrameType, FunctionType
from typing import Any, Protocol, TypeAlias

from astrai_slides.base.inputs import is_local_file
from astrai_slides.base.replaced import replaced

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_ENTERED, _MADE, _AT, _TURNS = "__astrai_entered__", "__astrai_made__", "__astrai_at__", "__astrai_turns__"
CONSTRUCT = "construct"
_QUIET = frozenset({"play", "wait", "pause", "wait_until", "add", "remove", "clear", "replace", "add_sound"})
"""Methods of a scene that begin no step."""


class At(Protocol):
    """Is told where a `construct` is: its name, the place of a statement, its frame, and whether a turn of that
    statement, a loop, is to come."""

    def __call__(self, name: str, place: int, frame: FrameType, *, turn: bool) -> None:
        """Take it."""


class _Turns:
    """What a loop goes through, which says before each turn where it is."""

    def __init__(self, through: Iterable[Any], name: str, place: int, at: At) -> None:
        self._rest, self._name, self._place, self._at = iter(through), name, place, at

    def __iter__(self) -> "_Turns":
        return self

    def __next__(self) -> Any:
        self._at(self._name, self._place, sys._getframe(1), turn=True)
        return next(self._rest)


class Program:
    """The local modules of a deck as they are run, and how far that came."""

    def __init__(self, at: At, first_entered: Callable[[str], None]) -> None:
        """`first_entered` is called with the name of each function when it is entered for the first time."""
        self.sources: dict[str, bytes] = {}
        """By absolute path."""
        self.entered: set[str] = set()
        self.functions: dict[str, FunctionType] = {}
        """The functions of modules and classes, by name."""
        self._at = at
        self._first_entered = first_entered

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follow what is imported, and run, inside the block."""
        load = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            path = loader.get_filename(name)
            if not is_local_file(path):
                return load(loader, name)
            source = loader.get_data(path)
            self.sources[path] = source
            code: CodeType = compile(marked(source, path), path, "exec", dont_inherit=True)
            return code

        given = {_ENTERED: self._entered, _MADE: self._made, _AT: self._reached, _TURNS: self._turns}
        with replaced(SourceFileLoader, "get_code", get_code):
            vars(builtins).update(given)
            try:
                yield
            finally:
                for each in given:
                    vars(builtins).pop(each, None)

    def _entered(self, name: str) -> None:
        if name not in self.entered:
            self.entered.add(name)
            self._first_entered(name)

    def _made(self, name: str) -> Callable[[Any], Any]:
        def note(function: Any) -> Any:
            self.functions[name] = function
            return function

        return note

    def _reached(self, name: str, place: int) -> None:
        self._at(name, place, sys._getframe(1), turn=False)

    def _turns(self, through: Iterable[Any], name: str, place: int) -> _Turns:
        return _Turns(through, name, place, self._at)


def functions_of(tree: ast.Module, path: str) -> list[tuple[str, tuple[str, ...], Function]]:
    """The functions that `tree` defines outside of others: name, classes around it, definition."""
    found: list[tuple[str, tuple[str, ...], Function]] = []
    seen: dict[str, int] = {}

    def walk(node: ast.AST, around: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                name = ".".join((*around, child.name))
                number = seen[name] = seen.get(name, 0) + 1
                # a property's setter is called like its getter
                found.append((f"{path}:{name}" + (f"#{number}" if number > 1 else ""), around, child))
            elif isinstance(child, ast.ClassDef):
                walk(child, (*around, child.name))
            else:
                walk(child, around)

    walk(tree, ())
    return found


def is_construct(around: Sequence[str], function: Function) -> bool:
    """Whether `function`, inside of the classes `around`, tells what a scene shows."""
    return bool(around) and function.name == CONSTRUCT and isinstance(function, ast.FunctionDef)


def statements(function: Function) -> list[ast.stmt]:
    """The statements of `function` after its docstring."""
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body


def marked(source: bytes, path: str) -> ast.Module:
    """The syntax tree of the module at `path`, with what it is to say added. Raises SyntaxError and ValueError."""
    tree = ast.parse(source, path)
    for name, around, function in functions_of(tree, path):
        mark(function, name, around)
    return tree


def mark(function: Function, name: str, around: Sequence[str]) -> None:
    """Add to `function` what it is to say."""
    body = statements(function)
    before = function.body[: len(function.body) - len(body)]
    entered = _call(_ENTERED, name, at=(body or function.body)[0])
    if is_construct(around, function):
        body = with_checkpoints(name, body, 0)
    function.body = [*before, entered, *body]
    made: Any = _call(_MADE, name, at=function)
    function.decorator_list.append(made.value)  # the first that gets the function


def with_checkpoints(
    name: str, body: Sequence[ast.stmt], first: int, also: int = 0, *, turn: bool = False
) -> list[ast.stmt]:
    """`body`, whose first statement is number `first` of the `construct` called `name`, with what it is to say.

    It also says where it is before the statement number `also`. With `turn` the first statement is a loop that goes on
    with its next turn.
    """
    told: list[ast.stmt] = []
    for place, each in enumerate(body, first):
        goes_on = turn and place == first
        if not goes_on and (place in (0, also) or begins_step(each)):
            told.append(_call(_AT, name, place, at=each))
        if isinstance(each, ast.For) and begins_step(each):
            turns = ast.Name(f"__astrai_turns_{place}__", ast.Load())
            if not goes_on:
                made = ast.Call(ast.Name(_TURNS, ast.Load()), [each.iter, ast.Constant(name), ast.Constant(place)], [])
                through: ast.expr = ast.NamedExpr(ast.Name(turns.id, ast.Store()), made)
            else:
                through = turns
            each.iter = ast.fix_missing_locations(ast.copy_location(through, each.iter))
        told.append(each)
    return told


def begins_step(statement: ast.stmt) -> bool:
    """Whether a step may begin in `statement`: it calls other methods of the scene, or gives the scene to somebody."""
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and _is_self(called.value) and called.attr not in _QUIET:
            return True
        if any(map(_is_self, node.args)) or any(_is_self(each.value) for each in node.keywords):
            return True
    return False


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _call(function: str, *arguments: str | int, at: ast.AST) -> ast.Expr:
    call = ast.Call(ast.Name(function, ast.Load()), [ast.Constant(each) for each in arguments], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), at))
