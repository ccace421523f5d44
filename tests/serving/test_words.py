"""Sentences and notes say what the timelines hold, and nothing else."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from astrai_slides.serving.sim import (
    DecodeRule,
    Options,
    Request,
    TurnCost,
    chat_figures,
    computed_speedups,
    continuous_batching,
    decode_rows,
    static_batching,
)
from astrai_slides.serving.sim.claim import Claim
from astrai_slides.serving.sim.measured import Conditions, Labelled, WrittenThroughputs, measured_throughputs
from astrai_slides.serving.sim.measured.reading import read_run
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.sim.traces import FORMATS, Cut, TraceOrigin
from astrai_slides.serving.sim.traces.published import CODE, CONVERSATION, Published
from astrai_slides.serving.sim.workload import ConstantLengths, LognormalLengths, StagePick, WrittenOrigin
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


def notes_of(talk: ServingTalk) -> str:
    figures = talk.figures()
    return words.throughput_notes(figures, talk.throughput.quoted)


def test_numbers_and_lists_read_as_speech() -> None:
    assert [words._count(n, "slot") for n in (0, 1, 2, 10, 11)] == [
        "no slots",
        "one slot",
        "two slots",
        "ten slots",
        "11 slots",
    ]
    assert [words._listed(["R1", "R2", "R3"][:n]) for n in range(4)] == ["", "R1", "R1 and R2", "R1, R2 and R3"]
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
    assert words.conclusion(STATIC, CONTINUOUS) == "R4 took R1’s slot at turn 3, in mid-flight."


def test_the_toy_s_figure_is_only_its_own() -> None:
    assert words.toy_speedup(11, 7) == "turns: 1.57× in this picture"
    assert words.saved(4) == "four turns saved"
    assert words.occupancy_change(STATIC, CONTINUOUS) == "useful cells: 55 → 86 %"
    notes = words.flow_notes(STATIC, CONTINUOUS)
    assert "**for this picture only**" in notes
    assert "Drawn to equal width, but a turn with a prefill in it takes longer" in notes, "as all columns are as wide"


def test_the_title_slide_says_what_comes_of_it_by_what_was_computed() -> None:
    chat = chat_figures()
    what, gain = words.promise(chat).splitlines()
    assert what == "A slot freed in one turn is filled in the next."
    assert words.times(chat.turns[chat.decode_rules.slots].speedup) in gain


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
    assert (
        words.workload_line(TOY, 3, None)
        == "Toy: three slots, answers of 2, 7, 3, 4, 2 tokens, all waiting at the start."
    )
    assert words.workload_line(TOY[:1], 1, None) == "Toy: one slot, an answer of 2 tokens, waiting at the start."
    pick = StagePick(tuple(TOY), 19_366, "spread", 1.0, 77.8, WrittenOrigin(19_366))
    picked = "5 of 19,366 requests, evenly spread; answers drawn at 1:77.8. 19,366 requests written out."
    assert words.workload_line(TOY, 3, pick) == f"Toy, three slots, all waiting at the start: {picked}"
    assert words.spawn_foot(pick).endswith(f"when the answer ends. {picked}")
    assert words.spawn_foot(None).endswith("when the answer ends.")


def test_the_harmonic_number_explains_memoryless_lengths_only(talk) -> None:
    drawn = talk('[throughput]\nsource = "computed"\nslots = 4\nrequests = 400\nmean = 20\n')
    value = f"{drawn.figures().speedup:.2f}"
    found = f"Computed: {value}× at 4 slots; memoryless lengths: 1 + 1/2 + 1/3 + 1/4 = 2.08"
    assert words.finding(drawn.figures()) == found
    assert "H(4) = 2.083" in notes_of(drawn)
    own = talk(
        '[throughput]\nsource = "computed"\nslots = 4\n'
        '[throughput.workload]\nkind = "uniform"\nrequests = 400\nmean = 20\n'
    )
    assert words.finding(own.figures()) == f"Computed: {own.figures().speedup:.2f}× at 4 slots"
    assert "harmonic" not in notes_of(own)
    assert "**full queue**" in notes_of(own)


def test_measured_figures_need_no_slots(talk) -> None:
    measured = talk('[throughput]\nsource = "table"\nstatic = 100\ncontinuous = 250\nmeasured_by = "us"\n')
    assert measured.throughput.slots is None
    assert words.finding(measured.figures()) == "Continuous batching: 2.50× static"
    notes = notes_of(measured)
    assert "Measured by us." in notes
    assert "**Continuous batching: 2.50× static**" in notes
    assert "full queue" not in notes


def test_decode_rules_are_told_as_computed() -> None:
    chat = chat_figures()
    notes = words.batching_notes(CONTINUOUS, 5, chat)
    assert "Turn 5 of 7, with R4, R2 and R5 in decode." in notes
    for line in (
        "| Largest same-position group only | 3.2 | the others wait |",
        "| One same-position group after another | 1.0 | one forward each |",
        "| One merged forward | 15.8 | every row at its own position |",
    ):
        assert line in notes
    assert words.decode_rules_caption(chat) in notes
    for fact in ("Computed: 16 slots", "N = 1,500"):
        assert fact in words.decode_rules_caption(chat)
    assert "Azure LLM inference trace 2023, conversation (CC-BY; Patel" in notes
    assert words.rule_line(DecodeRule.EVERY_GROUP) == "rows per forward: one group after another"
    assert "Nothing decodes" in words.batching_notes(CONTINUOUS, 1, chat)


def test_a_frozen_turn_says_who_could_decode_together() -> None:
    rows = decode_rows(CONTINUOUS, 5)
    assert words.frozen_heading(5, rows) == "Turn 5, frozen: inside one decode"
    assert words.same_position_sentence(rows).endswith("Here that is 1 of 3.")
    assert words.merged_sentence(rows).startswith("Now all three rows go together")
    assert words.frozen_heading(1, []) == "Inside one decode"


def test_a_byline_writes_its_date_without_the_platform_s_help() -> None:
    assert words.byline("Ada", "", datetime.date(2026, 11, 4)) == "Ada · 4 November 2026"
    assert words.byline("", "PyCon", None) == "PyCon"


def test_the_default_talks_bars_tell_what_they_assume() -> None:
    comparison = words.comparison(computed_speedups())
    assert (comparison.kind, comparison.unit, comparison.ratio) == ("computed", "× static", True)
    assert [round(bar.value, 1) for bar in comparison.bars] == [1.0, 1.0, 2.3, 3.4]
    assert [bar.baseline for bar in comparison.bars] == [True, False, False, False]
    assert [bar.headline for bar in comparison.bars] == [False, False, False, True]
    assert comparison.caption.startswith("Computed: 16 slots, full queue")
    for fact in ("N = 200,000", "Azure LLM inference trace 2023", "CC-BY", "mean 200 tokens"):
        assert fact in comparison.whole_caption
    assert comparison.bars[2].assumes == "N = 19,366, Azure 2023 conversation trace"
    # Set low on a slide, written out in notes.
    assert "H₁₆ = 3.381" in comparison.bars[3].assumes
    notes = words.throughput_notes(computed_speedups(), None)
    assert "H_16 = 3.381" in notes
    assert "H₁₆" not in notes


def test_slots_without_a_real_figure_have_no_real_bar() -> None:
    large = words.comparison(computed_speedups(100))
    assert [bar.label for bar in large.bars] == ["Static batching", "Equal lengths", "Memoryless lengths"]
    assert "Azure" not in large.caption


def test_bars_of_two_files(serving_data: Path) -> None:
    run = read_run(serving_data / "vllm_detailed.json")
    runs = [Labelled("static", run), Labelled("continuous", replace(run, output_throughput=13.5))]
    comparison = words.comparison(measured_throughputs(runs))
    assert words.finding(measured_throughputs(runs)) == "Continuous: 3.00× static"
    assert [(bar.label, bar.value, bar.baseline, bar.headline) for bar in comparison.bars] == [
        ("static", 4.5, True, False),
        ("continuous", 13.5, False, True),
    ]
    assert (comparison.kind, comparison.unit, comparison.ratio) == ("measured", "output tokens/s", False)
    assert comparison.caption == (
        "Measured with vLLM bench serve: Qwen/Qwen3-8B, 1 x H100, 2026-03-02, at most 2 requests in flight,"
        " mean tokens 20 in / 3 out, N = 3, 2 failed kept out. Files: vllm_detailed.json."
    )


def test_what_files_do_not_say_the_speaker_may(serving_data: Path) -> None:
    run = read_run(serving_data / "vllm_old_summary.json")
    known = Conditions(model="ignored, as the files say it", gpu="1 x A100", slots=16, lengths="ShareGPT lengths")
    caption = words.comparison(measured_throughputs([Labelled("it", run)], "request_throughput", known)).caption
    assert caption.startswith(
        "Measured with vLLM bench serve: facebook/opt-125m, 1 x A100, 2024-06-14, 16 slots, ShareGPT lengths, N = 100."
    )


@pytest.mark.parametrize(
    ("unit", "ratio"), [(None, False), ("output tokens/s", False), ("x", True), ("x static", True), ("xerox/s", False)]
)
def test_written_figures_are_ratios_where_their_unit_says_so(unit, ratio) -> None:
    comparison = words.comparison(WrittenThroughputs(1, 2.5, unit, "us", 1000, Conditions(gpu="1 x A100", slots=16)))
    assert (comparison.unit, comparison.ratio) == (unit or "output tokens/s", ratio)
    assert comparison.caption == "Measured by us: 1 x A100, 16 slots, N = 1,000."


def test_a_quotation_says_who_says_it_and_whether_it_was_measured() -> None:
    said = words.quotation(Claim("3.4×, single GPU", "AstrAI’s promo", measured=False))
    assert said == "AstrAI’s promo: 3.4×, single GPU; no measurement published"
    assert words.quotation(Claim("2.1× at 8 slots", "A paper", measured=True)) == "A paper, measured: 2.1× at 8 slots"


def test_the_share_of_load_below_which_nothing_is_gained_is_computed(talk) -> None:
    for slots, share in ((16, "30 %"), (64, "21 %")):
        notes = notes_of(talk(f'[throughput]\nsource = "computed"\nslots = {slots}\n'))
        assert f"Below {share} of the load" in notes


def test_real_answers_are_told_for_the_slots_at_hand(talk) -> None:
    notes = notes_of(talk('[throughput]\nsource = "computed"\nslots = 4\nrequests = 400\n'))
    assert "Azure’s chat answers give 1.75×, its code answers 2.44×" in notes
    assert "code answers" not in notes_of(talk('[throughput]\nsource = "computed"\nslots = 65\nrequests = 400\n'))


@pytest.mark.parametrize(("slots", "said"), [(1, "1 slot"), (16, "16 slots")])
def test_one_slot_is_no_slots(slots: int, said: str) -> None:
    comparison = words.comparison(computed_speedups(slots, requests=1600, mean=50, seed=1))
    assert comparison.caption.startswith(f"Computed: {said}, full queue")
    assert [bar.assumes for bar in comparison.bars if bar.baseline] == [f"the same {said}, queue and step time"]


def test_doubtful_comparisons_say_so(serving_data: Path) -> None:
    run = replace(read_run(serving_data / "vllm_old_summary.json"), request_rate=20.0)
    slow, fast = replace(run, output_throughput=900.0), replace(run, output_throughput=1000.0)

    def caption(static, continuous) -> str:
        labelled = [Labelled("Static", static), Labelled("Continuous", continuous)]
        return words.comparison(measured_throughputs(labelled)).caption

    free = replace(slow, request_throughput=5.0), replace(fast, request_throughput=15.0)
    assert "Caution" not in caption(*free)
    assert "sent at 20 requests/s" in caption(*free)
    assert "Caution: Static is the faster one, not Continuous." in caption(*free[::-1])
    kept_up = replace(fast, request_throughput=19.5)
    assert "Caution: Continuous answered as fast as requests were sent" in caption(free[0], kept_up)
    alike = replace(free[0], request_throughput=14.0), free[1]
    assert "Caution: Static and Continuous answered as fast" in caption(*alike)
    unlimited = [replace(each, request_rate=float("inf")) for each in alike]
    assert "Caution" not in caption(*unlimited)


@pytest.mark.parametrize(
    ("name", "number", "told"),
    [
        (
            "vllm_detailed.json",
            1,
            "Measured with vLLM bench serve: Qwen/Qwen3-8B, 1 x H100, 2026-03-02, at most 2 requests in flight, N = 3,"
            " 1 failed kept out. Rows are not slots. vllm_detailed.json",
        ),
        ("astrai_stats.json", 1, "starts known to the second"),
        ("sglang.jsonl", 2, "all sent at once"),
    ],
)
def test_replays_say_what_they_are(serving_data: Path, name: str, number: int, told: str) -> None:
    shown = replay(read_run(serving_data / name, number))
    assert told in words.replay_caption(shown)
    assert words.replay_caption(shown) in words.replay_notes(shown)


def test_a_replay_says_what_it_leaves_out(serving_data: Path) -> None:
    shown = replay(read_run(serving_data / "vllm_detailed.json"), max_rows=1)
    caption = words.replay_caption(shown)
    assert "first 1 of 3 requests, as one row holds no more, 1 more ran beside them" in caption
    assert "1 more ran beside them, and are not drawn" in words.replay_notes(shown)
    later = replay(read_run(serving_data / "vllm_detailed.json"), window=(0.25, 9.0))
    assert "requests 2 to 3 of 3, 1 more ran beside them" in words.replay_caption(later)


def trace(form: str, known: Published | None, cut: Cut = Cut(), skipped: int = 0) -> TraceOrigin:  # noqa: B008 (immutable)
    return TraceOrigin(Path("folder/x.csv"), form, cut, skipped, known)


@pytest.mark.parametrize(
    ("origin", "name", "source"),
    [
        (
            trace("azure", CONVERSATION),
            "x",
            "Azure LLM inference trace 2023, conversation (CC-BY; Patel et al., Splitwise, ISCA 2024), x.csv",
        ),
        (
            trace("azure", CODE),
            "x",
            "Azure LLM inference trace 2023, code (CC-BY; Patel et al., Splitwise, ISCA 2024), x.csv",
        ),
        (trace("azure", None), "x", "in Azure’s format, from x.csv"),
        (
            trace("burstgpt", None, Cut((0, 600), 3, 1000), 12),
            "x",
            "in BurstGPT’s format, from x.csv, seconds 0 to 600, every 3rd request,"
            " first 1,000, 12 without prompt or answer kept out",
        ),
        (trace("vidur", None), "x", "in Vidur’s format, from x.csv"),
        (WrittenOrigin(1), "explicit requests", "1 request written out"),
        (ConstantLengths(kind="constant", mean=20), "constant lengths", "constant lengths, mean 20 tokens"),
        (
            LognormalLengths(kind="lognormal", mean=20, sigma=0.5, cap=4000, seed=7),
            "lognormal lengths",
            "lognormal lengths, mean 20 tokens, sigma 0.5, cut off at 4,000, seed 7",
        ),
    ],
)
def test_workloads_say_where_they_come_from(origin, name: str, source: str) -> None:
    assert (words.workload_name(origin), words.workload_source(origin)) == (name, source)


def test_every_format_of_traces_is_cited() -> None:
    cited = {words.workload_source(trace(form, None)) for form in FORMATS}
    assert len(cited) == len(FORMATS)


def test_the_assumptions_of_a_run_are_told() -> None:
    options = Options(2, cost=TurnCost.of_milliseconds(20, prompt_token=0.5), decode_rule=DecodeRule.EVERY_GROUP)
    told = words.assumptions(options)
    for said in ("2 slots", "full queue", "20 ms a forward + 0.5 ms a prompt token", "stalls", "every group"):
        assert any(said in assumption for assumption in told)
    plot, report = words.plot_caption(options, 3, WrittenOrigin(3)), words.report_lines
    assert plot[0].startswith("Computed: N = 3; full queue")
    assert "2 slots" not in plot[0]
    assert "2 slots" in report(options, WrittenOrigin(3), one_slot_count=True)[0]
    assert "2 slots" not in report(options, WrittenOrigin(3), one_slot_count=False)[0]
