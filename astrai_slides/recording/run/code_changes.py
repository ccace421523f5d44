"""What differs between two states of a deck's modules, and putting the new code in place of the old in a run.

A run can go on with new code where none of what changed was carried out: functions that were not entered, and
statements of `construct` that were not reached. What a module does when it is imported has to be the same, but for
imports that are added, and constants that nobody has read yet (`constants`).
"""

import ast
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, MappingProxyType
from typing import Any

from astrai_slides.recording.run.checkpoints import (
    Function,
    Program,
    functions_of,
    has_places,
    is_construct,
    mark,
    marked,
    statements,
    with_checkpoints,
)
from astrai_slides.recording.run.constants import constants_of, mentions, renewed

_DECORATORS = frozenset({"property", "staticmethod", "classmethod", "cached_property", "override"})
_LOOKING_ABOUT = frozenset({"locals", "vars", "eval", "exec", "super", "__class__", "dir"})
"""Names with which code looks at the function that it stands in."""
NOWHERE: Mapping[str, int] = MappingProxyType({})


class UnswappableError(Exception):
    """The code cannot be put in place of the old; the scene must be run from its begin."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: `restart` where it is nothing that a run can go on with, else the names of functions with another
    body, that are new, and that are gone; and the first statement that differs, by the name of a function that says
    where it is."""

    restart: bool = False
    changed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    statements: Mapping[str, int] = field(default_factory=dict)
    """Of functions that say where they are (`has_places`)."""
    reading: frozenset[str] = frozenset()
    """Functions that may read constants which have another value."""

    @property
    def nothing(self) -> bool:
        """Whether both are the same but for layout and comments."""
        return not (self.restart or self.changed or self.added or self.gone or self.statements or self.reading)

    def spares(self, entered: Iterable[str], construct: str, place: int, inside: Mapping[str, int] = NOWHERE) -> bool:
        """Whether all that differs is still to come where `entered` was, and statement `place` of `construct` is next.

        `inside` are functions that `construct` is in meanwhile, with the number of the statement that is next in each.
        One that is not under way was not entered, or counts as a whole.
        """
        under_way = {**inside, construct: place}
        if self.restart or any(self.statements.get(name, first) < first for name, first in under_way.items()):
            return False
        bodies = self.changed | (self.statements.keys() - under_way.keys())
        return (bodies | self.gone | self.reading).isdisjoint(entered)

    def bodies(self, construct: str) -> frozenset[str]:
        """Functions that have another body: each `construct` but that which is under way is one of them."""
        return self.changed | (self.statements.keys() - {construct})


@dataclass(frozen=True, slots=True)
class _ModuleShape:
    """A module: what it does when it is imported, and its functions."""

    outside: str
    imports: frozenset[str]
    heads: Mapping[str, str]
    bodies: Mapping[str, str]
    plain: frozenset[str]
    """Functions that can be added to a run."""
    placed: Mapping[str, list[str]]
    """Statements of functions that say where they are."""
    constants: Mapping[str, ast.Assign | ast.AnnAssign]


