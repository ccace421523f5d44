"""A scene that says in no `construct` what it shows."""

from pathlib import Path

import pytest

from astrai_slides.base.inputs import fresh_modules
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.run.load import load_scene

HEAD = "from manim import Scene\n\nclass Talk(Scene):\n"


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        ("    def constuct(self):\n        self.wait()\n", "is its 'constuct' meant to be it?"),
        ("    size = 3\n", "say in `def construct(self):` what it shows"),
        (
            "    size = 3\n\nclass Other(Scene):\n    def construct(self):\n        self.wait()\n",
            "name a scene that has one: Other",
        ),
    ],
)
def test_it_is_told_what_to_do(tmp_path: Path, body: str, remedy: str) -> None:
    deck = tmp_path / "deck.py"
    deck.write_text(HEAD + body, "utf-8")
    with fresh_modules(), pytest.raises(AstraiSlidesError) as refused:
        load_scene(deck, "Talk")
    assert str(refused.value) == (
        f"{deck}: Talk has no construct of its own, so that there is nothing to show; {remedy}"
    )
