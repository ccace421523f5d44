"""Reads results of benchmarks, of whichever tool. What was generated is dropped, failures are counted."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.files import BROKEN, open_bytes
from astrai_slides.serving.sim.measured.aiperf import is_aiperf, read_aiperf
from astrai_slides.serving.sim.measured.aiperf_records import is_aiperf_record, read_aiperf_records
from astrai_slides.serving.sim.measured.astrai import is_astrai, read_astrai
from astrai_slides.serving.sim.measured.guidellm import is_guidellm, read_guidellm
from astrai_slides.serving.sim.measured.guidellm_csv import is_guidellm_csv, read_guidellm_csv
from astrai_slides.serving.sim.measured.inference_perf import is_inference_perf, read_inference_perf
from astrai_slides.serving.sim.measured.llmperf import is_llmperf, read_llmperf
from astrai_slides.serving.sim.measured.llmperf_responses import is_llmperf_response, read_llmperf_responses
from astrai_slides.serving.sim.measured.llmservingsim import is_llmservingsim, read_llmservingsim
from astrai_slides.serving.sim.measured.model import MeasuredRun
from astrai_slides.serving.sim.measured.multi_round_qa import is_multi_round_qa, read_multi_round_qa
from astrai_slides.serving.sim.measured.others import other_kind, other_text
from astrai_slides.serving.sim.measured.records import Place, nothing_odd
from astrai_slides.serving.sim.measured.reference import is_reference, read_reference
from astrai_slides.serving.sim.measured.sglang import is_sglang, read_sglang
from astrai_slides.serving.sim.measured.tensorrt_llm import is_tensorrt_llm, read_tensorrt_llm
from astrai_slides.serving.sim.measured.vllm import is_vllm, read_vllm
from astrai_slides.serving.sim.measured.vllm_latency import is_vllm_latency, read_vllm_latency
from astrai_slides.serving.sim.measured.vllm_throughput import is_vllm_throughput, read_vllm_throughput
from astrai_slides.serving.sim.yaml_files import is_yaml_report, parse_yaml

LARGEST_FILE = 512 * 1024 * 1024
"""Bytes of a result that are read at once; ten thousand requests of a thousand tokens each take half of it."""
KNOWN = (
    "vLLM bench serve, throughput and latency, SGLang bench_serving, GuideLLM, AIPerf, inference-perf, LLMPerf,"
    " multi-round-qa, trtllm-bench, LLMServingSim's bench, AstrAI /stats and this project's benchmarks/gpu"
)
_READERS: tuple[tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any], Place], MeasuredRun]], ...] = (
    (is_aiperf, read_aiperf),
    (is_inference_perf, read_inference_perf),
    (is_llmperf, read_llmperf),
    (is_vllm_throughput, read_vllm_throughput),
    (is_vllm_latency, read_vllm_latency),
    (is_astrai, read_astrai),
    (is_sglang, read_sglang),
    (is_vllm, read_vllm),
)
_REPORTS: tuple[tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any], Place], list[MeasuredRun]]], ...] = (
    (is_reference, read_reference),
    (is_guidellm, read_guidellm),
)
"""Of files that hold several runs in one object."""
_ONE_BY_ONE: tuple[
    tuple[Callable[[dict[str, Any]], bool], Callable[[list[dict[str, Any]], Path], MeasuredRun]], ...
] = (
    (is_aiperf_record, read_aiperf_records),
    (is_llmperf_response, read_llmperf_responses),
    (is_llmservingsim, read_llmservingsim),
)
"""Of files that hold requests, and no run."""
_CONSTANTS = {"NaN": None, "Infinity": math.inf, "-Infinity": -math.inf}
"""Not-a-number is the mean of nothing, so it is as absent as null."""
_SPACE = re.compile(r"[\s]*")


def read_runs(path: Path) -> list[MeasuredRun]:
    """All runs in the file at `path`, in its order.

    Raises AstraiSlidesError with file, line or key, and remedy for what is no result of a known tool.
    """
    runs: list[MeasuredRun] = []
    content = _content(path)
    if is_multi_round_qa(content):
        return [read_multi_round_qa(content, path)]
    if is_guidellm_csv(content):
        runs = read_guidellm_csv(content, path)
        if not runs:
            raise AstraiSlidesError(f"{path}: holds no run; run the benchmark again")
        return runs
    if is_tensorrt_llm(content):
        return [read_tensorrt_llm(content, path)]
    if is_yaml_report(content):
        objects = [(1, parse_yaml(content, path))]
    else:
        if (other := other_text(content)) is not None:
            raise AstraiSlidesError(f"{path}, line 1: {other.what}; {other.remedy}")
        objects = _objects(path, content)
    entries = objects[0][1] if len(objects) == 1 and isinstance(objects[0][1], list) else [each for _, each in objects]
    if entries and isinstance(entries[0], dict):
        for is_one, read_all in _ONE_BY_ONE:
            if is_one(entries[0]):
                return [read_all(_only_objects(entries, path), path)]
    for line, data in objects:
        # A sweep is a list of runs.
        entries = data if isinstance(data, list) and data else [data]
        for number, entry in enumerate(entries):
            place = Place(path, f"[{number + 1}]" if entries is data else "")
            if not isinstance(entry, dict):
                raise AstraiSlidesError(f"{path}, line {line}: holds no JSON object; known are results of {KNOWN}")
            with nothing_odd(place):
                runs += _runs(entry, place, line)
    if not runs:
        raise AstraiSlidesError(f"{path}: holds no run; run the benchmark again")
    return runs


def is_text_result(beginning: str) -> bool:
    """Whether a file that begins so is a result that is no JSON: a table, a printed summary or YAML."""
    kinds = (is_multi_round_qa, is_guidellm_csv, is_tensorrt_llm, is_yaml_report)
    return any(is_one(beginning) for is_one in kinds)


def read_run(path: Path, number: int | None = None) -> MeasuredRun:
    """The run in the file at `path`, or its `number`-th (from 1) if it holds several.

    Raises AstraiSlidesError as `read_runs` does, and when it is not clear which run is meant.
    """
    runs = read_runs(path)
    if number is None:
        if len(runs) > 1:
            raise AstraiSlidesError(f"{path}: holds {len(runs)} runs; say which one, from 1 to {len(runs)}")
        return runs[0]
    if not 1 <= number <= len(runs):
        raise AstraiSlidesError(f"{path}: has no run {number}; it holds {len(runs)}, counted from 1")
    return runs[number - 1]


def _only_objects(entries: list[Any], path: Path) -> list[dict[str, Any]]:
    odd = next((number for number, entry in enumerate(entries, 1) if not isinstance(entry, dict)), None)
    if odd is not None:
        raise AstraiSlidesError(f"{path}: [{odd}]: must be an object, as the others are; copy the file again")
    return entries


def _runs(data: dict[str, Any], place: Place, line: int) -> list[MeasuredRun]:
    for is_report, read_all in _REPORTS:
        if is_report(data):
            return read_all(data, place)
    other = other_kind(data)
    if other is not None:
        raise AstraiSlidesError(f"{place.file}, line {line}: {other.what}; {other.remedy}")
    for is_one, read in _READERS:
        if is_one(data):
            return [read(data, place)]
    keys = ", ".join(str(key)[:40] for key in list(data)[:6]) or "none"
    raise AstraiSlidesError(f"{place.file}, line {line}: no result of a known tool (keys: {keys}); known are {KNOWN}")


def _objects(path: Path, content: str) -> list[tuple[int, Any]]:
    """The JSON values of `content`, one after the other, each with its line."""
    if not content.strip():
        raise AstraiSlidesError(f"{path}: is empty; name a result of {KNOWN}")
    decoder = json.JSONDecoder(parse_constant=_CONSTANTS.get)
    values = []
    place, line, counted = _skip_space(content, 0), 1, 0
    while place < len(content):
        # from where it was counted to, as there may be a hundred thousand values
        line += content.count("\n", counted, place)
        counted = place
        try:
            value, place = decoder.raw_decode(content, place)
        except json.JSONDecodeError as error:
            cut = not content[error.pos :].strip() or "Unterminated" in error.msg
            cause = "the file ends too early, copy it again" if cut else f"{error.msg}, name a JSON file"
            raise AstraiSlidesError(f"{path}, line {error.lineno}: not valid JSON: {cause}") from None
        except (ValueError, RecursionError) as error:
            cause = "nested too deeply" if isinstance(error, RecursionError) else "a number has too many digits"
            raise AstraiSlidesError(f"{path}, line {line}: not usable JSON: {cause}; name another file") from None
        values.append((line, value))
        place = _skip_space(content, place)
    return values


def _skip_space(content: str, place: int) -> int:
    match = _SPACE.match(content, place)
    return match.end() if match else place


def _content(path: Path) -> str:
    try:
        if path.is_dir():
            raise AstraiSlidesError(f"{path}: is a directory; name a JSON file in it")
        with open_bytes(path) as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise AstraiSlidesError(f"{path}: there is no such file; check the name") from None
    except BROKEN as error:
        raise AstraiSlidesError(f"{path}: the packed file is damaged ({error}); copy it again") from None
    except OSError as error:
        raise AstraiSlidesError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(raw) > LARGEST_FILE:
        raise AstraiSlidesError(
            f"{path}: larger than {LARGEST_FILE:,} bytes; run the benchmark with fewer requests, or without details"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise AstraiSlidesError(
            f"{path}, line {line}: not UTF-8; unpack it if it is compressed, else save it as UTF-8"
        ) from None
