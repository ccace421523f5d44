"""Talk files of LLM serving: what is read, and one clear error with file, key and remedy for what is wrong."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples
from talk_files import toml, write

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.measured_talk import MeasuredTalk, ReplayedRun, SweepTable
from astrai_slides.serving.sim.claim import Claim
from astrai_slides.serving.sim.figures import computed_speedups
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.sim.throughput import turn_counts
from astrai_slides.serving.sim.workload import Pick
from astrai_slides.serving.talk import (
    MAX_STAGE_TURNS,
    ComputedThroughput,
    MeasuredThroughput,
    Quotation,
    ReplayedFlow,
    ServingTalk,
    TableThroughput,
    ThroughputRun,
    Toy,
    ToyFlow,
    ToyRequest,
)
from astrai_slides.serving.words import en as words
from astrai_slides.serving.words import zh as zh_words
from astrai_slides.talk.file import Talk, load_talk

HEAD = """scene = "slides/deck.py:MyDeck"
title = "A talk"
speaker = "Ada Lovelace"
event = "A conference"
date = 2026-11-24
language = "pt-BR"
theme = "dark"
"""
TOY = """
[toy]
slots = 2
requests = [{ prompt = 4, output = 3 }, { name = "Bo", prompt = 5, output = 1 }]
"""
COMPUTED = """
[throughput]
source = "computed"
slots = 4
requests = 2000
mean = 20
seed = 7
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a deck that must not be run, and a folder for talks."""
    (tmp_path / "slides").mkdir()
    (tmp_path / "presentations").mkdir()
    deck = 'class Other: ...\n\n\nclass MyDeck: ...\n\n\nraise RuntimeError("a talk file runs no deck")\n'
    (tmp_path / "slides" / "deck.py").write_text(deck, encoding="utf-8")
    return tmp_path


def test_everything_a_talk_says(project: Path) -> None:
    path = write(project, HEAD + "substeps = true\n" + TOY + COMPUTED)
    talk = ServingTalk.load(path)
    assert talk.path == path
    assert talk.name == "my-deck"
    assert talk.scene_file == project / "slides" / "deck.py"
    assert talk.scene_class == "MyDeck"
    assert (talk.theme, talk.substeps, talk.toy.slots) == ("dark", True, 2)
    assert [(r.name, r.prompt_tokens, r.output_tokens) for r in talk.toy_requests()] == [("R1", 4, 3), ("Bo", 5, 1)]
    assert talk.flow() == ToyFlow(talk.toy_requests(), 2)
    document = talk.document()
    assert (document.title, document.speaker, document.event) == ("A talk", "Ada Lovelace", "A conference")
    assert (document.date, document.language) == ("2026-11-24", "pt-BR")
    assert talk.figures() == computed_speedups(4, requests=2000, mean=20, seed=7)


def test_what_may_be_left_out(project: Path) -> None:
    talk = ServingTalk.load(write(project, 'scene = "slides/deck.py:MyDeck"\ntitle = "T"\ndate = ""\n' + TOY))
    document = talk.document()
    assert (document.speaker, document.event, document.date, document.language) == ("", "", "", "en")
    assert not talk.substeps, "exactly six steps unless asked for more"
    assert talk.figures() == computed_speedups()


def test_the_shipped_talk(project_root: Path) -> None:
    talk = ServingTalk.load(project_root / "presentations" / "continuous-batching.toml")
    assert talk.title == "Continuous Batching"
    assert talk.scene_class == "ContinuousBatching"
    assert talk.toy.slots == 3
    assert [request.output_tokens for request in talk.toy_requests()] == [2, 7, 3, 4, 2]
    assert round(talk.figures().speedup, 1) == 3.4
    assert not talk.substeps


def test_a_claim_is_a_quotation_and_follows_nothing(project: Path, serving_data: Path) -> None:
    body = (serving_data / "truth" / "14-claim-follows-slots.toml").read_text("utf-8")
    body = body.replace("slides/continuous_batching.py:ContinuousBatching", "slides/deck.py:MyDeck")
    talk = ServingTalk.load(write(project, body))
    assert talk.throughput.quoted == Claim("3.4×, single GPU", "AstrAI’s promo", measured=False)
    assert words.finding(talk.figures()).startswith(f"Computed: {talk.figures().speedup:.2f}× at 64 slots")
    own = ServingTalk.load(write(project, body + 'claim = { text = "9×", by = "A paper", measured = true }\n'))
    assert own.throughput.quoted == Claim("9×", "A paper", measured=True)
    none = ServingTalk.load(write(project, body + "claim = false\n"))
    assert none.throughput.quoted is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("slots = 2", "slotz = 2", "toy.slotz: unknown key; did you mean 'slots'?"),
        ("slots = 2", "slots = 0", "toy.slots: must be greater than or equal to 1, not 0"),
        ("slots = 2", "slots = 5", "toy.slots: must be less than or equal to 4, not 5"),
        ("slots = 2", "slots = true", "toy.slots: must be a whole number, not true"),
        ("slots = 2", 'slots = "2"', 'toy.slots: must be a whole number, not "2"'),
        ("slots = 2", "slots = 2.0", "toy.slots: must be a whole number, not 2.0"),
        ("output = 3", "output = 0", "toy.requests[1].output: must be greater than or equal to 1, not 0"),
        ("output = 1", "output = -4", "toy.requests[2].output: must be greater than or equal to 1, not -4"),
        ("output = 1", "ouput = 1", "toy.requests[2].ouput: unknown key; did you mean 'output'?"),
        (", output = 1", "", "toy.requests[2].output: missing; add it"),
        ('name = "Bo"', 'name = "R1"', "toy: two requests are called R1; give every request a name of its own"),
        ('name = "Bo"', 'name = "Bobby"', "toy.requests[2].name: text must have at most 4 characters"),
        ("[toy]", "[toys]", "toys: unknown key; did you mean 'toy'?"),
        ('source = "computed"', "", "throughput.source: missing; it says which kind this table is"),
        ('source = "computed"', 'source = "guess"', "throughput.source: there is no 'guess'; known here: computed"),
        (
            'source = "computed"',
            'source = "mesured"',
            "throughput.source: there is no 'mesured'; did you mean",
        ),
        ("seed = 7", "seed = -7", "throughput.seed: must be greater than or equal to 0, not -7"),
        ("seed = 7", "sead = 7", "throughput.sead: unknown key; did you mean 'seed'?"),
        ("mean = 20", "mean = nan", "throughput.mean: must be a finite number, not NaN"),
        ("seed = 7", 'claim = "We: {value}"', "throughput.claim: a claim is a quotation; write it as { text ="),
        ("seed = 7", 'claim = { text = "3x", measured = true }', "throughput.claim.by: missing; add it"),
        ("seed = 7", "claim = true", "throughput.claim: a claim is a quotation; write it as { text ="),
        (
            "seed = 7",
            'workload = "conv.csv"',
            "throughput.workload: must be a table; write it as",
        ),
    ],
)
def test_every_mistake_is_one_message_with_file_key_and_remedy(project: Path, old: str, new: str, message: str) -> None:
    good = HEAD + TOY + COMPUTED
    assert good.count(old) == 1
    path = write(project, good.replace(old, new))
    before = sorted(project.rglob("*"))
    with pytest.raises(AstraiSlidesError) as caught:
        ServingTalk.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(project.rglob("*")) == before, "nothing is written"


@pytest.mark.parametrize(
    ("toy", "message"),
    [
        (
            "slots = 2",
            "toy: there is no workload; add requests = [{ prompt = 4, output = 2 }], or a table",
        ),
        ("slots = 2\nrequests = []", "toy: the workload is empty; add requests"),
        ("slots = 2\nrequests = 3", "toy.requests: must be a list, in [ ], not 3"),
        ("slots = 2\nrequests = [3]", "toy.requests[1]: must be a table"),
        (
            'slots = 2\nrequests = [{ prompt = 1, output = 1 }]\nworkload = { kind = "geometric" }',
            "toy: requests and workload both say what moves on stage; keep one of them",
        ),
        (
            "slots = 2\nrequests = [{ prompt = 1, output = 1 }]\npick = { requests = 3 }",
            "toy: pick chooses from a workload, and there is none; remove it",
        ),
        ('slots = 2\nworkload = { kind = "geometrik" }', "toy.workload.kind: there is no 'geometrik'; did you mean"),
        ('slots = 2\nworkload = { kind = "geometric", sigma = 1.0 }', "toy.workload.sigma: unknown key"),
        ('slots = 2\nworkload = { kind = "trace", file = "no.csv" }', "toy: "),
        ('slots = 2\nworkload = { kind = "trace" }', "toy.workload.file: missing; add it"),
        (
            f"slots = 1\nrequests = [{{ prompt = 1, output = {MAX_STAGE_TURNS + 1} }}]",
            "toy.requests[1].output: must be",
        ),
        (
            "slots = 1\nrequests = [{ prompt = 1, output = 61 }, { prompt = 1, output = 61 }]",
            "toy: static batching takes 122 turns, and 120 fit on a slide; shorten outputs or add slots",
        ),
        (
            f"slots = 1\nrequests = [{', '.join(['{ prompt = 1, output = 1 }'] * 9)}]",
            "toy.requests: list must have at most 8 items, not 9",
        ),
    ],
)
def test_toys_that_cannot_be_shown(project: Path, toy: str, message: str) -> None:
    path = write(project, f"{HEAD}[toy]\n{toy}\n")
    with pytest.raises(AstraiSlidesError) as caught:
        ServingTalk.load(path)
    assert str(caught.value).startswith(f"{path}: {message}")


# Data


def test_the_toy_is_picked_from_a_trace(project: Path, serving_data: Path) -> None:
    toy = f"""[toy]
