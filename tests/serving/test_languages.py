"""Every language says the same: the same names, of the same facts, none left out."""

import datetime
import re
import unicodedata
from pathlib import Path
from typing import get_type_hints

import manimpango
import pytest

from astrai_slides.deck.parts.text import broken
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look import fonts
from astrai_slides.look.layout import FRAMES, layout_for
from astrai_slides.look.theme import DARK
from astrai_slides.serving.own_words import replaceable, with_own
from astrai_slides.serving.sim import Request, chat_figures, computed_speedups, continuous_batching, static_batching
from astrai_slides.serving.sim.questions import decode_rows
from astrai_slides.serving.sim.timeline import Policy
from astrai_slides.serving.talk import PROMO, ServingTalk
from astrai_slides.serving.words import LANGUAGES, en, words_for
from astrai_slides.serving.words.wording import Words

TOY = [Request(f"R{number}", 4 + number, output) for number, output in enumerate((2, 7, 3, 4, 2), 1)]
STATIC, CONTINUOUS = static_batching(TOY, 3), continuous_batching(TOY, 3)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
OTHERS = [language for language in LANGUAGES if language != "en"]
SCENE = 'scene = "deck.py:Deck"\n[toy]\nslots = 1\nrequests = [{ prompt = 1, output = 1 }]\n'


def told(words: Words) -> dict[str, str]:
    """Texts of every step of the flagship, of the same facts."""
    chat, figures, rows = (
        chat_figures(),
        computed_speedups(16, requests=1600, mean=50, seed=1),
        decode_rows(CONTINUOUS, 5),
    )
    bars = words.comparison(figures)
    return {
        "promise": words.promise(chat),
        "byline": words.byline("Ada", "A conference", datetime.date(2026, 11, 24)),
        "title": words.title_notes("T", chat),
        "spawn": words.spawn_notes(TOY, 3),
        "line": words.workload_line(TOY, 3, None),
        **{
            f"{t.policy} {n}": words.turn_sentence(t, n)
            for t in (STATIC, CONTINUOUS)
            for n in range(1, len(t.turns) + 1)
        },
        "flow": words.flow_notes(STATIC, CONTINUOUS),
        "speedup": words.toy_speedup(11, 7),
        "frozen": words.frozen_heading(5, rows),
        "same": words.same_position_sentence(rows),
        "batching": words.batching_notes(CONTINUOUS, 5, chat),
        "throughput": words.throughput_notes(figures, PROMO),
        "found": words.finding(figures),
        "bars": " ".join(f"{bar.label} {bar.assumes}" for bar in bars.bars) + bars.whole_caption,
    }


@pytest.mark.parametrize("language", OTHERS)
def test_every_name_is_of_the_same_kind_and_a_table_has_the_same_keys(language: str) -> None:
    for name in get_type_hints(Words):
        one, other = getattr(en, name), getattr(LANGUAGES[language], name)
        assert type(one) is type(other), name
        if isinstance(one, dict):
            assert list(one) == list(other), name


@pytest.mark.parametrize("language", OTHERS)
def test_no_number_nor_name_of_a_request_is_left_out(language: str) -> None:
    said = told(LANGUAGES[language])
    for name, english in told(en).items():
        # English writes small numbers in words, and the name of the month
        missing = set(NUMBER.findall(english)) - set(NUMBER.findall(said[name]))
        assert missing == set(), (name, said[name])
        assert set(re.findall(r"R\d", english)) <= set(re.findall(r"R\d", said[name])), name


def test_chinese_is_chinese() -> None:
    for name, text in told(LANGUAGES["zh"]).items():
        assert re.search("[\u4e00-\u9fff]", text), name
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", text), f"{name}: a mark of another script: {text}"
        assert not re.search("[\uff0c\u3002\uff1b\uff1a\uff09] +[\u4e00-\u9fff]", text), (
            f"{name}: a space too many: {text}"
        )
    assert words_for("zh-Hans-CN").turn_sentence(CONTINUOUS, 3) == "第 3 轮，R4 接过 R1 的槽位。"
    assert words_for("zh").byline("", "", datetime.date(2026, 11, 24)) == "2026 年 11 月 24 日"


@pytest.mark.wide
@pytest.mark.parametrize("aspect", list(FRAMES))
def test_a_line_of_the_promise_ends_within_no_chinese_word(aspect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_used", fonts.fonts_for(DARK, "zh"))
    width = layout_for(DARK, *FRAMES[aspect]).safe.width
    promise = words_for("zh").promise(chat_figures())
    lines = [line for part in promise.split("\n") for line in broken(part, DARK.type.lead, width)]
    assert "".join(lines) == promise.replace("\n", "")
    assert [line for line in lines if not unicodedata.category(line[-1]).startswith("P")] == []


def test_the_extra_is_named_where_no_font_for_chinese_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(manimpango, "list_fonts", lambda: ["Inter", "DejaVu Sans"])
    with pytest.raises(AstraiSlidesError, match=r'no font for Chinese on this machine; install .* "astrai-'):
        fonts.fonts_for(DARK, "zh-CN")
    assert fonts.fonts_for(DARK, "en").names == "Inter"
    monkeypatch.setattr(manimpango, "list_fonts", lambda: ["Inter", "SimHei"])
    assert fonts.fonts_for(DARK, "zh").names == "Inter, SimHei"


def load(folder: Path, body: str) -> ServingTalk:
    (folder / "deck.py").write_text("class Deck: ...\n")
    (folder / "talk.toml").write_text(SCENE + body)
    return ServingTalk.load(folder / "talk.toml")


def test_a_talk_replaces_texts_by_name(tmp_path: Path) -> None:
    own = load(tmp_path, '[words]\npipeline = "Our loop"\nspawn_notes = "Say it in your own words."\n').words
    words = with_own(words_for("en"), own)
    assert words.PIPELINE == "Our loop"
    assert words.spawn_notes(TOY, 3) == "Say it in your own words."
    assert words.FLOW == en.FLOW
    assert words.conclusion(STATIC, CONTINUOUS) == en.conclusion(STATIC, CONTINUOUS)
    assert with_own(words_for("zh"), own).THROUGHPUT == LANGUAGES["zh"].THROUGHPUT


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match="words: there is no text 'pipelin'; did you mean 'pipeline'"):
        load(tmp_path, '[words]\npipelin = "Our loop"\n')
    assert {"pipeline", "throughput_notes", "promise"} <= set(replaceable())
    assert not {"times", "comparison", "states", "dial"} & set(replaceable())
    assert Policy.STATIC in words_for("en").POLICIES
