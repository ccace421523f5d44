"""Replays: measured requests packed into rows, and files that cannot be replayed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.reading import read_run
from astrai_slides.serving.sim.replay import replay

FILE = Path("result.json")


def request(start: float | None, first_token: float | None, end: float | None) -> MeasuredRequest:
    return MeasuredRequest(10, 4, start, first_token, end)


def run_of(*requests: MeasuredRequest, all_at_once: bool = False) -> MeasuredRun:
    return MeasuredRun(Tool.VLLM, FILE, requests=requests, all_at_once=all_at_once)


def test_a_detailed_file_is_replayed_as_measured(serving_data: Path) -> None:
    result = replay(read_run(serving_data / "vllm_detailed.json"))
    shown = [[(s.name, s.start, s.first_token, s.end) for s in row.spans] for row in result.rows]
    assert shown == [[("R1", 0.0, 0.25, 1.0), ("R3", 1.5, 1.75, 2.25)], [("R2", 0.5, 1.0, 1.5)]]
    assert result.rows[0].spans[0].token_times == (0.25, 0.5, 0.75, 1.0)
    assert result.rows[1].spans[0].token_times == (1.0, 1.25, 1.5)
    assert (result.duration, result.total, result.shown, result.beside) == (2.25, 3, 3, 0)
    assert [span.name for span in result.spans] == ["R1", "R2", "R3"]
    assert (result.run.tool, result.run.failed, result.run.concurrency) == (Tool.VLLM, 1, 2)


def test_guidellm_and_astrai_are_replayed(serving_data: Path) -> None:
    assert [len(row.spans) for row in replay(read_run(serving_data / "guidellm.json")).rows] == [1, 1]
    stats = replay(read_run(serving_data / "astrai_stats.json"))
    assert [[span.name for span in row.spans] for row in stats.rows] == [["R1", "R3"], ["R2"]]
    assert not stats.run.exact_starts


def test_requests_sent_at_once_need_no_starts(serving_data: Path) -> None:
    result = replay(read_run(serving_data / "sglang.jsonl", 2))
    assert [[span.start for span in row.spans] for row in result.rows] == [[0.0], [0.0]]


def test_limits_leave_out_and_say_so() -> None:
    requests = [request(number / 10, 0.05, 0.5) for number in range(10)]
    result = replay(run_of(*requests), max_rows=3, max_requests=5)
    # The fourth one finds no row free: who went on with the sixth would show an idle server.
    assert [[span.start for span in row.spans] for row in result.rows] == [[0.0], [0.1], [0.2]]
    assert (result.shown, result.beside, result.total, result.full) == (3, 4, 10, True)
    wide = replay(run_of(*requests), max_requests=5)
    assert (len(wide.rows), wide.shown, wide.full) == (5, 5, False)


def test_a_window_starts_in_the_middle_and_says_where() -> None:
    requests = [request(10 + number / 10, 0.05, 0.5) for number in range(10)]
    result = replay(run_of(*requests), window=(0.35, 0.65))
    assert [span.name for span in result.spans] == ["R5", "R6", "R7"]
    assert (result.first, result.last, result.spans[0].start) == (5, 7, 0.0)
    # Four sent before and three after were in flight at some time.
    assert result.beside == 7
    with pytest.raises(AstraiSlidesError, match=r"result\.json: no request was sent from 5 s to 6 s; .* after 0\.9 s"):
        replay(run_of(*requests), window=(5, 6))


def test_requests_that_took_no_time_are_refused() -> None:
    with pytest.raises(AstraiSlidesError, match="took no time"):
        replay(run_of(request(0.0, 0.0, 0.0)))


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (run_of(), "holds no times of single requests, so it cannot be replayed; run the benchmark again"),
        (run_of(request(None, 0.1, 0.5)), "does not say when each request started"),
        (run_of(request(0.0, 0.1, 0.5), request(None, 0.1, 0.5)), "does not say when each request started"),
        (run_of(request(0.0, None, 0.5)), "does not say when each request gave its tokens"),
        (run_of(request(0.0, 0.1, None)), "does not say when each request gave its tokens"),
    ],
)
def test_a_file_without_timing_is_refused_with_the_remedy(run: MeasuredRun, message: str) -> None:
    with pytest.raises(AstraiSlidesError, match=message) as caught:
        replay(run)
    assert str(caught.value).startswith("result.json: ")
    assert "--save-detailed" in str(caught.value)


def test_a_summary_file_is_refused(serving_data: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"vllm_old_summary\.json: holds no times"):
        replay(read_run(serving_data / "vllm_old_summary.json"))


def test_no_rows_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        replay(run_of(request(0.0, 0.1, 0.5)), max_rows=0)


_TIMES = st.floats(0.001, 50, allow_subnormal=False)


@given(
    times=st.lists(st.tuples(_TIMES, _TIMES, _TIMES), min_size=1, max_size=30),
    max_rows=st.none() | st.integers(1, 8),
    max_requests=st.integers(1, 20),
)
def test_packing(times: list[tuple[float, float, float]], max_rows: int | None, max_requests: int) -> None:
    requests = [request(start, min(a, b), max(a, b)) for start, a, b in times]
    result = replay(run_of(*requests), max_rows, max_requests)
    assert max_rows is None or len(result.rows) <= max_rows
    assert sum(len(row.spans) for row in result.rows) == result.shown == len(result.spans) <= max_requests
    assert result.shown + result.beside <= result.total == len(times)
    assert result.full or result.shown == min(max_requests, len(times))
    sent = sorted(start for start, _, _ in times)
    assert [span.start + sent[0] for span in result.spans] == pytest.approx(sent[: result.shown]), "in a row"
    for row in result.rows:
        assert all(before.end <= after.start for before, after in zip(row.spans, row.spans[1:], strict=False))
    assert all(0 <= span.start <= span.first_token <= span.end <= result.duration for span in result.spans)
    # Greedy packing in order of start needs no more rows than ever run at once.
    most = max(
        sum(other.start <= span.start < other.end or other is span for other in result.spans) for span in result.spans
    )
    assert len(result.rows) <= most
