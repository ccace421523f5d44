"""YAML, which GuideLLM writes if asked: read by PyYAML, where it is installed."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError

_GUIDELLM = re.compile(r"^benchmarks:[ \t]*(#.*)?$", re.MULTILINE)
_BEGINNING = 65_536
"""Characters within which a report names its benchmarks, or begins with what comes before them."""


_ANCHOR = re.compile(r"(?:^|[\s\[{,])&\S", re.MULTILINE)
"""Where what follows may be meant again elsewhere, by its alias."""
_MOST_REPEATED = 4
"""Parts that a report may have for each of its characters, with what aliases repeat. Without them it is under one."""

_WHOLE = "write the report without aliases, as guidellm does, or as JSON"


def is_yaml_report(content: str) -> bool:
    """Whether `content` is the YAML of a report with benchmarks, and no JSON."""
    return not content.lstrip().startswith(("{", "[")) and _GUIDELLM.search(content[:_BEGINNING]) is not None


def parse_yaml(content: str, path: Path) -> Any:
    """What the YAML in `content` holds.

    Raises AstraiSlidesError, with the line and the remedy, for what is no YAML, and where PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise AstraiSlidesError(
            f"{path}: is YAML, which needs PyYAML: pip install 'astrai-slides[yaml]', or let GuideLLM write it as JSON:"
            " guidellm benchmark --output-path benchmarks.json"
        ) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _ANCHOR.search(content):
            _check_aliases(yaml.parse(content, Loader=loader), len(content), path)
        return yaml.load(content, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AstraiSlidesError(f"{path}, line {line}: not valid YAML: {error.problem}; copy the file again") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise AstraiSlidesError(f"{path}: not valid YAML: {type(error).__name__}; copy the file again") from None


def _check_aliases(events: Iterable[Any], characters: int, path: Path) -> None:
    """Refuse aliases that make much of little, before they are followed.

    Raises AstraiSlidesError with the line for one that lies within what it repeats, and where all parts together are
    out of proportion to the file.
    """
    sizes: dict[str, int | None] = {}
    """How many parts each anchor stands for; None while it is not read to its end."""
    open_: list[tuple[str | None, int]] = [(None, 0)]
    for event in events:
        kind = type(event).__name__
        anchor = getattr(event, "anchor", None)
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            anchor, size = open_.pop()
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            open_.append((anchor, 1))
            if anchor is not None:
                sizes[anchor] = None
            continue
        elif kind == "AliasEvent":
            known = sizes.get(event.anchor, 1)
            if known is None:
                raise AstraiSlidesError(f"{path}, line {event.start_mark.line + 1}: *{anchor} holds itself; {_WHOLE}")
            anchor, size = None, known
        elif kind == "ScalarEvent":
            size = 1
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        within, before = open_.pop()
        open_.append((within, before + size))
        if before + size > _MOST_REPEATED * characters:
            line = event.start_mark.line + 1
            raise AstraiSlidesError(
                f"{path}, line {line}: aliases make more than {_MOST_REPEATED * characters:,} parts of"
                f" {characters:,} characters; {_WHOLE}"
            )
