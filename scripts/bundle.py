"""A bundler for the player: ES modules in, one classic script out.

It serves modules in plain JavaScript that keep to this: `import { a, b } from "./file.js";` at the top,
`export` before a `const`, `function` or `class`, and one module that nothing imports. Each module keeps its scope: it
becomes a function that returns what it exports, so that names of modules cannot meet and no code is rewritten.
Comments, indentation and empty lines go. What would not work, or belongs to nothing, is an error that names the file.

No bundler of the JavaScript world comes as a maintained wheel that works without Node and without downloading more.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class BundleError(ValueError):
    """The modules cannot be put together; the message names the file and the line."""


class Token(NamedTuple):
    """A piece of source. Kinds: space, comment, name, number, text (a string, template part or regex), mark."""

    kind: str
    text: str
    line: int


@dataclass
class Module:
    """A source file, taken apart."""

    name: str
    code: str = ""
    imports: list[tuple[str, list[str], int]] = field(default_factory=list)
    """File, names and line of each import."""
    exports: list[str] = field(default_factory=list)


_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<name>\#?[A-Za-z_$][\w$]*)
  | (?P<number>\d[\w.]*)
  | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
  | (?P<mark>=>|\?\.|\.\.\.|[{}()\[\];,.<>=!+\-*/%&|^~?:])
    """,
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE_PART = re.compile(r"[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)", re.DOTALL)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
_IMPORT = re.compile(r"import\s*\{\s*([\w$]+(?:\s*,\s*[\w$]+)*)\s*,?\s*\}\s*from\s*[\"']\./([\w.-]+)[\"']\s*;")
_BEFORE_A_REGEX = frozenset(
    ["await", "case", "do", "else", "in", "instanceof", "of", "return", "throw", "typeof", "void", "yield"]
)


def tokens(source: str, name: str = "the source") -> Iterator[Token]:
    """Take JavaScript apart. Raises BundleError for what is no token, or a `/` that may be either of two things."""
    at, line, last = 0, 1, None
    nested: list[str] = []
    while at < len(source):
        inside_template = source[at] == "`" or (source[at] == "}" and nested and nested[-1] == "${")
        if inside_template:
            kind, match = "text", _TEMPLATE_PART.match(source, at)
        elif source[at] == "/" and source[at + 1 : at + 2] not in ("/", "*") and _is_regex(last, name, line):
            kind, match = "text", _REGEX.match(source, at)
        else:
            match = _TOKEN.match(source, at)
            kind = str(match and match.lastgroup)
        if match is None:
            raise BundleError(f"{name}, line {line}: no JavaScript that is known here: {source[at : at + 20]!r}")
        text = match[0]
        if inside_template:
            if text[0] == "}":
                nested.pop()
            if text.endswith("${"):
                nested.append("${")
        elif text == "{" and kind == "mark":
            nested.append("{")
        elif text == "}" and kind == "mark":
            if not nested:
                raise BundleError(f"{name}, line {line}: a closing brace too many")
            nested.pop()
        token = Token(kind, text, line)
        yield token
        if kind not in ("space", "comment"):
            last = token
        line += text.count("\n")
        at = match.end()
    if nested:
        raise BundleError(f"{name}: a brace is not closed")


def _is_regex(last: Token | None, name: str, line: int) -> bool:
    """Whether a `/` after `last` begins a regular expression; otherwise it divides."""
    if last is None or last.text in _BEFORE_A_REGEX:
        return True
    if last.text == "}" and last.kind == "mark":
        raise BundleError(f"{name}, line {line}: after a brace, '/' may divide or begin a regular expression")
    return last.kind == "mark" and last.text not in (")", "]")


_OTHER_MARKS = {"++", "--", "<!", "->", "//", "/*"}
"""Marks that are others, or begin a comment, where no space stands between theirs."""


def stripped(parts: Iterable[Token]) -> str:
    """Join tokens without comments, indentation, empty lines and spaces about marks.

    Lines stay lines, so no semicolon is missed.
    """
    written: list[str] = []
    gap = ""
    last: Token | None = None
    for part in parts:
        if part.kind in ("space", "comment"):
            gap = "\n" if "\n" in gap + part.text else gap or " "
            continue
        if gap and last is not None and (gap == "\n" or not _meet(last, part)):
            written.append(gap)
        written.append(part.text)
        gap = ""
        last = part
    return "".join(written)


def _meet(left: Token, right: Token) -> bool:
    """Whether two tokens mean the same without a space between."""
    if left.kind == right.kind == "mark":
        return left.text + right.text not in _OTHER_MARKS
    return "mark" in (left.kind, right.kind) and "number" not in (left.kind, right.kind)


def read_module(name: str, source: str) -> Module:
    """Take a module's imports and exports out of it."""
    module = Module(name)
    parts = list(tokens(source, name))
    code: list[Token] = []
    depth = at = 0
    while at < len(parts):
        part = parts[at]
        is_word = part.kind == "name" and (not code or _last(code) not in (".", "?."))
        if is_word and part.text == "import":
            at = _read_import(module, parts, at, depth)
            continue
        if is_word and part.text == "export":
            at = _read_export(module, parts, at, depth)
            continue
        if part.kind == "mark":
            depth += (part.text in "{([") - (part.text in "})]")
        code.append(part)
        at += 1
    module.code = stripped(code)
    return module