slots = 2
pick = {{ requests = 3, longest_output = 6, longest_prompt = 10 }}
[toy.workload]
kind = "trace"
file = {json.dumps(str(serving_data / "azure_2023.csv"))}
first = 3
"""
    talk = ServingTalk.load(write(project, HEAD + toy))
    assert [(r.name, r.prompt_tokens, r.output_tokens) for r in talk.toy_requests()] == [
        ("R1", 4, 2),
        ("R2", 5, 6),
        ("R3", 10, 3),
    ]
    picked = talk.toy_pick()
    assert picked is not None
    assert (picked.total, round(picked.output_scale, 1), round(picked.prompt_scale, 1)) == (3, 18.2, 87.9)
    flow = talk.flow()
    assert isinstance(flow, ToyFlow)
    assert flow.pick == picked


def test_files_are_found_beside_the_talk_or_in_the_project(project: Path, serving_data: Path) -> None:
    content = (serving_data / "azure_2023.csv").read_bytes()
    text = HEAD + '[toy]\nslots = 2\nworkload = { kind = "trace", file = "data/t.csv" }\n'
    for folder in (project / "data", project / "presentations" / "data"):
        folder.mkdir()
        (folder / "t.csv").write_bytes(content)
        content = content.replace(b",44", b",43")
    assert ServingTalk.load(write(project, text)).find("data/t.csv") == project / "presentations" / "data" / "t.csv"
    (project / "presentations" / "data" / "t.csv").unlink()
    assert ServingTalk.load(write(project, text)).find("data/t.csv") == project / "data" / "t.csv"


@pytest.mark.parametrize("language", [words, zh_words])
def test_one_kind_of_lengths_may_be_shown_alone(project: Path, language: Any) -> None:
    whole = ServingTalk.load(write(project, HEAD + TOY + COMPUTED)).figures()
    every = {bar.label: bar.value for bar in language.comparison(whole).bars}
    assert len(every) == 4
    for lengths in ("equal", "chat", "memoryless"):
        shown = ServingTalk.load(write(project, HEAD + TOY + COMPUTED + f'lengths = "{lengths}"\n')).figures()
        _, bar = language.comparison(shown).bars
        assert (every[bar.label], bar.headline) == (bar.value, True)
        assert shown.speedup == bar.value
        assert ("+" in language.finding(shown)) == (lengths == "memoryless")


def test_lengths_of_a_workload_or_of_slots_that_nobody_measured_are_refused(project: Path) -> None:
    many = COMPUTED.replace("slots = 4", "slots = 65") + 'lengths = "chat"\n'
    with pytest.raises(AstraiSlidesError, match='lengths = "chat" is known for up to 64 slots, not 65; take fewer'):
        ServingTalk.load(write(project, HEAD + TOY + many))
    drawn = '[throughput]\nsource = "computed"\nlengths = "chat"\nworkload = { kind = "geometric" }\n'
    with pytest.raises(AstraiSlidesError, match="throughput: lengths belongs to the drawn lengths"):
        ServingTalk.load(write(project, HEAD + TOY + drawn))


def test_the_knobs_of_the_stage_are_those_of_its_tables(project: Path) -> None:
    explore = '[explore]\n"toy.slots" = [1, 2]\n"throughput.slots" = [4, 8]\n'
    assert ServingTalk.load(write(project, HEAD + TOY + COMPUTED + explore)).stage_knobs == ("toy.slots",)


def test_bars_of_a_workload(project: Path, serving_data: Path) -> None:
    file = json.dumps(str(serving_data / "azure_2023.csv"))
    text = f'[throughput]\nsource = "computed"\nslots = 2\nworkload = {{ kind = "trace", file = {file} }}\n'
    talk = ServingTalk.load(write(project, HEAD + TOY + text))
    assert talk.figures().speedup == turn_counts([44, 109, 55, 16], 2).speedup
    assert "azure_2023.csv" in words.comparison(talk.figures()).caption
    with pytest.raises(AstraiSlidesError, match="throughput: seed belongs to the drawn lengths"):
        ServingTalk.load(write(project, HEAD + TOY + text + "seed = 3\n"))


def test_bars_of_two_measured_files(project: Path, serving_data: Path) -> None:
    data = json.loads((serving_data / "vllm_detailed.json").read_text("utf-8"))
    for name, throughput in (("static.json", 100.0), ("continuous.json", 290.0)):
        totals = {"output_throughput": throughput, "duration": data["total_output_tokens"] / throughput}
        unsaid = dict.fromkeys(("request_throughput", "total_token_throughput"))
        (project / "presentations" / name).write_text(json.dumps(data | totals | unsaid))
    text = """[throughput]
