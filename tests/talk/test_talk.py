"""Talk files: what is read, and one clear error with file, key and remedy for everything that is wrong."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.figures import computed_comparison
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.sim.throughput import turn_counts
from astrai_slides.serving.sim.workload import Pick
from astrai_slides.talk.file import (
    MAX_STAGE_TURNS,
    TALK_VARIABLE,
    ComputedThroughput,
    MeasuredThroughput,
    ReplayedFlow,
    TableThroughput,
    Talk,
    Toy,
    ToyFlow,
    ToyRequest,
    default_talk_for,
    find_talks,
    kebab_case,
    talk_for,
)

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


@pytest.fixture(scope="session")
def serving_data(project_root: Path) -> Path:
    """Small hand-made files in the formats that tools write."""
    return project_root / "tests" / "serving" / "data"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a deck that must not be run, and a folder for talks."""
    (tmp_path / "slides").mkdir()
    (tmp_path / "presentations").mkdir()
    deck = 'class Other: ...\n\n\nclass MyDeck: ...\n\n\nraise RuntimeError("a talk file runs no deck")\n'
    (tmp_path / "slides" / "deck.py").write_text(deck, encoding="utf-8")
    return tmp_path


def write(project: Path, text: str, name: str = "my-deck.toml") -> Path:
    path = project / "presentations" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_a_talk_says(project: Path) -> None:
    path = write(project, HEAD + "substeps = true\n" + TOY + COMPUTED)
    talk = Talk.load(path)
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
    assert talk.comparison() == computed_comparison(4, requests=2000, mean=20, seed=7)


def test_planned_seconds_go_to_the_document(project: Path) -> None:
    talk = Talk.load(write(project, HEAD + TOY + '[planned]\ntitle = 30\n"flow/static" = 12.5\n'))
    assert talk.document().planned == (("title", 30.0), ("flow/static", 12.5))


def test_what_may_be_left_out(project: Path) -> None:
    talk = Talk.load(write(project, 'scene = "slides/deck.py:MyDeck"\ntitle = "T"\ndate = ""\n' + TOY))
    document = talk.document()
    assert (document.speaker, document.event, document.date, document.language) == ("", "", "", "en")
    assert not talk.substeps, "exactly six steps unless asked for more"
    assert talk.comparison() == computed_comparison()


def test_the_shipped_talk(project_root: Path) -> None:
    talk = Talk.load(project_root / "presentations" / "continuous-batching.toml")
    assert talk.title == "Continuous Batching"
    assert talk.scene_class == "ContinuousBatching"
    assert talk.toy.slots == 3
    assert [request.output_tokens for request in talk.toy_requests()] == [2, 7, 3, 4, 2]
    assert {f"{bar.value:.1f}" for bar in talk.comparison().bars} == {"1.0", "2.3", "3.4"}
    assert talk.claim() == "AstrAI: 3.4x, single GPU"
    assert not talk.substeps


