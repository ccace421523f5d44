"""`astrai-slides talk`: one command from result files to a talk file that builds."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from measured_files import astrai, guidellm, vllm, written

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.measured_talk import MeasuredTalk
from astrai_slides.serving.talk_command import talk
from astrai_slides.talk.file import load_talk


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "presentations").mkdir()
    return tmp_path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(talk, [str(argument) for argument in arguments], catch_exceptions=True)


def refusal(result: Result) -> str:
    assert isinstance(result.exception, AstraiSlidesError), result.output
    return str(result.exception)


def loaded(path: Path) -> MeasuredTalk:
    found = load_talk(path)
    assert isinstance(found, MeasuredTalk)
    return found


def test_a_detailed_run_is_replayed_and_has_a_bar(project: Path) -> None:
    run = vllm(4, 4)
    written(project, "own run.json", run)
    result = invoke("own run.json")
    assert (result.exit_code, result.stdout) == (0, "presentations/own-run.toml\n")
    found = loaded(project / "presentations" / "own-run.toml")
    assert found.title == "Qwen3-8B, as measured"
    ((label, shown),) = found.replays()
    assert (label, shown.total, shown.apart) == ("", 12, False)
    figures = found.figures()
    assert figures is not None
    assert figures.values == (run["output_throughput"],)
    assert found.swept() is None
    assert len(found.runs()) == 1, "replayed and measured, and read once"


def test_waiting_and_prefill_are_apart_where_the_file_has_both(project: Path) -> None:
    written(project, "stats.json", astrai(2))
    assert invoke("stats.json").exit_code == 0
    ((_, shown),) = loaded(project / "presentations" / "stats.toml").replays()
    assert shown.apart
    assert any(step.waiting and step.prefill for step in shown.in_flight.steps)


def test_runs_at_several_rates_are_a_sweep_in_order_of_load(project: Path) -> None:
    files = [written(project, f"at-{rate}.json", vllm(rate, 4, detail)) for rate, detail in ((8, 12), (1, 12), (4, 12))]
    assert invoke(*files, "--name", "sweep").exit_code == 0
    found = loaded(project / "presentations" / "sweep.toml")
    sweep = found.swept()
    assert sweep is not None
    assert [point.label for point in sweep.points] == ["1 request/s", "4 requests/s", "8 requests/s"]
    assert sweep.latency == "latency", "the first that all runs know, from their requests"
    assert sweep.points[0].latency == pytest.approx(sum(request.end for request in sweep.runs[0].run.requests) / 12)
    assert found.figures() is None
    assert [label for label, _ in found.replays()] == ["8 requests/s"], "the fullest server"


def test_a_sweep_may_have_run_each_load_several_times(project: Path) -> None:
    for rate in (4, 1, 2):
        runs = [vllm(rate, 4, 12) for _ in range(3)]
        for number, run in enumerate(runs):
            for key in ("duration", "request_throughput", "output_throughput", "total_token_throughput"):
                run[key] *= (1 + number / 100) if key == "duration" else 1 / (1 + number / 100)
        written(project, f"at-{rate}.json", runs)
    assert invoke("at-1.json", "at-2.json", "at-4.json", "--name", "sweep").exit_code == 0
    found = loaded(project / "presentations" / "sweep.toml")
    sweep = found.swept()
    assert sweep is not None
    rates = ("1 request/s", "2 requests/s", "4 requests/s")
    assert [point.label for point in sweep.points] == [f"{rate} ({time})" for rate in rates for time in (1, 2, 3)]
    assert [label for label, _ in found.replays()] == ["4 requests/s (3)"]
    # of one load there is no line
    assert invoke("at-1.json").exit_code == 0
    figures = loaded(project / "presentations" / "at-1.toml").figures()
    assert figures is not None
    assert [each.label for each in figures.runs] == ["at-1 1", "at-1 2", "at-1 3"]


def test_two_runs_are_compared_by_bars(project: Path) -> None:
    written(project, "a.json", vllm("inf", 2, max_concurrency=8))
    written(project, "b.json", vllm("inf", 6, max_concurrency=8))
    assert invoke("a.json", "b.json", "--title", "Two").exit_code == 0
    found = loaded(project / "presentations" / "a.toml")
    figures = found.figures()
    assert figures is not None
    assert [each.label for each in figures.runs] == ["a", "b"]
    assert [label for label, _ in found.replays()] == ["a", "b"]
    assert found.title == "Two"


def test_a_label_that_is_cut_says_so_and_still_tells_runs_apart(project: Path) -> None:
    long = "a-long-name-of-a-run-on-our-largest-server-"
    for end, slots in (("one", 2), ("two", 6)):
        written(project, f"{long}{end}.json", vllm("inf", slots, max_concurrency=8))
    assert invoke(f"{long}one.json", f"{long}two.json").exit_code == 0
    figures = loaded(project / "presentations" / f"{long}one.toml").figures()
    assert figures is not None
    labels = [each.label for each in figures.runs]
    assert labels == [f"1 {long[:37]}…", f"2 {long[:37]}…"]


def test_files_of_one_name_are_told_apart_by_their_folders(project: Path) -> None:
    for folder, slots in (("before", 2), ("after", 6)):
        (project / folder).mkdir()
        written(project / folder, "run.json", vllm("inf", slots, max_concurrency=8))
    assert invoke("before/run.json", "after/run.json").exit_code == 0
    assert [label for label, _ in loaded(project / "presentations" / "run.toml").replays()] == [
        "before/run",
        "after/run",
    ]


def test_outside_a_project_it_lies_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    far = written(tmp_path, "far.json", guidellm(2))
    result = invoke("../far.json")
    assert result.stdout == "far.toml\n"
    assert loaded(Path("far.toml")).runs()[0].file == far


def test_a_file_of_the_same_name_beside_the_talk_file_is_not_taken_for_it(project: Path) -> None:
    meant = written(project, "run.json", guidellm(2))
    written(project / "presentations", "run.json", guidellm(2, count=3))
    assert invoke("run.json").exit_code == 0
    (run,) = loaded(project / "presentations" / "run.toml").runs()
    assert run.file == meant
    assert run.completed == 12


def test_a_batch_is_written_into_the_talk_file(project: Path, serving_data: Path) -> None:
    latency = serving_data / "vllm_latency.json"
    told = refusal(invoke(latency))
    assert "vllm_latency.json: is a result of vllm bench latency, which says neither" in told
    assert "add --batch-size and --output-len" in told
    lacking = invoke(latency, "--batch-size", 8)
    assert (lacking.exit_code, list((project / "presentations").iterdir())) == (2, [])
    assert "--batch-size and --output-len together" in lacking.output
    batch = ("--batch-size", 8, "--output-len", 128, "--input-len", 32)
    served = written(project, "served.json", vllm("inf", 2))
    told = refusal(invoke(served, *batch))
    assert "served.json: is no result of vllm bench latency, and says itself what was sent; leave out" in told
    assert invoke(latency, served, *batch, "--name", "own").exit_code == 0
    found = loaded(project / "presentations" / "own.toml")
    assert found.throughput is not None
    assert [(each.batch_size, each.output_len, each.input_len) for each in found.throughput.runs] == [
        (8, 128, 32),
        (None, None, None),
    ]
    figures = found.figures()
    assert figures is not None
    assert figures.values[0] == pytest.approx(8 * 128 / 1.28)
    assert [each.label for each in figures.runs] == ["batch size 8", "all at once"]
    assert [label for label, _ in found.replays()] == ["all at once"], "a batch has no times of single requests"


def test_what_is_there_stays_unless_forced(project: Path) -> None:
    written(project, "run.json", guidellm(2))
    target = project / "presentations" / "run.toml"
    target.write_text("mine")
    assert "is there already; choose another --name, or write over it by --force" in refusal(invoke("run.json"))
    assert target.read_text() == "mine"
    assert invoke("run.json", "--force").exit_code == 0
    assert tomllib.loads(target.read_text())["scene"].endswith(":MeasuredRuns")


def test_runs_of_two_models_are_refused_and_nothing_is_written(project: Path) -> None:
    written(project, "a.json", vllm(4, 4))
    written(project, "b.json", vllm(4, 4, model_id="other"))
    assert "was measured with model other" in refusal(invoke("a.json", "b.json"))
    assert list((project / "presentations").iterdir()) == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (("run.json", "./run.json"), "run.json: is named twice"),
        (("none.json",), "none.json: there is no such file"),
        (("text.json",), "text.json, line 1: not valid JSON"),
        (("empty.json",), "holds neither throughput nor times of single requests"),
        (("many.json",), "7 runs are too many for a slide, which holds 6"),
    ],
)
def test_files_that_cannot_be_shown(project: Path, files: tuple[str, ...], told: str) -> None:
    written(project, "run.json", guidellm(2))
    (project / "text.json").write_text("hello")
    written(project, "empty.json", {"model_id": "m", "duration": 2.0})
    written(project, "many.json", [vllm(4, 2, 3 + number) for number in range(7)])
    assert told in refusal(invoke(*files))
    assert list((project / "presentations").iterdir()) == []


@pytest.mark.parametrize("name", ["a/b", "..", "nul", "a:b", ""])
def test_names_that_are_no_file_s(project: Path, name: str) -> None:
    written(project, "run.json", guidellm(2))
    result = invoke("run.json", "--name", name)
    assert result.exit_code == 2
    assert "is no name that a file has on every system" in result.output
