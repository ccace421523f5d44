"""Options that describe a workload, for every command that needs one; the same as in talk files."""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import TypeAdapter, ValidationError

from astrai_slides.serving.sim.traces import FORMATS
from astrai_slides.serving.sim.workload import (
    DEFAULT_MEAN,
    DEFAULT_PROMPT,
    DEFAULT_REQUESTS,
    WorkloadSpec,
    load_workload,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SPEC: TypeAdapter[WorkloadSpec] = TypeAdapter(WorkloadSpec)
_KINDS = ("constant", "uniform", "geometric", "lognormal")
_REQUEST = re.compile(r"(?P<prompt>\d{1,9}):(?P<output>\d{1,9})(@(?P<arrival>\d{1,9}(\.\d{1,9})?))?\Z", re.ASCII)
_WINDOW = re.compile(r"(?P<start>\d{1,12}(\.\d{1,9})?):(?P<end>\d{1,12}(\.\d{1,9})?)\Z", re.ASCII)

_TRACE_ONLY = ("format", "first", "window", "every")
_SYNTHETIC_ONLY = ("mean", "cap", "seed", "sigma", "prompt", "requests")


class Window(click.ParamType[list[float]]):
    """Two numbers of seconds, A:B."""

    name = "A:B"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[float]:
        """Read `value`; a usage error says how to write it."""
        if isinstance(value, list):
            return value
        match = _WINDOW.match(str(value))
        if match and float(match["start"]) < float(match["end"]):
            return [float(match["start"]), float(match["end"])]
        return self.fail(f"{value!r} is no window: write two numbers of seconds, as 0:600", param, ctx)


class WrittenRequest(click.ParamType[dict[str, Any]]):
    """One request, PROMPT:OUTPUT in tokens, with @ARRIVAL in seconds if it does not wait from the start."""

    name = "PROMPT:OUTPUT[@S]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """Read `value`; a usage error says how to write it."""
        if isinstance(value, dict):
            return value
        match = _REQUEST.match(str(value))
        if not match or not int(match["prompt"]) or not int(match["output"]):
            self.fail(f"{value!r} is no request: write tokens of prompt and answer, at least 1, as 512:128", param, ctx)
        request: dict[str, Any] = {"prompt": int(match["prompt"]), "output": int(match["output"])}
        if match["arrival"]:
            request["arrival"] = float(match["arrival"])
        return request


_OPTIONS = (
    click.option("--trace", type=click.Path(path_type=Path), help="Requests of a trace, or of a detailed result."),
    click.option(
        "--format",
        type=click.Choice(["auto", *FORMATS]),
        help="Format of the trace; found by its columns unless given.",
    ),
    click.option("--window", type=Window(), help="Of the trace, seconds A to B after its first request."),
    click.option("--every", type=click.IntRange(min=1), metavar="K", help="Of those, every K-th."),
    click.option("--first", type=click.IntRange(min=1), metavar="N", help="Of those, the first N."),
    click.option("--lengths", type=click.Choice(_KINDS), help="Synthetic requests, by the shape of their lengths."),
    click.option("--mean", type=float, help=f"Mean answer length in tokens.  [default: {DEFAULT_MEAN:g}]"),
    click.option("--cap", type=int, help="Cut longer answers off at so many tokens."),
    click.option("--sigma", type=float, help="Spread of lognormal lengths."),
    click.option("--prompt", type=int, help=f"Prompt length in tokens.  [default: {DEFAULT_PROMPT}]"),
    click.option("--seed", type=int, help="Seed to draw lengths from.  [default: 0]"),
    click.option("--requests", type=int, metavar="N", help=f"How many to draw.  [default: {DEFAULT_REQUESTS:,}]"),
    click.option("--request", "written", type=WrittenRequest(), multiple=True, help="One request; repeat for more."),
)


def workload_options(command: _Command) -> _Command:
    """Add the options of a workload to `command`, which gets the loaded `Workload` as `workload`.

    One of --trace, --lengths and --request must be given, unless the command has an option `measured` that names a
    run whose requests they are: then none, and `workload` is None. What does not go with it is a usage error
    (exit code 2), a file that cannot be read an error (exit code 1).
    """

    @functools.wraps(command)
    def wrapper(*args: Any, **options: Any) -> Any:
        names = ("trace", "lengths", "written", *_TRACE_ONLY, *_SYNTHETIC_ONLY)
        given = {name: value for name in names if (value := options.pop(name)) is not None and value != ()}
        if options.get("measured") is not None:
            if given:
                raise click.UsageError(f"--{next(iter(given))} does not go with --from, which names the requests.")
            return command(*args, workload=None, **options)
        spec = workload_spec(given)
        return command(*args, workload=load_workload(spec), **options)

    decorated: Any = wrapper
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    result: _Command = decorated
    return result


def workload_spec(given: dict[str, Any]) -> WorkloadSpec:
    """The workload that the given options describe; raises click.UsageError for options that do not go together."""
    sources = {"trace": "--trace", "lengths": "--lengths", "written": "--request"}
    chosen = [name for name in sources if name in given]
    if len(chosen) != 1:
        if chosen:
            raise click.UsageError(f"{' and '.join(sources[name] for name in chosen)} name two workloads: choose one.")
        raise click.UsageError("Say which requests: --trace FILE, --lengths KIND or --request PROMPT:OUTPUT.")
    source = chosen[0]
    allowed = {"trace": _TRACE_ONLY, "lengths": _SYNTHETIC_ONLY, "written": ()}[source]
    for name in given:
        if name != source and name not in allowed:
            owner = "--trace" if name in _TRACE_ONLY else "--lengths"
            raise click.UsageError(f"--{name} goes with {owner}, not with {sources[source]}: leave it out.")
    values = {name: value for name, value in given.items() if name in allowed}
    if source == "trace":
        values |= {"kind": "trace", "file": str(given["trace"])}
    elif source == "lengths":
        values["kind"] = given["lengths"]
        if "sigma" in values and values["kind"] != "lognormal":
            raise click.UsageError("--sigma goes with --lengths lognormal: leave it out.")
    else:
        values = {"kind": "explicit", "requests": list(given["written"])}
    try:
        return _SPEC.validate_python(values)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        name = next((str(part) for part in reversed(detail["loc"]) if part in values), "")
        message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        raise click.UsageError(f"{f'--{name}: ' if name else ''}{message}") from error
