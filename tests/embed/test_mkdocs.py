"""The plugin, in real MkDocs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from visiting import plays_when_clicked, served, visited

CONFIG = "site_name: Docs\nplugins: [astrai-slides]\n"
PAGE = """\
---
title: A page
---

# Decks

```astrai-slides MyDeck quality=l controls=false
from manim import Create, Square
from manim_slides import Slide

class MyDeck(Slide):
    def construct(self):
        self.play(Create(Square()), run_time=0.1)
```

```python
untouched = True
```

````text
```astrai-slides nowhere.py:Shown
```
````

~~~ astrai-slides decks/other.py:Other hide_source quality=l
~~~
"""
OTHER = """\
from manim import Circle, Create
from manim_slides import Slide

class Other(Slide):
    def construct(self):
        self.play(Create(Circle()), run_time=0.1)
"""


def build(folder: Path, page: str, config: str = CONFIG) -> "subprocess.CompletedProcess[str]":
    for name, text in (
        ("mkdocs.yml", config),
        ("docs/index.md", "# Start"),
        ("docs/in/page.md", page),
        ("decks/other.py", OTHER),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_a_page_shows_decks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    done = build(tmp_path, PAGE)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "site" / "in" / "page"
    page = (folder / "index.html").read_text("utf-8")
    addresses = re.findall(r'<iframe class="astrai-slides" src="([^"]+)\?embed"', page)
    assert addresses == ["../../_decks/in-page-MyDeck-1-d3545bb6.html", "../../_decks/in-page-Other-2-3243c2ea.html"]
    decks = [(folder / each).read_text("utf-8") for each in addresses]
    assert ['"controls":false' in each for each in decks] == [True, False]
    assert "data-astrai-slides" not in page
    assert "untouched" in page
    assert "astrai-slides nowhere.py:Shown" in page  # what stands in another block is an example
    assert len(re.findall(r"def[^\n]*construct", page)) == 1  # the source that is not hidden


@pytest.mark.wide
def test_a_fault_names_the_page_and_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    page = PAGE.replace("Create(Square())", "Nothing()")
    line = next(number for number, each in enumerate(page.splitlines(), 1) if "Nothing()" in each)
    done = build(tmp_path, page)
    assert done.returncode
    assert f"in/page.md: MyDeck cannot be recorded: line {line}: NameError" in done.stderr
    done = build(tmp_path, PAGE.replace("controls=false", "transition=fade"))
    assert done.returncode  # as it is strict
    assert "in/page.md:7: transition: has no use here" in done.stderr


@pytest.mark.wide
def test_its_pages_play_decks_in_a_browser(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    # what colours code there comes from a network otherwise
    config = f"{CONFIG.replace(']', ', search]')}theme: {{name: mkdocs, highlightjs: false}}\n"
    # and without a search MkDocs' own script fails
    done = build(tmp_path, PAGE, config)
    assert done.returncode == 0, done.stderr
    with served(tmp_path / "site") as origin, visited(chromium, f"{origin}/in/page/") as visit:
        plays_when_clicked(visit, 1, 1)
