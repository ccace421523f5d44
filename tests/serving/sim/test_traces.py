"""Trace readers: every format, every cut, and every way a file can be wrong."""

import csv
import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces import FORMATS, Cut, TraceOrigin, detect_format, read_trace
from astrai_slides.serving.sim.traces.lines import CHUNK, LONGEST_LINE
from astrai_slides.serving.sim.traces.published import CONVERSATION
from astrai_slides.serving.sim.traces.table import BLOCK, MOST_TOKENS

HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens"
GOOD = "2023-11-16 18:15:46.6805900,374,44"
_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(150))


def write(folder: Path, *lines: str, name: str = "trace.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "form", "prompts", "outputs", "arrivals", "skipped"),
    [
        ("azure_2023.csv", "azure", [374, 396, 879, 91], [44, 109, 55, 16], [0, 4.314579, 4.541877, 13.31941], 0),
        ("azure_2024.csv", "azure", [2162, 2399, 76], [5, 6, 15], [0, 0.034661, 0.996052], 0),
        ("azure_2025.csv", "azure", [1162, 76], [50, 15], [0, 3.25], 1),
        ("burstgpt_v1.csv", "burstgpt", [472, 417], [18, 276], [0, 113], 1),
        ("burstgpt_v2.csv", "burstgpt", [472, 417], [18, 276], [0, 8.5], 1),
        ("vidur.csv", "vidur", [374, 396], [44, 109], [0, 4.314579], 0),
    ],
)
def test_every_format_is_recognised_and_read(
    serving_data: Path,
    file: str,
    form: str,
    prompts: list[int],
    outputs: list[int],
    arrivals: list[float],
    skipped: int,
) -> None:
    path = serving_data / file
    assert detect_format(path).name == form
    rows, origin = read_trace(path)
    assert rows.prompt_tokens.dtype == rows.output_tokens.dtype == np.int64
    assert rows.prompt_tokens.tolist() == prompts
    assert rows.output_tokens.tolist() == outputs
    np.testing.assert_allclose(rows.arrivals, arrivals, atol=1e-9)
    assert rows.skipped == skipped
    assert origin == TraceOrigin(path, form, Cut(), skipped)


def test_the_real_trace_is_read_whole(shared_data: Path) -> None:
    rows, _ = read_trace(shared_data / "azure_llm_2023_conv.csv")
    assert len(rows.output_tokens) == 19_366
    assert int(rows.output_tokens.sum()) == 4_088_665
    assert rows.arrivals[0] == 0
    assert (np.diff(rows.arrivals) >= 0).all()
    # 18:15:46.68059 to 19:14:08.402527
    assert rows.arrivals[-1] == pytest.approx(3501.721937, abs=1e-6)


def test_a_published_trace_is_recognised_by_what_it_holds(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "azure_llm_2023_conv.csv").read_text("utf-8")
    rows = whole.splitlines()
    trimmed = [rows[0], *(f"{row[:23]}{row[27:]}" for row in rows[1:])]
    for lines in (rows, trimmed):
        origin = read_trace(write(tmp_path, *lines), cut=Cut(first=100))[1]
        assert origin.published == CONVERSATION, "whatever is cut from it afterwards"
    edited = [*rows[:9000], rows[9000].rpartition(",")[0] + ",9999", *rows[9001:]]
    for lines in (rows[:-1], [rows[0], *rows[2:]], edited, [*rows, rows[-1]]):
        assert read_trace(write(tmp_path, *lines))[1].published is None


def test_columns_prove_a_format_and_no_source(serving_data: Path) -> None:
    for name in ("azure_2023.csv", "truth/01-own-log-cited-as-azure.csv"):
        assert read_trace(serving_data / name)[1].published is None


def test_mixed_time_forms_are_accepted(tmp_path: Path) -> None:
    times = [
        "2023-11-16 18:15:46",
        "2023-11-16T18:15:46.5",
        "2023-11-16 18:15:46.6805900",
        "2023-11-16 18:15:47.123456789",
        "2023-11-16T18:15:48Z",
        "2023-11-16 19:15:49.25+01:00",
        "2023-11-16 12:45:50-0530",
        "1700158551.75",
    ]
    path = write(tmp_path, HEADER, *(f"{time},1,1" for time in times))
    arrivals = read_trace(path)[0].arrivals
    np.testing.assert_allclose(arrivals, [0, 0.5, 0.68059, 1.123456789, 2, 3.25, 4, 5.75], atol=1e-9)


def test_bom_crlf_blank_lines_and_other_column_orders_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    text = '\ufeffgeneratedtokens, CONTEXTTOKENS ,Extra,TIMESTAMP\r\n\r\n44,374.0,"a,b",2023-11-16 18:15:46\r\n,\r\n'
    path.write_bytes(text.encode())
    rows, _ = read_trace(path)
    assert (rows.prompt_tokens.tolist(), rows.output_tokens.tolist()) == ([374], [44])


