"""Sentences stand in `words` alone: what reaches a slide from elsewhere is made of facts, numbers and signs."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from astrai_slides.serving import words
from astrai_slides.serving.words import LANGUAGES, missing_language, words_for
from astrai_slides.serving.words.wording import Words

SIM = "astrai_slides/serving/sim"
DRAWN = (
    "astrai_slides/serving/parts",
    "astrai_slides/serving/decks",
    "astrai_slides/serving/roles.py",
    "astrai_slides/serving/plot.py",
    "slides",
)
"""What draws, and the decks; `serving/cli.py` speaks to who types a command, as all commands do."""

PRINTED = ("astrai_slides/serving/cli.py", "astrai_slides/serving/trial_report.py")
"""What a command prints."""

IN_ERRORS = {
    "measured/reading.py": (
        "vLLM bench serve, throughput and latency",
        "the file ends too early",
        ", name a JSON file",
        "nested too",
        "a number has",
    ),
    "measured/comparison.py": ("; over so short a run", "name the totals", "write metric", ", which it holds", " or "),
    "measured/sweep.py": (" or ",),
    "measured/others.py": ("is ", "was ", "holds ", "make what", "name ", "run it again", "read it by", "), not"),
    "measured/guidellm.py": ("the mean over",),
    "measured/client_lists.py": ("has ", " entries, ttfts ", "; the file is cut"),
    "measured/records.py": ("run the benchmark again", " more keys are wrong"),
    "limits.py": ("request ",),
    "trial.py": ("was sent", "gave its", "had how"),
    "traces/json_lines.py": ("nested too deeply", ", line "),
    "traces/table.py": ("widen the cut", "name a file", " rows without prompt"),
}
"""Parts of messages to who wrote a faulty file, put together before they are raised, by how they begin."""
FILE_FORMATS = {
    "measured/others.py": ("instance id,request id", "= Serving Benchmark Result ="),
    "measured/inference_perf.py": ("(prompt_len.mean + output_len.mean)",),
    "measured/guidellm_csv.py": (
        "Type,",
        "Run Info",
        "Successful ",
        "Incomplete ",
        "Errored ",
        "Request ",
        "Server ",
        "Token ",
        "Time ",
        "Inter ",
        "Start ",
    ),
    "measured/reference.py": ("astrai-slides benchmarks/gpu",),
    "measured/llmperf.py": ("results_num_completed_requests_per_min / 60",),
    "measured/tensorrt_llm.py": (
        "= PERFORMANCE OVERVIEW",
        "Total ",
        "Average ",
        "Number of requests",
        "Request Throughput",
        "^(?P<name>",
    ),
    "yaml_files.py": ("^benchmarks:", "write the report without aliases"),
    "traces/burstgpt.py": ("Request tokens", "Response tokens"),
    "traces/times.py": ("(?P<seconds>", "2023-11-16 18:15:", "\\d{4}-"),
}
"""Names of columns and forms of times in the files of others."""
NOTATION = {"measured/comparison.py": ("x ",)}
"""How a speaker writes that a unit is a multiple."""
ALLOWED = [(name, begins) for table in (IN_ERRORS, FILE_FORMATS, NOTATION) for name, begins in table.items()]
IDENTIFIERS = {
    *("left", "center", "right"),  # where a text is aligned
    *("NORMAL", "SEMIBOLD", "BOLD", "H"),  # weights of the font, and the letter that a text's height is measured by
    *("foot", "end", "idle", "waiting", "decode"),  # marks of a legend
    *(".svg", ".png", ".pdf"),  # formats of a plot
    *("title", "pipeline", "spawn", "flow", "flow/", "batching", "throughput"),  # names of steps
    *("pipeline/states", "pipeline/loop", "batching/then", "batching/now"),
    *("title, speaker, event", "toy.requests"),  # keys of a talk file
    *("replay", "replay/", "sweep"),
    *("prefill", "waiting", "decoding"),  # counts of requests in flight
    "astrai_slides.serving.measured_talk:MeasuredTalk",
    "astrai_slides.serving.talk:ServingTalk",
}
"""Literals with letters that `DRAWN` may hold: none is ever set as a text."""


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string literal, f-strings' included, outside docstrings and `raise` statements."""
    tree = ast.parse(source)
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            passed |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            passed |= {id(inner) for inner in ast.walk(node.format_spec)}
        if isinstance(node, ast.arg | ast.AnnAssign | ast.FunctionDef):
            # a type written as text
            annotation = node.returns if isinstance(node, ast.FunctionDef) else node.annotation
            passed |= {id(inner) for inner in ast.walk(annotation)} if annotation else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.lineno, node.value


