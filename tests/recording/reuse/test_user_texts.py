"""A text that any project has set is not set again, as long as the machine would set it alike."""

from pathlib import Path
from typing import Any

import pytest
from manim import Text

from astrai_slides.base import inputs
from astrai_slides.base.cache import Store
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.reuse import user_texts
from astrai_slides.recording.reuse.typeset import Typesetter
from astrai_slides.recording.reuse.user_texts import UserTexts
from astrai_slides.recording.run.record import Order, record_file

DECK = """
from manim import FadeIn, Text
from manim_slides import Slide

class Words(Slide):
    def construct(self):
        self.play(FadeIn(Text("first"), Text("second", color="#ff0000")), run_time=0.1)
"""


@pytest.fixture
def were_set(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that Pango has set."""
    told: list[str] = []
    init = Text.__init__

    def noted(self: Any, text: str, *args: Any, **kwargs: Any) -> None:
        told.append(text)
        init(self, text, *args, **kwargs)

    monkeypatch.setattr(Text, "__init__", noted)
    return told


def record(folder: Path, store: Store, source: str = DECK) -> bytes:
    folder.mkdir(exist_ok=True)
    (folder / "deck.py").write_text(source, "utf-8")
    return dump(record_file(folder / "deck.py", "Words", Order(10, 160, 90, formulas=store)).recording)


def test_another_project_sets_only_what_is_new_and_looks_the_same(tmp_path: Path, were_set: list[str]) -> None:
    first = record(tmp_path / "one", Store(tmp_path / "store"))
    assert were_set == ["first", "second"]
    with inputs.watching() as read:
        assert record(tmp_path / "two", Store(tmp_path / "store")) == first
    assert not [path for path in read if "store" in path or "fontconfig" in path]
    assert were_set == ["first", "second"]
    record(tmp_path / "two", Store(tmp_path / "store"), DECK.replace("second", "third"))
    assert were_set == ["first", "second", "third"]
    assert record(tmp_path / "one", Store(tmp_path / "store", forgetful=True)) == first
    assert were_set == ["first", "second", "third", "first", "second"], "what is to be made anew is"


@pytest.mark.parametrize("change", ["LANG", "FONTCONFIG_FILE", "fonts", "damage"])
def test_where_they_might_come_out_otherwise_they_are_set_again(
    change: str, tmp_path: Path, were_set: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path / "one", Store(tmp_path / "store"))
    if change == "fonts":
        monkeypatch.setattr(user_texts, "fonts_digest", lambda: "another")
    elif change == "damage":
        [kept] = (tmp_path / "store").rglob("*.texts")
        kept.write_bytes(kept.read_bytes()[:-1])
    else:
        monkeypatch.setenv(change, str(tmp_path / "ja_JP"))
    record(tmp_path / "one", Store(tmp_path / "store"))
    assert were_set == ["first", "second"] * 2


def test_of_more_than_there_is_room_for_the_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_texts, "MOST", 30)
    store = Store(tmp_path)
    UserTexts(store).keep({"a": b"0" * 10, "b": b"1" * 10, "c": b"2" * 10})
    UserTexts(store).keep({"a": b"0" * 10, "d": b"3" * 10})
    assert list(UserTexts(store).known) == ["c", "a", "d"]
    assert len(list(tmp_path.rglob("*.texts"))) == 1


def test_builds_at_the_same_time_leave_one_whole_file(tmp_path: Path) -> None:
    one, other = UserTexts(Store(tmp_path)), UserTexts(Store(tmp_path))
    assert one.known == other.known == {}
    one.keep({"a": b"0"})
    other.keep({"b": b"1"})
    assert UserTexts(Store(tmp_path)).known == {"b": b"1"}


def test_nothing_is_read_for_texts_that_the_recording_before_has(
    tmp_path: Path, were_set: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typesetter = Typesetter()
    with typesetter.keeping():
        Text("first")
    monkeypatch.setattr(UserTexts, "known", None)
    with Typesetter(typesetter.used, UserTexts(Store(tmp_path))).keeping():
        Text("first")
    assert were_set == ["first"]