def difference(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Difference:
    """Say what differs between the sources `old` and `new`, by path. Raises SyntaxError and ValueError."""
    changed: set[str] = set()
    added: set[str] = set()
    gone: set[str] = set()
    places: dict[str, int] = {}
    constants: set[str] = set()
    for path, source in old.items():
        if new.get(path) == source:
            continue
        if path not in new:
            return Difference(restart=True)
        before, after = _shape(source, path), _shape(new[path], path)
        kept = before.heads.keys() & after.heads.keys()
        fresh = after.heads.keys() - kept
        if (
            before.outside != after.outside
            or not before.imports <= after.imports
            or any(before.heads[name] != after.heads[name] for name in kept)
            or not fresh <= after.plain
        ):
            return Difference(restart=True)
        if before.constants.keys() - after.constants.keys():
            return Difference(restart=True)
        constants |= renewed(before.constants, after.constants).names
        added |= fresh
        gone |= before.heads.keys() - kept
        for name in kept:
            if name in before.placed and name in after.placed:
                pairs = zip(before.placed[name], after.placed[name], strict=False)
                least = min(len(before.placed[name]), len(after.placed[name]))
                first = next((place for place, (one, other) in enumerate(pairs) if one != other), least)
                if before.placed[name] != after.placed[name]:
                    places[name] = first
            elif before.bodies[name] != after.bodies[name]:
                changed.add(name)
    reading: set[str] = set()
    if constants:
        for path in old:
            read = _readers(new[path], path, frozenset(constants), places)
            if read is None:
                return Difference(restart=True)
            reading |= read
    return Difference(False, frozenset(changed), frozenset(added), frozenset(gone), places, frozenset(reading - added))


def _readers(source: bytes, path: str, names: frozenset[str], places: dict[str, int]) -> set[str] | None:
    """The functions of a module that may read constants called `names`; None where the module does as it is imported.

    Of those that say where they are, the first statement that may is noted in `places`.
    """
    tree = ast.parse(source, path)
    found: set[str] = set()
    for name, around, function in functions_of(tree, path):
        if has_places(around, function):
            body = statements(function)
            first = next((place for place, each in enumerate(body) if mentions([each], names)), None)
            if first is not None:
                places[name] = min(first, places.get(name, first))
        elif mentions(function.body, names):
            found.add(name)
        function.body = []
    imported = [each for each in tree.body if isinstance(each, ast.ImportFrom) and not _is_of_manim(each)]
    if mentions(imported, names):
        return None
    outside = [each for each in tree.body if not isinstance(each, ast.Import | ast.ImportFrom)]
    own = {id(each) for each in constants_of(tree).values()}
    return None if mentions((each for each in outside if id(each) not in own), names) else found


def _is_of_manim(statement: ast.ImportFrom) -> bool:
    return not statement.level and (statement.module or "").partition(".")[0] in ("manim", "manim_slides")


def prepare(sources: Mapping[str, bytes]) -> None:
    """Look at `sources`, by path, so that it need not be done in a hurry in this process and those it forks."""
    for path, source in sources.items():
        with suppress(SyntaxError, ValueError):
            _shape(source, path)


@lru_cache(maxsize=64)
def _shape(source: bytes, path: str) -> _ModuleShape:
    tree = ast.parse(source, path)
    heads: dict[str, str] = {}
    bodies: dict[str, str] = {}
    placed: dict[str, list[str]] = {}
    plain: set[str] = set()
    for name, around, function in functions_of(tree, path):
        bodies[name] = "".join(map(ast.dump, function.body))
        if has_places(around, function):
            placed[name] = [ast.dump(each) for each in statements(function)]
        if _is_plain(function):
            plain.add(name)
        body, function.body = function.body, []
        heads[name] = ast.dump(function)
        function.body = body
    imports = frozenset(
        f"{getattr(each, 'level', '')} {getattr(each, 'module', '')} {ast.dump(name)}"
        for each in tree.body
        if isinstance(each, ast.Import | ast.ImportFrom)
        for name in each.names
    )
    constants = constants_of(tree)
    own = {id(each) for each in constants.values()}
    tree.body = [each for each in tree.body if id(each) not in own]
    outside = _Outside().visit(tree)
    return _ModuleShape(ast.dump(outside), imports, heads, bodies, frozenset(plain), placed, constants)


class _Outside(ast.NodeTransformer):
    """Takes away functions, and the imports of a module."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Take it away."""

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Take it away."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Leave all but functions and imports."""
        node.body = [each for each in node.body if not isinstance(each, ast.Import | ast.ImportFrom)]
        self.generic_visit(node)
        return node


def _is_plain(function: Function) -> bool:
    """Whether `function` can be made without what its module holds."""
    arguments = function.args
    values = [*arguments.defaults, *(each for each in arguments.kw_defaults if each is not None)]
    decorators = [each.id if isinstance(each, ast.Name) else "" for each in function.decorator_list]
    return all(isinstance(each, ast.Constant) for each in values) and _DECORATORS.issuperset(decorators)


def swap(program: Program, new: Mapping[str, bytes], found: Difference, construct: str) -> None:
    """Put what `found` says differs into the run of `program`, whose sources are `new` from now on.

    The rest of `construct`, which is under way, is `rest_of`. Raises UnswappableError where that cannot be; the run is
    of no use then.
    """
    for path, source in new.items():
        if program.sources.get(path) == source:
            continue
        namespace = _namespace(program, path)
        if namespace is not None:
            for each in ast.parse(source, path).body:
                if isinstance(each, ast.Import | ast.ImportFrom):
                    exec(compile(ast.Module([each], []), path, "exec", dont_inherit=True), namespace)
        constants = _renewed_constants(program.sources.get(path, b""), source, path)
        if constants and namespace is None:
            raise UnswappableError
        if namespace is not None:
            for statement in constants:
                exec(compile(ast.Module([statement], []), path, "exec", dont_inherit=True), namespace)
        ours = (name for name in found.bodies(construct) if name.startswith(f"{path}:"))
        _swap_functions(program, path, source, frozenset(ours))
        more = sorted(name for name in found.added if name.startswith(f"{path}:"))
        less = sorted(name for name in found.gone if name.startswith(f"{path}:"))
        if (more or less) and namespace is None:
            raise UnswappableError
        if namespace is not None:
            defined = {name: (around, each) for name, around, each in functions_of(ast.parse(source, path), path)}
            for name in more:
                _add(path, name, *defined[name], namespace)
            for name in less:
                _take_away(name.removeprefix(f"{path}:").partition("#")[0], namespace)
        program.sources[path] = source


def _namespace(program: Program, path: str) -> dict[str, Any] | None:
    """What the module at `path` holds, as it is being run."""
    found = next((each.__globals__ for name, each in program.functions.items() if name.startswith(f"{path}:")), None)
    if found is not None:
        return found
    modules = (vars(each) for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path)
    return next(modules, None)


def _renewed_constants(old: bytes, new: bytes, path: str) -> tuple[ast.stmt, ...]:
    return renewed(_shape(old, path).constants, _shape(new, path).constants).statements


def _swap_functions(program: Program, path: str, source: bytes, names: frozenset[str]) -> None:
    """Give functions of the module at `path` their new code."""
    if not names:
        return
    codes = _codes(compile(marked(source, path), path, "exec", dont_inherit=True))
    for name, around, definition in functions_of(ast.parse(source, path), path):
        if name not in names:
            continue
        function = program.functions.get(name)
        decorators = [each.id if isinstance(each, ast.Name) else "" for each in definition.decorator_list]
        code = codes.get((".".join((*around, definition.name)), _first_line(definition)))
        if function is None or code is None or not _DECORATORS.issuperset(decorators):
            raise UnswappableError
        if function.__code__.co_freevars != code.co_freevars:
            raise UnswappableError
        function.__code__ = code


def _take_away(name: str, namespace: dict[str, Any]) -> None:
    *around, last = name.split(".")
    owner = _owner(namespace, around)
    if owner is None:
        namespace.pop(last, None)
    elif last in vars(owner):
        delattr(owner, last)


def _first_line(definition: Function) -> int:
    return min([definition.lineno, *(each.lineno for each in definition.decorator_list)])


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    found: dict[tuple[str, int], CodeType] = {}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found[each.co_qualname, each.co_firstlineno] = each
            found |= _codes(each)
    return found


def _owner(namespace: Mapping[str, Any], around: Iterable[str]) -> Any:
    """The class that `around` names, None for the module itself."""
    owner: Any = None
    for each in around:
        owner = namespace.get(each) if owner is None else getattr(owner, each, None)
        if not isinstance(owner, type):
            raise UnswappableError
    return owner


def _add(path: str, name: str, around: tuple[str, ...], definition: Function, namespace: dict[str, Any]) -> None:
    if any(isinstance(each, ast.Name) and each.id in ("super", "__class__") for each in ast.walk(definition)):
        raise UnswappableError
    owner = _owner(namespace, around)
    mark(definition, name, around)
    made: ast.stmt = definition
    for each in reversed(around):  # for names that begin with two underscores
        made = ast.copy_location(ast.ClassDef(each, [], [], [made], []), definition)
    place: dict[str, Any] = {}
    code = compile(ast.fix_missing_locations(ast.Module([made], [])), path, "exec", dont_inherit=True)
    exec(code, namespace, place)
    value: Any = place
    for each in around:
        value = value[each] if isinstance(value, dict) else vars(value)[each]
    value = value[definition.name] if isinstance(value, dict) else vars(value)[definition.name]
    if owner is None:
        namespace[definition.name] = value
    else:
        setattr(owner, definition.name, value)


def rest_of(
    source: bytes,
    name: str,
    place: int,
    differs: int,
    frame: FrameType,
    *,
    turn: bool = False,
) -> FunctionType:
    """A function that carries out that called `name` of `source` from its statement `place` on.

    With `turn` that is a loop, of which the next turn comes. It also says where it is before the statement `differs`.
    It is to be called with the local variables of `frame`, which waits before that statement. Raises UnswappableError
    where the statements mean something else in a function of their own: functions that were made before keep the old
    variables.
    """
    path = frame.f_code.co_filename
    found = {each: (around, function) for each, around, function in functions_of(ast.parse(source, path), path)}
    if name not in found:
        raise UnswappableError
    around, function = found[name]
    body, done = statements(function)[place:], statements(function)[: place + turn]
    codes = _codes(compile(source, path, "exec", dont_inherit=True))
    code = codes[".".join((*around, function.name)), _first_line(function)]
    if not _stands_alone(function, body, _kept_variables(code, done[-1].end_lineno or 0) if done else frozenset()):
        raise UnswappableError
    known = [each for each in frame.f_locals if each.isidentifier()]
    arguments = ast.arguments([], [ast.arg(each) for each in known], None, [], [], None, [])
    filler: list[ast.stmt] = [] if body else [ast.copy_location(ast.Pass(), function)]
    steps = is_construct(around, function)
    told = [*with_checkpoints(name, body, place, differs, turn=turn, steps=steps), *filler]
    rest: ast.stmt = ast.copy_location(ast.FunctionDef(function.name, arguments, told, [], None), function)
    for each in reversed(around):
        rest = ast.copy_location(ast.ClassDef(each, [], [], [rest], []), function)
    code = compile(ast.fix_missing_locations(ast.Module([rest], [])), path, "exec", dont_inherit=True)
    wanted = [each for (called, _), each in _codes(code).items() if called == ".".join((*around, function.name))]
    if len(wanted) != 1 or wanted[0].co_freevars:
        raise UnswappableError
    return FunctionType(wanted[0], frame.f_globals)


def _kept_variables(code: CodeType, last: int) -> frozenset[str]:
    """The variables of the function with `code` that those keep which it makes up to the line `last`."""
    made = (each for each in code.co_consts if isinstance(each, CodeType) and each.co_firstlineno <= last)
    return frozenset(name for each in made for name in each.co_freevars)


def _stands_alone(function: Function, body: Iterable[ast.stmt], shared: frozenset[str]) -> bool:
    """Whether the statements `body` of `function` do in one of their own what they do in it.

    Functions that were made by the others keep the old variables, which `shared` names.
    """
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal | ast.Yield | ast.YieldFrom):
            return False
        if isinstance(node, ast.Name) and node.id in _LOOKING_ABOUT:
            return False
    names = (node for each in body for node in ast.walk(each) if isinstance(node, ast.Name))
    return not any(node.id in shared and not isinstance(node.ctx, ast.Load) for node in names)
