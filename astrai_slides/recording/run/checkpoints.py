"""A deck's own modules, compiled so that a run of them can wait between two statements and go on with other code.

Each function of a local module says that it is entered, and `construct` says before each statement that may begin a
step where it is, and in a loop over such statements before each turn. A method that plays, and `construct`, asks before
every other statement, and at its end, whether it is to leave, as somebody carried out the rest in its place. That is
added to the syntax tree; what the modules do stays the same.
"""

import ast
import builtins
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType, FrameType, FunctionType
from typing import Any, Protocol, TypeAlias

from astrai_slides.base.inputs import is_local_file
from astrai_slides.base.replaced import replaced

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_ENTERED, _MADE, _AT, _TURNS = "__astrai_entered__", "__astrai_made__", "__astrai_at__", "__astrai_turns__"
_LEAVES, _LEFT_WITH = "__astrai_leaves__", "__astrai_left_with__"
CONSTRUCT = "construct"
_QUIET = frozenset({"play", "wait", "pause", "wait_until", "add", "remove", "clear", "replace", "add_sound"})
"""Methods of a scene that begin no step."""
_PLAYING = frozenset({"play", "wait"})


class At(Protocol):
    """Is told where a `construct` is: its name, the place of a statement, its frame, and whether a turn of that
    statement, a loop, is to come."""

    def __call__(self, name: str, place: int, frame: FrameType, *, turn: bool) -> None:
        """Take it."""


class Leaves(Protocol):
    """Is asked whether a function is to leave before a statement: its name, the statement's place, and its frame. Where
    it is, what it returns is the `result` of the `Program`."""

    def __call__(self, name: str, place: int, frame: FrameType) -> bool:
        """Answer it."""


def _stays(name: str, place: int, frame: FrameType) -> bool:
    return False


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

    def __init__(self, at: At, first_entered: Callable[[str], None], leaves: Leaves = _stays) -> None:
        """`first_entered` is called with the name of each function when it is entered for the first time."""
        self.sources: dict[str, bytes] = {}
        """By absolute path."""
        self.entered: set[str] = set()
        self.result: Any = None
        """What a function returns that is told to leave."""
        self.functions: dict[str, FunctionType] = {}
        """The functions of modules and classes, by name."""
        self._at = at
        self._first_entered = first_entered
        self._leaves = leaves
        self._times: Counter[str] = Counter()
        """How often each function was entered."""
        self._last: dict[str, tuple[int, CodeType]] = {}
        """The last statement at which each function was that says so, and its code."""

    def code_of(self, name: str) -> CodeType:
        """The code of the function called `name` that is under way."""
        return self._last[name][1]

    def under_way(self, frame: FrameType) -> dict[str, int]:
        """The first statement that is still to come of each function that is called by the run for the first time, and
        under way where `frame` waits before a statement; by name."""
        names = {code: name for name, (_, code) in self._last.items() if self._times[name] == 1}
        found: dict[str, int] = {}
        at: FrameType | None = frame
        while at is not None:
            name = names.get(at.f_code)
            if name is not None:
                found[name] = self._last[name][0] + (at is not frame)
            at = at.f_back
        return found

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

        given = {
            _ENTERED: self._entered,
            _MADE: self._made,
            _AT: self._reached,
            _TURNS: self._turns,
            _LEAVES: self._to_leave,
            _LEFT_WITH: lambda: self.result,
        }
        with replaced(SourceFileLoader, "get_code", get_code):
            vars(builtins).update(given)
            try:
                yield
            finally:
                for each in given:
                    vars(builtins).pop(each, None)

    def _entered(self, name: str) -> None:
        self._times[name] += 1
        if name not in self.entered:
            self.entered.add(name)
            self._first_entered(name)

    def _made(self, name: str) -> Callable[[Any], Any]:
        def note(function: Any) -> Any:
            self.functions[name] = function
            return function

        return note

    def _reached(self, name: str, place: int) -> None:
        frame = sys._getframe(1)
        self._last[name] = place, frame.f_code
        self._at(name, place, frame, turn=False)

    def _to_leave(self, name: str, place: int) -> bool:
        frame = sys._getframe(1)
        self._last[name] = place, frame.f_code
        return self._leaves(name, place, frame)

    def _turns(self, through: Iterable[Any], name: str, place: int) -> _Turns:
        return _Turns(through, name, place, self._turned)

    def _turned(self, name: str, place: int, frame: FrameType, *, turn: bool) -> None:
        self._last[name] = place, frame.f_code
        self._at(name, place, frame, turn=turn)


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


def has_places(around: Sequence[str], function: Function) -> bool:
    """Whether `function`, inside of the classes `around`, says where it is: `construct`, and a method that plays."""
    return is_construct(around, function) or (bool(around) and _plays(function))


def _plays(function: Function) -> bool:
    if not isinstance(function, ast.FunctionDef) or function.decorator_list:
        return False
    nodes = list(ast.walk(function))
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in nodes):
        return False
    called = (each.func for each in nodes if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Attribute) and _is_self(each.value) and each.attr in _PLAYING for each in called)


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
    if has_places(around, function):
        body = with_checkpoints(name, body, 0, steps=is_construct(around, function))
    function.body = [*before, entered, *body]
    made: Any = _call(_MADE, name, at=function)
    function.decorator_list.append(made.value)  # the first that gets the function


def with_checkpoints(
    name: str, body: Sequence[ast.stmt], first: int, also: int = 0, *, turn: bool = False, steps: bool = True
) -> list[ast.stmt]:
    """`body`, whose first statement is number `first` of the function called `name`, with what it is to say.

    With `steps` it is a `construct`, which also says where it is before the statement number `also`. With `turn` the
    first statement is a loop that goes on with its next turn.
    """
    told: list[ast.stmt] = []
    for place, each in enumerate(body, first):
        goes_on = turn and place == first
        if not goes_on and steps and (place in (0, also) or begins_step(each)):
            told.append(_call(_AT, name, place, at=each))
        elif not goes_on:
            told.append(_leaving(name, place, at=each))
        if steps and isinstance(each, ast.For) and begins_step(each):
            turns = ast.Name(f"__astrai_turns_{place}__", ast.Load())
            if not goes_on:
                made = ast.Call(ast.Name(_TURNS, ast.Load()), [each.iter, ast.Constant(name), ast.Constant(place)], [])
                through: ast.expr = ast.NamedExpr(ast.Name(turns.id, ast.Store()), made)
            else:
                through = turns
            each.iter = ast.fix_missing_locations(ast.copy_location(through, each.iter))
        told.append(each)
    if body and not isinstance(body[-1], ast.Return | ast.Raise):
        told.append(_leaving(name, first + len(body), at=body[-1]))
    return told


def _leaving(name: str, place: int, at: ast.AST) -> ast.stmt:
    """The statement by which a function leaves before its statement number `place`, if it is to."""
    left: Any = _call(_LEFT_WITH, at=at)
    asked: Any = _call(_LEAVES, name, place, at=at)
    leave = ast.If(asked.value, [ast.copy_location(ast.Return(left.value), at)], [])
    return ast.fix_missing_locations(ast.copy_location(leave, at))


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
