"""The deck in every aspect, theme and language: nothing that an audience could not read, and no rule switched off."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from astrai_slides.check.checker import check
from astrai_slides.check.registry import RULES
from astrai_slides.check.source import DeckSource
from astrai_slides.look.layout import FRAMES
from astrai_slides.look.theme import THEMES
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.file import deck_attributes, load_talk

TALK = Path("presentations", "continuous-batching.toml")
DECK = Path("slides", "continuous_batching.py")
QUICK = 2
IN_TIME = {"moves-too-long", "flashing", "crossing-texts"}
"""Rules that say nothing of a deck recorded at two frames a second: each of its moves lasts half a second at least."""
WHOLE = 15
"""Frames a second of `--quality l`, the lowest of a build."""
OWN = "own.toml"
OWN_THEME = """
base = "dark"
logo = "logo.svg"
footer = "Acme, internal"
slide_number = true
[colors]
background = "#10141f"
"""
"""A theme of a talk's own takes room at the foot of every slide."""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#58f"/></svg>'


def found_in(
    folder: Path, project_root: Path, aspect: str, theme: str, language: str, fps: int, rules: Iterable[str]
) -> list[str]:
    (folder / OWN).write_text(OWN_THEME)
    (folder / "logo.svg").write_text(LOGO)
    text = (project_root / TALK).read_text()
    for key, value in (
        ("theme", f'{theme}"\naspect = "{aspect}'),
        ("language", language),
        ("scene", f"{project_root / DECK}:ContinuousBatching"),
    ):
        text, count = re.subn(rf'^{key} = ".*"$', f'{key} = "{value}"'.replace("\\", "\\\\"), text, flags=re.MULTILINE)
        assert count == 1
    (folder / "talk.toml").write_text(text)
    attributes = deck_attributes(load_talk(folder / "talk.toml"))
    recording = record_scene(project_root / DECK, "ContinuousBatching", fps=fps, attributes=attributes)
    view = recording.steps[0].end.view
    across, high = map(int, aspect.split(":"))
    assert view.width / view.height == pytest.approx(across / high, rel=0.002)
    assert recording.warnings == ()
    source = DeckSource.read(project_root / DECK, "ContinuousBatching")
    assert source.off == []
    assert min(len(step.texts) for step in recording.steps) > 1
    return [finding.sentence for finding in check(recording, source, rules=rules).findings]


@pytest.mark.parametrize(("aspect", "theme"), [("9:16", "dark"), pytest.param("4:3", "light", marks=pytest.mark.wide)])
def test_nothing_is_found_in_a_narrow_frame(aspect: str, theme: str, project_root: Path, tmp_path: Path) -> None:
    assert found_in(tmp_path, project_root, aspect, theme, "en", QUICK, set(RULES) - IN_TIME) == []


@pytest.mark.wide
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", [*THEMES, OWN])
@pytest.mark.parametrize("aspect", list(FRAMES))
def test_nothing_is_found_in_any(aspect: str, theme: str, language: str, project_root: Path, tmp_path: Path) -> None:
    assert found_in(tmp_path, project_root, aspect, theme, language, WHOLE, RULES) == []