def test_the_claim_is_computed(project: Path) -> None:
    talk = Talk.load(write(project, HEAD + TOY + COMPUTED + 'claim = "We: {value} ({value})"\n'))
    bars = talk.comparison().bars
    value = next(bar.value for bar in bars if bar.headline) / next(bar.value for bar in bars if bar.baseline)
    assert talk.claim() == f"We: {value:.1f}x ({value:.1f}x)"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A talk"', 'titel = "A talk"', "titel: unknown key; did you mean 'title'?"),
        ('title = "A talk"', "", "title: missing; add it"),
        ('title = "A talk"', 'title = ""', "title: text must have at least 1 character"),
        ('title = "A talk"', "title = 3", "title: must be text, in quotes, not 3"),
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
        ('theme = "dark"', 'theme = "drak"', "theme: there is no theme 'drak'; did you mean 'dark'?"),
        ('"pt-BR"', '"portuguese!"', "language: 'portuguese!' is no language tag (BCP 47); write en, de or pt-BR"),
        ("date = 2026-11-24", 'date = "soon"', "date: 'soon' is no date; write it as 2026-11-24, or leave it empty"),
        ("date = 2026-11-24", "date = 2026-11-24T10:00:00", "date: 2026-11-24 10:00:00 is no date; write it as"),
        ("date = 2026-11-24", "date = 5", "date: 5 is no date; write it as 2026-11-24"),
        ("deck.py:MyDeck", "deck.py", "scene: 'slides/deck.py' names no scene; write slides/my_deck.py:MyDeck"),
        ("deck.py:MyDeck", "dock.py:MyDeck", "dock.py; name the deck's Python file"),
        ("deck.py:MyDeck", "deck.py:MyDeak", "deck.py has no class MyDeak; did you mean 'MyDeck'?"),
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
        ("seed = 7", 'claim = "3.4x"', "throughput.claim: the figure of a claim is never typed; write {value}"),
        (
            "seed = 7",
            'workload = "conv.csv"',
            "throughput.workload: must be a table; write it as",
        ),
        ("[toy]", "[planned]\ntitle = -1\n[toy]", "planned.title: must be greater than or equal to 0, not -1"),
        ("[toy]", '[planned]\n"a/b" = "1"\n[toy]', 'planned."a/b": must be a number, not "1"'),
        ("[toy]", "planned = 60\n[toy]", "planned: must be a table; write it as [planned]"),
        ("[toy]", "[toy", "not valid TOML: Expected ']' at the end of a table declaration (at line 9, column 5)"),
        ("slots = 2", "slots = 2\nslots = 3", "not valid TOML: Cannot overwrite a value (at line 11, column 10)"),
    ],
)
def test_every_mistake_is_one_message_with_file_key_and_remedy(project: Path, old: str, new: str, message: str) -> None:
    good = HEAD + TOY + COMPUTED
    assert good.count(old) == 1
    path = write(project, good.replace(old, new))
    before = sorted(project.rglob("*"))
    with pytest.raises(AstraiSlidesError) as caught:
        Talk.load(path)
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
        Talk.load(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_all_mistakes_are_told_at_once(project: Path) -> None:
    path = write(project, HEAD.replace('"A talk"', "3").replace('"dark"', '"x"') + TOY)
    with pytest.raises(AstraiSlidesError) as caught:
        Talk.load(path)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["title", "theme"]
    assert all(line.startswith(f"{path}: ") for line in lines)


def test_files_that_are_no_talk(project: Path) -> None:
    folder = project / "presentations"
    write(project, HEAD + TOY)
    with pytest.raises(AstraiSlidesError, match=r"my-dek\.toml: there is no such file; did you mean 'my-deck\.toml'"):
        Talk.load(folder / "my-dek.toml")
    with pytest.raises(AstraiSlidesError, match="is a directory; name a TOML file in it"):
        Talk.load(folder)
    (folder / "latin.toml").write_bytes(b'title = "x"\nspeaker = "Andr\xe9"\n')
    with pytest.raises(AstraiSlidesError, match=r"latin\.toml, line 2: not UTF-8; save the file as UTF-8"):
        Talk.load(folder / "latin.toml")
    with (folder / "huge.toml").open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(AstraiSlidesError, match=r"1,073,741,824 bytes are too many for a file written by hand"):
        Talk.load(folder / "huge.toml")
    write(project, "x = " + "[" * 50_000, "deep.toml")
    with pytest.raises(AstraiSlidesError, match=r"deep\.toml: not valid TOML"):
        Talk.load(folder / "deep.toml")


def test_a_deck_that_is_no_python_is_named_with_its_line(project: Path) -> None:
    (project / "slides" / "deck.py").write_text("class MyDeck:\n    def\n", encoding="utf-8")
    with pytest.raises(AstraiSlidesError, match=r"scene: .*deck\.py, line 2: not valid Python: .*; mend the deck"):
        Talk.load(write(project, HEAD + TOY))


def test_a_talk_beside_its_deck(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text("class MyDeck: ...\n", encoding="utf-8")
    path = tmp_path / "talk.toml"
    path.write_text((HEAD + TOY).replace("slides/deck.py", "deck.py"), encoding="utf-8")
    assert Talk.load(path).scene_file == tmp_path / "deck.py"


def test_a_relative_path_still_works_from_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, HEAD + TOY)
    monkeypatch.chdir(project)
    talk = Talk.load(Path("presentations/my-deck.toml"))
    monkeypatch.chdir("/")
    assert talk.scene_file.is_file()


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
    talk = Talk.load(write(project, HEAD + toy))
    assert [(r.name, r.prompt_tokens, r.output_tokens) for r in talk.toy_requests()] == [
        ("R1", 4, 2),
        ("R2", 5, 6),
        ("R3", 10, 3),
    ]
    assert talk.toy_note().startswith("3 of 3 requests; answers drawn at 1:18.2; prompts at 1:87.9. Azure LLM")
    flow = talk.flow()
    assert isinstance(flow, ToyFlow)
    assert flow.note == talk.toy_note()


def test_files_are_found_beside_the_talk_or_in_the_project(project: Path, serving_data: Path) -> None:
    content = (serving_data / "azure_2023.csv").read_bytes()
    text = HEAD + '[toy]\nslots = 2\nworkload = { kind = "trace", file = "data/t.csv" }\n'
    for folder in (project / "data", project / "presentations" / "data"):
        folder.mkdir()
        (folder / "t.csv").write_bytes(content)
        content = content.replace(b",44", b",43")
    assert Talk.load(write(project, text)).find("data/t.csv") == project / "presentations" / "data" / "t.csv"
    (project / "presentations" / "data" / "t.csv").unlink()
    assert Talk.load(write(project, text)).find("data/t.csv") == project / "data" / "t.csv"


def test_bars_of_a_workload(project: Path, serving_data: Path) -> None:
    file = json.dumps(str(serving_data / "azure_2023.csv"))
    text = f'[throughput]\nsource = "computed"\nslots = 2\nworkload = {{ kind = "trace", file = {file} }}\n'
    talk = Talk.load(write(project, HEAD + TOY + text))
    assert talk.comparison().bars[1].value == turn_counts([44, 109, 55, 16], 2).speedup
    assert "azure_2023.csv" in talk.comparison().caption
    with pytest.raises(AstraiSlidesError, match="throughput: seed belongs to the drawn lengths"):
        Talk.load(write(project, HEAD + TOY + text + "seed = 3\n"))


def test_bars_of_two_measured_files(project: Path, serving_data: Path) -> None:
    data = json.loads((serving_data / "vllm_detailed.json").read_text("utf-8"))
    for name, throughput in (("static.json", 100.0), ("continuous.json", 290.0)):
        (project / "presentations" / name).write_text(json.dumps(data | {"output_throughput": throughput}))
    text = '[throughput]\nsource = "measured"\nstatic = "static.json"\ncontinuous = "continuous.json"\nslots = 16\n'
    talk = Talk.load(write(project, HEAD + TOY + text))
    comparison = talk.comparison()
    assert [bar.value for bar in comparison.bars] == [100.0, 290.0]
    assert comparison.kind == "measured"
    for words in ("1 x H100", "Qwen/Qwen3-8B", "2026-03-02", "16 slots", "N = 3", "vLLM bench serve"):
        assert words in comparison.caption
    assert talk.claim() == "Continuous batching: 2.9x"
    path = write(project, HEAD + TOY + text.replace('"static.json"', '"gone.json"'))
    with pytest.raises(AstraiSlidesError, match=r"my-deck\.toml: throughput: .*gone\.json: there is no such file"):
        Talk.load(path)


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
    talk = Talk.load(write(project, HEAD + TOY + text))
    comparison = talk.comparison()
    assert ([bar.value for bar in comparison.bars], comparison.unit) == ([812, 2034.5], "output tokens/s")
    assert comparison.caption == (
        "Measured by the infrastructure team: AstrAI 1.2B, 1 x A100, 2026-10-01, 16 slots, ShareGPT, N = 1,000."
    )
    assert talk.claim() == "Continuous batching: 2.5x"
    with pytest.raises(AstraiSlidesError, match=r"throughput\.measured_by: missing; add it"):
        Talk.load(write(project, HEAD + TOY + text.replace('measured_by = "the infrastructure team"\n', "")))


def test_a_replay_takes_the_place_of_the_schedule(project: Path, serving_data: Path) -> None:
    (project / "presentations" / "run.json").write_bytes((serving_data / "vllm_detailed.json").read_bytes())
    talk = Talk.load(write(project, HEAD + TOY + '[flow]\nreplay = "run.json"\nrows = 1\n'))
    flow = talk.flow()
    assert isinstance(flow, Replay)
    assert (len(flow.rows), flow.shown, flow.left_out) == (1, 2, 1)
    assert len(talk.toy_requests()) == 2, "the other steps still show the toy"


def test_a_file_without_timing_cannot_be_replayed(project: Path, serving_data: Path) -> None:
    (project / "presentations" / "run.json").write_bytes((serving_data / "vllm_old_summary.json").read_bytes())
    path = write(project, HEAD + TOY + '[flow]\nreplay = "run.json"\n')
    with pytest.raises(AstraiSlidesError, match=r"flow: .*run\.json: holds no times of single requests") as caught:
        Talk.load(path)
    assert str(caught.value).startswith(f"{path}: flow: ")


# Finding talks


def test_find_talks_in_order_and_none(project: Path) -> None:
    paths = [write(project, HEAD + TOY, name) for name in ("b.toml", "a.toml")]
    (project / "presentations" / "a.html").write_text("built")
    assert find_talks(project / "presentations") == sorted(paths)
    for folder in (project / "slides", project / "nowhere"):
        with pytest.raises(AstraiSlidesError, match="no talk file"):
            find_talks(folder)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ContinuousBatching", "continuous-batching"),
        ("MyDeck", "my-deck"),
        ("HTTPServer", "http-server"),
        ("KVCache2Deck", "kv-cache2-deck"),
        ("Talk", "talk"),
        ("my_talk", "my-talk"),
    ],
)
def test_kebab_case(name: str, file: str) -> None:
    assert kebab_case(name) == file


