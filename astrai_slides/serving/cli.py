"""`astrai-slides simulate`: both policies over a workload, as a table, JSON, CSV or a picture."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.limit_options import limit_options
from astrai_slides.serving.sim.limits import Limits
from astrai_slides.serving.sim.options import DecodeRule, FirstToken, Options, PrefillRule, StaticReturns, TurnCost
from astrai_slides.serving.sim.simulation import Simulation
from astrai_slides.serving.sim.simulation import simulate as run_both
from astrai_slides.serving.sim.throughput import harmonic_number
from astrai_slides.serving.sim.timeline import Policy
from astrai_slides.serving.sim.traces import FORMATS, TraceOrigin
from astrai_slides.serving.sim.traces.hash_ids import read_hash_ids
from astrai_slides.serving.sim.workload import Workload
from astrai_slides.serving.trial_report import report_trial
from astrai_slides.serving.words import en as words
from astrai_slides.serving.workload_options import workload_options

MAX_SLOTS = 100_000
_MOST_DIGITS = 10
"""More, and Python may refuse to read the number."""
MOST_MS = 1e9
"""A cost of eleven days is absurd; beyond some 1e300 it is no number of nanoseconds either."""
DEFAULT_SLOTS = "16"


class SlotCounts(click.ParamType):  # type: ignore[type-arg]
    """One slot count, or several separated by commas; each once, in the order given."""

    name = "N[,N...]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Read `value`; a usage error names the part that is no slot count."""
        if isinstance(value, tuple):
            return value
        counts = []
        for part in str(value).split(","):
            digits = part.strip()
            if not digits.isdecimal() or len(digits) > _MOST_DIGITS or not 1 <= int(digits) <= MAX_SLOTS:
                self.fail(f"{digits[:40]!r} is no slot count: write whole numbers from 1 to {MAX_SLOTS}", param, ctx)
            counts.append(int(part))
        return tuple(dict.fromkeys(counts))


