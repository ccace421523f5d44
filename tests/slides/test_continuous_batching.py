"""The ContinuousBatching deck as it is recorded: names, notes, times, and what every step leaves on screen."""

import pytest

from astrai_slides.check.checker import check
from astrai_slides.check.registry import RULES
from astrai_slides.check.source import DeckSource
from astrai_slides.look.theme import LONGEST_MOTION
from astrai_slides.recording.format.model import GRID, Step
from astrai_slides.serving.sim.figures import computed_speedups
from astrai_slides.serving.words import en as words

STEPS = ["title", "pipeline", "spawn", "flow", "batching", "throughput"]
IN_TIME = {"moves-too-long", "flashing", "crossing-texts"}
"""Rules that say nothing of a deck recorded at two frames a second; patience is tried by what was asked for."""
DECKS = ["default_deck", "measured_deck", "divided_deck"]


@pytest.fixture
def steps(default_deck) -> dict[str, Step]:
    return {step.name: step for step in default_deck.recording.steps}


def said(step: Step) -> list[str]:
    return [run.text for run in step.texts]


def test_six_steps_in_order(default_deck) -> None:
    assert [step.name for step in default_deck.recording.steps] == STEPS
    assert default_deck.recording.warnings == ()
    assert not any(step.film for step in default_deck.recording.steps)


def test_long_steps_are_divided_when_asked(divided_deck) -> None:
    names = [step.name for step in divided_deck.recording.steps]
    assert names == [
        "title",
        "pipeline/states",
        "pipeline/loop",
        "spawn",
        "flow/static",
        "flow/continuous",
        "batching/then",
        "batching/now",
        "throughput",
    ]
    notes = [step.notes for step in divided_deck.recording.steps]
    assert all(each.startswith("\n# ") for each in notes)
    assert len(set(notes)) == len(notes)
    long = [step.name for step, s in zip(divided_deck.recording.steps, divided_deck.seconds, strict=True) if s > 10.5]
    assert not [name for name in long if not name.startswith("flow/")]


def test_every_step_has_a_title_and_notes_of_its_own(steps) -> None:
    assert [step.title for step in steps.values()] == [
        "Continuous Batching",
        "One loop, once per token",
        "Five requests, three slots",
        "Static, then continuous batching",
        "Turn 5, frozen: inside one decode",
        "Throughput comparison",
    ]
    headings = [step.notes.strip().splitlines()[0] for step in steps.values()]
    assert all(heading.startswith("# ") for heading in headings)
    assert len(set(headings)) == len(STEPS)
    assert "| R2 | 11 | 7 |" in steps["spawn"].notes
    assert "11 to 7 turns is 1.57×, **for this picture only**" in steps["flow"].notes
    assert "H(16) = 3.381" in steps["throughput"].notes


@pytest.mark.parametrize("deck", DECKS)
def test_no_step_moves_longer_than_the_speaker_s_patience(deck, request) -> None:
    recorded = request.getfixturevalue(deck)
    assert len(recorded.seconds) == len(recorded.recording.steps)
    assert max(recorded.seconds) <= LONGEST_MOTION
    assert min(recorded.seconds) > 3


@pytest.mark.parametrize("deck", DECKS)
def test_nothing_is_found_that_an_audience_could_not_read(deck, request, project_root) -> None:
    recording = request.getfixturevalue(deck).recording
    assert min(len(step.texts) for step in recording.steps) > 1
    source = DeckSource.read(project_root / "slides" / "continuous_batching.py", "ContinuousBatching")
    assert source.off == []
    checked = check(recording, source, rules=set(RULES) - IN_TIME)
    assert [finding.sentence for finding in checked.findings] == []


