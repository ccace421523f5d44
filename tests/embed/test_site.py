"""`make site`: the documents and decks that run, in a browser."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from visiting import RESTS, served, visited

pytestmark = pytest.mark.wide

FEATURES = ["check", "embedding", "explore", "formats", "preview", "speaker-view", "themes-and-languages"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with some of its decks, and without variants in the gallery."""
    folder, root = tmp_path_factory.mktemp("site"), Path(__file__).resolve().parents[2]
    decks = [word for name in ("Points", "stages", "features") for word in ("--only", name)]
    words = [sys.executable, "scripts/website.py", str(folder / "site"), "--no-variants", *decks]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASTRAI_SLIDES_CACHE", str(folder / "cache"))
        done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def test_the_site_has_decks_and_asks_no_network(site: Path) -> None:
    for page, decks in (("gallery", 1), ("parts/points", 1), ("parts", 1), ("coming-from-manim-slides", 0)):
        text = (site / page / "index.html").read_text("utf-8")
        addresses = re.findall(r'<iframe class="astrai-slides" src="([^"?]+)', text)
        assert len(addresses) == decks, page
        assert all((site / page / each).is_file() for each in addresses)
    assert sorted(each.name for each in (site / "features").iterdir() if (each / "index.html").is_file()) == FEATURES
    for path in site.rglob("*.html"):
        if "_decks" not in path.parts:
            text = path.read_text("utf-8")
            assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", text), path
    said = (site / "llms.txt").read_text("utf-8")
    assert said.startswith("# astrai-slides\n\n> ")
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", said, re.MULTILINE)
    assert len(links) > 15
    assert all((site / each).read_text("utf-8").startswith("# ") for each in links)


def test_every_page_opens_with_its_decks_and_nothing_amiss(chromium: Browser, site: Path) -> None:
    pages = [path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")]
    pages = [page for page in pages if not page.endswith("-embed")]
    with served(site) as origin:
        for page in pages:
            with visited(chromium, f"{origin}/{page}/") as visit:
                decks = visit.decks()
                assert len(decks) == len(visit.page.query_selector_all("iframe.astrai-slides"))
                assert bool(decks or visit.page.query_selector("astrai-deck")) == (
                    page.startswith(("features/", "parts")) or page == "gallery"
                ), page


def test_pages_of_features_show_what_they_say(chromium: Browser, site: Path) -> None:
    with served(site) as origin:
        with visited(chromium, f"{origin}/features/explore/") as visit:
            [(place, deck)] = visit.decks()
            deck.wait_for_selector(RESTS, state="attached")
            place.click()
            visit.page.keyboard.press("]")
            deck.wait_for_selector("""html[data-knobs='{"size":3,"filled":false}']""", state="attached")
        with visited(chromium, f"{origin}/features/embedding/") as visit:
            visit.page.wait_for_selector("astrai-deck iframe[slot]", state="attached")
        with visited(chromium, f"{origin}/features/check/") as visit:
            assert "error: line 12:" in visit.page.inner_text("pre")
        for page, links in (("formats", 4), ("speaker-view", 1)):
            with visited(chromium, f"{origin}/features/{page}/") as visit:
                there = visit.page.locator("a[href*='built/']").evaluate_all("(all) => all.map(({ href }) => href)")
                assert len(there) == links
                for each in there:
                    assert visit.page.request.get(each).ok, each
