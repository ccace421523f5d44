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
    chat_figures,
    computed_speedups,
)
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.figures import code_turns
from astrai_slides.serving.sim.throughput import turn_counts


@pytest.fixture(scope="module")
def trace(shared_data: Path) -> dict[str, np.ndarray]:
    with (shared_data / "azure_llm_2023_conv.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([int(row[name]) for row in rows]) for name in ("ContextTokens", "GeneratedTokens")}


def test_the_default_talks_figures() -> None:
    figures = computed_speedups()
    assert figures.equal.speedup == 1.0
    assert figures.chat is not None
    assert [round(each.speedup, 1) for each in (figures.equal, figures.chat, figures.memoryless)] == [1.0, 2.3, 3.4]
    assert figures.speedup == figures.memoryless.speedup
    assert [each.requests for each in (figures.equal, figures.chat, figures.memoryless)] == [200_000, 19_366, 200_000]
    assert (figures.slots, figures.equal_length) == (16, 200)


def test_code_answers_are_shipped_beside_the_chat() -> None:
    """Counted from Azure's code trace, which the project does not hold: one slot takes a turn a token."""
    turns = code_turns()
    assert sorted(turns) == list(range(1, 65))
    assert (turns[1].static, turns[1].continuous, turns[1].requests) == (245_896, 245_896, 8_819)
    assert [round(turns[slots].speedup, 2) for slots in (4, 16, 64)] == [2.44, 5.45, 9.93]
    # No schedule can need fewer turns than all tokens over the slots, and a static batch none fewer than that.
    for slots, counts in turns.items():
        assert counts.static >= counts.continuous >= 245_896 / slots


def test_equal_lengths_come_in_whole_batches() -> None:
    assert computed_speedups(16, requests=100, mean=20).equal.requests == 96
    assert computed_speedups(16, requests=10, mean=20).equal.requests == 16


def test_other_slots_give_other_figures_and_no_real_one_where_none_is_shipped() -> None:
    four = computed_speedups(4)
    assert four.chat is not None
    assert round(four.chat.speedup, 3) == 1.752
    assert computed_speedups(100).chat is None
    with pytest.raises(ValueError, match="at least one slot"):
        computed_speedups(0)


def test_the_shipped_chat_figures_are_what_the_scheduler_makes_of_the_trace(shared_data: Path, trace) -> None:
    figures = chat_figures()
    assert sorted(figures.turns) == list(range(1, 65))
    assert (figures.trace, figures.year) == ("azure", 2023)
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
