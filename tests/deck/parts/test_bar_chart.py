"""Bars: one scale, values that can be read, and captions that stay in their column."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples
from resting import check_rest

from astrai_slides.deck.parts.bars import BarChart, figure, is_ratio
from astrai_slides.deck.parts.head import Head
from astrai_slides.look.layout import layout_for
from astrai_slides.look.theme import DARK
from astrai_slides.serving.sim import Bar, Comparison, computed_comparison

LAYOUT = layout_for(DARK)


def chart_of(comparison: Comparison, claim: str = "AstrAI: 3.4x, single GPU", reason: str = "why") -> BarChart:
    head = Head(LAYOUT, DARK)
    head.change("Throughput comparison", comparison.caption)
    room = LAYOUT.below_rule.above(head.room_above(comparison.caption))
    chart = BarChart(comparison, claim, reason, room, DARK)
    check_rest(chart, head.shown, head.foot)
    return chart


@pytest.mark.long
def test_bars_are_as_long_as_their_values() -> None:
    comparison = computed_comparison(16, requests=1600, mean=50, seed=1)
    chart = chart_of(comparison)
    lengths = [bar.width for bar in chart.bars]
    values = [bar.value for bar in sorted(comparison.bars, key=lambda bar: not bar.baseline)]
    assert [length / lengths[0] for length in lengths] == pytest.approx([value / values[0] for value in values])
    assert len({round(float(bar.get_left()[0]), 6) for bar in chart.bars}) == 1


@pytest.mark.long
@settings(
    max_examples=examples(4), deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.floats(1, 5000), min_size=1, max_size=3), st.sampled_from(["output tokens/s", "x static batching"]))
def test_any_figures_rest(values, unit) -> None:
    told = "H100, 2026-10-01, at most 256 in flight"
    bars = [Bar("Continuous batching", value, told, headline=not at) for at, value in enumerate(values)]
    baseline = Bar("Static batching", 1.0, "the same", baseline=True)
    chart = chart_of(Comparison("measured", (*bars, baseline), "Measured with a tool.", unit), reason="")
    assert len(chart.bars) == len(values) + 1
    assert len(chart.header) == (unit == "output tokens/s")


def test_growing_ends_as_it_was_drawn() -> None:
    chart = chart_of(computed_comparison(16, requests=1600, mean=50, seed=1))
    whole = [(bar.width, bar.height) for bar in chart.bars]
    growing = chart.grow()
    assert max(bar.width for bar in chart.bars) < min(width for width, _ in whole) / 100
    assert [bar.height for bar in chart.bars] == pytest.approx([height for _, height in whole])
    growing.begin()
    growing.finish()
    assert [(bar.width, bar.height) for bar in chart.bars] == [pytest.approx(size) for size in whole]


def test_figures_are_written_in_their_unit() -> None:
    assert is_ratio("x static batching")
    assert not is_ratio("output tokens/s")
    assert figure(3.38, "x static batching") == "3.4×"
    assert [figure(value, "tokens/s") for value in (1234.6, 100, 12.34, 0.5)] == ["1,235", "100", "12.3", "0.5"]


def test_only_the_index_of_a_harmonic_number_is_set_low() -> None:
    comparison = Comparison("computed", (Bar("A", 1.0, "H_16, a_2023_b", headline=True),), "Computed.", "x static")
    chart = chart_of(comparison, claim="", reason="")
    assert [line.original_text for line in chart.names[0][1:]] == ["H₁₆, a_2023_b"]
