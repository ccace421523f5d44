"""The site's pages of what this project can do, each with a deck that runs and what is built of it beside."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.fonts import fonts_for
from astrai_slides.look.theme import DARK

ROOT = Path(__file__).resolve().parent.parent
BUILT = "built"
"""The folder of built files beside the pages."""

CHECKED = '''"""A slide with what an audience could not read."""

from manim import DOWN, GRAY_E, RIGHT, Text

from astrai_slides.deck.base import Deck


class Crowded(Deck):
    def construct(self):
        self.step("crowded", notes="Three faults.")
        self.add(Text("Requests a second"))
        self.add(Text("measured in March on one machine", font_size=14).shift(2 * DOWN))
        self.add(Text("and this one is hardly seen", color=GRAY_E).shift(3 * DOWN))
        self.add(Text("off the edge").shift(6 * RIGHT))
        self.wait(0.5)
'''
"""A deck of which `check` has something to tell."""

NO_CHINESE = "(It is left out: this site was built where there is no font for Chinese.)"
THEMES = ("dark", "light", "contrast", "paper")


@dataclass(frozen=True, slots=True)
class Feature:
    """A page: its name, title, and text, in which names in braces stand for what `write_features` puts there."""

    name: str
    title: str
    text: str


FEATURES = (
    Feature(
        "explore",
        "What if? Knobs that a speaker or a reader turns",
        """\
Click the deck, go on with →, and turn the knob by `[` and `]`, by K and arrows, or by the mark at its lower left.
The same step is shown as the deck draws it for that value: all values are in the one file, and no server computes.

{sizes}

This is all of it; any key of a talk file can be a knob as well. [explore.md](../explore.md) says how.

{sizes_source}
""",
    ),
    Feature(
        "embedding",
        "A deck in a page",
        """\
`astrai-slides build --to embed` leaves a folder with the deck, its picture and a script of one kilobyte. The deck
below is such an element: a picture until it is seen, then it plays, and it takes no keys until it is clicked.

<script src="../built/stages-embed/astrai-deck.js" defer></script>
<astrai-deck src="../built/stages-embed/deck.html" controls><img src="../built/stages-embed/poster.jpg"
  alt="A deck in stages" style="width: 100%; height: auto"></astrai-deck>

[embed.md](../embed.md) has its attributes and messages; [documents.md](../documents.md) has Sphinx, MkDocs, Jupyter
and Quarto.
""",
    ),
    Feature(
        "speaker-view",
        "The speaker's view",
        """\
[Open the deck by itself](built/stages.html) and press S: a second window has the notes, the present and the next
picture, the time against the plan, and the list of steps, and drives the deck. In a page, the deck has none:

{stages}

