"""What we need of reveal.js that it does not promise; after an upgrade these say by name what is different.

The tests of the player in its page (test_html_page.py, test_html_stage.py) tell what a user would see of it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
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


def test_the_rules_of_transitions_are_left_out_and_no_others() -> None:
    kept = ".a,.reveal .b:not([data-c=none],.d){x:y}@media print{.reveal.none>section[data-transition=none]{x:y}}"
    left_out = (
        ".reveal.slide section:not([data-transition]).past{x:y}"
        ".reveal .slides>section[data-transition^=zoom],.reveal.zoom:not(.e,.f) section{x:y}"
        ".reveal[data-background-transition=fade]>.backgrounds{x:y}"
    )
    assert reveal.without_transitions(left_out + kept + left_out) == kept
    assert reveal.without_transitions(".kept,.reveal.fade .past,.too{x:y}") == ".kept,.too{x:y}"
    style = built.built().reveal_css
    assert reveal.without_transitions(style) == style
    for needed in (
        ".backgrounds",
        ".controls",
        ".progress",
        ".slide-number",
        ".pause-overlay",
        ".overview",
        ".fragment",
    ):
        assert needed in style, needed


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
