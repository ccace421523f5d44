"""Build the site: documents, a gallery of decks that run, a page a part. `python scripts/website.py FOLDER`.

Nothing in it asks a network. MkDocs builds it, with this package's own plugin. `--only NAME` takes only the decks of
those names, of the gallery and of docs/parts.md, and `features` the pages of what this project can do. `--no-variants`
leaves out what knobs of the gallery show, of which those of the talk on continuous batching take minutes.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
from part_pictures import BESIDE, PartExample, examples
from site_features import begin, write_features

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ABOUT = "Record a Manim or manim-slides deck once; export it as HTML, PPTX, PDF and video that survive a stage."
FEATURES = "features"
BEGUN = "begun"
"""The folder of talks that are begun for the site."""
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


@dataclass(frozen=True, slots=True)
class GalleryDeck:
    """A deck of the gallery: its name, what is said about it, and the talk file, in the project or to be begun."""

    name: str
    title: str
    about: str
    template: str = ""


GALLERY = (
    GalleryDeck(
        "continuous-batching", "Continuous batching", "Six steps, computed by a scheduler from request lengths."
    ),
    GalleryDeck("stages", "Stages", "What `astrai-slides new stages --from steps` begins with.", "steps"),
    GalleryDeck("figures", "Figures", "What `astrai-slides new figures --from comparison` begins with.", "comparison"),
)


def main() -> int:
    """Build the site into the folder that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the site goes")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this deck")
    parser.add_argument("--no-variants", action="store_true", help="leave out what knobs of the gallery show")
    options = parser.parse_args()
    parts = examples()
    known = [*(each.name for each in GALLERY), *(each.name for each in parts), FEATURES]
    unknown = [each for each in options.only if each not in known]
    if unknown:
        parser.error(f"{unknown[0]}: there is no such deck; there are {', '.join(known)}")
    target = options.folder.resolve()
    source = target.with_name(f"{target.name}-source")
    shutil.rmtree(source, ignore_errors=True)
    write_source(source, target, parts, options.only or known, "no_variants" if options.no_variants else "")
    words = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--quiet",
        "--strict",
        "--config-file",
        str(source / "mkdocs.yml"),
    ]
    code = subprocess.run(words, cwd=ROOT).returncode
    if not code:
        # as they are written, for who reads llms.txt
        for path in (source / "docs").glob("*.md"):
            if path.name in {each.name for each in DOCS.glob("*.md")}:
                shutil.copy(path, target)
        print(target / "index.html")
    return code


def write_source(
    source: Path, target: Path, parts: Sequence[PartExample], chosen: Collection[str], options: str = ""
) -> None:
    """Write what MkDocs builds the site from; `options` stand with those of the gallery."""
    pages = source / "docs"
    decks = source / "decks"
    for folder in (pages / "parts", decks):
        folder.mkdir(parents=True)
    shown = {each.heading: each for each in parts if each.name in chosen}
    for each in shown.values():
        (decks / each.file).write_text(each.source, "utf-8")
    for file in BESIDE:
        shutil.copy(file, decks)
    documents = sorted(path for path in DOCS.glob("*.md"))
    names = {path.name for path in documents}
    for path in documents:
        text = _linked(path.read_text("utf-8"), names)
        (pages / path.name).write_text(_with_decks(text, shown) if path.name == "parts.md" else text, "utf-8")
    for path in DOCS.glob("*.png"):
        shutil.copy(path, pages)
    sections = _sections((pages / "parts.md").read_text("utf-8"))
    pages_of_parts = {}
    for heading in shown:
        name = f"parts/{re.sub(r'[^a-z]+', '-', heading.lower()).strip('-')}.md"
        pages_of_parts[heading] = name
        text = sections[heading].replace("](", "](../") if "](#" not in sections[heading] else sections[heading]
        (pages / name).write_text(_linked(f"# {heading}\n{text}", {f"../{each}" for each in names}), "utf-8")
    gallery = [each for each in GALLERY if each.name in chosen]
    (pages / "gallery.md").write_text(_gallery(gallery, source, options), "utf-8")
    features = write_features(pages / FEATURES, decks, source / BEGUN) if FEATURES in chosen else {}
    titles = {path.name: _title(path) for path in documents}
    (pages / "index.md").write_text(_home(titles, features), "utf-8")
    (pages / "llms.txt").write_text(_llms(documents, titles), "utf-8")
    settings = {
        "site_name": "astrai-slides",
        "site_description": ABOUT,
        "docs_dir": str(pages),
        "site_dir": str(target),
        "theme": {"name": "mkdocs", "highlightjs": False},
        "plugins": ["astrai-slides", "search"],
        "markdown_extensions": ["tables", "fenced_code", "toc"],
        # ids of headings are those of GitHub, which MkDocs makes a little otherwise
        "validation": {"links": {"anchors": "ignore"}},
        "nav": [
            {"Home": "index.md"},
            {"Gallery": "gallery.md"},
            *[{"Features": [{heading: name} for heading, name in features.items()]}][: len(features)],
            {"Parts": [{"All parts": "parts.md"}, *({heading: name} for heading, name in pages_of_parts.items())]},
            {"Coming from manim-slides": "coming-from-manim-slides.md"},
            {"Documents": [{titles[name]: name} for name in titles if name not in _IN_NAVIGATION]},
        ],
    }
    (source / "mkdocs.yml").write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), "utf-8")


