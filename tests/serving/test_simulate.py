import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from astrai_slides.cli import main
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.workload import WrittenOrigin
from astrai_slides.serving.words import en as words

TOY = "TIMESTAMP,ContextTokens,GeneratedTokens\n" + "".join(
    f"2023-11-16 18:15:{second:02}.0000000,{prompt},{output}\n"
    for second, (prompt, output) in enumerate([(5, 2), (5, 7), (9, 3), (5, 4), (5, 2)])
)


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    file = tmp_path / "toy.csv"
    file.write_text(TOY, "utf-8")
    return file


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["simulate", *(str(argument) for argument in arguments)])


def test_json_has_the_turns_and_the_assumptions(toy: Path) -> None:
    result = invoke("--trace", toy, "--slots", 3, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["requests"], report["slots"]) == (5, 3)
    assert (report["static"]["turns"], report["continuous"]["turns"]) == (11, 7)
    assert report["speedup"] == pytest.approx(11 / 7)
    assert report["occupancy"] == {"static": pytest.approx(18 / 33), "continuous": pytest.approx(18 / 21)}
    assert "full queue, in arrival order" in report["assumptions"]
    assert "toy.csv" in report["source"]


def test_a_list_of_slots_gives_a_result_each_in_that_order(toy: Path) -> None:
    report = json.loads(invoke("--trace", toy, "--slots", "3,1,3", "--json").stdout)
    assert report["slots"] == [3, 1]
    assert [result["speedup"] for result in report["results"]] == [pytest.approx(11 / 7), 1.0]


def test_csv_has_a_line_a_slot_count(toy: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("--trace", toy, "--slots", "1,3", "--csv").stdout)))
    assert [(row["slots"], row["static_turns"], row["continuous_turns"]) for row in rows] == [
        ("1", "18", "18"),
        ("3", "11", "7"),
    ]


def test_the_table_says_computed_source_and_assumptions(toy: Path) -> None:
    shown = " ".join(invoke("--trace", toy, "--slots", "3").stdout.split())
    for said in ("static", "continuous", "1.571×", "Computed", "full queue", "Source:", "toy.csv", "5 requests"):
        assert said in shown


def test_the_table_fits_a_narrow_terminal_and_has_the_times_of_arrivals(toy: Path) -> None:
    shown = invoke("--trace", toy, "--slots", "3,64", "--arrivals", "--turn-ms", 100).stdout
    assert "TTFT p50" in shown
    assert "latency p99" in shown
    assert "continuous" in shown
    assert "…" not in shown


def test_arrival_times_and_costs_change_the_figures(toy: Path) -> None:
    report = json.loads(invoke("--trace", toy, "--slots", 3, "--arrivals", "--turn-ms", 100, "--json").stdout)
    # A request a second and turns of 0.1 s: every request is served alone when it comes, R5 at four seconds.
    assert report["continuous"]["time_unit"] == "s"
    assert report["continuous"]["elapsed"] == pytest.approx(4.2)
    assert report["speedup"] == pytest.approx(1.0)


def test_an_overloaded_server_is_said_to_be_overloaded_with_throughput_in_place_of_a_ratio(toy: Path) -> None:
    slow = invoke("--trace", toy, "--slots", 1, "--arrivals", "--turn-ms", 1000)
    shown = " ".join(slow.stdout.split())
    # 18 tokens within 4 s, of which one slot yields one a second.
    assert "Overloaded at 1 slot: 4.5 tokens/s asked for, static batching serves 1.0 and continuous batching" in shown
    assert "tokens/s" in shown
    assert "speed-up" not in shown
    fine = invoke("--trace", toy, "--slots", 3, "--arrivals", "--turn-ms", 100, "--json")
    assert json.loads(fine.stdout)["overloaded"] == []
    assert "speed-up" in invoke("--trace", toy, "--slots", 3, "--arrivals", "--turn-ms", 100).stdout


def test_no_form_of_the_report_has_the_ratio_of_an_overloaded_server(toy: Path, tmp_path: Path) -> None:
    # 4.5 tokens a second asked for: one slot yields two, five slots five.
    slow = ("--trace", toy, "--slots", "1,5", "--arrivals", "--turn-ms", 500)
    one, five = json.loads(invoke(*slow, "--json").stdout)["results"]
    assert (one["speedup"], one["overloaded"]) == (None, ["static", "continuous"])
    assert (five["speedup"] >= 1, five["overloaded"]) == (True, [])
    rows = list(csv.DictReader(io.StringIO(invoke(*slow, "--csv").stdout)))
    assert [(row["speedup"] == "", row["overloaded"]) for row in rows] == [(True, "static continuous"), (False, "")]
    plot = tmp_path / "plot.svg"
    slow = ("--trace", toy, "--slots", "1", "--arrivals", "--turn-ms", 500, "--json", "--plot", plot)
    refused = invoke(*slow)
    assert (refused.exit_code, refused.stdout, plot.exists()) == (1, "", False)
    assert "plot.svg: nothing to draw: at all of these slots a policy is overloaded" in str(refused.output)
    origin = WrittenOrigin(5)
    assert "No point at 1 slot: overloaded." in words.plot_caption(Options(1), 5, origin, [1])[0]
    assert "No point" not in words.plot_caption(Options(1), 5, origin)[0]


