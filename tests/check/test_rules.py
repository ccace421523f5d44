"""Every rule finds what it is for, at the right text, and not what comes near it."""

import pytest

from astrai_slides.check.checker import Checked
from astrai_slides.check.finding import Finding, Severity
from astrai_slides.check.registry import RULES

pytestmark = pytest.mark.long

TRIPS = {
    "tiny": ("too-small", {"TINY": Severity.ERROR}),
    "tiny_lower": ("too-small", {"sour": Severity.ERROR}),
    "tiny_turned": ("too-small", {"HEIGHT": Severity.ERROR}),
    "all_small": ("too-small", {"Quiet": Severity.WARNING, "beside nothing": Severity.WARNING}),
    "off_right": ("off-frame", {"beyond the edge": Severity.ERROR}),
    "off_below": ("off-frame", {"sinking": Severity.ERROR}),
    "in_the_margin": ("off-frame", {"near the edge": Severity.WARNING}),
    "two_texts": ("text-over-text", {"second there": Severity.ERROR}),
    "too_close": ("text-over-text", {"HIGH": Severity.WARNING}),
    "a_hidden_letter": ("text-hidden", {"a long line of many letters": Severity.WARNING}),
    "a_letter_on_white": ("low-contrast", {"Year of many letters": Severity.WARNING}),
    "on_one_another_for_a_while": ("text-over-text", {"comes and goes": Severity.ERROR}),
    "half_hidden": ("text-hidden", {"half of this": Severity.ERROR}),
    "struck": ("text-hidden", {"struck out": Severity.WARNING}),
    "on_a_line": ("text-hidden", {"over it": Severity.WARNING}),
    "between_letters": ("text-hidden", {"mm": Severity.WARNING}),
    "grey_on_black": ("low-contrast", {"hardly there": Severity.ERROR}),
    "white_on_yellow": ("low-contrast", {"too light": Severity.ERROR}),
    "dimmed": ("low-contrast", {"waits for later": Severity.WARNING}),
    "1": ("unsaid", {"": Severity.WARNING}),
    "far_away": ("needs-network", {"": Severity.WARNING}),
    "wordy": ("too-many-words", {"": Severity.WARNING}),
    "long": ("moves-too-long", {"": Severity.WARNING}),
    "more_of_the_same_again": ("shows-nothing-new", {"": Severity.WARNING}),
    "flashing": ("flashing", {"": Severity.ERROR}),
    "passing": ("crossing-texts", {"another text": Severity.WARNING}),
    "passing_a_guest": ("crossing-texts", {"another guest": Severity.WARNING}),
    "standing_on_a_guest": ("text-over-text", {"a guest": Severity.ERROR}),
    "red_and_green": ("colours-merge", {"": Severity.WARNING}),
    "red_text": ("colours-merge", {"red alone": Severity.WARNING}),
    "boxes": ("missing-glyph", {"a\U0010fffd b": Severity.ERROR}),
}
MISSES = {
    "too-small": ("small_enough", "just_large_enough", "small_before_a_title", "small_beside_another_script"),
    "low-contrast": ("readable", "a_letter_beside_white", "on_a_box"),
    "off-frame": ("inside",),
    "text-over-text": ("close_lines", "close_enough", "copies", "on_one_another_for_a_moment"),
    "text-hidden": (
        "behind_a_curtain", "dotted_letter", "under_glass", "on_a_faint_line", "framed", "on_a_covered_line",
        "an_arrow_beside",
    ),
    "crossing-texts": ("passing_by", "card_passes_a_guest"),
    "missing-glyph": ("accents_and_greek",),
    "flashing": ("flashing_in_small", "flashing_seldom"),
    "colours-merge": ("red_and_green_with_words", "blue_and_yellow"),
    "moves-too-long": ("long_rest",),
    "shows-nothing-new": ("more_of_the_same",),
    "too-many-words": ("numbers",),
    "unsaid": ("a_title_and_notes",),
    "needs-network": ("a_link_in_the_notes",),
}  # fmt: skip
"""Of each rule the steps that come near it."""


BESIDE = {"typed-number", "heavy-for-powerpoint"}
"""Those that test_checker.py tries, both ways."""


def found(checked: Checked, case: str) -> list[Finding]:
    return [each for each in checked.findings if checked.steps[each.place][1] == case]


@pytest.mark.parametrize("case", TRIPS)
def test_a_rule_finds_what_it_is_for(checked: Checked, case: str) -> None:
    rule, texts = TRIPS[case]
    assert [(each.rule, each.breach.text, each.breach.severity) for each in found(checked, case)] == [
        (rule, text, severity) for text, severity in texts.items()
    ]


def test_what_stands_within_a_step_is_told_with_its_time(checked: Checked) -> None:
    told = {case: {each.breach.seconds for each in found(checked, case)} for case in TRIPS}
    assert told["on_one_another_for_a_while"] == {0.2}
    assert told["two_texts"] == {None}


@pytest.mark.parametrize("case", [case for cases in MISSES.values() for case in cases])
def test_what_comes_near_is_not_found(checked: Checked, case: str) -> None:
    assert case in [title for _, title in checked.steps]
    assert found(checked, case) == []


def test_every_rule_is_tried_by_what_trips_it_and_by_what_comes_near() -> None:
    assert {rule for rule, _ in TRIPS.values()} | BESIDE == set(RULES)
    assert set(MISSES) | BESIDE == set(RULES)
    for severity in Severity:
        having = {name for name, rule in RULES.items() if severity in rule.severities}
        assert {rule for rule, texts in TRIPS.values() if severity in texts.values()} == having - BESIDE
