"""No number in a sentence is typed: all are facts, put in, but for those of names, citations and notation."""

import ast
import pkgutil
import re
from pathlib import Path

import pytest
from test_wording import literals

from astrai_slides.serving import words

ALLOWED = {
    "4-phase": "the name of AstrAI's loop",
    "1:": "a scale",
    "1 + 1/2 + … + 1/B": "the harmonic number, as a formula",
    "1/": "a term of it",
    "1": "its first term",
    "OSDI 2022": "when Orca was published",
    "Orca’s 36.9×": "Orca's figure, cited",
    "Anyscale’s 23× (2023)": "Anyscale's figure, cited",
    "its 8×": "Anyscale's figure, cited",
    "Orca 的 36.9×": "Orca's figure, cited in Chinese",
    "Anyscale 的 23×（2023）": "Anyscale's figure, cited in Chinese",
    "其 8×": "Anyscale's figure, cited in Chinese",
}
"""What may stand in a literal with a digit, and why."""


def typed_numbers(source: str) -> list[tuple[int, str]]:
    """Literals that hold a digit besides what is allowed."""
    found = []
    for line, text in literals(source):
        rest = re.sub(r"^\d\. ", "", text, flags=re.MULTILINE)  # a numbered list
        for allowed in sorted(ALLOWED, key=len, reverse=True):
            whole = allowed[0].isdigit()
            rest = re.sub(rf"{'(?<![0-9])' if whole else ''}{re.escape(allowed)}(?![0-9])", "", rest)
        if any(map(str.isdigit, rest)):
            found.append((line, text))
    return found


def languages() -> list[Path]:
    return [Path(words.__path__[0]) / f"{each.name}.py" for each in pkgutil.iter_modules(words.__path__)]


@pytest.mark.parametrize("language", languages(), ids=lambda path: path.stem)
def test_sentences_hold_no_typed_number(language: Path) -> None:
    assert typed_numbers(language.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "sentence", ['"Below about 30 % load throughput is equal."', 'f"{value} of 16 slots"', '"its 8.5× is"', '"36.9×"']
)
def test_a_typed_number_would_be_found(sentence: str) -> None:
    assert typed_numbers(f"told = {sentence}")


def test_all_that_is_allowed_is_there() -> None:
    trees = [ast.walk(ast.parse(each.read_text("utf-8"))) for each in languages()]
    texts = [node.value for tree in trees for node in tree if isinstance(node, ast.Constant)]
    held = {allowed for allowed in ALLOWED for text in texts if isinstance(text, str) and allowed in text}
    assert held == set(ALLOWED)
