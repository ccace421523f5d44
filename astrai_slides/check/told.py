"""Findings as text for people, as JSON, and as annotations for GitHub."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from astrai_slides.check.checker import Checked
from astrai_slides.check.finding import Finding


def as_text(checked: Sequence[Checked]) -> None:
    """Print the findings on standard output, in colours where it is a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    for deck in checked:
        console.print(Text.assemble((deck.scene, "bold"), f": {summary(deck)}"))
        place = -1
        for finding in deck.findings:
            if finding.place != place:
                place = finding.place
                name, title = deck.steps[place]
                console.print(f"  step {place + 1}, {name}{f'  {title}' if title != name else ''}")
            colour, kind = "red" if finding.is_error else "yellow", finding.breach.severity
            at = f"at {finding.breach.seconds:.1f} s, " if finding.breach.seconds is not None else ""
            console.print(Text.assemble("    ", (f"{kind:7}", colour), f" {finding.rule}: {at}{finding.sentence}"))
            if finding.line:
                console.print(Text(f"            {finding.file}:{finding.line}", "dim"))
        for unseen in deck.unseen:
            told = f" step {unseen.place + 1}, {unseen.step}: {unseen.sentence}"
            console.print(Text.assemble("  ", ("warning", "yellow"), told))
        for finding, switch in deck.off:
            console.print(Text(f"  off in {finding.step}: {finding.rule}: {switch.reason}", "dim"))
        for switch in deck.unneeded:
            console.print(Text(f"  {switch.where}: {switch.rule} is found nowhere in {switch.step}", "dim"))


def summary(deck: Checked) -> str:
    """How many steps a scene has, and how many findings of each kind."""
    errors, warnings = deck.errors, len(deck.findings) - deck.errors
    count = len(deck.steps)
    of = f"{count} step" + "s" * (count != 1)
    if not deck.findings:
        return f"{of}, no finding"
    return f"{of}, {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"


def to_json(checked: Sequence[Checked]) -> str:
    """The findings as JSON: a list of scenes, each with its findings and what was switched off."""
    scenes = [
        {
            "scene": deck.scene,
            "steps": len(deck.steps),
            "errors": deck.errors,
            "warnings": len(deck.findings) - deck.errors,
            "findings": [_plain(each) for each in deck.findings],
            "off": [{**_plain(each), "reason": switch.reason} for each, switch in deck.off],
            "unseen": [
                {"step": each.step, "number": each.place + 1, "rests": each.rests, "unseen": each.unknown}
                for each in deck.unseen
            ],
        }
        for deck in checked
    ]
    return json.dumps(scenes, indent=2, ensure_ascii=False)


def _plain(finding: Finding) -> dict[str, Any]:
    breach = finding.breach
    return {
        "rule": finding.rule,
        "severity": breach.severity.value,
        "step": finding.step,
        "number": finding.place + 1,
        "seconds": breach.seconds,
        "what": breach.what,
        "text": breach.text,
        "measured": breach.measured,
        "limit": breach.limit,
        "remedy": breach.remedy,
        "file": finding.file,
        "line": finding.line,
        "box": finding.shares,
    }


def as_annotations(checked: Iterable[Checked]) -> Iterator[str]:
    """Workflow commands of GitHub, a line each, that mark the findings in the changed files."""
    for deck in checked:
        for each in deck.findings:
            place = f"file={_property(each.file)},line={each.line}," if each.file and each.line else ""
            title = _property(f"{each.rule}, step {each.step}")
            yield f"::{each.breach.severity} {place}title={title}::{_data(each.sentence)}"
        for unseen in deck.unseen:
            yield f"::warning title={_property(f'not all seen, step {unseen.step}')}::{_data(unseen.sentence)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
