"""Pages damaged anywhere: shown as if nothing were, or an error in a sentence; never another step's picture."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from damaging import AROUND, campaign, look, sections
from firefox import firefox
from playwright.sync_api import Browser

NAMES = ["paths", "film", "turning", "picture", "last"]
SEED = 12

Show = Callable[[Path, str], Mapping[str, Any]]


@pytest.fixture
def in_chromium(chromium: Browser) -> Iterator[Show]:
    context = chromium.new_context(viewport={"width": 640, "height": 360})
    page = context.new_page()

    def show(file: Path, script: str) -> Mapping[str, Any]:
        page.goto("about:blank")
        page.goto(file.as_uri(), wait_until="commit")
        return dict(page.evaluate(f"async () => {{ {script} }}"))

    yield show
    context.close()


@pytest.fixture
def in_firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    with firefox(tmp_path_factory.mktemp("profile")) as browser:

        def show(file: Path, script: str) -> Mapping[str, Any]:
            browser.call("WebDriver:Navigate", url="about:blank")
            browser.call("WebDriver:Navigate", url=file.as_uri())
            return dict(browser.run(script))

        yield show


def damage_and_show(show: Show, file: Path, folder: Path, count: int) -> dict[str, int]:
    copy = folder / "damaged.html"
    outcomes = campaign(file.read_bytes(), copy, NAMES, count, SEED, show)
    assert sum(outcomes.values()) == count
    return outcomes


def test_damages_are_told_in_chromium(in_chromium: Show, film_file: Path, tmp_path: Path) -> None:
    outcomes = damage_and_show(in_chromium, film_file, tmp_path, 24)
    assert min(outcomes.get(each, 0) for each in ("in part", "refused")) >= 3


@pytest.mark.wide
def test_damages_are_told_in_firefox(in_firefox: Show, film_file: Path, tmp_path: Path) -> None:
    damage_and_show(in_firefox, film_file, tmp_path, 8)


def test_no_damaged_line_of_styles_hides_what_is_said(in_chromium: Show, film_file: Path, tmp_path: Path) -> None:
    page, copy = film_file.read_bytes(), tmp_path / "damaged.html"
    start, stop = sections(page)["css-deck"]
    lines = [line for line in re.finditer(rb".+", page[start:stop]) if b"#message" in line[0]]
    assert len(lines) >= 2
    for line in lines:
        at = start + line.start()
        copy.write_bytes(page[:at] + bytes(len(line[0])) + page[at + len(line[0]) :])
        found = in_chromium(copy, look(0))["opened"]
        assert found[0] == "error"
        assert AROUND in found[1]


@pytest.mark.wide
def test_three_hundred_damages_are_told_in_chromium(in_chromium: Show, film_file: Path, tmp_path: Path) -> None:
    damage_and_show(in_chromium, film_file, tmp_path, 300)


@pytest.mark.wide
def test_a_hundred_damages_are_told_in_firefox(in_firefox: Show, film_file: Path, tmp_path: Path) -> None:
    damage_and_show(in_firefox, film_file, tmp_path, 100)