source = "measured"
slots = 16
run = [{ label = "static", file = "static.json" }, { label = "continuous", file = "continuous.json", run = 1 }]
"""
    talk = ServingTalk.load(write(project, HEAD + TOY + text))
    comparison = words.comparison(talk.figures())
    assert [(bar.label, bar.value) for bar in comparison.bars] == [("static", 100.0), ("continuous", 290.0)]
    assert comparison.kind == "measured"
    for told in ("1 x H100", "Qwen/Qwen3-8B", "2026-03-02", "16 slots", "N = 3", "vLLM bench serve"):
        assert told in comparison.caption
    assert talk.figures().speedup == pytest.approx(2.9)
    path = write(project, HEAD + TOY + text.replace('"static.json"', '"gone.json"'))
    with pytest.raises(AstraiSlidesError, match=r"my-deck\.toml: throughput: .*gone\.json: there is no such file"):
        ServingTalk.load(path)


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ('static = "r.json"', "throughput.static: unknown key; labels are the speaker's"),
        ("static_run = 1", "throughput.static_run: unknown key; labels are the speaker"),
        ("run = []", "throughput.run: list must have at least 1 item, not 0"),
        (
            'run = [{ label = "a", file = "r.json" }, { label = "b", file = "copy.json" }]',
            "copy.json: 'b' is the same run as 'a' of",
        ),
        (
            'run = [{ label = "a", file = "r.json" }, { label = "a", file = "r.json" }]',
            "two runs are labelled 'a'; give every run a label of its own",
        ),
        (
            'run = [{ label = "a", file = "latency.json" }]',
            "add batch_size and output_len to [[throughput.run]] 'a', as --batch-size and --output-len of the command",
        ),
        (
            'run = [{ label = "a", file = "r.json", batch_size = 8, output_len = 128 }]',
            "says itself what was sent; remove batch_size, output_len and input_len from [[throughput.run]] 'a'",
        ),
        ('run = [{ label = "a", file = "latency.json", batch_size = 8, input_len = 2 }]', "add output_len, or remove"),
        (
            'run = [{ label = "a", file = "latency.json", batch_size = 0, output_len = 2 }]',
            "run[1].batch_size: must be",
        ),
    ],
)
def test_runs_that_cannot_be_compared(project: Path, serving_data: Path, runs: str, message: str) -> None:
    for name in ("r.json", "copy.json"):
        (project / "presentations" / name).write_bytes((serving_data / "vllm_detailed.json").read_bytes())
    (project / "presentations" / "latency.json").write_bytes((serving_data / "vllm_latency.json").read_bytes())
    path = write(project, f'{HEAD}{TOY}[throughput]\nsource = "measured"\n{runs}\n')
    with pytest.raises(AstraiSlidesError) as caught:
        ServingTalk.load(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}: throughput")


def test_bars_of_a_table(project: Path) -> None:
    text = """[throughput]
