"""Measure static against continuous batching with real forward passes: `python -m benchmarks.gpu`.

The result file, one for each workload, is what a talk file reads as `[throughput] source = "measured"`. What was
measured within the time that is given is in it, and says so where it is not all.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from benchmarks.gpu.arrays import Arrays, NumPyArrays, TorchArrays
from benchmarks.gpu.astrai import load
from benchmarks.gpu.model import SIZES, Model
from benchmarks.gpu.pace import Pace, Serve, as_many_as_fit, try_out, warm_ups
from benchmarks.gpu.report import Measured, Setting, write_report
from benchmarks.gpu.requests import Asked, memoryless, of_trace
from benchmarks.gpu.serving import Clock, serve_continuous, serve_static

SECONDS = 330.0
"""For all of it, set-up included."""
SEED = 0
TRACE = Path("../shared/data/azure_llm_2023_conv.csv")
REMEDY = "give more --seconds, fewer --slots or a smaller --size"
PADDING_NOTE = (
    "a static batch goes on until its longest answer ends, and rows of ended requests are computed until then;"
    " prompts are read without padding by both policies"
)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--arrays", choices=("torch", "numpy"), default="torch", help="what computes (torch)")
    parser.add_argument("--device", default="cuda", help="PyTorch's device (cuda)")
    parser.add_argument("--size", choices=tuple(SIZES), default="1b", help="of the model (1b)")
    parser.add_argument("--slots", type=_positive, default=16, help="requests at once (16)")
    parser.add_argument("--longest", type=_positive, default=4096, help="tokens a slot holds; longer ones are left out")
    parser.add_argument("--requests", type=_positive, default=256, help="of each workload, at most (256)")
    parser.add_argument("--trace", type=Path, help=f"any trace or detailed result; without it {TRACE}, if it is there")
    parser.add_argument("--mean", type=float, default=200.0, help="tokens of memoryless answers (200)")
    parser.add_argument("--prompt", type=_positive, default=512, help="tokens of their prompts (512)")
    parser.add_argument("--lengths", choices=("both", "trace", "memoryless"), default="both")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for everything, set-up included (330)")
    parser.add_argument("--astrai", type=Path, metavar="CHECKOUT", help="measure AstrAI's own engine in this checkout")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("batching.json"),
        help="the result file; -trace or -memoryless is added for both",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, clock: Clock = time.perf_counter) -> int:
    """Measure, write the result and print it; 0 where every request was answered in time, else 3."""
    begin = clock()
    chosen = options(arguments)
    deadline = begin + chosen.seconds
    size = SIZES[chosen.size]
    asked = list(_workloads(chosen))
    ways: dict[str, Serve]
    if chosen.astrai is not None:
        engine = load(chosen.astrai, size, chosen.slots, chosen.longest, chosen.device, SEED)
        # what computes is asked of PyTorch in the same way
        xp: Arrays = TorchArrays(chosen.device, SEED)
        ways = {"static": engine.serve_static, "continuous": engine.serve_continuous}
        name, model, notes = "AstrAI", f"AstrAI {chosen.size} with {engine.kernels.called}", engine.notes
    else:
        xp = NumPyArrays(SEED) if chosen.arrays == "numpy" else TorchArrays(chosen.device, SEED)
        serving = Model(xp, size, chosen.slots, chosen.longest)
        ways = {
            "static": lambda jobs, now, until: serve_static(serving, jobs, now, until),
            "continuous": lambda jobs, now, until: serve_continuous(serving, jobs, now, until),
        }
        name, model, notes = "reference", f"reference {chosen.size}", (PADDING_NOTE,)
    command = " ".join(["python -m benchmarks.gpu", *(sys.argv[1:] if arguments is None else arguments)])
    setting = Setting(
        engine=name,
        model=model,
        precision=xp.precision,
        device=xp.device,
        version=xp.version,
        slots=chosen.slots,
        longest=chosen.longest,
        date=date.today().isoformat(),
        command=command,
        notes=notes,
    )
    _say(f"{setting.model}, {size.parameters:,} parameters, {xp.precision}, on {xp.device}, {xp.version}")
    ways["continuous"](warm_ups(asked[0].jobs[: chosen.slots], chosen.longest), clock, deadline)
    xp.wait()
    _say(f"set up after {clock() - begin:.1f} s")
    found = measure(ways, asked, clock, deadline, chosen.slots)
    if not found.runs:
        raise AstraiSlidesError(
            f"{chosen.out}: not one batch was answered in {chosen.seconds:g} s, so there is nothing to write; {REMEDY}"
        )
    for each in found.runs:
        _say(_line(each))
    for lengths in dict.fromkeys(each.asked.lengths for each in found.runs):
        file = chosen.out if len(asked) == 1 else chosen.out.with_stem(f"{chosen.out.stem}-{lengths}")
        runs = [run for run in found.runs if run.asked.lengths == lengths]
        write_report(file, replace(setting, notes=(*notes, *found.notes.get(lengths, ()))), runs)
        print(file)
    return 3 if found.missing or any(each.served.cut for each in found.runs) else 0


@dataclass(slots=True)
class Found:
    """The `runs` that were measured, `notes` for the file of each workload, and the runs that are `missing`."""

    runs: list[Measured] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def measure(ways: dict[str, Serve], asked: Sequence[Asked], clock: Clock, deadline: float, slots: int) -> Found:
    """Each of `asked` by each of `ways`, which share the time that is left until `deadline`.

    A batch that is tried tells how many requests can be answered. Where the first way still runs out of time, the next
    are given no more requests than it answered: so all of them answered the same. Runs that answered none are missing,
    which is said, and their time goes to the workloads that follow.
    """
    found = Found()
    for left, each in zip(range(len(asked), 0, -1), asked, strict=True):
        now = clock()
        end = now + max(deadline - now, 0.0) / left
        pace = try_out(ways["static"], each.jobs[:slots], clock, end)
        if pace is None:
            _miss(found, each, "the first tokens of one batch were not answered", end - now)
            continue
        fitting = each.first(as_many_as_fit(pace, each.jobs, slots, end - clock()))
        needed = pace.needed(fitting.jobs, slots)
        note = _chosen(fitting, each, pace, sum(needed.values()) <= end - clock())
        if note:
            _say(f"{each.lengths}: {note}")
            found.notes[each.lengths] = (note,)
        _measure_one(found, ways, fitting, needed, clock, end)
    return found


def _measure_one(
    found: Found, ways: dict[str, Serve], asked: Asked, needed: dict[str, float], clock: Clock, end: float
) -> None:
    """`asked` by each of `ways` until `end`, which share the time by how many seconds of it they are `needed` for."""
    jobs = asked.jobs
    for batching, serve in ways.items():
        now = clock()
        whole = sum(needed.values())
        share = max(end - now, 0.0) * (needed.pop(batching) / whole if whole else 1.0)
        served = serve(jobs, clock, now + share)
        if not served.answers:
            _miss(found, asked, f"{batching} batching answered not one batch", share)
            return
        # what was asked at first is what the run was given
        found.runs.append(Measured(batching, asked, replace(served, given=len(asked.jobs))))
        jobs = jobs[: len(served.answers)]


def _miss(found: Found, asked: Asked, why: str, seconds: float) -> None:
    line = f"{asked.lengths}: {why} in the {seconds:.1f} s that there were for it, so it is missing; {REMEDY}"
    found.missing.append(line)
    _say(line)


def _chosen(fitting: Asked, asked: Asked, pace: Pace, fits: bool) -> str:
    """Why there are fewer requests than were asked for, in words; nothing where there are not."""
    if len(fitting.jobs) == len(asked.jobs):
        return ""
    many = "as many as were expected to be answered in time" if fits else "the fewest that are measured"
    return (
        f"{len(fitting.jobs):,} of {len(asked.jobs):,} requests, {many}: a batch that was tried took"
        f" {1000 * pace.turn:,.1f} ms a turn and {1000 * pace.prompt:,.1f} ms a prompt"
    )


def _workloads(chosen: argparse.Namespace) -> Iterator[Asked]:
    vocabulary = SIZES[chosen.size].vocabulary
    trace = chosen.trace or (TRACE if TRACE.exists() else None)
    if chosen.lengths == "trace" and trace is None:
        raise AstraiSlidesError(f"{TRACE}: is not there; name another by --trace, or take --lengths memoryless")
    if chosen.lengths != "memoryless" and trace is not None:
        yield _some(of_trace(trace, chosen.requests, chosen.longest, vocabulary, SEED), chosen)
    if chosen.lengths != "trace":
        drawn = memoryless(chosen.mean, chosen.prompt, chosen.requests, chosen.longest, vocabulary, SEED)
        yield _some(drawn, chosen)


def _some(asked: Asked, chosen: argparse.Namespace) -> Asked:
    if not asked.jobs:
        raise AstraiSlidesError(f"{asked.about}: none fits into {chosen.longest} tokens; give more by --longest")
    return asked


def _line(measured: Measured) -> str:
    served = measured.served
    tokens = sum(len(each.tokens) for each in served.answers)
    part = f" of {served.given:,}, as the time was up" if served.cut else ""
    return (
        f"{measured.asked.lengths:10} {measured.batching:10} {tokens / served.duration:10,.1f} output tokens/s,"
        f" {len(served.answers):,} requests{part}, {served.duration:.1f} s"
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AstraiSlidesError as error:
        sys.exit(str(error))
