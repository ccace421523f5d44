"""Whatever kind manim has, by looking through it: what stock draws of it is recorded, or it is said that it is not.

`make wide` takes every kind and writes its figures into docs/wide.md; `make test` one of each module.
"""

import re
import statistics
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import census
import pytest
from census_run import Kind, Makers, compare_kinds, compare_one
from census_scenes import SHOWN_BY, scenes

from astrai_slides.base.atomic import write_bytes

FIGURES = Path(__file__).resolve().parents[2] / "docs" / "wide.md"
ROW = "| every mobject, animation, camera and scene of manim"


@pytest.mark.parametrize("of", census.BASES)
def test_every_kind_can_be_made(of: str) -> None:
    assert census.kinds(of)
    assert census.unmakeable(of) == []


def test_the_tables_name_kinds_that_there_are() -> None:
    found = {name for of in census.BASES for name in census.kinds(of)}
    assert {*census.MOBJECTS, *census.STANDS_FOR, *census.ANIMATIONS, *census.UNPLAYABLE, *SHOWN_BY} <= found


WITHOUT_LATEX = "[Errno 2] No such file or directory: 'latex'"
"""What stock says of formulas where only `make test` was set up; `make wide` installs LaTeX."""


def of_each_module() -> list[list[tuple[str, Callable[[], Any]]]]:
    """Of each module of manim's mobjects and animations the kinds that can be made, with what makes one."""
    modules: dict[str, list[tuple[str, Callable[[], Any]]]] = {}
    for of, made in (("mobject", census.mobjects()), ("animation", census.animations())):
        for name, make in made.items():
            kind = census.kinds(of).get(name)
            if name not in census.UNPLAYABLE:
                modules.setdefault(f"{of} {name if kind is None else kind.__module__}", []).append((name, make))
    return list(modules.values())


def check(kinds: list[Kind]) -> None:
    """Raise AssertionError, naming them, if any of `kinds` is neither right nor known to be impossible in stock."""
    wrong = [str(kind) for kind in kinds if not kind.refused and not kind.is_right]
    assert wrong == []
    assert [kind.name for kind in kinds if not kind.refused and not kind.drawn] == []
    assert [str(kind) for kind in kinds if kind.refused and kind.name not in census.UNPLAYABLE] == []


def test_one_kind_of_each_module_is_as_in_stock(media: Path) -> None:
    found, left = [], of_each_module()
    while left:
        makers: Makers = dict(module[0] for module in left)
        compared = compare_kinds(makers, media)
        for module in left:
            kind = compared[module.pop(0)[0]]
            if WITHOUT_LATEX in kind.refused:
                continue  # the next of the module may have no formula
            found.append(kind)
            module.clear()
        left = [module for module in left if module]
    assert len(found) > 40
    of_scenes = scenes()
    check([*found, *(compare_one(name, of_scenes[name], media) for name in of_scenes if name.startswith("("))])


@pytest.mark.wide
def test_every_kind_is_as_in_stock(media: Path) -> None:
    parts: dict[str, Callable[[], list[Kind]]] = {
        "mobjects": lambda: list(compare_kinds(census.mobjects(), media).values()),
        "animations": lambda: list(compare_kinds(census.animations(), media).values()),
        "cameras and scenes": lambda: [compare_one(name, scene, media) for name, scene in scenes().items()],
    }
    figures, every = [], []
    for name, find in parts.items():
        kinds = find()
        every += kinds
        figures.append(f"{name}: {told(kinds)}")
    report = "; ".join(figures)
    sys.stdout.write(report + "\n")
    write_figures(report)
    check(every)


def told(kinds: list[Kind]) -> str:
    """Figures of `kinds` in words."""
    likeness = [min(kind.likeness) for kind in kinds if kind.likeness]
    filmed = [kind.name for kind in kinds if kind.filmed]
    refused = [f"{kind.name} ({census.UNPLAYABLE.get(kind.name, kind.refused)})" for kind in kinds if kind.refused]
    return (
        f"{len(kinds)} tried, {sum(kind.is_right for kind in kinds)} right, {len(filmed)} of them filmed, SSIM least "
        f"{min(likeness):.3f}, median {statistics.median(likeness):.4f}"
        + (f", stock cannot: {', '.join(refused)}" if refused else "")
    )


def write_figures(report: str) -> None:
    """Put `report` into its row of docs/wide.md."""
    row = f"{ROW} against stock | `tests/fidelity/test_census.py` | manim {version('manim')}: {report} |\n"
    text = FIGURES.read_text("utf-8")
    pattern = re.compile(rf"^{re.escape(ROW)}.*\n", re.MULTILINE)
    write_bytes(FIGURES, pattern.sub(lambda _: row, text, count=1).encode())


def test_a_kind_that_vanishes_is_named(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from astrai_slides.recording.run.collector import Collector

    monkeypatch.setattr(Collector, "draw_each", lambda self, camera, mobjects: [None for _ in mobjects])
    made: dict[str, Any] = {name: census.MOBJECTS[name] for name in ("Brace", "ImageMobject")}
    with pytest.raises(AssertionError, match="Brace"):
        check(list(compare_kinds(made, media).values()))
