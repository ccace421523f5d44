"""In which lane a test runs, seen from what it uses: nobody has to remember a marker.

A test is looked through with every fixture it asks for and every helper of tests/ that they call. What they name puts
the test into a lane, so that a new test that starts a browser is out of `make quick` by itself. CONTRIBUTING.md has the
table.
"""

import inspect
import itertools
import types
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck

TESTS = Path(__file__).resolve().parent

_DECKS = {"default_deck", "measured_deck", "divided_deck"}
"""Fixtures that a parameter may name."""

USES = {
    "browser": {"playwright", "chromium", "firefox"},
    "office": {"soffice"},
    "screen": {"Xvfb", "xvfb-run", "xdotool"},
    "stock": {"stock_steps", "stock_steps_of", "stock_flagship", "-m manim_slides"},
    "cluster": {"-m distributed"},
    "flagship": {"ContinuousBatching", "continuous_batching.py", "continuous-batching.toml", *_DECKS},
    "package": {"-m pip", "-m build", "-m venv"},
}
"""Marker: what of it a test names. Names and texts of its code count as they stand, texts not in part."""

MARKERS = {
    "browser": "drives Chromium or Firefox",
    "office": "starts LibreOffice",
    "screen": "needs a screen of its own (Xvfb), as Qt and OpenGL do",
    "stock": "draws with stock manim or manim-slides, to compare",
    "cluster": "starts workers of Dask",
    "flagship": "records or builds the flagship deck",
    "package": "makes an environment or a package",
    "long": "takes seconds of processor time for another reason (set by hand)",
    "wide": "installs, censuses, 4K, long runs: `make wide` only (set by hand)",
}

SECONDS = {"flagship": 5, "stock": 5, "office": 5, "cluster": 5, "screen": 4, "package": 4, "long": 3, "browser": 1}
"""About how long a test with a marker takes; one without takes hundredths."""

LANES = {"quick": 0.1, "test": 0.4, "wide": 10.0, "all": 1.0}
"""How many examples of a property each lane tries, as a multiple of what its test says."""

_lane = "test"


def choose(lane: str) -> None:
    """Set the lane of this run, before any test is imported."""
    global _lane
    _lane = lane
    hypothesis.settings.register_profile(
        "lane",
        max_examples=examples(100),
        # speed is not what properties are about, and a busy machine is no failure
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    hypothesis.settings.load_profile("lane")


def lane() -> str:
    """Return the lane of this run."""
    return _lane


def examples(usual: int) -> int:
    """How many examples of a property to try in this run, where a test by itself would try `usual`."""
    return max(1, round(usual * LANES[_lane]))


def wanted(item: pytest.Item, lane: str) -> bool:
    """Whether `lane` runs a test: quick those without markers, test all but the wide, wide those and properties."""
    if lane == "quick":
        return not any(item.get_closest_marker(name) for name in MARKERS)
    wide = item.get_closest_marker("wide") is not None
    if lane == "wide":
        return wide or getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return lane == "all" or not wide


def mark(items: Iterable[pytest.Item]) -> None:
    """Give every test the markers of what it uses."""
    known: dict[Any, frozenset[str]] = {}
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        words = used(item, known)
        for marker, some in USES.items():
            if words & some:
                item.add_marker(marker)


def rest_wide(values: Iterable[Any], count: int) -> list[Any]:
    """Parameters of a test, of which every run has the first `count`, and `make wide` the others."""
    return [
        value if place < count else pytest.param(value, marks=pytest.mark.wide) for place, value in enumerate(values)
    ]


def heavy_first(items: list[pytest.Item]) -> None:
    """Put files whose tests take long before others, so that none is left for one worker at the end."""
    weights: Counter[str] = Counter()
    for item in items:
        weights[_file(item)] += max((SECONDS.get(marker.name, 0) for marker in item.iter_markers()), default=0)
    items.sort(key=lambda item: -weights[_file(item)])


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def used(item: pytest.Function, known: dict[Any, frozenset[str]] | None = None) -> frozenset[str]:
    """Return every name and text in the code of a test, of its fixtures, and of what they call in tests/."""
    known = {} if known is None else known
    alike = item.function, id(item._fixtureinfo)  # the same for all parameters of a test
    if alike not in known:
        functions = [item.function]
        for name, definitions in item._fixtureinfo.name2fixturedefs.items():
            if name in item.fixturenames:
                functions += [each.func for each in definitions]
        for function in functions:
            if function not in known:
                known[function] = frozenset(_words(function, set()))
        known[alike] = frozenset(item.fixturenames).union(*(known[function] for function in functions))
    # what a parameter holds is part of the test
    return known[alike].union(_texts(list(getattr(item, "callspec", _NO_PARAMETERS).params.values())))


_NO_PARAMETERS = types.SimpleNamespace(params={})


def _words(value: Any, seen: set[int]) -> Iterator[str]:
    """Names and texts of `value`: a function, class, module or constant of tests/."""
    value = inspect.unwrap(value) if callable(value) else value
    value = getattr(value, "__func__", value)
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, types.FunctionType):
        if not _ours(value.__code__.co_filename):
            yield value.__module__.partition(".")[0]
            return
        for code in _codes(value.__code__):
            yield from code.co_names
            yield from _texts(code.co_consts)
            yield from _commands(code.co_consts)
            for name in code.co_names:
                if name in value.__globals__:
                    yield from _words(value.__globals__[name], seen)
        for cell in value.__closure__ or ():
            try:
                yield from _words(cell.cell_contents, seen)
            except ValueError:
                continue  # not filled yet
    elif isinstance(value, type):
        if _ours(getattr(inspect.getmodule(value), "__file__", None)):
            for each in vars(value).values():
                yield from _words(getattr(each, "fget", None) or getattr(each, "func", each), seen)
        else:
            yield value.__module__.partition(".")[0]
    elif isinstance(value, types.ModuleType):
        yield value.__name__.partition(".")[0]
    else:
        yield from _texts([value])
        yield from _commands([value])


def _ours(file: str | None) -> bool:
    return file is not None and TESTS in Path(file).parents


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _codes(each)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Path):
            yield value.name
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _texts(value)


def _commands(values: Iterable[Any]) -> Iterator[str]:
    """What Python is asked to run as a module, as `-m NAME`: the text after a text "-m"."""
    texts = list(_texts(values))
    for flag, name in itertools.pairwise(texts):
        if flag == "-m":
            yield f"-m {name.partition('.')[0]}"
