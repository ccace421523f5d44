"""What a preview ends with is what a build writes from nothing, whatever was edited."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driven_runs import CORPUS, SMALL, Driven
from random_edits import edited, scenes_of

from astrai_slides.base.forks import FORKS
from astrai_slides.build.rebuild import Fault, rebuild

pytestmark = [
    pytest.mark.skipif(not FORKS, reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.long,
]

EDITS = 5
"""Of each scene, one after the other."""
TRIES = 60
"""Edits of which so many may run before there were enough."""


def chosen() -> list[Any]:
    """Twenty scenes of the corpus, the first of which is tried every time."""
    decks = sorted(CORPUS.glob("*.py"))
    found = [(deck, scene) for deck in decks for scene in scenes_of(deck.read_text("utf-8"))]
    some = random.Random(15).sample(found, 20)
    return [
        pytest.param(deck, scene, id=scene, marks=pytest.mark.wide if number else ())
        for number, (deck, scene) in enumerate(some)
    ]


class Building:
    """Builds a scene, as a preview does, and from nothing."""

    def __init__(self, folder: Path, deck: str, scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._deck, self._scene, self._monkeypatch = folder, deck, scene, monkeypatch
        self._times = 0
        self.fault: Fault | None = None
        """Of the last build."""

    def again(self) -> bytes | None:
        """The page that a build writes which knows the ones before; None where the deck fails."""
        return self._built("warm")

    def from_nothing(self) -> bytes | None:
        """The page that a build writes which knows nothing."""
        self._times += 1
        built = self._built(f"cold-{self._times}")
        self._use("warm")
        return built

    def _use(self, cache: str) -> None:
        self._monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(self._folder / cache))

    def _built(self, cache: str) -> bytes | None:
        self._use(cache)
        outcome = rebuild(self._deck, [self._scene], self._folder / f"out-{cache}")
        self.fault = outcome.fault
        return outcome.file.read_bytes() if outcome.file else None


@pytest.mark.parametrize(("source", "scene"), chosen())
def test_after_edits_by_chance(
    driven: Callable[..., Driven], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Path, scene: str
) -> None:
    deck = tmp_path / source.name
    deck.write_text(SMALL + source.read_text("utf-8"), "utf-8")
    building = Building(tmp_path, deck.name, scene, monkeypatch)
    assert building.again() is not None, str(building.fault)
    runs = driven()
    runs.run(deck.name, scene)
    chance = random.Random(re.sub(r"\W", "", scene))
    edits = 0
    for _ in range(TRIES):
        before = deck.read_text("utf-8")
        deck.write_text(edited(before, scene, chance), "utf-8")
        built = building.from_nothing()
        if built is None:  # the edit broke the deck, and is taken back
            deck.write_text(before, "utf-8")
            continue
        runs.run(deck.name, scene)
        if runs.pages:  # else nothing is another
            runs.finds(deck, scene)
        assert building.again() == built, deck.read_text("utf-8")
        edits += 1
        if edits == EDITS:
            return
    pytest.fail(f"only {edits} of {TRIES} edits ran")
