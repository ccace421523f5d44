"""How long it takes to say notes, in languages with spaces between words and without."""

import re
from dataclasses import replace

import pytest
from moving import moving

from astrai_slides.export.shared.durations import (
    CHINESE_A_MINUTE,
    JAPANESE_A_MINUTE,
    WORDS_A_MINUTE,
    duration_line,
    plan,
    speaking_seconds,
    summary,
)
from astrai_slides.talk.document import Document

CHINESE = "\u8bf7\u6c42\u6392\u961f\u7b49\u5f85\u3002"
"""Six characters and a full stop."""

JAPANESE = "\u8981\u6c42\u3092\u5f85\u3064\u3002"
"""Five, two of them kana."""

KOREAN = "\uc694\uccad\uc774 \uae30\ub2e4\ub9bd\ub2c8\ub2e4"
"""Two words: Korean has spaces."""


@pytest.mark.parametrize(
    ("notes", "minutes"),
    [
        ("", 0),
        ("two **words**, it's", 3 / WORDS_A_MINUTE),
        (CHINESE, 6 / CHINESE_A_MINUTE),
        (JAPANESE, 5 / JAPANESE_A_MINUTE),
        (KOREAN, 2 / WORDS_A_MINUTE),
        (f"# KV cache\n\n{CHINESE}GPU{CHINESE}", 3 / WORDS_A_MINUTE + 12 / CHINESE_A_MINUTE),
    ],
)
def test_words_are_counted_where_spaces_part_them_and_characters_elsewhere(notes: str, minutes: float) -> None:
    assert speaking_seconds(notes) == pytest.approx(60 * minutes)


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ("Words.", f"at {WORDS_A_MINUTE} words a minute)"),
        (CHINESE, f"at {WORDS_A_MINUTE} words or {CHINESE_A_MINUTE} characters a minute)"),
    ],
)
def test_the_paces_that_were_counted_with_are_named(notes: str, said: str) -> None:
    made = moving()
    spoken = replace(made, steps=(replace(made.steps[0], notes=notes),))
    assert summary(spoken, Document("Talk"), plan(spoken, {}))[1].endswith(said)


@pytest.mark.parametrize("language", ["zh", "zh-CN", "ZH-Hans"])
def test_times_of_a_talk_in_chinese_are_told_in_chinese(language: str) -> None:
    made = moving()
    spoken = replace(made, steps=(replace(made.steps[0], notes=CHINESE, loop=True, auto_next=True),))
    document, durations = Document("Talk", language=language), plan(spoken, {})
    latin = re.compile("[A-Za-z]")
    told = [summary(spoken, document, durations)[1], duration_line(spoken.steps[0], durations[0], language)]
    assert not any(map(latin.search, told)), told
    assert f" {WORDS_A_MINUTE} 个英文单词或 {CHINESE_A_MINUTE} 个字" in told[0]
    given = plan(spoken, {spoken.steps[0].name: 65})
    assert summary(spoken, document, given)[1] == "共 1 步，计划 1:05"
    assert duration_line(spoken.steps[0], given[0], language) == "1:05，累计 1:05，循环播放到下一步，自动继续"


@pytest.mark.parametrize("language", ["en", "de", "zha"])
def test_times_are_told_in_english_where_there_are_no_words_of_the_language(language: str) -> None:
    made = moving()
    given = plan(made, {made.steps[0].name: 65})
    assert duration_line(made.steps[0], given[0], language) == "1:05, total 1:05"