def test_static_batches_that_are_padded_and_return_whole_are_told(toy: Path) -> None:
    report = json.loads(
        invoke("--trace", toy, "--slots", 3, "--turn-ms", 10, "--static", "returns=batch", "--json").stdout
    )
    assert "static batches are padded and return whole" in report["assumptions"]
    static = report["static"]
    assert static["time_to_first_token"] == static["latency"]


def test_limits_change_the_figures_and_are_told(toy: Path) -> None:
    limits = ("--kv-tokens", 14, "--kv-block", 1, "--token-budget", 20)
    report = json.loads(invoke("--trace", toy, "--slots", 3, *limits, "--json").stdout)
    assert report["continuous"]["turns"] > 7
    assert report["continuous"]["limits"]["preemptions"] > 0
    told = "; ".join(report["assumptions"])
    for said in ("KV memory of 14 tokens in blocks of 1", "preempted and recomputed", "20 tokens a turn"):
        assert said in told
    assert "KV memory for every slot" not in told
    free = json.loads(invoke("--trace", toy, "--slots", 3, "--json").stdout)
    assert "limits" not in free["continuous"]
    aborted = json.loads(invoke("--trace", toy, "--slots", 3, *limits[:4], "--when-full", "abort", "--json").stdout)
    assert aborted["continuous"]["limits"]["aborted"] > 0
    # Who answers less is done sooner, and that is no gain.
    static, continuous = aborted["static"], aborted["continuous"]
    assert static["useful_cells"] != continuous["useful_cells"]
    assert aborted["speedup"] == pytest.approx(continuous["throughput"] / static["throughput"])
    shown = " ".join(invoke("--trace", toy, "--slots", 3, *limits).stdout.split())
    assert f"continuous batching {report['continuous']['limits']['preemptions']} preemption" in shown
    shown = " ".join(invoke("--trace", toy, "--slots", 3, *limits[:4], "--when-full", "abort").stdout.split())
    assert f"continuous batching {continuous['limits']['aborted']} answers aborted" in shown
    (row,) = csv.DictReader(io.StringIO(invoke("--trace", toy, "--slots", 3, *limits, "--csv").stdout))
    assert row["continuous_preemptions"] == str(report["continuous"]["limits"]["preemptions"])


def test_prompts_that_begin_alike_are_read_once(tmp_path: Path) -> None:
    file = tmp_path / "mooncake.jsonl"
    rows = [(0, 1024, [1, 2]), (2000, 1024, [1, 3]), (1000, 600, [9, 8]), (3000, 0, [1])]
    file.write_text(
        "".join(
            json.dumps({"timestamp": at, "input_length": prompt, "output_length": 2, "hash_ids": names}) + "\n"
            for at, prompt, names in rows
        ),
        "utf-8",
    )
    report = json.loads(invoke("--trace", file, "--slots", 1, "--prefix-tokens", 4096, "--json").stdout)
    assert report["continuous"]["limits"]["prompt_tokens_reused"] == 512
    shown = " ".join(invoke("--trace", file, "--slots", 1, "--prefix-tokens", 4096).stdout.split())
    assert "continuous batching 512 of 2,648 prompt tokens reused" in shown
    result = invoke("--trace", file, "--slots", 1, "--prefix-tokens", 4096, "--first", 1, "--json")
    assert json.loads(result.stdout)["continuous"]["limits"]["prompt_tokens_reused"] == 0


def test_a_trace_without_names_of_blocks_cannot_reuse_prefixes(toy: Path, tmp_path: Path) -> None:
    result = invoke("--trace", toy, "--prefix-tokens", 4096)
    assert (result.exit_code, "has no hash_ids" in result.output) == (1, True)
    file = tmp_path / "bare.jsonl"
    file.write_text('{"timestamp": 0, "input_length": 5, "output_length": 2}\n', "utf-8")
    result = invoke("--trace", file, "--prefix-tokens", 4096)
    assert (result.exit_code, "line 1: hash_ids must be" in " ".join(result.output.split())) == (1, True)