def english_of_facts(source: str, allowed: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Literals of more than one word that do not begin as one of `allowed`."""
    return [
        (line, text)
        for line, text in literals(source)
        if " " in text.strip() or (" " in text and any(map(str.isalpha, text)))
        if not text.startswith(allowed)
    ]


def texts_of_drawings(source: str) -> list[tuple[int, str]]:
    """Literals with a letter in them that are no known identifier."""
    return [
        (line, text)
        for line, text in literals(source)
        if any(map(str.isalpha, text)) and text.strip() not in IDENTIFIERS
    ]


def files(root: Path, place: str) -> list[Path]:
    found = sorted((root / place).rglob("*.py")) if (root / place).is_dir() else [root / place]
    assert found
    return found


def test_simulators_return_facts(project_root: Path) -> None:
    found = {}
    for file in files(project_root, SIM):
        name = file.relative_to(project_root / SIM).as_posix()
        allowed = tuple(each for at, begins in ALLOWED if at == name for each in begins)
        found[name] = english_of_facts(file.read_text("utf-8"), allowed)
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(("name", "begins"), ALLOWED)
def test_what_is_allowed_is_there(project_root: Path, name: str, begins: tuple[str, ...]) -> None:
    texts = [text for _, text in english_of_facts((project_root / SIM / name).read_text("utf-8"))]
    assert [each for each in begins if not any(text.startswith(each) for text in texts)] == []


@pytest.mark.parametrize("place", DRAWN)
def test_pictures_take_their_texts_from_words(project_root: Path, place: str) -> None:
    found = {file.name: texts_of_drawings(file.read_text("utf-8")) for file in files(project_root, place)}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "line",
    [
        'label("row", cap, color)',
        'label(f"slot {number}", cap, color)',
        'self.turn.change(str(turn), "turn")',
        'heads = (("position", x), (words.ROW, y))',
        'self.step("title", title="A title")',
    ],
)
def test_a_text_in_a_picture_would_be_found(line: str) -> None:
    assert texts_of_drawings(line)


@pytest.mark.parametrize(
    "line", ['caption = f"N = {n} requests"', 'Bar("Static batching", 1.0)', 'note = ", all sent at once"']
)
def test_a_sentence_among_facts_would_be_found(line: str) -> None:
    assert english_of_facts(line)


def test_signs_docstrings_and_errors_are_none() -> None:
    source = '''"""A module."""
label("+1"); label(f"{a} / {b}"); label("?")
def f(x: "A long type") -> "Another type":
    """A docstring."""
    raise ValueError(f"{x} is wrong; mend it")
'''
    assert texts_of_drawings(source) == []
    assert english_of_facts(source) == []


def languages() -> list[str]:
    return [each.name for each in pkgutil.iter_modules(words.__path__) if each.name != "wording"]


def offered() -> set[str]:
    return {
        *Words.__annotations__,
        *(name for name, _ in inspect.getmembers(Words, inspect.isfunction) if name[0] != "_"),
    }


@pytest.mark.parametrize("language", languages())
def test_every_language_offers_the_same_names(language: str) -> None:
    module = importlib.import_module(f"{words.__name__}.{language}")
    own = {
        name
        for name, value in vars(module).items()
        if name[0] != "_" and (name in getattr(module, "__annotations__", {}) or inspect.isfunction(value))
        if getattr(value, "__module__", module.__name__) == module.__name__ or not inspect.isfunction(value)
    }
    assert own == offered()
    for name, function in inspect.getmembers(Words, inspect.isfunction):
        if name[0] != "_":
            wanted = list(inspect.signature(function).parameters.values())[1:]
            assert list(inspect.signature(getattr(module, name)).parameters.values()) == wanted, name
    assert LANGUAGES[language] is module


def test_every_text_is_used(project_root: Path) -> None:
    commands = ("talk_command.py", "measured_talk_text.py")
    places = (
        *DRAWN,
        *PRINTED,
        *(f"astrai_slides/serving/{each}" for each in commands),
        "astrai_slides/serving/words/en.py",
    )
    used = set()
    for file in (each for place in places for each in files(project_root, place)):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                used.add(node.attr)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
    assert offered() - used == set()


def test_words_are_found_by_a_language_tag() -> None:
    for tag in ("en", "en-GB", "EN"):
        assert words_for(tag) is LANGUAGES["en"]
        assert missing_language(tag) == ()


def test_a_language_without_words_falls_back_to_english_and_says_so() -> None:
    assert words_for("tlh-Latn") is LANGUAGES["en"]
    (told,) = missing_language("tlh-Latn")
    assert told.startswith("language 'tlh-Latn' has no words yet, so the slides are in English; there are words for: ")
    assert all(language in told for language in LANGUAGES)
