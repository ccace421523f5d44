"""Files that were once read wrongly, own-made: every value that such a file says, and no other."""

from pathlib import Path

import pytest

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured import Tool, read_run
from astrai_slides.serving.sim.replay import replay
from astrai_slides.serving.sim.traces import read_trace
from astrai_slides.serving.words import en as words


@pytest.fixture
def truth(serving_data: Path) -> Path:
    return serving_data / "truth"


def test_01_an_own_log_is_no_published_trace(truth: Path) -> None:
    origin = read_trace(truth / "01-own-log-cited-as-azure.csv")[1]
    assert words.workload_source(origin) == "in Azure’s format, from 01-own-log-cited-as-azure.csv"


@pytest.mark.parametrize("name", ["02-astrai-ttft-includes-wait.json", "03-astrai-req-ids.json"])
def test_02_03_astrai_s_first_tokens_count_from_the_arrival(truth: Path, name: str) -> None:
    run = read_run(truth / name)
    assert (run.tool, run.date, run.unfinished, run.cancelled) == (Tool.ASTRAI, "2026-09-21", 0, 0)
    assert [(r.start, r.first_token, r.end) for r in run.requests] == [
        (0.0, 0.105, 10.105),
        (0.0, 2.1, 12.1),
        (10.0, 9.1, 15.1),
    ]
    assert [span.first_token for span in replay(run).spans] == pytest.approx([0.105, 2.1, 19.1])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"queue_wait_ms": 2000.0',
            '"queue_wait_ms": 2200.0',
            r"recent_tasks\[2\]\.queue_wait_ms: 2200 is more than ttft",
        ),
        ('"ttft_ms": 9100.0', '"ttft_ms": 15200.0', r"recent_tasks\[3\]\.ttft_ms: 15200 is more than e2e_latency_ms"),
    ],
)
def test_stats_that_contradict_themselves_are_not_clamped(
    truth: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    content = (truth / "03-astrai-req-ids.json").read_text("utf-8")
    assert content.count(old) == 1
    path = tmp_path / "stats.json"
    path.write_text(content.replace(old, new))
    with pytest.raises(AstraiSlidesError, match=message):
        read_run(path)


def test_stats_of_a_running_server_say_what_is_not_done(truth: Path, tmp_path: Path) -> None:
    content = (truth / "03-astrai-req-ids.json").read_text("utf-8")
    path = tmp_path / "stats.json"
    path.write_text(
        content.replace('"running": 0, "waiting": 0', '"running": 3, "waiting": 2').replace(
            '"cancelled_total": 0', '"cancelled_total": 4'
        )
    )
    run = read_run(path)
    assert (run.unfinished, run.cancelled) == (5, 4)
    assert "4 cancelled, 5 still in flight" in words.replay_caption(replay(run))


def test_04_guidellm_s_n_is_what_its_metrics_cover(truth: Path) -> None:
    run = read_run(truth / "04-guidellm-warmup-counted-in-N.json")
    assert (run.completed, run.failed, len(run.requests)) == (8, 0, 12)
    assert (run.strategy, run.concurrency) == ("concurrent", 2)
    assert (run.output_throughput, run.request_throughput) == (20.0, 0.2)
    assert (run.input_tokens, run.output_tokens) == (None, None), "the list holds what the metrics leave out"
    caption = words.replay_caption(replay(run))
    assert "strategy concurrent, at most 2 requests in flight" in caption
    assert "N = 12, 8 counted by the tool" in caption


def test_13_requests_are_replayed_in_a_row(truth: Path) -> None:
    run = read_run(truth / "13-replay-not-the-first.json")
    shown = replay(run, max_requests=13)
    assert [span.number for span in shown.spans] == list(range(1, 14))
    first = sorted(request.start for request in run.requests if request.start is not None)[:13]
    assert [span.start for span in shown.spans] == pytest.approx(first)
    assert f"first 13 of 100 requests, {shown.beside} more ran beside them" in words.replay_caption(shown)
    few = replay(run, max_rows=6, max_requests=13)
    assert "first 6 of 100 requests, as six rows hold no more" in words.replay_caption(few)
