"""Which examples scripts/census_docs.py finds in a project's documents, and how it tells what came of them."""

import json
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def census_docs(project_root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(project_root / "scripts"))
    import census_docs

    # what is installed has hundreds, and is read by the script itself
    monkeypatch.setattr(census_docs, "_of_packages", lambda: iter(()))
    return sys.modules["census_docs"]


SHOWN = "class {name}(Scene):\n    def construct(self):\n        self.add({what})\n"


def indented(name: str, what: str) -> str:
    return "".join(f"        {line}\n" for line in SHOWN.format(name=name, what=what).splitlines())


def test_examples_of_every_form_are_found_once(census_docs: ModuleType, tmp_path: Path) -> None:
    project = tmp_path / "painter"
    (project / "docs").mkdir(parents=True)
    (project / "docs" / "guide.rst").write_text(
        f"Text\n\n    .. manim:: Round\n        :save_last_frame:\n\n{indented('Round', 'Circle()')}\n"
        f"    .. manim:: Round\n\n{indented('Round', 'Dot()')}\n"
        f".. code-block:: python\n\n{indented('Angular', 'Square()')}\n"
        ".. code-block:: python\n\n        class Cut(Scene):\n            def\n"
    )
    (project / "docs" / "guide.md").write_text(
        f"```python\n{SHOWN.format(name='Angular', what='Square()')}```\n\n```bash\nclass No(Scene):\n```\n"
        "```{eval-rst}\n.. manim-slides:: other.py:InAFile\n\n.. manim-slides:: Slides\n\n"
        "    class Slides(Slide):\n        def construct(self): self.wait()\n```\n"
    )
    cell = ["%%manim -v WARNING Cell\n", *SHOWN.format(name="Cell", what="Dot()").splitlines(keepends=True)]
    (project / "docs" / "notebook.ipynb").write_text(json.dumps({"cells": [{"source": cell}]}))
    (project / "example.py").write_text(
        f"TEXT = '''\n{SHOWN.format(name='Quoted', what='Dot()')}'''\nif TEXT:\n"
        "    class Conditional(ThreeDSlide):\n        pass\n"
    )
    found = census_docs.examples([project])
    assert sorted(found) == ["Angular", "Cell", "Conditional", "Round", "Round (2)", "Slides"]
    assert ":save_last_frame:" not in found["Round"].source
    for example in found.values():
        compile(example.source, example.scene, "exec")
    assert Counter(example.group for example in found.values()) == {
        "painter's documentation": 5,
        "painter's other examples": 1,
    }


def test_what_is_not_right_is_told_with_its_reason(census_docs: ModuleType) -> None:
    results = {
        "Right": {"ssim": 0.99, "filmed": "", "steps": 1},
        "Wrong": {"ssim": 0.5, "filmed": "filmed at 1x1", "steps": 1},
        "Refused": {"refused": "cannot be recorded"},
        "OneSided": {"stock": "NameError: x", "refused": "NameError: x"},
        "Other": {"stock": "NameError: x", "refused": ""},
    }
    told = census_docs.told(results, Counter({"docs": 5}), 9)
    assert "5 of 9 tried (5 of docs), 3 run under stock, 1 right" in told
    assert "1 of them filmed; not: Wrong (SSIM 0.500); Refused (cannot be recorded)" in told
    assert told.endswith("stock cannot: OneSided, Other (NameError: x)")
