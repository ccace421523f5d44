"""Draw the examples of docs/parts.md: what each of their steps ends with, in every theme and aspect, and a page of all.

`python scripts/part_pictures.py FOLDER` writes `FOLDER/index.html` and the pictures beside it. `--theme dark` and
`--aspect 16:9` draw those only, `--only Points` only that example.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "parts.md"
BESIDE = (ROOT / "docs" / "flow.png",)
"""Files that examples show."""

OWN = "own"
OWN_THEME = """
base = "light"
logo = "logo.svg"
footer = "A theme of your own, internal"
slide_number = true

[colors]
background = "#FFF8EC"
faint = "#F1E4CC"
ink = "#3A2A1A"
muted = "#6B5540"
primary = "#7A2E00"
"""
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">
<circle cx="20" cy="20" r="18" fill="#7A2E00"/></svg>
"""
THEMES = ("dark", "light", "contrast", "paper", OWN)
ASPECTS = ("16:9", "4:3")
_FPS, _HEIGHT = 10, 720


@dataclass(frozen=True, slots=True)
class PartExample:
    """A deck of the page: the heading it stands under, its class and its source."""

    heading: str
    name: str
    source: str

    @property
    def file(self) -> str:
        """What it is written to."""
        return f"{self.name.lower()}.py"


def examples(page: Path = PAGE) -> list[PartExample]:
    """The decks of `page`, in order."""
    found, heading = [], ""
    for match in re.finditer(r"^## ([^\n]+)$|^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S):
        heading = match[1] or heading
        if match[2]:
            (name,) = re.findall(r"^class (\w+)\(Deck\):", match[2], re.M)
            found.append(PartExample(heading, name, match[2]))
    return found


def write_decks(folder: Path, chosen: Sequence[PartExample]) -> None:
    """Write the examples into `folder`, each a file, with what they show beside them."""
    for each in chosen:
        (folder / each.file).write_text(each.source, "utf-8")
    for file in BESIDE:
        shutil.copy(file, folder)


def write_talk(folder: Path, chosen: Sequence[PartExample], theme: str, aspect: str) -> Path:
    """Write a talk of the examples, one after another, and the theme of its own if that is what is asked for."""
    scenes = ", ".join(f'"{each.file}:{each.name}"' for each in chosen)
    if theme == OWN:
        (folder / f"{OWN}.toml").write_text(OWN_THEME, "utf-8")
        (folder / "logo.svg").write_text(LOGO, "utf-8")
    talks = folder / "presentations"
    talks.mkdir(exist_ok=True)
    talk = talks / f"{theme}-{aspect.replace(':', 'x')}.toml"
    named = f"{OWN}.toml" if theme == OWN else theme
    talk.write_text(f'scene = [{scenes}]\ntitle = "Parts"\ntheme = "{named}"\naspect = "{aspect}"\n', "utf-8")
    return talk


def draw(target: Path, chosen: Sequence[PartExample], themes: Sequence[str], aspects: Sequence[str]) -> None:
    """Draw `chosen` into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_decks(folder, chosen)
        drawn = []
        for aspect in aspects:
            wide, high = map(int, aspect.split(":"))
            talks = [write_talk(folder, chosen, theme, aspect) for theme in themes]
            options = ["--to", "png", "--fps", str(_FPS), "--size", f"{_HEIGHT * wide // high}x{_HEIGHT}"]
            command = [sys.executable, "-m", "astrai_slides", "-q", "build", *(talk.stem for talk in talks), *options]
            if subprocess.run([*command, "--out", str(folder)], cwd=folder, stdout=subprocess.DEVNULL).returncode:
                raise SystemExit("the examples cannot be drawn; the reason stands above")
            drawn += [talk.stem for talk in talks]
        for name in drawn:
            shutil.rmtree(target / name, ignore_errors=True)
            shutil.copytree(folder / f"{name}-png", target / name)
    (target / "index.html").write_text(page(target, chosen, drawn), "utf-8")
    print(target / "index.html")


def page(target: Path, chosen: Sequence[PartExample], drawn: Sequence[str]) -> str:
    """The page with a picture of what every example ends with, and links to those of its other steps."""
    known = {name: _by_scene(target / name) for name in drawn}
    pictures = {
        each.heading: "".join(_figure(name, known[name][place]) for name in drawn) for place, each in enumerate(chosen)
    }
    text = PAGE.read_text("utf-8")
    parts = re.split(r"^(?=## )", text, flags=re.M)
    render = MarkdownIt("commonmark").enable("table").render
    body = _linked("".join(render(part) + _gallery(pictures, part) for part in parts), target)
    return f'<!doctype html><meta charset="utf-8"><title>Parts</title><style>{_STYLE}</style>\n{body}'


def _linked(body: str, target: Path) -> str:
    """The page's text with what its links name: headings with GitHub's ids, other documents where they lie."""
    body = re.sub(
        "<h2>([^<]*)</h2>",
        lambda found: f'<h2 id="{re.sub(r"[^a-z -]", "", found[1].lower()).replace(" ", "-")}">{found[1]}</h2>',
        body,
    )
    documents = Path(os.path.relpath(PAGE.parent, target.resolve())).as_posix()
    return re.sub(r'href="([\w-]+\.md)', rf'href="{documents}/\1', body)


def _gallery(pictures: dict[str, str], part: str) -> str:
    heading = part.partition("\n")[0].removeprefix("## ")
    return f'<div class="pictures">{pictures[heading]}</div>' if heading in pictures else ""


def _figure(name: str, steps: Sequence[dict[str, str]]) -> str:
    links = " · ".join(f'<a href="{name}/{step["file"]}">{escape(step["title"])}</a>' for step in steps)
    last = steps[-1]
    image = f'<img src="{name}/{last["file"]}" alt="{escape(last["description"])}" loading="lazy">'
    return f"<figure>{image}<figcaption>{name}: {links}</figcaption></figure>"


def _by_scene(folder: Path) -> list[list[dict[str, str]]]:
    """The steps of each scene, in the scenes' order, as the index of the pictures has them."""
    steps = json.loads((folder / "index.json").read_text("utf-8"))["steps"]
    return [list(own) for _, own in groupby(steps, key=lambda step: step["section"])]


_STYLE = """
body { font: 17px/1.5 Inter, system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
pre { background: #f3f4f6; padding: 1rem; overflow-x: auto; font-size: 14px }
table { border-collapse: collapse } td, th { padding: .2rem .8rem .2rem 0; text-align: left }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(26rem, 1fr)); gap: 1rem }
figure { margin: 0 } img { width: 100%; border: 1px solid #d0d4da } figcaption { font-size: 14px }
"""


def _chosen(names: Sequence[str]) -> Iterator[PartExample]:
    known = examples()
    unknown = set(names) - {each.name for each in known}
    if unknown:
        raise SystemExit(f"{PAGE}: has no example {', '.join(sorted(unknown))}")
    return (each for each in known if not names or each.name in names)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--aspect", choices=ASPECTS, action="append")
    parser.add_argument("--only", action="append", default=[], metavar="EXAMPLE")
    given = parser.parse_args()
    draw(given.folder, list(_chosen(given.only)), given.theme or THEMES, given.aspect or ASPECTS)
