"""What the README says can be run, and what it points to, exists."""

import re
import shlex
from pathlib import Path

import click
import pytest

from astrai_slides.cli import main

PICTURE_BYTES = 300_000
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md")

PLACE = re.compile(r"(?<![\w/.-])((?:astrai_slides|tests|scripts|benchmarks|slides)/[\w./-]*)")
"""Where a file or a folder of the project is, in a text."""

A_READER_S_OWN = {"slides/greeting.py", "slides/my_deck.py"}
"""Places that documents have their reader write to."""


def places(text: str) -> set[str]:
    """The files and folders that code words name."""
    words = re.findall(r"`([^`\n]+)`", re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.M | re.S))
    return {place for word in words for place in PLACE.findall(word)}


def test_every_place_that_a_document_names_is_there(project_root: Path) -> None:
    named = {
        (path.name, place)
        for pattern in DOCUMENTS
        for path in project_root.glob(pattern)
        for place in places(path.read_text("utf-8"))
    }
    assert len(named) > 50
    assert {place for _, place in named} >= A_READER_S_OWN
    assert not A_READER_S_OWN & {path.relative_to(project_root).as_posix() for path in project_root.glob("slides/*")}
    missing = [each for each in named if each[1] not in A_READER_S_OWN and not (project_root / each[1]).exists()]
    assert missing == []


def commands(text: str) -> list[list[str]]:
    """Every `astrai-slides` command of code blocks and code words, as words."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()] + re.findall(r"`(astrai-slides [^`]+)`", text)
    found = [line for line in lines if line.startswith("astrai-slides ")]
    return [shlex.split(line.partition(" >> ")[0], comments=True)[1:] for line in found]


def parse(words: list[str]) -> None:
    """Parse a command as click does, without running it."""
    name, *arguments = words
    with main.make_context("astrai-slides", [name, *arguments]) as context:
        command = main.get_command(context, name)
        assert command is not None, name
        command.make_context(name, arguments, parent=context)


def test_every_command_of_the_documents_is_one_that_the_command_line_takes(project_root: Path) -> None:
    found = []
    for path in (path for pattern in DOCUMENTS for path in sorted(project_root.glob(pattern))):
        found += commands(path.read_text(encoding="utf-8"))
    assert len(found) > 15
    for words in found:
        if "--help" in words:
            continue
        try:
            parse(words)
        except click.UsageError as error:
            pytest.fail(f"astrai-slides {shlex.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files_and_headings_that_are_there(project_root: Path, document: str) -> None:
    seen = 0
    for path in project_root.glob(document):
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if "://" in link:
                continue
            file, _, heading = link.partition("#")
            target = path.parent / file if file else path
            assert target.exists(), f"{path.name}: {link}"
            if heading:
                assert heading in headings(target), f"{path.name}: {link}"
            seen += 1
    assert seen or document != "README.md"


def headings(path: Path) -> set[str]:
    """The anchors that a page's headings get."""
    found = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_the_picture_is_small_enough_to_read_along(project_root: Path) -> None:
    assert 0 < (project_root / "docs" / "flow.png").stat().st_size <= PICTURE_BYTES


def test_every_command_every_format_and_every_make_target_is_told_of(project_root: Path) -> None:
    from astrai_slides.export.registry import FORMATS

    text = (project_root / "README.md").read_text(encoding="utf-8")
    context = click.Context(main)
    assert [name for name in main.list_commands(context) if f"astrai-slides {name}" not in text] == []
    assert [name for name in FORMATS if not re.search(rf"\b{name}\b", text)] == []
    makefile = (project_root / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make ([a-z]+)\b|`make ([a-z]+)`", text, re.M)
    assert len(targets) > 3
    for target in map("".join, targets):
        assert re.search(rf"^{target}:", makefile, re.M), target
