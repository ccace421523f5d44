"""What we need of reveal.js that it does not promise; after an upgrade these say by name what is different.

The tests of the player in its page (test_html_page.py, test_html_stage.py) tell what a user would see of it.
"""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from deck_browser import opened
from playwright.sync_api import Browser, Page

from astrai_slides.export.html import built, reveal

PAGE = """<div class="reveal"><div class="slides"><section>one<span class="fragment"></span></section>
<section>two</section><section>three</section></div></div>"""

START = """async () => {
  window.told = [];
  window.reveal = new Reveal(document.querySelector(".reveal"), {
    keyboard: false, transition: "none",
    hash: false,
  });
  await reveal.initialize();
  for (const name of ["slidechanged", "fragmentshown", "fragmenthidden", "paused", "resumed", "overviewshown",
    "overviewhidden"]) reveal.on(name, () => told.push(name));
}"""


@pytest.fixture(scope="module")
def plain(chromium: Browser) -> Iterator[Page]:
    """A page with reveal.js alone, without the player."""
    page = chromium.new_page()
    page.set_content(PAGE)
    for script in built.built().scripts[1:2]:
        page.add_script_tag(content=script)
    page.evaluate(START)
    yield page
    page.close()


def test_it_is_the_version_that_is_known(plain: Page) -> None:
    assert plain.evaluate("() => Reveal.VERSION") == reveal.VERSION


def test_its_licence_and_its_makers_name_are_in_its_files() -> None:
    assert "Permission is hereby granted, free of charge" in built.built().reveal_licence
    assert "Hakim El Hattab" in built.built().reveal_css


def test_rules_that_show_nothing_in_a_deck_are_left_out_and_no_others() -> None:
    kept = ".a,.reveal .b:not([data-c=none],.d){x:y}@media print{.reveal.none>section[data-transition=none]{x:y}}"
    left_out = (
        ".reveal.slide section:not([data-transition]).past{x:y}"
        ".reveal .slides>section[data-transition^=zoom],.reveal.zoom:not(.e,.f) section{x:y}"
        ".reveal[data-background-transition=fade]>.backgrounds{x:y}"
        "@media (max-width:600px){.r-overlay{x:y}.reveal .controls .enabled{x:y}}"
    )
    assert reveal.without_unused("/** maker */ .r-stack{x:y}" + left_out + kept + left_out) == "/** maker */ " + kept
    assert reveal.without_unused(".kept,.reveal.fade .past,.too{x:y}") == ".kept,.too{x:y}"
    style = built.built().reveal_css
    assert reveal.without_unused(style) == style
    assert len(style) < len(_whole_style()) / 2


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        ("", ""),
        ("#/spawn", ""),
        ("", "o"),
        ("", "b"),
        ("", "?"),
        ("", "g"),
        ("?print-pdf", ""),
        ("?print-pdf&notes", ""),
        ("?embed", ""),
    ],
)
def test_nothing_that_a_deck_shows_would_have_had_a_rule_that_is_left_out(
    chromium: Browser, deck_file: Path, address: str, keys: str
) -> None:
    whole, kept = _selectors(_whole_style()), set(_selectors(built.built().reveal_css))
    left_out = [each for each in whole if each not in kept]
    assert len(left_out) > 100
    with opened(chromium, deck_file, address) as deck:
        deck.press(*keys)
        shown = deck.page.evaluate(SHOWN_BY, [*left_out, ".reveal .slides"])
    assert shown == ([] if "print" in address else [".reveal .slides"])


SHOWN_BY = """(selectors) => selectors.filter((each) => [...document.querySelectorAll(each)].some(
  (element) => element.getClientRects().length && getComputedStyle(element).visibility !== "hidden"))"""
"""Which selectors have an element that is on the page."""

_OF_A_MOMENT = re.compile(r"::?(?:after|before|hover|active|focus|placeholder|-webkit-scrollbar)\b")


def _selectors(style: str) -> list[str]:
    """Those of elements, whatever a pointer does with them."""
    rules = re.findall(r"([^{}]+)\{[^{}]*\}", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
    found = {_OF_A_MOMENT.sub("", each).strip() for rule in rules for each in re.split(r",(?![^()]*\))", rule)}
    return sorted(each for each in found if each and not re.match(r"\d|from$|to$|@", each))


def _whole_style() -> str:
    spec = importlib.util.find_spec(reveal.WHEEL)
    assert spec is not None, "the development dependencies bring it"
    assert spec.origin is not None
    return reveal.read(reveal.find(Path(spec.origin).parent))["reveal.css"]


@pytest.mark.parametrize(
    ("moves", "place", "told"),
    [
        ("reveal.slide(0, 0, -1)", [0, -1], set()),
        ("reveal.slide(0, 0, -1); told.length = 0; reveal.slide(0, 0, 0)", [0, 0], {"fragmentshown"}),
        ("reveal.slide(0, 0, 0); told.length = 0; reveal.slide(0, 0, -1)", [0, -1], {"fragmenthidden"}),
        ("reveal.slide(0, 0, 0); told.length = 0; reveal.slide(2, 0, undefined)", [2, None], {"slidechanged"}),
        ("reveal.slide(2); told.length = 0; reveal.slide(1)", [1, None], {"slidechanged"}),
    ],
)
def test_it_goes_where_it_is_sent_and_says_at_once_where_it_is(
    plain: Page, moves: str, place: list[int | None], told: set[str]
) -> None:
    # at once: the player keeps quiet about what it hears while it sends reveal.js somewhere
    found = plain.evaluate(f"() => {{ told.length = 0; {moves}; return [reveal.getIndices(), [...told]]; }}")
    assert [found[0]["h"], found[0].get("f")] == place
    assert told <= set(found[1])


def test_black_screen_and_overview_are_told_of(plain: Page) -> None:
    found = plain.evaluate("""() => {
      told.length = 0;
      const is = [];
      for (const turn of [undefined, false]) { reveal.togglePause(turn); is.push(reveal.isPaused()); }
      for (const turn of [undefined, false]) { reveal.toggleOverview(turn); is.push(reveal.isOverview()); }
      return [is, [...told]];
    }""")
    assert found == [[True, False, True, False], ["paused", "resumed", "overviewshown", "overviewhidden"]]


def write(folder: Path, **changed: str | None) -> Path:
    """A package with a reveal.js, of which some files are others or none."""
    texts: dict[str, str | None] = {
        "dist/reveal.js": f'e.VERSION="{reveal.VERSION}"',
        "dist/reveal.css": "",
        "LICENSE": "",
    }
    for name, text in (texts | changed).items():
        file = folder / "static" / name
        if text is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    return folder


def test_it_is_found_in_the_package_that_carries_it(tmp_path: Path) -> None:
    folder = reveal.find(write(tmp_path))
    assert set(reveal.read(folder)) == {"reveal.js", "reveal.css", "LICENSE"}


def take(package: Path) -> None:
    """Take out of a package all that is needed of it."""
    reveal.read(reveal.find(package))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"dist/reveal.js": None}, r"holds no dist/reveal\.js"),
        ({"dist/reveal.js": 'e.VERSION="6.0.0"'}, rf"not reveal\.js {reveal.VERSION}.*test_reveal\.py"),
        ({"dist/reveal.css": None}, r"no file dist/reveal\.css"),
        ({"LICENSE": None}, r"no file LICENSE"),
    ],
)
def test_another_reveal_is_refused(tmp_path: Path, changed: dict[str, str | None], message: str) -> None:
    package = write(tmp_path, **changed)
    with pytest.raises(reveal.UnknownRevealError, match=message):
        take(package)
