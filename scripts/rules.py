"""Write the rules into docs/check.md, each with why, limit and source, as the rules themselves say.

`python scripts/rules.py` writes the file's section on rules anew; `python scripts/rules.py FILE` writes all of it
elsewhere.
"""

import argparse
from pathlib import Path

from astrai_slides.check.registry import RULES
from astrai_slides.check.rule import Rule

TARGET = Path(__file__).resolve().parent.parent / "docs" / "check.md"
BEGIN = "## Rules\n"


def page(before: str) -> str:
    """The page whose text above the rules is that of `before`."""
    head, found, _ = before.partition(BEGIN)
    if not found:
        raise SystemExit(f"{TARGET}: has no heading {BEGIN.strip()!r}; put it where the rules belong")
    return head + "\n".join([BEGIN, *map(_section, RULES.values())])


def _section(rule: Rule) -> str:
    kinds = " or ".join(rule.severities)
    return (
        f"### {rule.name}\n\n{rule.title} ({kinds}).\n\n"
        f"* Why: {rule.why}\n* Limit: {rule.limit}\n* Source: {rule.source}\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, nargs="?", default=TARGET, help="the file to write")
    parser.parse_args().target.write_text(page(TARGET.read_text("utf-8")), encoding="utf-8", newline="\n")