[present.md](../present.md) has presenting, rehearsing and the phone as a remote control; [player.md](../player.md#keys)
the keys.
""",
    ),
    Feature(
        "check",
        "What an audience could not read",
        """\
`astrai-slides check` looks through every frame for what would be noticed too late. Of this deck

{crowded}

it says:

```text
{found}
```

[check.md](../check.md) has the rules, and how often they were right.
""",
    ),
    Feature(
        "preview",
        "A preview that follows each save",
        """\
`astrai-slides preview` shows the deck as it will be, in this same player, and stays at the step and moment where it
was when a file is saved.

{stages}

[preview.md](../preview.md) says what a save does and what it costs.
""",
    ),
    Feature(
        "formats",
        "One recording, every format",
        """\
The deck is recorded once; from that come this page's

{stages}

and, of the same steps: [PPTX](built/stages.pptx) with a clip a step, [PDF](built/stages.pdf) as vectors,
[notes](built/stages.notes.pdf) on paper, [one HTML file](built/stages.html), and videos and pictures besides.
[commands.md](../commands.md) has `build`.
""",
    ),
    Feature(
        "themes-and-languages",
        "Themes, languages and shapes",
        """\
The same deck in each theme:

{themes}

On a phone held upright (`aspect = "9:16"`), and the talk on continuous batching in Chinese:

{upright}

{chinese}

[talk-file.md](../talk-file.md) has the keys.
""",
    ),
)


def begin(folder: Path, name: str, template: str) -> Path:
    """Begin a talk in `folder` as `astrai-slides new` does; returns its talk file."""
    (folder / "presentations").mkdir(parents=True, exist_ok=True)
    talk = folder / "presentations" / f"{name}.toml"
    if not talk.exists():
        _astrai(folder, "new", name, "--from", template)
    return talk


def write_features(pages: Path, decks: Path, begun: Path) -> dict[str, str]:
    """Write the pages into `pages`, which has what is built of them in `BUILT`; returns their names by their titles.

    Decks are written to `decks`, talks begun in `begun`.
    """
    pages.mkdir(parents=True, exist_ok=True)
    stages = begin(begun, "stages", "steps")
    _astrai(ROOT, "build", str(stages), "--to", "html,pptx,pdf,notes-pdf,embed", "--out", str(pages / BUILT))
    sizes = re.search(r"^```python\n(.*?)^```$", (ROOT / "docs" / "explore.md").read_text("utf-8"), re.M | re.S)
    assert sizes is not None, "docs/explore.md begins with a deck"
    (decks / "sizes.py").write_text(sizes[1], "utf-8")
    (decks / "crowded.py").write_text(CHECKED, "utf-8")
    [found] = json.loads(_astrai(decks, "check", "crowded.py", "Crowded", "--json", fails=True))
    told = []
    for each in found["findings"]:
        about = f"{each['what']}: {each['measured']}, {each['limit']}."
        told += [f"{each['severity']}: line {each['line']}: {about}", f"  {each['remedy']}"]
    kept = stages.read_text("utf-8")
    for theme in THEMES:
        _beside(stages, theme, _with_key(kept, "theme", theme))
    _beside(stages, "upright", _with_key(kept, "aspect", "9:16"))
    flagship = (ROOT / "presentations" / "continuous-batching.toml").read_text("utf-8")
    scene = ROOT / "slides" / "continuous_batching.py"
    chinese = flagship.replace('scene = "slides/continuous_batching.py', f'scene = "{scene}')
    _beside(stages, "chinese", _with_key(chinese, "language", "zh"))
    shown = {
        "sizes": _block(f"{decks / 'sizes.py'}:Sizes"),
        "sizes_source": sizes[0],
        "stages": _block(stages),
        "crowded": _block(f"{decks / 'crowded.py'}:Crowded"),
        "found": "\n".join(told),
        "themes": "\n".join(_block(_beside(stages, theme)) for theme in THEMES),
        "upright": _block(_beside(stages, "upright")),
        "chinese": _block(_beside(stages, "chinese"), "no_variants") if _has_chinese() else NO_CHINESE,
    }
    for each in FEATURES:
        text = re.sub(r"\{(\w+)\}", lambda match: shown[match[1]], each.text)
        (pages / f"{each.name}.md").write_text(f"# {each.title}\n\n{text}", "utf-8")
    return {each.title: f"{pages.name}/{each.name}.md" for each in FEATURES}


def _has_chinese() -> bool:
    """Whether there is a font for a deck in Chinese."""
    try:
        fonts_for(DARK, "zh")
    except AstraiSlidesError:
        return False
    return True


def _block(deck: object, options: str = "") -> str:
    return f"~~~ astrai-slides {deck} hide_source {options}".rstrip() + "\n~~~\n"


def _beside(talk: Path, name: str, text: str = "") -> Path:
    """A talk file beside `talk`; with `text` it is written."""
    file = talk.with_name(f"{talk.stem}-{name}.toml")
    if text:
        file.write_text(text, "utf-8")
    return file


def _with_key(talk: str, key: str, value: str) -> str:
    """The text of a talk file with another value of a key of its first table."""
    without = re.sub(rf"^{key} = .*\n", "", talk, flags=re.M)
    return f'{key} = "{value}"\n{without}'


def _astrai(folder: Path, *words: str, fails: bool = False) -> str:
    """What a command prints; with `fails` it may end with an exit code of 1."""
    done = subprocess.run(
        [sys.executable, "-m", "astrai_slides", "-q", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode not in ((0, 1) if fails else (0,)):
        raise SystemExit(f"astrai-slides {' '.join(words)} failed")
    return done.stdout
