"""Steps of which nothing is said: no notes, no title, nothing in place of the picture."""

from collections.abc import Iterable, Iterator

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen
from astrai_slides.recording.format.model import Step


def find(step: StepSeen) -> Iterator[Breach]:
    """What the step lacks; where every step of the deck lacks it, that is told once, at the first."""
    steps = step.deck.recording.steps
    lacking = {
        name: _NAMED[name]
        for name, lacks in _LACKS.items()
        if lacks(step.step) and (step.place == 0 or not all(map(lacks, steps)))
    }
    if not lacking:
        return
    everywhere = len(steps) > 1 and all(_LACKS[name](each) for name in lacking for each in steps)
    yield Breach(
        Severity.WARNING,
        f"None of the {len(steps)} steps has {_listed(lacking.values(), 'or')}"
        if everywhere
        else f"The step has {_listed([f'no {name}' for name in lacking], 'and')}",
        "left empty",
        "a step has notes, a title of its own, and a title or a text that stands for its picture",
        "Write them: step(name, title=..., notes=...), or next_slide(notes=...) with the title after a # in its first"
        " line.",
    )


def _listed(parts: Iterable[str], word: str) -> str:
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def _has_no_title(step: Step) -> bool:
    return not step.title or (step.title == step.name and step.name.rpartition("/")[2].isdecimal())


def _has_no_description(step: Step) -> bool:
    return _has_no_title(step) and not any(run.text.strip() for run in step.texts)


_LACKS = {
    "notes": lambda step: not step.notes.strip(),
    "title": _has_no_title,
    "description": _has_no_description,
}
"""What a step may lack, and whether it does."""

_NAMED = {"notes": "notes", "title": "a title", "description": "a description"}

RULE = Rule(
    "unsaid",
    "A step has no notes, title or description",
    (Severity.WARNING,),
    "Notes are what the speaker view, the sheet and the notes file are made of; titles are what the overview, the "
    "links and the bookmarks of the PDF say; and who cannot see the picture is told the title and the texts.",
    "Every step has notes, a title of its own (no number), and something to be said in place of its picture: the "
    "title, or a text on it. What all steps lack is told once.",
    "WCAG 2.2, 1.1.1 (non-text content) and 2.4.6 (headings and labels).",
    find,
    decided_by=lambda step: list(find(step)),
)