_IN_NAVIGATION = {"parts.md", "coming-from-manim-slides.md"}


def _linked(text: str, names: Collection[str]) -> str:
    """The text without links to files that the site has not."""
    return _LINK.sub(lambda link: link[0] if link[2] in names or link[2].endswith(".png") else link[1], text)


def _sections(text: str) -> dict[str, str]:
    """What stands under each heading of the second rank."""
    parts = re.split(r"^## (.+)$\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _with_decks(text: str, shown: dict[str, PartExample]) -> str:
    """docs/parts.md with each example as a deck that runs, above its source."""
    for each in shown.values():
        block = f"```python\n{each.source}```"
        text = text.replace(block, f"~~~ astrai-slides decks/{each.file}:{each.name} hide_source\n~~~\n\n{block}")
    return text


def _gallery(decks: Sequence[GalleryDeck], source: Path, options: str) -> str:
    rows = ["# Gallery", "", "Click a deck, then step with the arrow keys; F fills the screen.", ""]
    for each in decks:
        talk = ROOT / "presentations" / f"{each.name}.toml"
        if each.template:
            talk = begin(source / BEGUN, each.name, each.template)
        block = f"~~~ astrai-slides {talk} hide_source {options}".rstrip()
        rows += [f"## {each.title}", "", each.about, "", block, "~~~", ""]
    return "\n".join(rows)


def _title(path: Path) -> str:
    return path.read_text("utf-8").partition("\n")[0].removeprefix("# ")


def _home(titles: dict[str, str], features: dict[str, str]) -> str:
    rows = ["# astrai-slides", "", ABOUT, "", "* [Gallery](gallery.md): decks that run here"]
    rows += [f"* [{titles['coming-from-manim-slides.md']}](coming-from-manim-slides.md)", "", "## Features", ""]
    rows += [f"* [{heading}]({name})" for heading, name in features.items()]
    rows = rows[: len(rows) if features else -2]
    rows += ["", "## Documents", "", *(f"* [{title}]({name})" for name, title in titles.items())]
    return "\n".join(rows) + "\n"


def _llms(documents: Sequence[Path], titles: dict[str, str]) -> str:
    """What the site says to language models, as llmstxt.org has it."""
    rows = ["# astrai-slides", "", f"> {ABOUT}", "", "## Documents", ""]
    for path in documents:
        paragraph = path.read_text("utf-8").split("\n\n")[1].replace("\n", " ")
        about = "" if paragraph.startswith(("|", "```", "#")) else f": {_linked(paragraph, ())}"
        rows.append(f"- [{titles[path.name]}]({path.name}){about}")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