def test_the_last_frames_stand_alone(steps) -> None:
    stages = ["Waiting Queue", "Prefill", "Decode (batched)", "Finished"]
    assert {"Continuous Batching", "A slot freed in one turn is filled in the next."} <= set(said(steps["title"]))
    assert {*stages, "4-phase", "generation", "loop", "cleanup", "refill", "prefill", "decode"} <= set(
        said(steps["pipeline"])
    )
    spawn = said(steps["spawn"])
    assert spawn.count("?") == 5
    assert [spawn.count(name) for name in ("R1", "R2", "R3", "R4", "R5", "slot 1", "slot 2", "slot 3")] == [1] * 8
    flow = said(steps["flow"])
    assert {*stages, "11 → 7", "18 / 21", "four turns saved", "turns: 1.57× in this picture"} <= set(flow)
    assert "useful cells: 55 → 86 %" in flow
    # 18 cells in either grid, and five requests in Finished.
    assert sum(flow.count(name) for name in ("R1", "R2", "R3", "R4", "R5")) == 2 * 18 + 5
    assert "END: last token" in flow
    assert "3.4" not in " ".join(flow)
    batching = said(steps["batching"])
    assert {*stages, "same-position batch decoding", "one forward, every row at its own position"} <= set(batching)
    assert batching.count("+1") == 3
    # The positions of R4, R2 and R5 in turn 5, and the figures of the decode rules, said to be computed.
    assert {"11", "15", "8", "3.2", "1.0", "15.8"} <= set(batching)
    assert any(text.startswith("Computed: 16 slots") for text in batching)


def test_small_print_is_one_line_and_the_notes_have_the_rest(default_deck, steps) -> None:
    for step in default_deck.recording.steps:
        lowest = min(run.box[1] for run in step.texts)
        foot = [run.text for run in step.texts if run.box[1] - lowest < GRID // 4]
        assert len(foot) == 1 or step.name == "title", (step.name, foot)
    for name in ("batching", "throughput"):
        assert "Azure LLM inference trace 2023" not in " ".join(said(steps[name]))
        assert (
            "Azure LLM inference trace 2023, conversation (CC-BY; Patel et al., Splitwise, ISCA 2024)"
            in steps[name].notes
        )
    assert "Memoryless (geometric) and equal lengths: N = 200,000 each" in steps["throughput"].notes


def test_the_bars_are_the_computed_figures(steps) -> None:
    shown = said(steps["throughput"])
    values = [f"{bar.value:.1f}×" for bar in words.comparison(computed_speedups()).bars]
    assert values == ["1.0×", "1.0×", "2.3×", "3.4×"]
    assert sorted(text for text in shown if text.endswith("×")) == sorted(values)
    assert "AstrAI’s promo: 3.4×, single GPU; no measurement published" in shown
    assert "Computed: 3.38× at 16 slots; memoryless lengths: 1 + 1/2 + … + 1/16 = 3.38" in shown
    caption = " ".join(shown)
    assert "Computed: 16 slots, full queue" in caption
    assert "Azure 2023 conversation trace" in caption


def test_a_measured_run_replaces_the_flow(measured_deck) -> None:
    steps = {step.name: step for step in measured_deck.recording.steps}
    assert list(steps) == STEPS
    flow = said(steps["flow"])
    assert {"A server, as measured", "row 1", "row 2", "R1", "R2", "R3", "0", "2 s"} <= set(flow)
    told = " ".join(flow)
    assert "Measured with vLLM bench serve: Qwen/Qwen3-8B, 1 x H100, 2026-03-02" in told
    assert "slot 1" not in told
    # What is frozen afterwards is the toy again.
    assert {"Decode (batched)", "R1", "+1"} <= set(said(steps["batching"]))


def test_a_language_without_words_is_noted_when_the_deck_is_built(measured_deck) -> None:
    assert [
        each for each in measured_deck.recording.warnings if each.text.startswith("language 'tlh' has no words yet")
    ]


def test_measured_bars_say_their_unit_and_nothing_of_harmonic_numbers(measured_deck) -> None:
    step = measured_deck.recording.steps[-1]
    shown = said(step)
    assert {"812", "1,934", "output tokens/s", "Continuous batching: 2.38× static"} <= set(shown)
    assert "Measured by our cluster team: 1 x H100." in shown
    assert not any("memoryless" in text for text in [*shown, step.notes])


def test_what_was_scaled_says_so(divided_deck) -> None:
    steps = {step.name: step for step in divided_deck.recording.steps}
    for name in ("spawn", "flow/static", "flow/continuous"):
        told = " ".join(said(steps[name]))
        assert "4 of 500 requests, evenly spread; answers drawn at 1:" in told, name
    assert "1/8" not in " ".join(said(steps["throughput"]))
    assert "harmonic" not in steps["throughput"].notes
