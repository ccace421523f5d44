"""Files that somebody broke: a message with file, key or line and remedy, or what they then say; never a traceback.

What is accepted is held to a count of the broken file by other means.
"""

import copy
import csv
import io
import json
import math
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples
from measured_files import (
    AIPERF,
    LIFECYCLE,
    LLMPERF,
    LLMPERF_ANSWER,
    MULTI_ROUND,
    OFFLINE,
    SGLANG_2024,
    SUMMARY,
    aiperf_records,
    astrai,
    guidellm,
    guidellm_table,
    reference,
    served,
    vllm,
)
from talk_files import toml

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.measured_talk import MeasuredTalk
from astrai_slides.serving.sim.measured import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.reading import read_runs
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.sim.traces import FORMATS, read_trace
from astrai_slides.serving.talk import ServingTalk
from astrai_slides.serving.words import en as words
from astrai_slides.talk.file import Talk

pytestmark = pytest.mark.long

BROKEN = settings(max_examples=examples(500), suppress_health_check=list(HealthCheck))
ODD = st.sampled_from(
    [None, True, "", "3", "inf", "NaN", [], {}, [1], {"a": 1}, 0, -1, 1, 2.5, 1e300, -1e9, 10**30, math.nan, math.inf]
)
DATA = Path(__file__).resolve().parent / "data"
RESULTS: list[Any] = [
    vllm(4, 3, 4),
    vllm("inf", 3, 4),
    vllm(4, 3, 4) | {"server_info": {"model_path": "m"}, "mean_e2e_latency_ms": 5.0},
    [vllm(4, 3, 2), vllm(8, 3, 2)],
    astrai(2, 4),
    guidellm(2, 4),
    json.loads((DATA / "vllm_latency.json").read_text("utf-8")),
    reference(2, 4),
    AIPERF,
    LIFECYCLE,
    LLMPERF,
    OFFLINE,
    SGLANG_2024,
    [LLMPERF_ANSWER, LLMPERF_ANSWER | {"ttft_s": 0.2}, {"error_code": 500, "number_output_tokens": 0}],
    [served(), served(queued_ts=27536.0), served(output_toks=3)],
    aiperf_records()[:5],
    *(
        json.loads((DATA / "truth" / name).read_text("utf-8"))
        for name in ("06-aiperf-taken-for-vllm.json", "09-vllm-bench-throughput.json", "10-vllm-sweep-summary.json")
    ),
]
TEXTS = [MULTI_ROUND, SUMMARY, *(guidellm_table(three, [{}, {}]) for three in (False, True))]
"""Results that are no JSON; GuideLLM's YAML is its JSON, written otherwise."""
TRACES = [
    (DATA / "azure_2023.csv").read_text("utf-8"),
    (DATA / "burstgpt_v2.csv").read_text("utf-8"),
    (DATA / "vidur.csv").read_text("utf-8"),
    (DATA / "truth" / "07-mooncake.jsonl").read_text("utf-8"),
    "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n"
    "0,2,0,1,1,5,2\n1,2,0,2.5,1,9,3\n2,2,0,3.5,1,7,4\n",
    *(
        "".join(json.dumps(first | {time: first[time] + at, length: first[length] + at}) + "\n" for at in range(4))
        for time, length, first in (
            ("timestamp", "input_length", {"chat_id": 1, "timestamp": 61.5, "input_length": 5, "output_length": 2}),
            ("arrival_time_ns", "input_toks", {"input_toks": 5, "output_toks": 2, "arrival_time_ns": 500_000_000}),
        )
    ),
]


