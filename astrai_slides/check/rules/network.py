"""What would ask something of a network."""

import re
from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen

_LOADED = re.compile(
    r"""!\[[^\]]*\]\(\s*<?(?P<markdown>(?:https?:)?//[^)\s>]+)"""
    r"""|<(?:img|iframe|video|audio|source|script|embed|object)\b[^>]*?\b(?:src|data)\s*=\s*["']?(?P<tag>(?:https?:)?//[^"'\s>]+)""",
    re.IGNORECASE,
)


def find(step: StepSeen) -> Iterator[Breach]:
    """Each picture, film or page in the notes that lies on another machine."""
    for found in _LOADED.finditer(step.step.notes):
        address = found["markdown"] or found["tag"]
        yield Breach(
            Severity.WARNING,
            f"The notes show {address}",
            "it lies on another machine",
            "nothing is asked of a network",
            "Say it in words, or put a link in its place, which is followed only when it is pressed.",
        )


RULE = Rule(
    "needs-network",
    "The notes would need a network",
    (Severity.WARNING,),
    "A hall has no network when it matters, and files of ours never ask for one: what the notes name is left out.",
    "No picture, film or page in the notes has an address of another machine. Links may have.",
    "docs/security.md: no request leaves a file of ours.",
    find,
)
