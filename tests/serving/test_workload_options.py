"""The options that describe a workload: the same workloads as a talk file, and no combination without sense."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.workload import LognormalLengths, Workload, load_workload
from astrai_slides.serving.words import en as words
from astrai_slides.serving.workload_options import workload_options


@click.command()
@workload_options
@click.option("--other", default=1)
def command(workload: Workload, other: int) -> None:
    """Print the workload."""
    rows = zip(
        workload.prompt_tokens.tolist(), workload.output_tokens.tolist(), workload.arrivals.tolist(), strict=True
    )
    click.echo(f"{other}|{list(rows)}|{words.workload_source(workload.origin)}")


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    rows = "".join(f"{number},10,{number + 1}\n" for number in range(12))
    path.write_text("arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows, encoding="utf-8")
    return path


def test_a_trace_and_its_cuts(trace: Path) -> None:
    result = invoke("--trace", trace, "--window", "2:9.5", "--every", 2, "--first", 3, "--other", 7)
    assert result.exit_code == 0, result.output
    other, rows, source = result.output.strip().split("|")
    assert other == "7"
    assert rows == "[(10, 3, 0.0), (10, 5, 2.0), (10, 7, 4.0)]"
    assert source.endswith("t.csv, seconds 2 to 9.5, every 2nd request, first 3")


def test_a_named_format_is_used(trace: Path) -> None:
    assert invoke("--trace", trace, "--format", "vidur").exit_code == 0
    result = invoke("--trace", trace, "--format", "azure")
    assert result.exit_code == 1
    assert "no column TIMESTAMP, as the format azure has" in str(result.exception)


def test_drawn_lengths_are_those_of_a_talk_file() -> None:
    result = invoke(
        "--lengths", "lognormal", "--mean", 20, "--cap", 40, "--sigma", 0.5, "--seed", 3, "--requests", 5, "--prompt", 9
    )
    spec = LognormalLengths(kind="lognormal", mean=20, cap=40, sigma=0.5, seed=3, requests=5, prompt=9)
    expected = load_workload(spec)
    rows = [(9, length, 0.0) for length in expected.output_tokens.tolist()]
    assert result.output == f"1|{rows}|{words.workload_source(expected.origin)}\n"


def test_requests_written_out() -> None:
    result = invoke("--request", "512:3@2.5", "--request", "7:4@0.5")
    assert result.output == "1|[(7, 4, 0.0), (512, 3, 2.0)]|2 requests written out\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Say which requests: --trace FILE, --lengths KIND or --request PROMPT:OUTPUT."),
        (["--trace", "x", "--lengths", "constant"], "--trace and --lengths name two workloads: choose one."),
        (["--trace", "x", "--seed", "0"], "--seed goes with --lengths, not with --trace: leave it out."),
        (["--lengths", "constant", "--first", "3"], "--first goes with --trace, not with --lengths: leave it out."),
        (["--request", "1:1", "--every", "3"], "--every goes with --trace, not with --request: leave it out."),
        (["--lengths", "geometric", "--sigma", "2"], "--sigma goes with --lengths lognormal: leave it out."),
        (["--lengths", "constant", "--mean", "2.5"], "constant lengths are whole numbers of tokens"),
        (["--lengths", "geometric", "--mean", "nan"], "--mean: must be a finite number"),
        (["--lengths", "geometric", "--requests", "0"], "--requests: must be greater than or equal to 1"),
        (["--trace", "x", "--first", "0"], "Invalid value for '--first'"),
        (["--trace", "x", "--window", "5:2"], "'5:2' is no window: write two numbers of seconds"),
        (["--trace", "x", "--window", "a"], "'a' is no window"),
        (["--request", "5"], "'5' is no request: write tokens of prompt and answer, at least 1, as 512:128"),
        (["--request", "5:0"], "'5:0' is no request"),
        (["--trace", "x", "--format", "csv"], "Invalid value for '--format'"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(arguments: list[str], message: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


def test_a_trace_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        result = invoke("--trace", path)
        assert result.exit_code == 1
        assert str(path) in str(result.exception)
        assert isinstance(result.exception, AstraiSlidesError), "which the group tells of like all others"
