import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from astrai_slides.cli import main

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
    for words in ("static", "continuous", "1.571×", "Computed", "full queue", "Source:", "toy.csv", "5 requests"):
        assert words in shown


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
