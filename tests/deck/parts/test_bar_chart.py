"""Bars: one scale, values that can be read, and captions that stay in their column."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples
from resting import check_rest

from astrai_slides.deck.parts.bars import BarChart, figure
from astrai_slides.deck.parts.comparison import Bar, Comparison
from astrai_slides.deck.parts.head import Head
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import layout_for
from astrai_slides.look.theme import DARK

LAYOUT = layout_for(DARK)


BARS = (
    Bar("Before", 1.0, "as it was", baseline=True),
    Bar("One way", 1.2, "in half of all cases"),
    Bar("Another", 3.4, "where nobody waits, which is seldom", headline=True),
)


def chart_of(comparison: Comparison) -> BarChart:
    head = Head(LAYOUT, DARK)
    head.change("Throughput comparison", comparison.caption)
    room = LAYOUT.body.above(head.room_above(comparison.caption))
    chart = BarChart(comparison, room, DARK).settle(room.bottom)
    check_rest(chart, head.shown, head.foot)
    return chart


@pytest.mark.long
def test_bars_are_as_long_as_their_values() -> None:
    comparison = Comparison("computed", BARS, "Computed.", "x before", ratio=True)
    chart = chart_of(comparison)
    lengths = [bar.width for bar in chart.bars]
    values = [bar.value for bar in sorted(comparison.bars, key=lambda bar: not bar.baseline)]
    assert [length / lengths[0] for length in lengths] == pytest.approx([value / values[0] for value in values])
    assert len({round(float(bar.get_left()[0]), 6) for bar in chart.bars}) == 1


@pytest.mark.long
@settings(
    max_examples=examples(4), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.floats(1, 5000), min_size=1, max_size=3), st.booleans())
def test_any_figures_rest(values, ratio) -> None:
    unit = "x static batching" if ratio else "output tokens/s"
    told = "H100, 2026-10-01, at most 256 in flight"
    bars = [Bar("Continuous batching", value, told, headline=not at) for at, value in enumerate(values)]
    baseline = Bar("Static batching", 1.0, "the same", baseline=True)
    chart = chart_of(Comparison("measured", (*bars, baseline), "Measured with a tool.", unit, ratio))
    assert len(chart.bars) == len(values) + 1
    assert len(chart.header) == (not ratio)


def test_growing_ends_as_it_was_drawn() -> None:
    chart = chart_of(Comparison("computed", BARS, "Computed.", "x before", ratio=True))
    whole = [(bar.width, bar.height) for bar in chart.bars]
    growing = chart.grow()
    assert max(bar.width for bar in chart.bars) < min(width for width, _ in whole) / 100
    assert [bar.height for bar in chart.bars] == pytest.approx([height for _, height in whole])
    growing.begin()
    growing.finish()
    assert [(bar.width, bar.height) for bar in chart.bars] == [pytest.approx(size) for size in whole]


def test_figures_are_written_as_ratios_or_amounts() -> None:
    assert figure(3.38, ratio=True) == "3.4×"
    assert [figure(value, ratio=False) for value in (2034.5, 1234.65, 100, 12.34, 0.5)] == [
        *("2,034.5", "1,234.7", "100", "12.3", "0.5")
    ]


def test_what_is_left_over_is_above_and_below_in_equal_parts() -> None:
    chart = chart_of(Comparison("computed", BARS[:1], "Computed.", "x before", ratio=True))
    room = LAYOUT.body.above(Head(LAYOUT, DARK).room_above("Computed."))
    above = room.top - float(chart.get_top()[1])
    below = float(chart.get_bottom()[1]) - room.bottom
    assert below > 0.5
    assert above == pytest.approx(below, abs=DARK.type.body)


def test_names_of_plain_bars_take_no_more_than_they_need() -> None:
    chart = BarChart.of({"A": 3.0, "Longer": 1.0}, "miles", LAYOUT.body, DARK)
    assert chart.columns.left == pytest.approx(LAYOUT.body.left + chart.names[1].width + DARK.space.gap, abs=1e-3)
    assert float(chart.names.get_left()[0]) == pytest.approx(LAYOUT.body.left, abs=1e-3)
    assert len(chart.reference) == 0


def test_what_bars_cannot_show_is_named_with_the_remedy() -> None:
    def told(values: dict[str, float], says: str) -> None:
        with pytest.raises(DeckError, match=says):
            BarChart.of(values, "miles", LAYOUT.body, DARK)

    told({}, "there are no bars to show; give at least one")
    told({"A": 1.0, "B": -2.0}, "the bar 'B' is -2; bars begin at 0, so give 0 or more")
    told({"A": float("nan")}, "the bar 'A' is nan; bars begin at 0")
    told({"A": 0.0, "B": 0.0}, "all bars are 0, .*; give one of them a value")
    told({str(number): 1.0 for number in range(30)}, r"there are 30 bars, of which \d+ can be read at once; leave some")
    nothing = Comparison("computed", (Bar("A", 0.0, baseline=True), Bar("B", 1.0)), "", "x", ratio=True)
    with pytest.raises(DeckError, match="the bar 'A' is 0, and nothing can be measured against that"):
        BarChart(nothing, LAYOUT.body, DARK)
    long = Comparison("computed", (Bar("A", 1.0, "assumed " * 60),), "", "x", ratio=True)
    with pytest.raises(DeckError, match="is more than can be read beside the bar 'A'; shorten it"):
        BarChart(long, LAYOUT.body, DARK)
