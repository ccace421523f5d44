"""The times planned for steps, written into a talk file that somebody wrote by hand. All else of it stays as it is."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astrai_slides.base import atomic
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.toml import TOKEN, parsed

TABLE = "planned"
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SPACE = " \t\r\n#"
_BYTE_ORDER_MARK = "\ufeff"
"""Of Windows' editors; a talk file that begins with it is read as if it did not."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A part of a text, and where it begins."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A key and where its value is; `path` has the names of the table that it stands in, then its own."""

    path: tuple[str, ...]
    own: int
    """How many names it is written with itself."""
    value: tuple[int, int]
    line_end: int


def write_planned(path: Path, seconds: Mapping[str, float]) -> None:
    """Have the talk file at `path` plan `seconds` for the steps or parts that they are for. Comments and order stay.

    Raises AstraiSlidesError where the file is no TOML, or plans in a form that is not known here: it is as it was.
    """
    text = path.read_bytes().decode("utf-8")
    mark, text = text[: len(_BYTE_ORDER_MARK)], text.removeprefix(_BYTE_ORDER_MARK)
    mark = mark if mark == _BYTE_ORDER_MARK else ""
    try:
        parsed(text)
    except ValueError as error:
        raise AstraiSlidesError(f"{path}: {error}; mend it") from error
    edited = with_planned(text, seconds)
    if edited is None:
        lines = "\n".join(f"  {_written(name)} = {_number(each)}" for name, each in seconds.items())
        raise AstraiSlidesError(f"{path}: [{TABLE}] is written in a way not known here; write there:\n{lines}")
    # a link goes on to name the file that somebody keeps elsewhere, and who may read that stays as it was
    file = path.resolve()
    mode = file.stat().st_mode
    atomic.write_bytes(file, f"{mark}{edited}".encode())
    file.chmod(mode)


def with_planned(text: str, seconds: Mapping[str, float]) -> str | None:
    """Return `text`, a TOML file, with these times planned; None where that cannot be done by changing a few words."""
    if not seconds:
        return text
    before = parsed(text)
    wanted = before | {TABLE: {**before.get(TABLE, {}), **seconds}}
    edited = _edited(text, seconds)
    try:
        return edited if parsed(edited) == wanted else None
    except ValueError:
        return None


def _edited(text: str, seconds: Mapping[str, float]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    pairs = list(_pairs(text))
    own = [pair for pair in pairs if pair.path[0] == TABLE and len(pair.path) == 2]
    known = {pair.path[1]: pair for pair in own}
    changes = [(*known[name].value, _number(each)) for name, each in seconds.items() if name in known]
    new = {name: each for name, each in seconds.items() if name not in known}
    if new:
        changes.append(_added(text, new, own, pairs, newline))
    for start, end, written in sorted(changes, reverse=True):
        text = text[:start] + written + text[end:]
    return text


def _added(
    text: str, new: Mapping[str, float], own: list[_Pair], pairs: list[_Pair], newline: str
) -> tuple[int, int, str]:
    """Where times of steps go that had none, and what is to stand there."""
    inline = next((pair for pair in pairs if pair.path == (TABLE,)), None)
    if inline is not None:
        listed = ", ".join(f"{_written(name)} = {_number(each)}" for name, each in new.items())
        within = own[-1].value[1] if own else inline.value[1] - 1
        return within, within, f", {listed}" if own else f" {listed} "
    dotted = f"{TABLE}." if own and own[-1].own == 2 else ""
    lines = "".join(f"{dotted}{_written(name)} = {_number(each)}{newline}" for name, each in new.items())
    header = next((end for table, end in _headers(text) if table == (TABLE,)), None)
    place: int | None = own[-1].line_end if own else header
    if place is None:
        gap = "" if not text else newline if text.endswith("\n") else 2 * newline
        return len(text), len(text), f"{gap}[{TABLE}]{newline}{lines}"
    return place, place, lines if text[:place].endswith("\n") else newline + lines


def _number(seconds: float) -> str:
    return str(int(seconds)) if seconds == int(seconds) else repr(seconds)


def _written(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(key: str) -> str:
    """The part of a key that TOML writes so."""
    return next(iter(parsed(f"{key} = 0"))) if key[0] in "\"'" else key


def _tokens(text: str) -> list[_Token]:
    return [_Token(match.group(), match.start()) for match in TOKEN.finditer(text)]


def _headers(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The tables that have a line of their own, and where the next line begins."""
    for path, _, end in _lines(_tokens(text)):
        if path is not None:
            yield path, end


def _pairs(text: str) -> Iterator[_Pair]:
    table: tuple[str, ...] = ()
    for path, tokens, end in _lines(_tokens(text)):
        if path is not None:
            table = path
        else:
            yield from _pairs_of(tokens, table, end)


def _lines(tokens: list[_Token]) -> Iterator[tuple[tuple[str, ...] | None, list[_Token], int]]:
    """Each statement: the table that it begins, or None; its tokens; where the line after it begins."""
    depth, line = 0, list[_Token]()
    for token in tokens:
        line.append(token)
        depth += (token.text in "[{") - (token.text in "]}") if len(token.text) == 1 else 0
        if token.text == "\n" and depth <= 0:
            yield _statement(line)
            depth, line = 0, []
    if line:
        yield _statement(line)


def _statement(line: list[_Token]) -> tuple[tuple[str, ...] | None, list[_Token], int]:
    said = [token for token in line if token.text[0] not in _SPACE]
    end = line[-1].end
    if not said or said[0].text != "[":
        return None, said, end
    is_list = len(said) > 1 and said[1].text == "["
    # a list of tables is none that holds times
    return (("", *_path(said)) if is_list else _path(said)), said, end


def _path(tokens: list[_Token]) -> tuple[str, ...]:
    return tuple(_read(token.text) for token in tokens if token.text not in ("[", "]", "."))


def _pairs_of(said: list[_Token], table: tuple[str, ...], end: int) -> Iterator[_Pair]:
    """The pair that `said` is, and those of the inline table that is its value."""
    equals = next((place for place, token in enumerate(said) if token.text == "="), None)
    if not equals or equals + 1 == len(said):
        return
    own = _path(said[:equals])
    path = (*table, *own)
    value = said[equals + 1 :]
    yield _Pair(path, len(own), (value[0].start, value[-1].end), end)
    if value[0].text == "{" and len(path) == 1:
        depth, part = 0, list[_Token]()
        for token in value[1:-1]:
            depth += (token.text in "[{") - (token.text in "]}") if len(token.text) == 1 else 0
            if token.text == "," and not depth:
                yield from _pairs_of(part, path, end)
                part = []
            else:
                part.append(token)
        yield from _pairs_of(part, path, end)


def retimed(planned: Mapping[str, Any], plan: Mapping[str, float], took: Mapping[str, float]) -> dict[str, float]:
    """What `[planned]` is to say after steps took so many seconds: whole ones, at least one a step.

    `plan` has the seconds planned so far for every step of the deck, given or estimated; `took` those that were seen.
    What is planned for a part of the talk goes on to be so, with the plan for those of its steps that were not seen.
    """
    times: dict[str, float] = {}
    parts: dict[str, float] = {}
    for name, before in plan.items():
        part = name.partition("/")[0]
        has_part = part in planned and part not in plan
        if has_part:
            parts[part] = parts.get(part, 0.0) + took.get(name, before)
        if name in took and (name in planned or not has_part):
            times[name] = took[name]
    seen = {name.partition("/")[0] for name in took}
    times |= {part: whole for part, whole in parts.items() if part in seen}
    return {key: float(max(1, round(seconds))) for key, seconds in times.items()}
