"""What `astrai-slides simulate --from` prints: a measured run beside its simulation, in means and for each request."""

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.reading import read_run
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.trial import Compared, Trial, TrialPart, try_run
from astrai_slides.serving.words import en as words


def report_trial(file: Path, number: int | None, options: Options, *, as_json: bool, as_csv: bool) -> None:
    """Print the run in `file` (its `number`-th, from 1) beside its simulation; raises click.ClickException."""
    try:
        trial = try_run(read_run(file, number), options)
    except AstraiSlidesError as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    if as_json:
        click.echo(json.dumps(_document(trial), indent=2))
    elif as_csv:
        click.echo(_csv(trial), nl=False)
    else:
        _print_table(trial)


def _requests(trial: Trial) -> list[dict[str, Any]]:
    columns = (
        trial.prompt_tokens.tolist(),
        trial.output_tokens.tolist(),
        trial.arrivals.tolist(),
        *((times - trial.arrivals).tolist() for times in (trial.measured_first_token, trial.simulated_first_token)),
        *((times - trial.arrivals).tolist() for times in (trial.measured_end, trial.simulated_end)),
    )
    names = (
        *("prompt_tokens", "output_tokens", "arrival", "measured_ttft", "simulated_ttft"),
        *("measured_latency", "simulated_latency"),
    )
    rows = []
    for request, values in enumerate(zip(*columns, strict=True), 1):
        row: dict[str, Any] = {"request": request, "half": 1 if request <= trial.fitted.requests else 2}
        row |= dict(zip(names, values, strict=True))
        for name in ("ttft", "latency"):
            row[f"{name}_error"] = row[f"simulated_{name}"] - row[f"measured_{name}"]
        rows.append(row)
    return rows


def _csv(trial: Trial) -> str:
    rows = _requests(trial)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _part(part: TrialPart) -> dict[str, Any]:
    figures = {"ttft": part.time_to_first_token, "latency": part.latency, "span": part.span}
    return {"requests": part.requests} | {
        name: {"measured": pair.measured, "simulated": pair.simulated, "error": pair.error}
        for name, pair in figures.items()
    }


def _document(trial: Trial) -> dict[str, Any]:
    return {
        "file": str(trial.run.file),
        "slots": trial.options.slots,
        "cost_ns": asdict(trial.options.turn_cost),
        "fitted": _part(trial.fitted),
        "tried": _part(trial.tried),
        "whole": _part(trial.whole),
        "preemptions": trial.preemptions,
        "aborted": trial.aborted,
        "assumptions": list(words.assumptions(trial.options)),
        "requests": _requests(trial),
    }


def _print_table(trial: Trial) -> None:
    table = Table(
        title=f"{trial.run.file.stem}: {len(trial):,} requests",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading in ("requests", "figure", "measured", "simulated", "error"):
        table.add_column(heading, justify="left" if heading in ("requests", "figure") else "right", no_wrap=True)
    for name, part in (("first half", trial.fitted), ("second half", trial.tried), ("all", trial.whole)):
        figures = (("TTFT, mean", part.time_to_first_token), ("latency, mean", part.latency), ("span", part.span))
        for place, (figure, pair) in enumerate(figures):
            table.add_row("" if place else name, figure, *_cells(pair), end_section=place == len(figures) - 1)
    console = Console(markup=False, emoji=False)
    console.print(table)
    for line in words.trial_lines(trial):
        console.print(line, style="dim", highlight=False)


def _cells(pair: Compared) -> tuple[str, str, str]:
    return f"{pair.measured:,.2f} s", f"{pair.simulated:,.2f} s", f"{pair.error:+.1%}"