def _last(parts: list[Token]) -> str:
    return next((part.text for part in reversed(parts) if part.kind not in ("space", "comment")), "")


def _read_import(module: Module, parts: list[Token], at: int, depth: int) -> int:
    """Note the import at `at`; return where the code goes on."""
    line = parts[at].line
    end = next((i for i in range(at, len(parts)) if parts[i].text == ";"), len(parts) - 1)
    words = "".join(" " if part.kind in ("space", "comment") else part.text for part in parts[at : end + 1])
    found = _IMPORT.fullmatch(words)
    if depth or found is None:
        form = 'import { a, b } from "./file.js";'
        raise BundleError(f"{module.name}, line {line}: an import is to be written: {form}")
    names = re.split(r"\s*,\s*", found[1])
    known = {each for _, others, _ in module.imports for each in others}
    for name in names:
        if name in known or names.count(name) > 1:
            raise BundleError(f"{module.name}, line {line}: {name} is imported twice")
    module.imports.append((found[2], names, line))
    return end + 1


def _read_export(module: Module, parts: list[Token], at: int, depth: int) -> int:
    """Note the name that the export at `at` declares; return where the declaration itself begins."""
    start = at + 1
    while start < len(parts) and parts[start].kind in ("space", "comment"):
        start += 1
    words = [part.text for part in parts[start : start + 12] if part.kind not in ("space", "comment")]
    declared = re.match(r"(?:const|class|(?:async )?function(?: \*)?) ([\w$]+)", " ".join(words))
    if depth or declared is None:
        raise BundleError(
            f"{module.name}, line {parts[at].line}: an export is to be written before a const, a function or a class"
        )
    name = declared[1]
    if name in module.exports:
        raise BundleError(f"{module.name}, line {parts[at].line}: {name} is exported twice")
    if words[0] == "const":
        _refuse_more_names(module, parts, start)
    module.exports.append(name)
    return start


def _refuse_more_names(module: Module, parts: list[Token], start: int) -> None:
    """`export const A = 1, B = 2;` would leave B behind."""
    depth = 0
    for part in parts[start:]:
        if part.kind == "mark":
            depth += (part.text in "{([") - (part.text in "})]")
            if not depth and part.text == ";":
                return
            if not depth and part.text == ",":
                break
    raise BundleError(f"{module.name}, line {parts[start].line}: export one constant at a time, and end it with ';'")


def modules(folder: Path, entry: str) -> list[Module]:
    """Return the modules of `folder` that `entry` needs, each after those that it needs itself. Raises BundleError."""
    found: dict[str, Module] = {}
    _collect(folder, entry, found, [])
    return list(found.values())


def bundle(folder: Path, entry: str, apart: Iterable[str] = ()) -> str:
    """Return the modules of `folder`, from `entry` on, as one script; `apart` are scripts of their own.

    Raises BundleError if a file is missing or imported by none, a name is not exported, exported for none or twice, or
    modules import each other in a circle.
    """
    found = modules(folder, entry)
    left = sorted({path.name for path in folder.glob("*.js")} - {module.name for module in found} - set(apart))
    if left:
        raise BundleError(f"{left[0]} is imported by no module; import it or delete it")
    wanted = {(file, name) for module in found for file, names, _ in module.imports for name in names}
    for module in found:
        for name in module.exports:
            if (module.name, name) not in wanted:
                raise BundleError(f"{module.name} exports {name}, which no module imports")
    return "\n".join(['(() => {"use strict";', *map(_written, found), "})();\n"])


def _collect(folder: Path, name: str, found: dict[str, Module], way: list[str]) -> None:
    """Read `name` and what it imports into `found`, each after those that it needs."""
    if name in way:
        raise BundleError("modules import each other in a circle: " + " -> ".join([*way[way.index(name) :], name]))
    if name in found:
        return
    file = folder / name
    if not file.is_file():
        raise BundleError(f"{name} is missing from {folder.name}/" + (f"; {way[-1]} imports it" if way else ""))
    module = read_module(name, file.read_text("utf-8"))
    for other, names, line in module.imports:
        _collect(folder, other, found, [*way, name])
        for each in names:
            if each not in found[other].exports:
                raise BundleError(f"{name}, line {line}: {other} exports no {each}")
    found[name] = module


def _written(module: Module) -> str:
    """A module as a function that runs at once and returns its exports."""
    brought = [f"const {{ {', '.join(names)} }} = {_variable(file)};" for file, names, _ in module.imports]
    given = [f"return {{ {', '.join(module.exports)} }};"] if module.exports else []
    kept = f"const {_variable(module.name)} = " if module.exports else ""
    return "\n".join([f"{kept}(() => {{", *brought, module.code, *given, "})();"])


def _variable(file: str) -> str:
    """The bundle's name for a module: one that its own code cannot use by chance."""
    return "$" + re.sub(r"\W", "_", file.removesuffix(".js"))