source = "table"
static = 812
continuous = 2034.5
measured_by = "the infrastructure team"
model = "AstrAI 1.2B"
gpu = "1 x A100"
date = 2026-10-01
slots = 16
lengths = "ShareGPT"
requests = 1000
"""
    talk = ServingTalk.load(write(project, HEAD + TOY + text))
    comparison = words.comparison(talk.figures())
    assert ([bar.value for bar in comparison.bars], comparison.unit) == ([812, 2034.5], "output tokens/s")
    assert comparison.caption == (
        "Measured by the infrastructure team: AstrAI 1.2B, 1 x A100, 2026-10-01, 16 slots, ShareGPT, N = 1,000."
    )
    assert talk.figures().speedup == pytest.approx(2034.5 / 812)
    with pytest.raises(AstraiSlidesError, match=r"throughput\.measured_by: missing; add it"):
        ServingTalk.load(write(project, HEAD + TOY + text.replace('measured_by = "the infrastructure team"\n', "")))


def test_a_replay_takes_the_place_of_the_schedule(project: Path, serving_data: Path) -> None:
    (project / "presentations" / "run.json").write_bytes((serving_data / "vllm_detailed.json").read_bytes())
    talk = ServingTalk.load(write(project, HEAD + TOY + '[flow]\nreplay = "run.json"\nrows = 1\n'))
    flow = talk.flow()
    assert isinstance(flow, Replay)
    assert (len(flow.rows), flow.shown, flow.beside, flow.full) == (1, 1, 1, True)
    assert len(talk.toy_requests()) == 2, "the other steps still show the toy"
    later = ServingTalk.load(write(project, HEAD + TOY + '[flow]\nreplay = "run.json"\nfrom = 0.25\nto = 9\n')).flow()
    assert isinstance(later, Replay)
    assert [span.name for span in later.spans] == ["R2", "R3"]
    with pytest.raises(AstraiSlidesError, match=r"flow: from = 3 is not before to = 2; mend one of them"):
        ServingTalk.load(write(project, HEAD + TOY + '[flow]\nreplay = "run.json"\nfrom = 3.0\nto = 2\n'))


def test_a_file_without_timing_cannot_be_replayed(project: Path, serving_data: Path) -> None:
    (project / "presentations" / "run.json").write_bytes((serving_data / "vllm_old_summary.json").read_bytes())
    path = write(project, HEAD + TOY + '[flow]\nreplay = "run.json"\n')
    with pytest.raises(AstraiSlidesError, match=r"flow: .*run\.json: holds no times of single requests") as caught:
        ServingTalk.load(path)
    assert str(caught.value).startswith(f"{path}: flow: ")


_VALUE = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(150), deadline=None)
def test_any_value_is_taken_or_refused_with_its_file(project: Path, data: st.DataObject) -> None:
    tree: dict[str, Any] = {
        "scene": "slides/deck.py:MyDeck",
        "title": "T",
        "toy": {"slots": 2, "requests": [{"prompt": 4, "output": 3}]},
        "throughput": {"source": "table", "static": 1.0, "continuous": 2.0, "measured_by": "us"},
    }
    table = data.draw(st.sampled_from([tree, tree["toy"], tree["toy"]["requests"][0], tree["throughput"]]))
    known = [*table, "date", "planned", "theme", "language", "workload", "pick", "flow", "unit"]
    table[data.draw(st.sampled_from(known) | st.text(max_size=6))] = data.draw(_VALUE)
    path = write(project, toml(tree))
    try:
        talk = ServingTalk.load(path)
    except AstraiSlidesError as error:
        message = str(error)
    else:
        message = ""
        assert 1 <= len(talk.toy_requests()) <= 8
        assert len(words.comparison(talk.figures()).bars) >= 2
    assert all(line.startswith(str(path)) for line in message.splitlines())


def test_the_examples_of_the_reference_are_talks(project_root: Path, project: Path, serving_data: Path) -> None:
    """Every TOML block of docs/serving-talk.md loads, and every key of the model stands in it."""
    text = (project_root / "docs" / "serving-talk.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 7
    data = project / "data"
    data.mkdir()
    for name, fixture in (
        ("AzureLLMInferenceTrace_conv.csv", "azure_2023.csv"),
        ("static.json", "vllm_detailed.json"),
        ("continuous.json", "vllm_detailed.json"),
        ("latency.json", "vllm_latency.json"),
    ):
        content = (serving_data / fixture).read_text("utf-8")
        # Two runs that are the same would be refused.
        (data / name).write_text(content.replace('"duration": 2.0', f'"duration": 2.{len(name)}'), encoding="utf-8")
    (project / "slides" / "continuous_batching.py").write_text(
        "class ContinuousBatching:\n    talk_model = 'astrai_slides.serving.talk:ServingTalk'\n", encoding="utf-8"
    )
    for block in blocks:
        assert load_talk(write(project, block)).figures()
    throughput = (ComputedThroughput, MeasuredThroughput, ThroughputRun, TableThroughput, Quotation)
    models = (ServingTalk, Toy, ToyRequest, Pick, ReplayedFlow, *throughput, MeasuredTalk, ReplayedRun, SweepTable)
    for model in models:
        for name, field in model.model_fields.items():
            if name in Talk.model_fields:
                continue  # docs/talk-file.md has it, which tests/docs looks into
            assert re.search(rf"\b{field.alias or name}\b", text), f"docs/serving-talk.md says nothing of {name}"
