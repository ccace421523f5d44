"""A deck's source: which line a text is written in, and which rules are off there."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

_OFF = re.compile(r"#\s*check:\s*off\b[ \t]*(?P<rule>[\w-]*)[ \t:,-]*(?P<reason>.*)")
_STEPS = {"next_slide", "next_section", "step"}
"""Methods of a scene that begin a step."""
_OURS = "astrai_slides.deck.base"


@dataclass(frozen=True, slots=True)
class OffComment:
    """`# check: off RULE reason` of a deck: `rule` and `reason` may be empty, which is a fault of it."""

    rule: str
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A text written in a file: `whole` without what is put in by braces, None if it has such."""

    whole: str | None
    pieces: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class DeckSource:
    """The Python file of a scene, as far as it can be read."""

    file: str
    """As the user would write it."""
    scene: str
    """The class that is shown."""
    content: bytes

    @classmethod
    def read(cls, file: Path, scene: str) -> "DeckSource":
        """Read `file`; a file that cannot be read has no lines."""
        try:
            content = file.read_bytes()
        except OSError:
            content = b""
        try:
            shown = file.absolute().relative_to(Path.cwd())
        except ValueError:
            shown = file
        return cls(shown.as_posix(), scene, content)

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax; empty for what is no Python."""
        try:
            return ast.parse(self.content)
        except (SyntaxError, ValueError, RecursionError):
            return ast.Module([], [])

    @cached_property
    def scene_lines(self) -> tuple[int, int]:
        """First and last line of the scene's class; (0, 0) if it is not there."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef) and node.name == self.scene:
                return node.lineno, node.end_lineno or node.lineno
        return 0, 0

    @cached_property
    def is_ours(self) -> bool:
        """Whether it imports the base class of our decks, whose numbers come from data."""
        return any(isinstance(node, ast.ImportFrom) and node.module == _OURS for node in ast.walk(self.tree))

    @cached_property
    def literals(self) -> list[Literal]:
        """Texts that are written in it, documentation left out, in order."""
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        inside = {id(part) for node in ast.walk(self.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        found = []
        for node in ast.walk(self.tree):
            if id(node) in documentation or id(node) in inside:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(Literal(node.value, (node.value,), node.lineno))
            elif isinstance(node, ast.JoinedStr):
                pieces = (part.value for part in node.values if isinstance(part, ast.Constant))
                found.append(Literal(None, tuple(map(str, pieces)), node.lineno))
        return sorted(found, key=lambda each: each.line)

    def line_of(self, text: str, step: int | None = None) -> int:
        """The line that `text` is written in, one of the scene's if there is one; 0 if it is not known.

        Of several lines it is that of step number `step`, from 0, if just one is.
        """
        wanted = _flat(text)
        lines = [each.line for each in self.literals if each.whole is not None and _flat(each.whole) == wanted]
        lines = lines or [each.line for each in self.literals if each.whole is None and _made_of(wanted, each.pieces)]
        first, last = self.scene_lines
        lines = [line for line in lines if first <= line <= last] or lines
        if len(lines) > 1 and step is not None:
            begin, end = self.step_lines(step)
            lines = [line for line in lines if begin <= line < end] or lines
        return lines[0] if lines else 0

    def types(self, text: str, number: str) -> bool:
        """Whether a literal that `text` is made of has `number` in it."""
        wanted = _flat(text)
        return any(
            (_flat(each.whole) == wanted if each.whole is not None else _made_of(wanted, each.pieces))
            and any(number in piece for piece in each.pieces)
            for each in self.literals
        )

    @cached_property
    def _beginnings(self) -> list[tuple[int, int, str]]:
        """Calls of the scene that begin a step: where the step's code begins and ends, and its name if it is written.

        A method with one such call is the step's whole; else it goes from call to call, to the end of the method.
        """
        first, last = self.scene_lines
        functions = [
            node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef) and first <= node.lineno <= last
        ]
        found = []
        for function in functions:
            calls = sorted(filter(_begins_step, ast.walk(function)), key=lambda node: node.lineno)
            end = (function.end_lineno or last) + 1
            starts = [call.lineno for call in calls]
            for number, call in enumerate(calls):
                begin = function.lineno if len(calls) == 1 and function.name != "construct" else starts[number]
                stop = starts[number + 1] if number + 1 < len(starts) else end
                found.append((begin, stop, _name_of(call)))
        return sorted(found)

    def step_lines(self, place: int, name: str = "") -> tuple[int, int]:
        """The lines of step number `place`, called `name`, up to the next; all of the scene where it is not known.

        What is played before the first call that begins a step is a step as well, where the scene plays there.
        """
        first, last = self.scene_lines
        whole = first, last + 1
        named = [(begin, end) for begin, end, each in self._beginnings if each and each == name]
        if len(named) == 1:
            return named[0]
        edges = [first, *(begin for begin, _, _ in self._beginnings), last + 1]
        if any(each for _, _, each in self._beginnings) or place + 1 >= len(edges):
            return whole
        return edges[place], edges[place + 1]

    def step_line(self, place: int, name: str) -> int:
        """The line at which the step begins; that of the scene where it is not known, 0 if neither is."""
        return self.step_lines(place, name)[0]

    @cached_property
    def off(self) -> list[OffComment]:
        """Comments that switch a rule off."""
        found = []
        try:
            for token in tokenize.tokenize(io.BytesIO(self.content).readline):
                said = _OFF.match(token.string) if token.type == tokenize.COMMENT else None
                if said:
                    found.append(OffComment(said["rule"], said["reason"].strip(), token.start[0]))
        except (tokenize.TokenError, SyntaxError, ValueError):
            pass
        return found


def _begins_step(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STEPS


def _name_of(call: ast.Call) -> str:
    """The name that a call of our decks' `step` gives."""
    first = call.args[0] if call.args else None
    ours = isinstance(call.func, ast.Attribute) and call.func.attr == "step"
    return first.value if ours and isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _flat(text: str) -> str:
    return " ".join(text.split())


def _made_of(text: str, pieces: tuple[str, ...]) -> bool:
    """Whether `text` has all of `pieces`, in order, and they are a good part of it."""
    at = 0
    for piece in map(_flat, pieces):
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return sum(map(len, pieces)) * 2 >= len(text) and any(each.strip() for each in pieces)
