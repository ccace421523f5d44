"""A narrower frame: what stands beside each other in 16:9 keeps apart, and inside, in 4:3 too."""

import pytest
from resting import box_of, items_of, overlaps, texts_of

from astrai_slides.look.layout import FRAMES, layout_for
from astrai_slides.look.theme import DARK
from astrai_slides.serving.parts.clock import LoopClock, phase_captions
from astrai_slides.serving.parts.decode_rules import DecodeRules
from astrai_slides.serving.parts.flow import FlowPanel
from astrai_slides.serving.roles import Regions
from astrai_slides.serving.sim import Request, chat_figures, continuous_batching, static_batching
from astrai_slides.serving.words import en as words

LAYOUT = layout_for(DARK, *FRAMES["4:3"])
REGIONS = Regions.of(LAYOUT, DARK)
TOY = [Request(f"R{number}", 4, output) for number, output in enumerate((2, 7, 3, 4, 2), 1)]


def check(*mobjects) -> None:
    safe = LAYOUT.safe
    assert overlaps(items_of(mobjects)) == []
    for text in texts_of(mobjects):
        box = box_of(text)
        assert safe.left - 0.01 <= box.left, text.original_text
        assert box.right <= safe.right + 0.01, text.original_text


def test_the_loop_leaves_room_for_its_words() -> None:
    clock = LoopClock.in_box(REGIONS.body, DARK)
    check(clock, phase_captions(clock, DARK, words))


def test_rules_of_past_and_today_keep_apart() -> None:
    figures = chat_figures().decode_rules
    box = LAYOUT.body.cut_top(LAYOUT.body.height - DecodeRules.height(figures, DARK))[1]
    check(DecodeRules(figures, box, DARK, words).everything())


def test_words_under_a_figure_are_broken_where_they_would_be_too_small() -> None:
    static, continuous = static_batching(TOY, 3), continuous_batching(TOY, 3)
    _, panel = REGIONS.body.cut_left(REGIONS.body.width * 0.76)
    told = FlowPanel(panel, DARK, words)
    told.conclude(static, continuous)
    check(told.everything())


@pytest.mark.parametrize("aspect", list(FRAMES))
def test_frames_have_the_aspect_that_they_are_named_by(aspect: str) -> None:
    width, height = FRAMES[aspect]
    across, high = map(int, aspect.split(":"))
    assert width / height == pytest.approx(across / high)