@pytest.mark.long
def test_a_measured_run_is_simulated_beside_what_was_measured_for_each_request(tmp_path: Path) -> None:
    # Eight requests on two slots, alone or in pairs, of a server whose turn takes 10 ms.
    file = tmp_path / "own.json"
    rows = [(2.0 * request, 100, 20 + request) for request in range(8)]
    file.write_text(
        json.dumps(
            {
                "backend": "vllm",
                "completed": 8,
                "duration": 16.0,
                "output_throughput": 11.75,
                "input_lens": [prompt for _, prompt, _ in rows],
                "output_lens": [output for _, _, output in rows],
                "ttfts": [0.012] * 8,
                "itls": [[0.01] * (output - 1) for _, _, output in rows],
                "start_times": [start for start, _, _ in rows],
            }
        ),
        "utf-8",
    )
    report = json.loads(invoke("--from", file, "--slots", 2, "--prefill-rule", "mixed", "--json").stdout)
    assert [request["half"] for request in report["requests"]] == [1] * 4 + [2] * 4
    assert report["whole"]["latency"]["error"] == pytest.approx(0, abs=0.02)
    last = report["requests"][-1]
    assert last["latency_error"] == pytest.approx(last["simulated_latency"] - last["measured_latency"])
    lines = list(csv.DictReader(io.StringIO(invoke("--from", file, "--slots", 2, "--csv").stdout)))
    assert [line["output_tokens"] for line in lines] == [str(output) for _, _, output in rows]
    shown = " ".join(invoke("--from", file, "--slots", 2).stdout.split())
    for said in ("second half", "costs fitted on the first 4 requests", "own.json", "TTFT, mean"):
        assert said in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "x.json", "--lengths", "geometric"], "does not go with --from"),
        (["--from", "x.json", "--turn-ms", "3"], "--from takes arrivals and costs from the run"),
        (["--from", "x.json", "--slots", "4,8"], "one number of --slots"),
        (["--lengths", "geometric", "--run", "2"], "--run goes with --from"),
        (["--lengths", "geometric", "--kv-block", "2"], "--kv-block goes with --kv-tokens"),
        (["--lengths", "geometric", "--kv-tokens", "2"], "less than one block of 16"),
        (["--lengths", "geometric", "--token-budget", "8"], "less than 16 slots"),
        (["--lengths", "geometric", "--token-budget", "99", "--decode-rule", "every-group"], "leave the rules"),
        (["--lengths", "geometric", "--prefix-tokens", "99"], "goes with a --trace"),
    ],
)
def test_limits_and_runs_that_go_with_nothing_are_told(arguments: list[str], message: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


@pytest.mark.long
def test_the_plot_is_written_beside_the_report(toy: Path, tmp_path: Path) -> None:
    result = invoke("--trace", toy, "--slots", "1,2,4", "--json", "--plot", tmp_path / "plot.svg")
    assert json.loads(result.stdout)["slots"] == [1, 2, 4]
    assert "<svg" in (tmp_path / "plot.svg").read_text("utf-8")
    assert result.stderr == f"{tmp_path / 'plot.svg'}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--slots", "0"], "'0' is no slot count"),
        (["--slots", "4,,8"], "'' is no slot count"),
        (["--slots", "many"], "'many' is no slot count"),
        (["--json", "--csv"], "choose one"),
        (["--arrivals"], "--arrivals needs --turn-ms"),
        (["--token-ms", "1"], "need --turn-ms"),
        (["--turn-ms", "nan"], "--turn-ms"),
        (["--turn-ms", "inf"], "--turn-ms"),
        (["--turn-ms", "0.0000001"], "above zero"),
        (["--decode-rule", "fastest"], "largest-group"),
        (["--plot", "plot.gif"], "end the name in .svg, .png, .pdf"),
    ],
)
def test_wrong_usage_is_told_and_nothing_written(toy: Path, tmp_path: Path, monkeypatch, arguments, message) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("--trace", toy, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert result.stdout == ""
    assert sorted(tmp_path.iterdir()) == [toy]


@pytest.mark.parametrize(
    "content", ["", "TIMESTAMP,ContextTokens\n1,2\n", TOY + "2023-11-16 18:16:00,5,-3\n", TOY + "x,5,NaN\n"]
)
def test_a_bad_trace_is_an_error_that_names_the_file_and_nothing_is_written(tmp_path: Path, content: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content, "utf-8")
    result = invoke("--trace", file, "--json", "--plot", tmp_path / "plot.png")
    assert result.exit_code == 1
    assert "bad.csv" in result.output
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == [file]


def test_the_real_trace_gives_the_published_figure(shared_data: Path) -> None:
    report = json.loads(invoke("--trace", shared_data / "azure_llm_2023_conv.csv", "--slots", 16, "--json").stdout)
    assert (report["requests"], report["static"]["turns"], report["continuous"]["turns"]) == (19_366, 596_607, 255_779)
    assert report["speedup"] == pytest.approx(2.333, abs=0.001)
