"""Talk files for tests: how they are written."""

import json
from pathlib import Path
from typing import Any


def write(project: Path, text: str, name: str = "my-deck.toml") -> Path:
    """Write a talk file of a project."""
    path = project / "presentations" / name
    path.write_text(text, encoding="utf-8")
    return path


def toml(value: Any) -> str:
    """`value` as TOML: tables inline, texts and keys as JSON writes them, which TOML reads too."""
    lines = (f"{key(name)} = {inline(inner)}" for name, inner in value.items())
    return "\n".join(lines) + "\n"


def key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(name)} = {inline(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(inner) for inner in value) + "]"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