def test_requests_are_put_in_order_of_arrival(tmp_path: Path) -> None:
    path = write(tmp_path, "arrived_at,num_prefill_tokens,num_decode_tokens", "5,1,50", "3,1,30", "4,1,40", "3,1,31")
    rows, _ = read_trace(path)
    assert rows.output_tokens.tolist() == [30, 31, 40, 50]
    assert rows.arrivals.tolist() == [0, 0, 1, 2]


def test_vidur_lengths_without_arrivals_wait_from_the_start(tmp_path: Path) -> None:
    path = write(tmp_path, "num_prefill_tokens,num_decode_tokens", "7,3", "8,4")
    rows, _ = read_trace(path)
    assert rows.arrivals.tolist() == [0, 0]
    with pytest.raises(AstraiSlidesError, match="line 1: no column arrived_at"):
        read_trace(path, cut=Cut(window=(0, 1)))


def numbered(folder: Path, count: int) -> Path:
    """One request a second, answers 1, 2, 3..., every fifth of them failed."""
    rows = (f"{number},10,{0 if number % 5 == 4 else number + 1}" for number in range(count))
    return write(folder, "arrived_at,num_prefill_tokens,num_decode_tokens", *rows)


@pytest.mark.parametrize(
    ("cut", "outputs", "skipped"),
    [
        (Cut(first=3), [1, 2, 3], 0),
        (Cut(first=6), [1, 2, 3, 4, 6, 7], 1),
        (Cut(window=(3, 9)), [4, 6, 7, 8, 9], 1),
        (Cut(every=3), [1, 4, 8, 12, 16, 19], 4),
        (Cut(window=(5, 15), every=2, first=3), [6, 8, 11], 1),
    ],
)
def test_a_cut_takes_window_then_every_then_first(tmp_path: Path, cut: Cut, outputs: list[int], skipped: int) -> None:
    rows, origin = read_trace(numbered(tmp_path, 20), cut=cut)
    assert rows.output_tokens.tolist() == outputs
    assert rows.arrivals[0] == 0
    assert rows.skipped == skipped
    assert (origin.cut, origin.skipped) == (cut, skipped)


@given(
    count=st.integers(1, 60),
    window=st.none() | st.tuples(st.integers(0, 30), st.integers(1, 40)).map(lambda two: (two[0], two[0] + two[1])),
    every=st.integers(1, 7),
    first=st.none() | st.integers(1, 30),
)
@_FILES
def test_a_cut_equals_slicing(
    tmp_path: Path, count: int, window: tuple[int, int] | None, every: int, first: int | None
) -> None:
    path = numbered(tmp_path, count)
    expected = [number for number in range(count) if window is None or window[0] <= number < window[1]]
    expected = [number + 1 for number in expected if number % 5 != 4][::every][:first]
    cut = Cut(window, every, first)
    if not expected:
        with pytest.raises(AstraiSlidesError, match="no request is left"):
            read_trace(path, cut=cut)
        return
    assert read_trace(path, cut=cut)[0].output_tokens.tolist() == expected


