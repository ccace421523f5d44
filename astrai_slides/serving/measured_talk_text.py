"""The text of a talk file on measured runs: which of them are replayed, and how they are compared."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from astrai_slides.base.surrogates import whole as whole_text
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.measured_talk import MOST_POINTS
from astrai_slides.serving.sim.measured import Batch, MeasuredRun, Metric
from astrai_slides.serving.sim.measured.model import Tool
from astrai_slides.serving.sim.measured.reading import read_runs
from astrai_slides.serving.sim.measured.sweep import is_sweep, load
from astrai_slides.serving.sim.measured.vllm_latency import in_batches
from astrai_slides.serving.sim.replay import DEFAULT_REQUESTS, replay
from astrai_slides.serving.talk import LONGEST_LABEL, MAX_REPLAY_REQUESTS, MOST_BARS
from astrai_slides.serving.words import en as words

SCENE = "astrai_slides.serving.decks.measured:MeasuredRuns"
LEAST_SWEEP = 3
"""Different loads: of fewer, bars say more than a line."""


@dataclass(frozen=True, slots=True)
class NamedRun:
    """A run, the file as the talk file names it, which one of several in it, and what the talk calls it."""

    run: MeasuredRun
    file: str
    number: int | None
    label: str


def read_all(files: Sequence[Path], folder: Path, batch: Batch | None = None) -> list[NamedRun]:
    """All runs of `files`, in their order, each with a label of its own, for a talk file in `folder`.

    `batch` is that of the results of vllm bench latency among them. Raises AstraiSlidesError for a file that cannot be
    read, or is named twice, for such a result without a batch, and for a batch without such a result.
    """
    found: list[tuple[MeasuredRun, Path, int | None]] = []
    seen: set[Path] = set()
    for file in files:
        if file.resolve() in seen:
            raise AstraiSlidesError(f"{file}: is named twice; name it once")
        seen.add(file.resolve())
        runs = [_in_batches(run, batch) for run in read_runs(file)]
        found += [(run, file, number if len(runs) > 1 else None) for number, run in enumerate(runs, 1)]
    if batch is not None and all(run.batch is None for run, _, _ in found):
        raise AstraiSlidesError(
            f"{files[0]}: is no result of vllm bench latency, and says itself what was sent; leave out --batch-size,"
            " --output-len and --input-len"
        )
    labels = _labels(found)
    return [
        NamedRun(run, _place(file, folder), number, label)
        for (run, file, number), label in zip(found, labels, strict=True)
    ]


def talk_text(named: Sequence[NamedRun], title: str) -> str:
    """The talk file that shows `named`, as TOML; it is not yet checked whether the runs can be compared.

    Raises AstraiSlidesError for more runs than a slide holds, and for runs that nothing can be shown of.
    """
    runs = [each.run for each in named]
    lines = [
        "# Written by `astrai-slides talk`; docs/serving-talk.md explains every key.",
        f"scene = {_text(SCENE)}",
        f"title = {_text(title)}",
        'speaker = ""',
        'event = ""',
        'date = ""',
        'theme = "dark"',
    ]
    swept = len({load(run) for run in runs}) >= LEAST_SWEEP and is_sweep(runs)
    most = MOST_POINTS if swept else MOST_BARS
    if len(runs) > most:
        why = "" if swept else ": runs of one model under different loads, with their latencies, are drawn as a line"
        raise AstraiSlidesError(f"{len(runs)} runs are too many for a slide, which holds {most}{why}; name fewer files")
    replayed = [each for each in named if _can_be_replayed(each.run)]
    if swept:
        # the fullest server shows most
        replayed = sorted(replayed, key=lambda each: load(each.run))[-1:]
    for each in replayed:
        lines += ["", "[[flow]]                        # this run as it happened", f"replay = {_text(each.file)}"]
        lines += [] if each.number is None else [f"run = {each.number}"]
        lines += [f"label = {_text(each.label)}"] if len(runs) > 1 else []
        requests = f"requests = {DEFAULT_REQUESTS}"
        lines += [f"{requests:<32}# {MAX_REPLAY_REQUESTS} at most, one sent after the other", "from = 0"]
    metric = _metric(runs)
    if metric is None and not replayed:
        raise AstraiSlidesError(
            f"{runs[0].file}: holds neither throughput nor times of single requests, so there is nothing to show; name"
            " the result of a finished run"
        )
    if metric is not None:
        table = "sweep" if swept else "throughput"
        lines += ["", f"[{table}]", *([] if swept else ['source = "measured"']), f"metric = {_text(metric)}"]
        lines += ['# model, gpu, date, slots, lengths: what the files do not say, as in gpu = "1 x H100"']
        for each in named:
            lines += ["", f"[[{table}.run]]", f"label = {_text(each.label)}", f"file = {_text(each.file)}"]
            lines += [] if each.number is None else [f"run = {each.number}"]
            lines += _batch_lines(each.run.batch)
    return "\n".join(lines) + "\n"


def _in_batches(run: MeasuredRun, batch: Batch | None) -> MeasuredRun:
    if run.tool is not Tool.VLLM_LATENCY:
        return run
    if batch is None:
        raise AstraiSlidesError(
            f"{run.file}: is a result of vllm bench latency, which says neither how many requests were in a batch nor"
            " how long their answers were; add --batch-size and --output-len as the command had them that wrote it"
        )
    return in_batches(run, batch, "")


def _batch_lines(batch: Batch | None) -> list[str]:
    if batch is None:
        return []
    lines = [f"batch_size = {batch.size}", f"output_len = {batch.output_len}"]
    return lines if batch.input_len is None else [*lines, f"input_len = {batch.input_len}"]


def _metric(runs: Sequence[MeasuredRun]) -> Metric | None:
    """The first measure of throughput that all runs hold; None where there is none."""
    return next((metric for metric in get_args(Metric) if all(getattr(run, metric) for run in runs)), None)


def _can_be_replayed(run: MeasuredRun) -> bool:
    try:
        replay(run)
    except AstraiSlidesError:
        return False
    return True


def _labels(found: Sequence[tuple[MeasuredRun, Path, int | None]]) -> list[str]:
    """What runs are called: by their load if that tells them apart, those of one load by number, else by file."""
    loads = [words.load_label(run) for run, _, _ in found]
    short = [_shortened(label) for label in loads]
    if all(short) and len(short) > 1 and len(set(short)) >= min(LEAST_SWEEP, len(short)):
        times = [loads[: at + 1].count(label) for at, label in enumerate(loads)]
        short = [
            _shortened(label, f" ({time})" if loads.count(label) > 1 else "")
            for label, time in zip(loads, times, strict=True)
        ]
        if len(set(short)) == len(short):
            return short
    stems = Counter(file.stem for file in dict.fromkeys(file for _, file, _ in found))
    labels = []
    for _, file, number in found:
        name = file.stem if stems[file.stem] == 1 else f"{file.parent.name}/{file.stem}"
        tail = "" if number is None else f" {number}"
        labels.append(_shortened(name, tail))
    if len(set(labels)) == len(labels):
        return labels
    return [_shortened(f"{at} {label}") for at, label in enumerate(labels, 1)]


def _shortened(label: str, tail: str = "") -> str:
    """`label` and `tail`, with an ellipsis for what is more of `label` than a talk file may call a run."""
    room = LONGEST_LABEL - len(tail)
    return (label if len(label) <= room else f"{label[: room - 1]}…") + tail


def _place(file: Path, folder: Path) -> str:
    """`file` as a talk file in `folder` names it: from the working directory, if it lies below and is found so."""
    whole, here = Path(os.path.abspath(file)), Path.cwd()  # noqa: PTH100 (`..` goes, links stay)
    if str(whole) != whole_text(str(whole)):
        raise AstraiSlidesError(
            f"{file}: its name, or that of a folder of it, is no UTF-8, as a talk file is; rename it"
        )
    if not whole.is_relative_to(here):
        return whole.as_posix()
    below = whole.relative_to(here)
    # a talk file looks beside itself first
    hidden = (folder / below).exists() and not (folder / below).samefile(whole)
    return (whole if hidden else below).as_posix()


def _text(value: str) -> str:
    """A text as TOML writes it: as JSON does, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
