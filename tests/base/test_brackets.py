"""Brackets and colons of names are shown as they are: nothing of ours has rich read markup."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

import astrai_slides

SOURCES = sorted(Path(astrai_slides.__file__).parent.rglob("*.py"))
PLAIN = {"Console": {"markup": False, "emoji": False}, "TextColumn": {"markup": False}}
"""What shows texts, and what it must be told so that they stay as they are."""
HARMLESS = {"Progress", "TaskID", "BarColumn", "TaskProgressColumn", "TimeElapsedColumn", "TimeRemainingColumn"}
HARMLESS |= {"Table", "Text", "box"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "rich":
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.partition(".")[0] == "rich")


def test_of_rich_only_that_is_used_which_can_leave_texts_alone() -> None:
    used = {name for source in SOURCES for name in imported(ast.parse(source.read_text("utf-8")))}
    assert used <= HARMLESS | PLAIN.keys()
    assert PLAIN.keys() <= used


def test_whatever_shows_texts_is_told_to_leave_them_alone() -> None:
    calls = 0
    for source in SOURCES:
        tree = ast.parse(source.read_text("utf-8"))
        if not set(imported(tree)) & PLAIN.keys():
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLAIN:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if texts and "{" not in texts[0]:
                    continue  # a text of our own
                given = {each.arg: getattr(each.value, "value", None) for each in node.keywords}
                wanted = PLAIN[node.func.id]
                assert given.items() >= wanted.items(), f"{source}:{node.lineno}"
                calls += 1
            if isinstance(node, ast.Call) and any(each.arg == "markup" for each in node.keywords):
                assert all(getattr(each.value, "value", 1) is False for each in node.keywords if each.arg == "markup")
    assert calls >= 4


def test_a_console_of_ours_keeps_brackets_in_titles_and_cells() -> None:
    stream = io.StringIO()
    table = Table("a[red]", title="a[red]b:smile:.csv")
    table.add_row("c[/red]:smile:")
    Console(file=stream, width=60, **PLAIN["Console"]).print(table)
    for text in ("a[red]", "a[red]b:smile:.csv", "c[/red]:smile:"):
        assert text in stream.getvalue()
