import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest

from astrai_slides.serving.sim import (
    DecodeRule,
    FirstToken,
    Options,
    Policy,
    computed_comparison,
    decode_rule_comparison,
)
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.figures import chat_figures
from astrai_slides.serving.sim.throughput import turn_counts


@pytest.fixture(scope="module")
def trace(shared_data: Path) -> dict[str, np.ndarray]:
    with (shared_data / "azure_llm_2023_conv.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([int(row[name]) for row in rows]) for name in ("ContextTokens", "GeneratedTokens")}


def test_the_default_talks_bars_are_computed_and_tell_what_they_assume() -> None:
    comparison = computed_comparison()
    assert comparison.kind == "computed"
    assert [round(bar.value, 1) for bar in comparison.bars] == [1.0, 1.0, 2.3, 3.4]
    assert [bar.baseline for bar in comparison.bars] == [True, False, False, False]
    assert [bar.headline for bar in comparison.bars] == [False, False, False, True]
    assert comparison.bars[1].value == 1.0
    assert comparison.caption.startswith("Computed: 16 slots, full queue")
    for fact in ("N = 200,000", "Azure LLM inference trace 2023", "CC-BY", "mean 200 tokens"):
        assert fact in comparison.caption
    assert "N = 19,366" in comparison.bars[2].assumes
    assert "H_16 = 3.381" in comparison.bars[3].assumes


def test_other_slots_give_other_bars_and_no_real_bar_without_a_figure() -> None:
    assert round(computed_comparison(4).bars[2].value, 3) == 1.752
    large = computed_comparison(100)
    assert [bar.label for bar in large.bars] == ["Static batching", "Equal lengths", "Memoryless lengths"]
    assert "Azure" not in large.caption
    with pytest.raises(ValueError, match="at least one slot"):
        computed_comparison(0)


def test_the_shipped_chat_figures_are_what_the_scheduler_makes_of_the_trace(shared_data: Path, trace) -> None:
    figures = chat_figures()
    assert sorted(figures.turns) == list(range(1, 65))
    assert figures.requests == len(trace["GeneratedTokens"]) == 19_366
    for slots, counts in figures.turns.items():
        assert turn_counts(trace["GeneratedTokens"], slots) == counts
    raw = (Path(__file__).parents[3] / "astrai_slides/serving/sim/data/azure_conv_2023.json").read_text("utf-8")
    assert hashlib.sha256((shared_data / "azure_llm_2023_conv.csv").read_bytes()).hexdigest() in raw


@pytest.mark.parametrize(("slots", "speedup"), [(4, 1.752), (8, 2.068), (16, 2.333), (32, 2.597), (64, 2.887)])
def test_the_published_speedups_of_the_azure_trace(trace, slots, speedup) -> None:
    assert turn_counts(trace["GeneratedTokens"], slots).speedup == pytest.approx(speedup, abs=0.001)


@pytest.mark.parametrize(
    ("first_token", "expected"),
    [(FirstToken.DECODE, (3.2, 1.0, 15.8)), (FirstToken.PREFILL, (3.3, 1.0, 15.7))],
)
def test_rows_per_forward_of_astrais_decode_rules(trace, first_token, expected) -> None:
    """The storyboard's figures are those of early AstrAI, whose prefill yielded no token; today's loop differs."""
    shipped = chat_figures().decode_rules
    for rule, rows in zip(DecodeRule, expected, strict=True):
        account = run(
            trace["GeneratedTokens"][: shipped.requests],
            Policy.CONTINUOUS,
            Options(shipped.slots, decode_rule=rule, first_token=first_token),
            prompt_tokens=trace["ContextTokens"][: shipped.requests],
        )
        assert round(account.rows_per_forward, 1) == rows
        if first_token is FirstToken.DECODE:
            assert account.rows_per_forward == shipped.rows_per_forward[rule]


def test_rows_per_forward_are_shown_with_their_source() -> None:
    comparison = decode_rule_comparison()
    assert [round(bar.value, 1) for bar in comparison.bars] == [3.2, 1.0, 15.8]
    assert "N = 1,500" in comparison.caption
    assert "16 slots" in comparison.caption
    assert "Azure" in comparison.caption
