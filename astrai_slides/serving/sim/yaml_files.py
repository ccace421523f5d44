"""YAML, which GuideLLM writes if asked: read by PyYAML, where it is installed."""

import re
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError

_GUIDELLM = re.compile(r"^benchmarks:[ \t]*(#.*)?$", re.MULTILINE)
_BEGINNING = 65_536
"""Characters within which a report names its benchmarks, or begins with what comes before them."""


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
        return yaml.load(content, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AstraiSlidesError(f"{path}, line {line}: not valid YAML: {error.problem}; copy the file again") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise AstraiSlidesError(f"{path}: not valid YAML: {type(error).__name__}; copy the file again") from None
