"""What an export says about a step: title, part of the talk, and texts in place of the picture."""

from collections.abc import Iterator

from astrai_slides.recording.format.model import Step

_ENDS = (".", ",", ":", ";", "!", "?", "\u2026")


def title_of(step: Step) -> str:
    """What the step is called."""
    return step.title or step.name


def part_of(step: Step) -> str:
    """The part of the talk that the step belongs to: `flow` for `flow/static`."""
    return step.name.partition("/")[0]


def section_of(step: Step) -> str:
    """What steps that belong together are listed under: a scene of several, else the part of the talk."""
    return step.section or part_of(step)


def is_below(step: Step) -> bool:
    """Whether the step goes into more depth on the one before, which `direction="vertical"` of manim-slides says."""
    return step.direction == "vertical"


def chapter_of(step: Step) -> str:
    """What a list of all steps calls the step: its title, after the section in a deck of several scenes."""
    title = title_of(step)
    return f"{step.section}: {title}" if step.section and not title.startswith(step.section) else title


def description(step: Step) -> str:
    """What a screen reader says in place of the picture: the title, and the texts that are on the slide."""
    return "".join(_sentences([title_of(step), *(run.text for run in step.texts)]))


def _sentences(texts: list[str]) -> Iterator[str]:
    """`texts` on one line each, with a pause between; a title that is on the slide is said once."""
    flat = [" ".join(text.split()) for text in texts]
    said = [text for place, text in enumerate(flat) if text and (place == 0 or text != flat[0])]
    for place, text in enumerate(said):
        last = place + 1 == len(said)
        yield text if last else f"{text} " if text.endswith(_ENDS) else f"{text}. "
