"""Requests in flight as areas, and a sweep as points: where they stand is what was measured."""

from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from lanes import examples
from resting import box_of, check_rest

from astrai_slides.look.layout import Box, Layout
from astrai_slides.serving.parts.in_flight import load_areas
from astrai_slides.serving.parts.replay import ReplayPicture
from astrai_slides.serving.parts.sweep import SweepChart
from astrai_slides.serving.sim.in_flight import in_flight
from astrai_slides.serving.sim.measured import Labelled, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRequest
from astrai_slides.serving.sim.measured.sweep import measured_sweep
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.words import en as words

pytestmark = pytest.mark.long

FILE = Path("run.json")
TIMES = ((0.0, 0.5, 1.0, 4.0), (1.0, 2.0, 2.5, 3.0), (2.0, 3.0, 4.0, 6.0))
"""Of a request: sent, begun, first token, end."""
REQUESTS = tuple(
    MeasuredRequest(5, 5, sent, first - sent, end - sent, (), begun - sent) for sent, begun, first, end in TIMES
)
RUN = MeasuredRun(Tool.ASTRAI, FILE, requests=REQUESTS)


def test_every_area_has_the_height_of_its_count_at_every_time(theme) -> None:
    load = in_flight([(request.start or 0.0, request) for request in REQUESTS], 6.0)
    box = Box(0.0, 0.0, 6.0, float(load.peak))
    decoding, prefill, waiting = load_areas(load, 6.0, box, theme)
    assert load.peak == 3
    for area, height in ((decoding, 2), (prefill, 2), (waiting, 3)):
        assert box_of(area).top == pytest.approx(height)
    assert box_of(decoding).right == pytest.approx(6.0)
    assert box_of(waiting).right == pytest.approx(6.0)
    assert [area.get_fill_opacity() for area in (decoding, prefill, waiting)] == [1, 0.6, theme.space.ghost]


def test_a_curve_stands_over_the_rows_and_all_rests_apart(layout: Layout, theme) -> None:
    picture = ReplayPicture(replay(RUN), layout.body, theme, words, curve=True)
    check_rest(picture.everything())
    assert box_of(picture.curve).bottom > picture.lanes.top
    assert box_of(picture.curve).left >= picture.lanes.left - 1e-6
    assert [text.original_text for text in picture.curve_marks[:2]] == ["3", "in flight"]
    assert [sign[1].original_text for sign in picture.legend] == ["waiting", "prefill", "decode", "END: last token"]
    bar = picture.bars[0]
    assert len(bar) == 4, "waiting, prefill, decode and the cap"
    assert [box_of(part).right for part in bar[:2]] == pytest.approx([picture.at(0.5), picture.at(1.0)])


def sweep_of(*points: tuple[float, float, float]):
    runs = [
        Labelled(
            f"{rate:g}/s", MeasuredRun(Tool.VLLM, FILE, rate_, request_rate=rate, told=Latencies(None, time, None))
        )
        for rate, rate_, time in points
    ]
    return measured_sweep(runs)


def test_points_stand_where_throughput_and_latency_say(layout: Layout, theme) -> None:
    chart = SweepChart(sweep_of((8, 500, 6.0), (1, 100, 2.0), (4, 400, 2.5)), layout.body, theme, words)
    check_rest(chart.everything())
    field = chart.field
    places = [(dot.get_center()[0] - field.left, dot.get_center()[1] - field.bottom) for dot in chart.points]
    for (x, y), throughput, latency in zip(places, (100, 400, 500), (2.0, 2.5, 6.0), strict=True):
        assert x / places[-1][0] == pytest.approx(throughput / 500)
        assert y / places[-1][1] == pytest.approx(latency / 6.0)
    assert [text.original_text for text in chart.labels] == ["1/s", "4/s", "8/s"]


@settings(max_examples=examples(10), phases=[phase for phase in Phase if phase is not Phase.shrink])  # each draws texts
@example([(1.0, 1.0), (89286.0, 1.0)])
@given(st.lists(st.tuples(st.floats(1e-3, 1e6), st.floats(1e-4, 1e4)), min_size=2, max_size=6))
def test_labels_of_any_points_cover_nothing(layout: Layout, theme, points: list[tuple[float, float]]) -> None:
    given_ = [(float(rate), *point) for rate, point in enumerate(points, 1)]
    chart = SweepChart(sweep_of(*given_), layout.body, theme, words)
    check_rest(chart.everything())
