"""Language tags (BCP 47): written as one, and of a language that is registered."""

import re
from functools import cache
from importlib import resources

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z", re.ASCII)
_PRIVATE = re.compile(r"q[a-t][a-z]\Z")


def is_language_tag(tag: str) -> bool:
    """Whether `tag` is written as a language tag and begins with a registered language, or one for private use."""
    if not _TAG.match(tag):
        return False
    language = tag.partition("-")[0].lower()
    return language in _registered() or _PRIVATE.match(language) is not None


@cache
def _registered() -> frozenset[str]:
    text = (resources.files(__package__) / "languages.txt").read_text("utf-8")
    return frozenset(text.partition("\n")[2].split())
