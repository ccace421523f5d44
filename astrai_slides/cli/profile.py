"""What `build --profile` prints: where the time of a build went, by kind of work and by step."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from astrai_slides.base.phases import ORDER, OTHER, Profile, Step

if TYPE_CHECKING:
    from rich.console import Console

UNCHANGED = "Nothing was recorded: no file that the recording was made from has changed."
THREADS = "other threads"
CHILDREN = "other processes, start and end"

_MOST_PARTS = 3
"""Kinds of work that are named of a step."""

_LEAST = 0.0005
"""Seconds below which a row would show nothing."""


def as_plain(profile: Profile) -> dict[str, Any]:
    """Return all of it as JSON holds it: seconds, of the clock and of processors, with sums."""
    steps = [
        {"scene": step[0] if step else None, "step": _name(profile, step), "phases": _parts(profile, {step})}
        for step in _steps(profile)
    ]
    return {
        "recorded": list(dict.fromkeys(profile.scenes)),
        "clock": round(profile.clock, 6),
        "processor": round(profile.processor, 6),
        "processor_before": round(profile.before, 6),
        "phases": _parts(profile, set(_steps(profile))),
        "threads": round(profile.threads, 6),
        "other_processes": round(profile.rest, 6),
        "steps": steps,
    }


def show(profile: Profile, console: "Console") -> None:
    """Print it on `console`."""
    from rich.table import Table

    if not profile.scenes:
        console.print(UNCHANGED)
    table = Table(title="Where the time went, in seconds", title_justify="left")
    table.add_column("")
    for head in ("clock", "share", "processor", "share", "elsewhere"):
        table.add_column(head, justify="right")
    for part in _parts(profile, set(_steps(profile))):
        here, elsewhere = part["processor"], part["elsewhere"]
        _add(table, profile, part["phase"], part["clock"], here + elsewhere, elsewhere)
    _add(table, profile, THREADS, None, profile.threads, 0.0)
    _add(table, profile, CHILDREN, None, profile.rest, profile.rest)
    table.add_section()
    elsewhere = sum(profile.by_children.values()) + profile.rest
    _add(table, profile, "sum", profile.clock, profile.processor, elsewhere)
    console.print(table)
    console.print(
        "Processor time elsewhere is that of other processes: forks, programs, and workers that draw. Before all that,"
        f" Python and the command line took {profile.before:.2f} s of it."
    )
    steps = [step for step in _steps(profile) if step is not None]
    if steps:
        console.print(_by_step(profile, steps))


def _by_step(profile: Profile, steps: Sequence[Step]) -> Any:
    from rich.table import Table

    several = len(dict.fromkeys(step[0] for step in steps if step)) > 1
    table = Table(title="By step, in seconds", title_justify="left")
    for head in ("step", "clock", "processor", "share"):
        table.add_column(head, justify="left" if head == "step" else "right")
    table.add_column("most of it")
    for step in (*steps, None):
        parts = _parts(profile, {step})
        clock, processor = (sum(values) for values in zip(*((e["clock"], _all(e)) for e in parts), strict=True))
        parts.sort(key=_all, reverse=True)
        most = ", ".join(f"{each['phase']} {_all(each):.2f}" for each in parts[:_MOST_PARTS] if _all(each) >= _LEAST)
        name = _name(profile, step) or "of no one step"
        shown = f"{step[0]}/{name}" if step and several else name
        share = _share(processor, profile.processor)
        table.add_row(shown, f"{clock:.2f}", f"{processor:.2f}", share, most)
    return table


def _all(part: dict[str, Any]) -> float:
    return float(part["processor"] + part["elsewhere"])


def _parts(profile: Profile, steps: set[Step]) -> list[dict[str, Any]]:
    """What `steps` took together, by kind of work."""
    counted = (profile.by_clock, profile.by_processor, profile.by_children)
    sums: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for values, total in zip(counted, sums, strict=True):
        for (step, name), seconds in values.items():
            if step in steps:
                total[name] += seconds  # type: ignore[assignment]
    names = {name for total in sums for name in total}
    written = sorted(names - {*ORDER, OTHER})
    ordered = [*ORDER[:-1], *written, ORDER[-1], OTHER]
    return [
        {"phase": name, **{key: round(total[name], 6) for key, total in zip(_KEYS, sums, strict=True)}}
        for name in ordered
        if name in names
    ]


_KEYS = ("clock", "processor", "elsewhere")


def _steps(profile: Profile) -> list[Step]:
    """All steps that something was counted for, in order, and None last."""
    found = {step for counted in (profile.by_clock, profile.by_processor, profile.by_children) for step, _ in counted}
    scenes = list(dict.fromkeys(profile.scenes))
    named = [step for step in found if step is not None]
    return [*sorted(named, key=lambda step: (_place(scenes, step[0]), step[1], step[0])), None]


def _place(scenes: list[str], scene: str) -> int:
    return scenes.index(scene) if scene in scenes else len(scenes)


def _name(profile: Profile, step: Step) -> str | None:
    """What a step is called; what comes after the last has no name."""
    if step is None:
        return None
    scene, place = step
    return profile.names.get(step) or (scene if place < 0 else "after the last step")


def _add(table: Any, profile: Profile, name: str, clock: float | None, processor: float, elsewhere: float) -> None:
    if max(clock or 0.0, processor, elsewhere) < _LEAST:
        return
    shown = ["", ""] if clock is None else [f"{clock:.2f}", _share(clock, profile.clock)]
    table.add_row(
        name, *shown, f"{processor:.2f}", _share(processor, profile.processor), f"{elsewhere:.2f}" if elsewhere else ""
    )


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole else ""