def broken(draw: st.DrawFn, whole: Any) -> Any:
    """`whole` with a few places in it dropped, doubled, shuffled, cut, or of another kind."""
    whole = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        place, key = whole, None
        for _ in range(draw(st.integers(1, 6))):
            keys = (
                list(place) if isinstance(place, dict) else list(range(len(place))) if isinstance(place, list) else []
            )
            if not keys:
                break
            parent, key = place, draw(st.sampled_from(keys))
            place = place[key]
        if key is None:
            continue
        way = draw(st.sampled_from(["drop", "odd", "odd", "double", "shuffle", "negate", "text", "cut"]))
        if way == "drop":
            del parent[key]
        elif way == "double" and isinstance(parent, list):
            parent.insert(key, copy.deepcopy(place))
        elif way == "shuffle" and isinstance(place, list):
            parent[key] = draw(st.permutations(place))
        elif way == "cut" and isinstance(place, list):
            parent[key] = place[: len(place) // 2]
        elif way == "negate" and isinstance(place, (int, float)):
            parent[key] = -place
        elif way == "text":
            parent[key] = str(place)
        else:
            parent[key] = copy.deepcopy(draw(ODD))
    return whole


def damaged(draw: st.DrawFn, text: str) -> bytes:
    """The bytes of a file, sometimes cut or in another encoding."""
    way = draw(st.sampled_from(["whole"] * 6 + ["cut", "utf-16", "latin-1", "bom", "nul"]))
    if way == "cut":
        return text.encode()[: draw(st.integers(0, len(text)))]
    if way == "utf-16":
        return text.encode("utf-16")
    if way == "latin-1":
        return text.encode() + "\xe9".encode("latin-1")
    if way == "nul":
        return text.encode() + b"\x00"
    return (b"\xef\xbb\xbf" if way == "bom" else b"") + text.encode()


def edited(draw: st.DrawFn, text: str) -> str:
    """`text` with a few lines dropped, doubled, swapped or cut, or with another word in place of a number of theirs."""
    lines = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        if not lines:
            break
        at = draw(st.integers(0, len(lines) - 1))
        way = draw(st.sampled_from(["drop", "double", "swap", "cut", "word", "word", "word"]))
        if way == "drop":
            del lines[at]
        elif way == "double":
            lines.insert(at, lines[at])
        elif way == "swap":
            lines.append(lines.pop(at))
        elif way == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        else:
            numbers = list(re.finditer(r"\d[\d.]*", lines[at]))
            if numbers:
                place = draw(st.sampled_from(numbers))
                word = draw(
                    st.sampled_from(["", "-1", "0", "3", "2.5", "nan", "inf", "1e300", "x", '"', "1,5", "9" * 30])
                )
                lines[at] = lines[at][: place.start()] + word + lines[at][place.end() :]
    return "".join(lines)


def told_of(error: AstraiSlidesError, path: Path) -> None:
    """Every line of a message names the file, and says something of it."""
    for line in str(error).splitlines():
        assert line.startswith(str(path)), line
        assert len(line) > len(str(path)) + 10


def sound(run: MeasuredRun) -> None:
    """No figure of a run is absurd, and words can tell of it."""
    figures = [run.output_throughput, run.request_throughput, run.total_throughput, run.duration, run.completed]
    figures += [run.latencies.first_token, run.latencies.latency, run.latencies.per_token]
    for each in run.requests:
        figures += [each.start, each.first_token, each.end, each.waited, each.prompt_tokens, each.output_tokens]
        figures += each.token_times
        assert each.waited is None or each.first_token is None or each.waited <= each.first_token
    assert all(figure is None or (math.isfinite(figure) and figure >= 0) for figure in figures)
    said = words.runs_notes("title", [run]) + words.load_label(run)
    try:
        said += words.replay_notes(replay(run))
    except AstraiSlidesError as error:
        told_of(error, run.file)
    assert "nan" not in said.split()


def counted(run: MeasuredRun, data: Any) -> None:
    """The requests of a run, counted again in what the file holds."""
    if run.tool is Tool.VLLM_LATENCY:
        times = data["latencies"]
        assert run.iterations == len(times)
        assert run.latencies.latency == data["avg_latency"] == pytest.approx(sum(times) / len(times), rel=2e-3)
        return
    if run.tool is Tool.ASTRAI:
        tasks = data.get("recent_tasks") or []
        rows = [(row.get("input_tokens") or 0, row["output_tokens"]) for row in tasks if _answered(row)]
    elif run.tool in (Tool.VLLM, Tool.SGLANG) and data.get("output_lens"):
        errors = data.get("errors") or [""] * len(data["output_lens"])
        prompts = data.get("input_lens") or [0] * len(errors)
        rows = [
            (prompt or 0, output)
            for prompt, output, error, first in zip(prompts, data["output_lens"], errors, data["ttfts"], strict=True)
            if output and not error and _number(first) is not None
        ]
    else:
        return
    assert sorted(rows) == sorted((each.prompt_tokens, each.output_tokens) for each in run.requests)
    if run.tool is not Tool.ASTRAI:
        for name in ("output_throughput", "request_throughput", "completed", "duration"):
            said = _number(data.get(name))
            derived = run.tool is Tool.SGLANG and name in ("output_throughput", "request_throughput") and said is None
            assert derived or getattr(run, name) == said, name
        at_odds(run.output_throughput, data.get("total_output_tokens"), run.duration)
        at_odds(run.request_throughput, data.get("completed"), run.duration)


def at_odds(rate: float | None, count: Any, seconds: float | None) -> None:
    """No rate is far from the count and the seconds of the same file."""
    count = _number(count)
    if rate is None or count is None or not seconds:
        return
    assert abs(rate - count / seconds) <= max(0.02, 0.101 * max(rate, count / seconds))


def _answered(row: Any) -> bool:
    return isinstance(row, dict) and bool(row.get("output_tokens"))


def _without_nan(data: Any) -> Any:
    """As a reader takes it: not-a-number is absent."""
    return json.loads(json.dumps(data), parse_constant=lambda name: None if name == "NaN" else float(name))


def _number(value: Any) -> float | None:
    """As a reader takes it: text and not-a-number are not known."""
    if isinstance(value, str) or value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


@BROKEN
@given(data=st.data())
def test_broken_results(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    changed = data.draw(st.composite(lambda draw: broken(draw, draw(st.sampled_from(RESULTS))))())
    raw = data.draw(st.composite(lambda draw: damaged(draw, json.dumps(changed)))())
    path = tmp_path_factory.getbasetemp() / "broken-run.json"
    path.write_bytes(raw)
    try:
        runs = read_runs(path)
    except AstraiSlidesError as error:
        told_of(error, path)
        return
    for run in runs:
        sound(run)
    if len(runs) == 1 and isinstance(changed, dict):
        counted(runs[0], _without_nan(changed))


@BROKEN
@given(data=st.data())
def test_broken_results_that_are_no_json(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    kind, text = data.draw(st.sampled_from([*enumerate(TEXTS), (len(TEXTS), "")]))
    if text:
        content = data.draw(st.composite(lambda draw: edited(draw, text))())
    else:
        content = yaml.safe_dump(data.draw(st.composite(lambda draw: broken(draw, guidellm(2, 3)))()))
    raw = data.draw(st.composite(lambda draw: damaged(draw, content))())
    path = tmp_path_factory.getbasetemp() / "broken-result"
    path.write_bytes(raw)
    try:
        runs = read_runs(path)
    except AstraiSlidesError as error:
        told_of(error, path)
        return
    for run in runs:
        sound(run)
    _counted_in_text(runs, raw.decode("utf-8-sig"), kind)


def _counted_in_text(runs: list[MeasuredRun], text: str, kind: int) -> None:
    """What runs say, found again in the text by other means."""
    if kind == TEXTS.index(MULTI_ROUND):
        (run,) = runs
        rows = [row for row in csv.DictReader(io.StringIO(text.lstrip("\r\n"), newline="")) if any(row.values())]
        lengths = [(float(row["prompt_tokens"]), float(row["generation_tokens"] or 0)) for row in rows]
        good = sorted(each for each in lengths if each[1])
        assert good == sorted((each.prompt_tokens, each.output_tokens) for each in run.requests)
        assert run.failed == len(lengths) - len(good)
    elif kind == TEXTS.index(SUMMARY):
        (run,) = runs
        for figure, heading in (
            (run.output_throughput, "Total Output Throughput (tokens/sec):"),
            (run.request_throughput, "Request Throughput (req/sec):"),
            (run.completed, "Number of requests:"),
        ):
            said = [line.partition(heading)[2].strip() for line in text.splitlines() if line.startswith(heading)]
            known = [each for each in said if each]
            assert figure == (float(known[-1].replace(",", "")) if known else None)
        at_odds(run.request_throughput, run.completed, run.duration)
    elif text and kind < len(TEXTS):
        speeds = [run.output_throughput for run in runs]
        assert len(speeds) == len(list(csv.reader(io.StringIO(text, newline="")))) - (
            3 if text.startswith("Run Info") else 1
        )
        assert all(speed is None or f"{speed:g}" in text for speed in speeds)


def test_files_of_every_tool_and_format_are_broken_here(tmp_path: Path) -> None:
    """A reader that is added comes into these tests, too."""
    tools = set()
    for number, whole in enumerate([*map(json.dumps, RESULTS), *TEXTS]):
        path = tmp_path / f"{number}.result"
        path.write_text(whole, "utf-8")
        tools |= {run.tool for run in read_runs(path)}
    assert tools == set(Tool)
    forms = set()
    for number, trace in enumerate(TRACES):
        path = tmp_path / f"{number}.trace"
        path.write_text(trace, "utf-8")
        forms.add(read_trace(path)[1].form)
    assert forms == set(FORMATS)


@BROKEN
@given(data=st.data())
def test_broken_traces(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = data.draw(st.sampled_from(TRACES))
    begin = "" if text.startswith("{") else text.split("\n", 1)[0] + "\n"
    body = text.removeprefix(begin).splitlines()[:8]
    if begin:
        rows = [row.split(",") for row in body]
        rows = data.draw(st.composite(lambda draw: broken(draw, rows))())
        body = [",".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows]
    else:
        rows = data.draw(st.composite(lambda draw: broken(draw, [json.loads(row) for row in body]))())
        body = [json.dumps(row) for row in rows] if isinstance(rows, list) else []
    content = begin + "".join(f"{row}\n" for row in body)
    raw = data.draw(st.composite(lambda draw: damaged(draw, content))())
    path = tmp_path_factory.getbasetemp() / "broken-trace"
    path.write_bytes(raw)
    try:
        found, origin = read_trace(path)
    except AstraiSlidesError as error:
        told_of(error, path)
        return
    assert all(found.arrivals[:-1] <= found.arrivals[1:])
    assert (found.prompt_tokens > 0).all()
    assert (found.output_tokens > 0).all()
    decoded = raw.decode("utf-8-sig")
    again = _rows_of(decoded)
    prompt, output = {
        "azure": (1, 2),
        "burstgpt": (4, 5),
        "vidur": (1, 2),
        "splitwise": (5, 6),
        "llmservingsim": ("input_toks", "output_toks"),
    }.get(origin.form, ("input_length", "output_length"))
    kept = [(float(row[prompt]), float(row[output])) for row in again]
    kept = [each for each in kept if each[0] > 0 and each[1] > 0]
    assert sorted(kept) == sorted(zip(found.prompt_tokens.tolist(), found.output_tokens.tolist(), strict=True))
    assert found.skipped == len(again) - len(kept)


def _rows_of(text: str) -> list[Any]:
    if text.lstrip().startswith("{"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    table = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    return table[1:]


def talks() -> list[tuple[type[Talk], dict[str, Any]]]:
    scene = 'scene = "deck.py:Deck"\ntitle = "t"\n'
    toy = "[toy]\nslots = 2\nrequests = [{ prompt = 4, output = 2 }, { prompt = 3, output = 5 }]\n"
    bars = '[[throughput.run]]\nlabel = "a"\nfile = "a.json"\n[[throughput.run]]\nlabel = "b"\nfile = "b.json"\n'
    measured = f'[throughput]\nsource = "measured"\n{bars}'
    flow = 'replay = "a.json"\nrequests = 3\nfrom = 0\n'
    batch = '[[throughput.run]]\nlabel = "c"\nfile = "c.json"\nbatch_size = 8\noutput_len = 128\n'
    swept = '[sweep]\nmetric = "output_throughput"\n' + bars.replace("throughput", "sweep")
    return [
        (ServingTalk, tomllib.loads(f"{scene}{toy}[flow]\n{flow}{measured}")),
        (ServingTalk, tomllib.loads(f'{scene}{toy}[throughput]\nsource = "computed"\nslots = 4\nrequests = 50\n')),
        (MeasuredTalk, tomllib.loads(f"{scene}[[flow]]\n{flow}{measured}")),
        (MeasuredTalk, tomllib.loads(f"{scene}{swept}")),
        (ServingTalk, tomllib.loads(f"{scene}{toy}{measured}{batch}")),
    ]


@pytest.fixture(scope="module")
def talk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talks")
    (folder / "deck.py").write_text("class Deck: ...\n")
    (folder / "a.json").write_text(json.dumps(vllm(4, 3, 4)))
    (folder / "b.json").write_text(json.dumps(vllm(8, 3, 4)))
    (folder / "c.json").write_bytes((DATA / "vllm_latency.json").read_bytes())
    return folder


@BROKEN
@given(data=st.data())
def test_broken_talk_files(data: st.DataObject, talk_folder: Path) -> None:
    model, whole = data.draw(st.sampled_from(talks()))
    changed = _without_nulls(data.draw(st.composite(lambda draw: broken(draw, whole))()))
    path = talk_folder / "talk.toml"
    path.write_bytes(data.draw(st.composite(lambda draw: damaged(draw, toml(changed)))()))
    try:
        talk = model.load(path)
    except AstraiSlidesError as error:
        told_of(error, path)
        return
    # a file that was cut may hold less
    changed = tomllib.loads(path.read_text("utf-8-sig"))
    if isinstance(talk, ServingTalk):
        bars = words.comparison(talk.figures()).bars
        assert all(math.isfinite(bar.value) and bar.value > 0 for bar in bars)
        wanted = changed.get("throughput", {}).get("run")
        assert wanted is None or len(bars) == len(wanted)
        for bar, each in zip(bars, wanted or (), strict=False):
            if each["file"] == "c.json" and changed["throughput"].get("metric", "output_throughput").startswith("out"):
                assert bar.value == pytest.approx(each["batch_size"] * each["output_len"] / 1.28)
    if isinstance(talk, MeasuredTalk):
        assert talk.runs()
        assert len(talk.replays()) == len(changed.get("flow", ()))


def _without_nulls(value: Any) -> Any:
    """TOML has no null."""
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value if inner is not None] if isinstance(value, list) else value
