"""Texts: sized by cap height, set on a baseline, never too small, digits that do not jump."""

import pytest
from resting import box_of

from astrai_slides.deck.parts.text import broken, count_label, fitted, label, paragraph, short_count
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import SMALLEST_CAP


def test_capitals_have_the_height_that_was_asked_for() -> None:
    for cap in (SMALLEST_CAP, 0.3, 0.62):
        assert box_of(label("H", cap, "#FFFFFF").chars[0]).height == pytest.approx(cap, rel=0.02)


def test_texts_stand_on_their_baseline_whatever_hangs_below() -> None:
    for words in ("Hx", "Hxg", "gyp"):
        text = label(words, 0.3, "#FFFFFF").at(1, 2)
        assert text.get_left()[0] == pytest.approx(1)
        assert text.baseline == pytest.approx(2)
    assert box_of(label("Hg", 0.3, "#FFFFFF").at(0, 2).chars[0]).bottom == pytest.approx(2, abs=1e-3)
    assert label("Hg", 0.3, "#FFFFFF").at(5, 0, "right").get_right()[0] == pytest.approx(5)
    assert box_of(label("H", 0.3, "#FFFFFF").centered(0, 1)).center[1] == pytest.approx(1, abs=1e-3)


def test_what_the_last_row_cannot_read_is_refused() -> None:
    with pytest.raises(AstraiSlidesError, match="'tiny' would be too small to read; shorten it"):
        label("tiny", SMALLEST_CAP * 0.99, "#FFFFFF")
    with pytest.raises(AstraiSlidesError, match="would be too small to read"):
        fitted("a long line that cannot be fitted at all", 0.3, "#FFFFFF", 1)


def test_lines_are_fitted_and_broken_to_a_width() -> None:
    long = "a line that is a little too long"
    assert fitted(long, 0.3, "#FFFFFF", 5).width <= 5 < label(long, 0.3, "#FFFFFF").width
    assert fitted("short", 0.3, "#FFFFFF", 5).cap == 0.3
    lines = paragraph("one two three four five six seven eight nine ten", 0.2, "#FFFFFF", 3)
    assert len(lines) > 1
    assert max(line.width for line in lines) <= 3
    lines.ending_at(0, -1)
    assert lines[-1].baseline == pytest.approx(-1)
    assert lines[-2].baseline == pytest.approx(-1 + 2.1 * 0.2)


@pytest.mark.long
def test_a_paragraph_in_chinese_is_broken_to_a_width_but_not_before_a_full_stop() -> None:
    content = "\u8bf7\u6c42\u6392\u961f\u7b49\u5f85\uff0c\u7136\u540e\u7528 GPU \u89e3\u7801\u3002" * 3
    lines = paragraph(content, 0.2, "#FFFFFF", 3)
    assert len(lines) > 2
    assert max(line.width for line in lines) <= 3
    texts = [line.original_text for line in lines]
    assert "".join(texts).replace(" ", "") == content.replace(" ", "")
    assert not [text for text in texts if text[0] in "\uff0c\u3002"]


@pytest.mark.long
def test_lines_in_chinese_end_at_a_mark_where_they_can_without_being_uneven() -> None:
    content = "所读的缓存：提示，加上已生成的回答内容"
    whole = label(content, 0.2, "#FFFFFF").width
    assert broken(content, 0.2, 0.66 * whole) == (content[:9], content[9:]), "even lines would divide what follows"
    begun = content[:2] + "，" + content[2:5] + content[9:]
    first, second = broken(begun, 0.2, 0.66 * whole)
    assert abs(len(first) - len(second)) <= 1, "two characters are no line beside eleven"


def test_digits_of_figures_are_equally_wide() -> None:
    assert label("111", 0.3, "#FFFFFF", tabular=True).chars[1].get_center()[0] - label(
        "111", 0.3, "#FFFFFF", tabular=True
    ).chars[0].get_center()[0] == pytest.approx(
        label("000", 0.3, "#FFFFFF", tabular=True).chars[1].get_center()[0]
        - label("000", 0.3, "#FFFFFF", tabular=True).chars[0].get_center()[0],
        abs=0.01,
    )


def test_counts_are_shortened_only_where_they_must_be() -> None:
    assert [short_count(n) for n in (7, 999, 1234, 999_999, 10_000_000)] == ["7", "999", "1.23k", "1M", "10M"]
    assert count_label(10_000_000, 0.2, "#FFFFFF", 5).original_text == "10,000,000"
    assert count_label(10_000_000, 0.2, "#FFFFFF", 1).original_text == "10M"