def test_the_talk_of_a_deck(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any) -> None:
    path = write(project, HEAD + TOY)
    other = write(project, HEAD.replace("A talk", "Another talk") + TOY, "other.toml")
    scene = project / "slides" / "deck.py"
    monkeypatch.delenv(TALK_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert default_talk_for("MyDeck", scene) == path, "beside the deck's project"
    monkeypatch.chdir(project)
    assert default_talk_for("MyDeck").resolve() == path, "under the working directory"
    assert talk_for("MyDeck").title == "A talk"
    monkeypatch.setenv(TALK_VARIABLE, str(other))
    assert talk_for("MyDeck", scene).title == "Another talk", "what build hands to the deck comes first"


_VALUE = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
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
        talk = Talk.load(path)
    except AstraiSlidesError as error:
        message = str(error)
    else:
        message = ""
        assert 1 <= len(talk.toy_requests()) <= 8
        assert len(talk.comparison().bars) >= 2
    assert all(line.startswith(str(path)) for line in message.splitlines())


def toml(value: Any) -> str:
    """`value` as TOML: tables inline, texts and keys as JSON writes them, which TOML reads too."""
    lines = (f"{key(name)} = {inline(inner)}" for name, inner in value.items())
    return "\n".join(lines) + "\n"


def key(name: str) -> str:
    return json.dumps(name).replace("\x7f", "\\u007f")


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(name)} = {inline(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(inner) for inner in value) + "]"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value).replace("\x7f", "\\u007f")


def test_the_examples_of_the_reference_are_talks(project_root: Path, project: Path, serving_data: Path) -> None:
    """Every TOML block of docs/talk-file.md loads, and every key of the model stands in it."""
    text = (project_root / "docs" / "talk-file.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 4
    data = project / "data"
    data.mkdir()
    for name, fixture in (
        ("AzureLLMInferenceTrace_conv.csv", "azure_2023.csv"),
        ("static.json", "vllm_detailed.json"),
        ("continuous.json", "vllm_detailed.json"),
    ):
        (data / name).write_bytes((serving_data / fixture).read_bytes())
    (project / "slides" / "continuous_batching.py").write_text("class ContinuousBatching: ...\n", encoding="utf-8")
    for block in blocks:
        assert Talk.load(write(project, block)).claim()
    models = (Talk, Toy, ToyRequest, Pick, ReplayedFlow, ComputedThroughput, MeasuredThroughput, TableThroughput)
    for model in models:
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{field.alias or name}\b", text), f"docs/talk-file.md says nothing of {name}"