def test_blocks_join_without_a_seam(tmp_path: Path) -> None:
    count = 2 * BLOCK + 3
    path = write(tmp_path, "num_prefill_tokens,num_decode_tokens", *(f"1,{number}" for number in range(1, count + 1)))
    assert path.stat().st_size > CHUNK
    rows, _ = read_trace(path, cut=Cut(every=7))
    assert rows.output_tokens.tolist() == list(range(1, count + 1, 7))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "is empty; a trace has a line that names its columns"),
        ([""], "is empty"),
        ([HEADER], "no request is left; name a file with requests"),
        (
            ["TIMESTAMP,ContextTokens", "2023-11-16 18:15:46,3"],
            r"line 1: no column GeneratedTokens, as the format azure has",
        ),
        (["a,b", "1,2"], r"line 1: the columns are those of no known trace; known are azure: TIMESTAMP"),
        ([HEADER, GOOD, GOOD.replace("374", "-5")], "line 3: ContextTokens is '-5': a token count cannot be negative"),
        ([HEADER, GOOD.replace("44", "99999999999")], f"line 2: GeneratedTokens .* more than {MOST_TOKENS:,} tokens"),
        ([HEADER, GOOD.replace("374", "nan")], "line 2: ContextTokens is 'nan': a token count is a finite number"),
        ([HEADER, GOOD.replace("374", "inf")], "line 2: ContextTokens is 'inf': a token count is a finite number"),
        ([HEADER, GOOD.replace("374", "3.5")], "line 2: ContextTokens is '3.5': a token count is a whole number"),
        ([HEADER, GOOD.replace("374", "many")], "line 2: ContextTokens is 'many': a token count is a whole number"),
        ([HEADER, GOOD.replace("374", "")], "line 2: ContextTokens is '': a token count is missing"),
        ([HEADER, GOOD.replace("374", "9" * 5000)], "line 2: ContextTokens is '9+': no token count has so many digits"),
        ([HEADER, GOOD, "2023-11-16 18:15:47"], "line 3: 1 values where the header has 3"),
        ([HEADER, GOOD.replace("18:15", "25:15")], "line 2: TIMESTAMP is .*: hour must be"),
        ([HEADER, GOOD.replace("2023-11-16", "16.11.2023")], "line 2: TIMESTAMP is .* nor a time like"),
        ([HEADER, GOOD.replace("46.68", "61.68")], "line 2: TIMESTAMP is .* a minute has at most 60 seconds"),
        ([HEADER, f"nan{GOOD[27:]}"], "line 2: TIMESTAMP is 'nan': neither a number of seconds nor a time"),
        ([HEADER, f"1700158551750{GOOD[27:]}"], "line 2: TIMESTAMP .* milliseconds must be divided by 1000"),
        ([HEADER, f"-3{GOOD[27:]}"], "line 2: TIMESTAMP is '-3': seconds lie between"),
        ([HEADER, '"2023-11-16', *["x" * 60_000] * 3], r"not CSV: field larger than field limit .* quotation mark"),
        ([HEADER, GOOD.replace(",374", "\r,374")], r"line 2: not CSV: new-line character seen"),
    ],
)
def test_a_bad_file_is_one_clear_error_with_line_and_remedy(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    with pytest.raises(AstraiSlidesError, match=message) as caught:
        read_trace(path)
    assert str(caught.value).startswith(str(path))
    assert [entry.name for entry in tmp_path.iterdir()] == ["bad.csv"]


def test_a_named_format_reports_its_own_columns(serving_data: Path) -> None:
    with pytest.raises(
        AstraiSlidesError, match=r"no column Response tokens|no column Timestamp|no column Request tokens"
    ):
        read_trace(serving_data / "vidur.csv", "burstgpt")


def test_a_bad_row_beyond_those_wanted_does_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD, GOOD, "nonsense,,")
    assert len(read_trace(path, cut=Cut(first=2))[0].arrivals) == 2
    with pytest.raises(AstraiSlidesError, match="line 4"):
        read_trace(path, cut=Cut(first=3))


def test_non_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode() + b"caf\xe9,1,2\n")
    with pytest.raises(AstraiSlidesError, match="line 3: not UTF-8; unpack it if it is compressed"):
        read_trace(path)


def test_missing_file_and_directory(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"none\.csv: there is no such file"):
        read_trace(tmp_path / "none.csv")
    with pytest.raises(AstraiSlidesError, match="is a directory; name a CSV file in it"):
        read_trace(tmp_path)


@pytest.mark.parametrize("start", [b"", f"{HEADER}\n{GOOD}\n".encode()])
def test_a_line_of_a_gigabyte_is_refused_in_bounded_memory(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(start)
        # A hole: no disk is used, and a reader sees a gigabyte of zeros without a line end.
        file.truncate(2**30)
    line = len(start.splitlines()) + 1
    tracemalloc.start()
    try:
        with pytest.raises(AstraiSlidesError, match=f"line {line}: longer than {LONGEST_LINE:,} bytes"):
            read_trace(path, "azure")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * CHUNK


@given(content=st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
@_FILES
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes(content)
    for form in ("auto", *FORMATS):
        with pytest.raises(AstraiSlidesError, match="fuzz"):
            read_trace(path, form)


_CELL = st.one_of(
    st.integers(-10, 10**12).map(str),
    st.floats().map(str),
    st.datetimes().map(str),
    st.text(max_size=12),
    st.sampled_from(["", "nan", "1e999", "0x10", "１２", "1_0", " 7 ", "2023-11-16 18:15:46.6805900", "²"]),
)


@given(rows=st.lists(st.lists(_CELL, min_size=1, max_size=4), min_size=1, max_size=6), form=st.sampled_from([*FORMATS]))
@_FILES
def test_any_cells_under_a_good_header_are_read_or_refused(tmp_path: Path, rows: list[list[str]], form: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(FORMATS[form].required)
    writer.writerows(rows)
    path = tmp_path / "fuzz.csv"
    path.write_text(text.getvalue(), encoding="utf-8", errors="replace", newline="")
    try:
        result, _ = read_trace(path)
    except AstraiSlidesError as error:
        message = str(error)
    else:
        assert len(result.arrivals) + result.skipped <= len(rows)
        assert result.output_tokens.min() >= 1
        assert result.prompt_tokens.min() >= 1
        assert np.isfinite(result.arrivals).all()
        assert result.arrivals[0] == 0
        return
    assert str(path) in message


def test_an_object_without_keys_is_no_request(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text('{}\n{"timestamp": 0, "input_length": 5, "output_length": 2}\n')
    with pytest.raises(AstraiSlidesError, match="line 1: no object of JSON; a trace has one a request"):
        read_trace(path)
