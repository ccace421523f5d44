"""A `latex` and a `dvisvgm` that count their runs, where the real ones, of 500 MB, would show no more."""

import os
import shutil
import sys
from pathlib import Path

import pytest

PROGRAM = """#!{python}
import pathlib, re, sys

with open({calls!r}, "a") as calls:
    calls.write(pathlib.Path(sys.argv[0]).name + "\\n")
"""
LATEX = """
tex = pathlib.Path(sys.argv[-1])
source = tex.read_text("utf-8")
body = source.partition(r"\\begin{{document}}")[2]
read = [str(tex), *re.findall(r"\\\\input{{(.*?)}}", source)]
tex.with_suffix(".fls").write_text("".join(f"INPUT {{each}}\\n" for each in read))
tex.with_suffix(".log").write_text("This is a fake\\n")
if r"\\undefined" in body:
    tex.with_suffix(".log").write_text("! Undefined control sequence.\\nl.9 a + \\\\undefined\\n            {{b}}\\n")
    sys.exit(1)
pages = body.removesuffix("\\n\\\\end{{document}}").split("\\n\\\\endpreview\\n\\\\preview\\n")
more = sum(len(pathlib.Path(each).read_text()) for each in read[1:])
tex.with_suffix(".dvi").write_text(" ".join(str(len(page.strip()) + more) for page in pages))
"""
DVISVGM = """
target = next(word for word in sys.argv if word.startswith("--output="))[9:]
for page, size in enumerate(pathlib.Path(sys.argv[-1]).read_text().split(), start=1):
    pathlib.Path(target.replace("%p", str(page))).write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><g id="unique000"><path d="M0 0H%sV9H0Z"/></g></svg>' % size
    )
"""


class FakeLatex:
    """The programs in `folder`, the only ones of their names on PATH."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._calls = folder / "calls"
        for name, body in (("latex", LATEX), ("dvisvgm", DVISVGM)):
            program = folder / name
            program.write_text((PROGRAM + body).format(python=sys.executable, calls=str(self._calls)), "utf-8")
            program.chmod(0o755)

    def runs(self) -> list[str]:
        """The programs that ran since this was last asked, by name."""
        ran = sorted(self._calls.read_text("utf-8").split()) if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return ran


def fake_latex(folder: Path, patch: pytest.MonkeyPatch) -> FakeLatex:
    """Put them before all else on PATH."""
    fake = FakeLatex(folder)
    patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert shutil.which("latex") == str(folder / "latex")
    return fake
