"""Sentences and notes say what the timelines hold, and nothing else."""

from pathlib import Path

import pytest

from astrai_slides.serving.sim import Request, continuous_batching, decode_rule_comparison, static_batching
from astrai_slides.serving.talk import ServingTalk
from astrai_slides.serving.words import en as words

TOY = [
    Request(f"R{number}", prompt, output)
    for number, (prompt, output) in enumerate(zip((6, 11, 4, 9, 7), (2, 7, 3, 4, 2), strict=True), 1)
]
STATIC, CONTINUOUS = static_batching(TOY, 3), continuous_batching(TOY, 3)
SCENE = 'scene = "deck.py:Deck"\ntitle = "A talk"\n[toy]\nslots = 1\nrequests = [{ prompt = 1, output = 1 }]\n'


@pytest.fixture
def talk(tmp_path: Path):
    def load(body: str = "") -> ServingTalk:
        (tmp_path / "deck.py").write_text("class Deck: ...\n")
        file = tmp_path / "talk.toml"
        file.write_text(SCENE + body)
        return ServingTalk.load(file)

    return load


def test_numbers_and_lists_read_as_speech() -> None:
    assert [words.count(n, "slot") for n in (0, 1, 2, 10, 11)] == [
        "no slots",
        "one slot",
        "two slots",
        "ten slots",
        "11 slots",
    ]
    assert [words.listed(["R1", "R2", "R3"][:n]) for n in range(4)] == ["", "R1", "R1 and R2", "R1, R2 and R3"]
    assert words.percent(18 / 33) == "55 %"
    assert [words.seconds(time) for time in (0.25, 2.0, 14.26, 1234.5)] == ["0.25 s", "2 s", "14.3 s", "1,234 s"]


def test_every_turn_of_the_toy_is_told() -> None:
    assert [words.turn_sentence(STATIC, turn) for turn in (1, 2, 3, 4, 8, 11)] == [
        "R1, R2 and R3 start at turn 1.",
        "R1 yields its last token.",
        "One slot idle: R4 and R5 must wait for R2 and R3.",
        "Two slots idle: R4 and R5 must wait for R2.",
        "R4 and R5 start in a new batch at turn 8.",
        "Nobody waits: two slots run dry.",
    ]
    assert words.turn_sentence(CONTINUOUS, 3) == "R4 takes R1’s slot at turn 3."
    assert words.turn_sentence(CONTINUOUS, 4) == "R5 takes R3’s slot at turn 4."
    assert words.turn_sentence(CONTINUOUS, 7) == "Nobody waits: two slots run dry."
    assert words.first_takeover(CONTINUOUS) == "R4 took R1’s slot at turn 3, in mid-flight."


def test_the_toy_s_figure_is_only_its_own() -> None:
    assert words.toy_speedup(11, 7) == "turns: 1.57× in this picture"
    assert words.saved(4) == "four turns saved"
    assert words.occupancy_change(STATIC, CONTINUOUS) == "useful cells: 55 → 86 %"
    assert "**for this picture only**" in words.flow_notes(STATIC, CONTINUOUS)
    assert words.conclusion(STATIC, CONTINUOUS) == words.first_takeover(CONTINUOUS)


@pytest.mark.parametrize(
    ("outputs", "slots", "why"),
    [
        ((3, 4), 2, "every request had a slot"),
        ((3, 4), 1, "with one slot"),
        ((2, 2, 2, 2), 2, "no slot came free early"),
    ],
)
def test_no_gain_says_why(outputs, slots, why) -> None:
    requests = [Request(f"R{number}", 4, output) for number, output in enumerate(outputs, 1)]
    assert why in words.conclusion(static_batching(requests, slots), continuous_batching(requests, slots))


def test_a_scaled_toy_says_what_it_was_scaled_from() -> None:
    assert words.workload_line(TOY, 3) == "Toy: three slots, answers of 2, 7, 3, 4, 2 tokens, all waiting at the start."
    assert words.workload_line(TOY, 3, "5 of 19,366 requests.") == (
        "Toy, three slots, all waiting at the start: 5 of 19,366 requests."
    )
    assert words.spawn_foot("5 of 19,366 requests.").endswith("when the answer ends. 5 of 19,366 requests.")


def test_the_harmonic_number_explains_memoryless_lengths_only(talk) -> None:
    drawn = talk('[throughput]\nsource = "computed"\nslots = 4\nrequests = 400\nmean = 20\n')
    assert words.reason(drawn) == "four slots, memoryless lengths: 1 + 1/2 + 1/3 + 1/4 = 2.08"
    assert "H(4) = 2.083" in words.throughput_notes(drawn)
    own = talk(
        '[throughput]\nsource = "computed"\nslots = 4\n'
        '[throughput.workload]\nkind = "uniform"\nrequests = 400\nmean = 20\n'
    )
    assert words.reason(own) == ""
    assert "harmonic" not in words.throughput_notes(own)
    assert "**full queue**" in words.throughput_notes(own)


def test_measured_figures_need_no_slots(talk) -> None:
    measured = talk('[throughput]\nsource = "table"\nstatic = 100\ncontinuous = 250\nmeasured_by = "us"\n')
    assert measured.throughput.slots is None
    assert words.reason(measured) == ""
    notes = words.throughput_notes(measured)
    assert "Measured by us." in notes
    assert "**Continuous batching: 2.5x**" in notes
    assert "full queue" not in notes


def test_decode_rules_are_told_as_computed() -> None:
    rules = decode_rule_comparison()
    notes = words.batching_notes(CONTINUOUS, 5, 3, rules)
    assert "Turn 5 of 7, with R4, R2 and R5 in decode." in notes
    for bar, figure in zip(rules.bars, ("3.2", "1.0", "15.8"), strict=True):
        assert f"| {bar.label} | {figure} |" in notes
    assert "Computed: 16 slots" in notes
    assert words.rule_line(rules.bars[1]) == "rows per forward: every group in turn"
    assert "Nothing decodes" in words.batching_notes(CONTINUOUS, 1, 0, rules)