class Milliseconds(click.FloatRange):
    """A finite, non-negative number of milliseconds; `nan` passes click's own range."""

    name = "ms"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read `value`; a usage error when it is not finite or out of range."""
        number = float(super().convert(value, param, ctx))
        if not number <= MOST_MS:
            self.fail(f"{value} is no length of time: write milliseconds, {MOST_MS:,.0f} at most", param, ctx)
        return number


_cost = Milliseconds(min=0)


@click.command()
@workload_options
@limit_options
@click.option(
    "--from",
    "measured",
    type=click.Path(path_type=Path),
    help="A detailed result: fit a turn's costs on its first half, simulate all.",
)
@click.option("--run", "number", type=click.IntRange(min=1), metavar="N", help="Which run, of a file with several.")
@click.option(
    "--slots", type=SlotCounts(), default=DEFAULT_SLOTS, show_default=True, help="Slots of both policies, or a list."
)
@click.option(
    "--arrivals/--full-queue",
    default=False,
    show_default=True,
    help="Honour arrival times (needs --turn-ms), or let every request wait from the start.",
)
@click.option("--turn-ms", type=Milliseconds(min=0, min_open=True), help="Cost of a forward, in milliseconds.")
@click.option("--token-ms", type=_cost, default=0.0, help="Cost of each token on top, in milliseconds.")
@click.option("--prefill-ms", type=_cost, default=0.0, help="Cost of a prefill forward; decoding waits for it.")
@click.option("--prompt-token-ms", type=_cost, default=0.0, help="Cost of each prompt token; decoding waits for it.")
@click.option("--context-token-ms", type=_cost, default=0.0, help="Cost of each token that answers attend to.")
@click.option(
    "--prefill-rule",
    type=click.Choice([rule.value for rule in PrefillRule]),
    default=PrefillRule.SAME_LENGTH.value,
    show_default=True,
    help="Which newcomers share a prefill forward: AstrAI's two rules, and vLLM's.",
)
@click.option(
    "--static",
    "static_returns",
    type=click.Choice([f"returns={choice.value}" for choice in StaticReturns]),
    help="Static batches with padded rows at their cost, returned whole or streamed.  [default: ended rows are free]",
)
@click.option(
    "--decode-rule",
    type=click.Choice([rule.value for rule in DecodeRule]),
    default=DecodeRule.MERGED.value,
    show_default=True,
    help="Which requests share a decode forward: the three rules of AstrAI's history.",
)
@click.option(
    "--first-token",
    type=click.Choice([choice.value for choice in FirstToken]),
    default=FirstToken.PREFILL.value,
    show_default=True,
    help="What yields the first token; early AstrAI's prefill yielded none.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, a line a slot count.")
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw speed-up over slots with the harmonic curve, as .svg, .png or .pdf.",
)
def simulate(
    workload: Workload | None,
    limits: Limits | None,
    measured: Path | None,
    number: int | None,
    slots: tuple[int, ...],
    arrivals: bool,
    turn_ms: float | None,
    token_ms: float,
    prefill_ms: float,
    prompt_token_ms: float,
    context_token_ms: float,
    prefill_rule: str,
    static_returns: str | None,
    decode_rule: str,
    first_token: str,
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
) -> None:
    """Compare static and continuous batching on the same requests.

    With --from, simulate a measured run beside what was measured.

    \b
    Example:
        astrai-slides simulate --trace requests.csv --slots 4,8,16 --plot speedup.svg
    """
    if as_json and as_csv:
        raise click.UsageError("--json cannot be used with --csv: choose one.")
    if turn_ms is None and (token_ms or prefill_ms or prompt_token_ms or context_token_ms):
        raise click.UsageError(
            "--token-ms, --prefill-ms, --prompt-token-ms and --context-token-ms need --turn-ms to be added to."
        )
    if turn_ms is None and arrivals:
        raise click.UsageError("--arrivals needs --turn-ms: arrival times are in seconds, so say how long a turn is.")
    if plot is not None:
        _check_plot(plot)
    parts = (token_ms, prefill_ms, prompt_token_ms, context_token_ms)
    try:
        cost = None if turn_ms is None else TurnCost.of_milliseconds(turn_ms, *parts)
    except ValueError as error:
        raise click.UsageError(f"--turn-ms: {error}.") from error
    try:
        options = Options(
            slots[0],
            honour_arrivals=arrivals,
            cost=cost,
            decode_rule=DecodeRule(decode_rule),
            first_token=FirstToken(first_token),
            prefill_rule=PrefillRule(prefill_rule),
            limits=limits,
            static_returns=StaticReturns(static_returns.removeprefix("returns=")) if static_returns else None,
        )
        Options(max(slots), limits=limits)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    if measured is not None:
        if arrivals or turn_ms is not None or plot is not None or len(slots) > 1:
            raise click.UsageError(
                "--from takes arrivals and costs from the run: leave --arrivals, --turn-ms and --plot out, and give"
                " one number of --slots, that of the server."
            )
        report_trial(measured, number, options, as_json=as_json, as_csv=as_csv)
        return
    if number is not None or workload is None:
        raise click.UsageError("--run goes with --from: leave it out.")
    try:
        simulations = run_both(
            workload.output_tokens,
            options,
            slots,
            prompt_tokens=workload.prompt_tokens,
            arrivals=workload.arrivals if arrivals else None,
            hash_ids=_hash_ids(workload) if limits is not None and limits.prefix_tokens else None,
        )
    except AstraiSlidesError as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise AstraiSlidesError(f"{words.workload_name(workload.origin)}: {error}") from error
    if plot is not None:
        _draw(plot, workload, simulations)
    if as_json:
        click.echo(json.dumps(_document(workload, simulations), indent=2))
    elif as_csv:
        click.echo(_csv(simulations), nl=False)
    else:
        _print_table(workload, simulations)


def _hash_ids(workload: Workload) -> list[tuple[int, ...]]:
    origin = workload.origin
    if not isinstance(origin, TraceOrigin):
        raise click.UsageError("--prefix-tokens goes with a --trace that has hash_ids: leave it out.")
    return read_hash_ids(origin.file, FORMATS[origin.form], origin.cut, workload.prompt_tokens)


def _check_plot(target: Path) -> None:
    from astrai_slides.serving.plot import check_suffix

    try:
        check_suffix(target)
    except AstraiSlidesError as error:
        raise click.BadParameter(str(error), param_hint="--plot") from error


def _draw(target: Path, workload: Workload, simulations: Sequence[Simulation]) -> None:
    # Only a picture needs manim's text, which takes a second to load.
    from astrai_slides.look.theme import DARK
    from astrai_slides.serving.plot import SpeedupPlot, write_plot

    overloaded = [each.slots for each in simulations if each.speedup is None]
    caption = words.plot_caption(simulations[0].options, len(workload), workload.origin, overloaded)
    points = [(each.slots, each.speedup) for each in simulations if each.speedup is not None]
    if not points:
        raise AstraiSlidesError(
            f"{target}: nothing to draw: at all of these slots a policy is overloaded, and the ratio of such runs grows"
            " with the trace; give more --slots, or leave --arrivals or --plot out"
        )
    try:
        write_plot(SpeedupPlot(points, words.workload_name(workload.origin), caption), target, words, DARK)
    except OSError as error:
        reason = error.strerror or error
        raise AstraiSlidesError(f"{target}: cannot be written: {reason}; name another file for --plot") from error
    click.echo(target, err=True)  # standard output may be JSON or CSV


def _document(workload: Workload, simulations: Sequence[Simulation]) -> dict[str, Any]:
    """One slot count gives one flat object; a list gives `slots` as a list and an object each in `results`."""
    origin: dict[str, Any] = {
        "workload": words.workload_name(workload.origin),
        "source": words.workload_source(workload.origin),
        "skipped": workload.skipped,
    }
    if len(simulations) == 1:
        return origin | _result(simulations[0])
    return origin | {
        "requests": simulations[0].requests,
        "slots": [simulation.slots for simulation in simulations],
        "assumptions": list(words.assumptions(simulations[0].options)[1:]),
        "results": [_result(simulation) for simulation in simulations],
    }


def _result(simulation: Simulation) -> dict[str, Any]:
    return simulation.as_dict() | {"assumptions": list(words.assumptions(simulation.options))}


def _row(simulation: Simulation) -> dict[str, int | float | str]:
    """A line of CSV: no speed-up where a policy is overloaded, and what limits cost where there are."""
    static, continuous = simulation.static, simulation.continuous
    return _figures(simulation) | {
        f"{policy}_{name}": value
        for policy, metrics in (("static", static), ("continuous", continuous))
        if metrics.limits
        for name, value in asdict(metrics.limits).items()
    }


def _figures(simulation: Simulation) -> dict[str, int | float | str]:
    static, continuous = simulation.static, simulation.continuous
    return {
        "slots": simulation.slots,
        "requests": simulation.requests,
        "static_turns": static.turns,
        "continuous_turns": continuous.turns,
        "speedup": "" if simulation.speedup is None else simulation.speedup,
        "overloaded": " ".join(simulation.load.overloaded) if simulation.load else "",
        "harmonic_number": harmonic_number(simulation.slots),
        "static_occupancy": static.occupancy,
        "continuous_occupancy": continuous.occupancy,
        "static_rows_per_forward": static.rows_per_forward,
        "continuous_rows_per_forward": continuous.rows_per_forward,
        "time_unit": static.time_unit,
        "static_elapsed": static.elapsed,
        "continuous_elapsed": continuous.elapsed,
        "static_throughput": static.throughput,
        "continuous_throughput": continuous.throughput,
        "static_ttft_p50": static.time_to_first_token.p50,
        "continuous_ttft_p50": continuous.time_to_first_token.p50,
        "static_ttft_p99": static.time_to_first_token.p99,
        "continuous_ttft_p99": continuous.time_to_first_token.p99,
        "static_latency_p50": static.latency.p50,
        "continuous_latency_p50": continuous.latency.p50,
        "static_latency_p99": static.latency.p99,
        "continuous_latency_p99": continuous.latency.p99,
    }


def _csv(simulations: Sequence[Simulation]) -> str:
    rows = [_row(simulation) for simulation in simulations]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _print_table(workload: Workload, simulations: Sequence[Simulation]) -> None:
    table = Table(
        title=f"{words.workload_name(workload.origin)}: {len(workload):,} requests",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    # In a full queue every request waits as long as the run lasts: its times to first token say nothing.
    timed = simulations[0].options.honour_arrivals
    headings = ["slots", "policy", "turns", "occupancy"]
    headings += ["TTFT p50", "latency p99"] if timed else ["rows/forward"]
    # The ratio of a run that cannot keep up to another grows with the trace.
    overloaded = any(simulation.speedup is None for simulation in simulations)
    for heading in (*headings, "tokens/s" if overloaded else "speed-up"):
        table.add_column(heading, justify="left" if heading == "policy" else "right", no_wrap=True)
    for simulation in simulations:
        for name, metrics in (("static", simulation.static), ("continuous", simulation.continuous)):
            last = name == "continuous"
            ratio = f"{simulation.speedup:.3f}×" if last and simulation.speedup is not None else "1×"
            if overloaded:
                ratio = f"{metrics.throughput:,.1f}"
            cells = [
                "" if last else str(simulation.slots),
                name,
                f"{metrics.turns:,}",
                f"{metrics.occupancy:.1%}",
            ]
            if not timed:
                cells.append(f"{metrics.rows_per_forward:.1f}")
            else:
                cells += [f"{metrics.time_to_first_token.p50:,.2f} s", f"{metrics.latency.p99:,.2f} s"]
            table.add_row(*cells, ratio, end_section=last)
    console = Console(markup=False, emoji=False)
    console.print(table)
    for line in _told(simulations):
        console.print(line, style="dim", highlight=False)
    for line in words.report_lines(simulations[0].options, workload.origin, one_slot_count=len(simulations) == 1):
        console.print(line, style="dim", highlight=False)


def _told(simulations: Sequence[Simulation]) -> Iterator[str]:
    """What a table does not show: who is overloaded, and what KV memory and kept prompts came to."""
    for each in simulations:
        if each.load and each.load.overloaded:
            yield words.overload_line(each.slots, each.load)
        if each.static.limits and each.continuous.limits:
            line = words.limit_line(
                each.slots, {Policy.STATIC: each.static.limits, Policy.CONTINUOUS: each.continuous.limits}
            )
            if line:
                yield line
