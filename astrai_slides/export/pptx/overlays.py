"""What slides show above their videos: end states as shapes, which can be written while the videos are encoded."""

from collections.abc import Sequence

from astrai_slides.export.pptx.drawing import Canvas, ImageOf, Placement, complexity, group
from astrai_slides.export.pptx.text import LinkTo
from astrai_slides.export.shared.filled_outlines import FilledOutlines
from astrai_slides.export.shared.links import links_in
from astrai_slides.export.shared.steps import description
from astrai_slides.recording.format.model import Frame, Picture, Step

_MOST_BYTES = 32 << 20
"""Shapes that are written ahead, of all slides: a long talk's are written one after the other again beyond that."""


class Overlays:
    """Writes the overlay of each slide of one document, slides in their order."""

    def __init__(self, size: tuple[int, int], first_id: int) -> None:
        """`size` is a slide's width and height, EMU; `first_id` that of an overlay's first shape."""
        self._size, self._first_id = size, first_id
        self._fills = FilledOutlines()
        self._ahead: dict[int, str] = {}

    def write_ahead(self, steps: Sequence[Step], most_points: int) -> None:
        """Write those of `steps` from the first on, up to one with pictures, links or more than `most_points`."""
        written = 0
        for place, step in enumerate(steps):
            is_plain = not any(isinstance(op, Picture) for op in step.end.ops) and not addresses(step)
            if not is_plain or written > _MOST_BYTES or complexity(step.end) > most_points:
                return
            self._ahead[place] = self._written(step, step.end, _no_image, _no_link)
            written += len(self._ahead[place])

    def of(self, place: int, step: Step, end: Frame, image: ImageOf, link_to: LinkTo) -> str:
        """Return that of `step`, number `place` from 0, which ends as `end` says."""
        ahead = self._ahead.pop(place, None)
        return self._written(step, end, image, link_to) if ahead is None else ahead

    def _written(self, step: Step, end: Frame, image: ImageOf, link_to: LinkTo) -> str:
        canvas, name = Canvas(*self._size, end.view), f"{step.name} (end state)"
        return group(end, step.texts, canvas, self._first_id, name, description(step), image, link_to, self._fills)


def addresses(step: Step) -> set[str]:
    """Where links of `step` lead to."""
    return {address for run in step.texts for _, _, address in links_in(run.text)}


def _no_image(picture: Picture) -> tuple[str, Placement]:
    raise LookupError(picture.digest)


def _no_link(address: str) -> str:
    raise LookupError(address)
