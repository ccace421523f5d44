"""Results of `vllm bench latency`: seconds of one batch, whose size and lengths the speaker gives."""

import json
from pathlib import Path

import pytest
from measured_files import written

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured import Batch, Labelled, MeasuredThroughputs, Tool, measured_throughputs
from astrai_slides.serving.sim.measured.reading import read_run
from astrai_slides.serving.sim.measured.sweep import measured_sweep
from astrai_slides.serving.sim.measured.vllm_latency import in_batches
from astrai_slides.serving.words import en as words
from astrai_slides.serving.words import zh

MEAN = 1.28
"""Seconds, of the five iterations of vllm_latency.json."""


@pytest.fixture
def latency(serving_data: Path) -> Path:
    return serving_data / "vllm_latency.json"


def bars(latency: Path, *batches: Batch) -> MeasuredThroughputs:
    run = read_run(latency)
    return measured_throughputs([Labelled(str(batch), in_batches(run, batch, "")) for batch in batches])


def test_a_file_alone_has_a_latency_and_no_throughput(latency: Path) -> None:
    run = read_run(latency)
    assert (run.tool, run.iterations, run.batch) == (Tool.VLLM_LATENCY, 5, None)
    assert run.latencies.latency == pytest.approx(MEAN)
    assert (run.output_throughput, run.request_throughput, run.total_throughput) == (None, None, None)


def test_a_batch_gives_its_throughput(latency: Path) -> None:
    run = in_batches(read_run(latency), Batch(8, 128), "")
    assert run.output_throughput == pytest.approx(8 * 128 / MEAN)
    assert run.request_throughput == pytest.approx(8 / MEAN)
    assert run.total_throughput is None, "prompts are not known"
    longer = in_batches(read_run(latency), Batch(8, 128, 32), "")
    assert longer.total_throughput == pytest.approx(8 * (32 + 128) / MEAN)


def test_the_caption_says_what_was_given(latency: Path) -> None:
    caption = words.comparison(bars(latency, Batch(8, 128))).caption
    assert caption == (
        "Measured with vLLM bench latency: batch size 8, 128 tokens out as given; mean of 5 iterations."
        " Files: vllm_latency.json."
    )
    in_chinese = zh.comparison(bars(latency, Batch(8, 128))).caption
    assert "批大小 8，输出 128 个 token（讲者给出），5 次的平均" in in_chinese
    caption = words.comparison(bars(latency, Batch(8, 128, 32), Batch(16, 1, 32))).caption
    assert "batch size 8, 32 tokens in, 128 tokens out as given; mean of 5 iterations; batch size 16, 32" in caption
    assert "answered requests of different lengths" in caption
    run = in_batches(read_run(latency), Batch(8, 128), "")
    notes = words.runs_notes("title", [run])
    assert "batch size 8, 128 tokens out as given; mean of 5 iterations" in notes
    assert "batch sizes and lengths are as the speaker gave them" in notes


def test_batch_sizes_are_the_load_of_a_sweep(latency: Path) -> None:
    runs = [Labelled(str(size), in_batches(read_run(latency), Batch(size, 128), "")) for size in (32, 1, 8)]
    assert [point.label for point in measured_sweep(runs).points] == ["1", "8", "32"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"avg_latency": 1.3}, r"avg_latency: is 1\.3, and the mean of latencies 1\.28; the file was edited or cut"),
        ({"latencies": [1.31, 1.27]}, r"avg_latency: is 1\.28, and the mean of latencies 1\.29"),
        ({"latencies": []}, "latencies: .* at least 1 item, not 0"),
        ({"avg_latency": 0.0, "latencies": [0.0]}, "avg_latency: must be greater than or equal to 1e-06"),
        ({"latencies": [1.28, "1.28"]}, "latencies"),
        ({"avg_latency": None}, "avg_latency: missing"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    latency: Path, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    data = json.loads(latency.read_text("utf-8")) | changes
    with pytest.raises(AstraiSlidesError, match=rf"odd\.json: {message}"):
        read_run(written(tmp_path, "odd.json", data))


def test_a_mean_that_was_rounded_is_no_contradiction(latency: Path, tmp_path: Path) -> None:
    data = json.loads(latency.read_text("utf-8")) | {"avg_latency": 1.2805}
    assert read_run(written(tmp_path, "rounded.json", data)).iterations == 5


def test_a_batch_is_for_such_a_file_and_for_no_other(latency: Path, serving_data: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"vllm_latency\.json: is a result of vllm bench latency, which says"):
        in_batches(read_run(latency), None, "[[throughput.run]] 'a'")
    served = read_run(serving_data / "vllm_detailed.json")
    with pytest.raises(AstraiSlidesError, match=r"vllm_detailed\.json: is no result of vllm bench latency, .*; remove"):
        in_batches(served, Batch(8, 128), "[[throughput.run]] 'a'")
    assert in_batches(served, None, "") is served
