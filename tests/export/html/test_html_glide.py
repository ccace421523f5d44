"""Bars of a chart glide when a knob is turned, in a real Chromium: from where they were, and nothing else is seen."""

from pathlib import Path
from typing import Any

import pytest
from deck_browser import opened
from gliding_chart import LENGTHS, LOOK, SIZE, TURN, check_glide, write_chart
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chart(tmp_path_factory.mktemp("chart") / "chart.html")


def lengths(seen: list[dict[str, Any]]) -> list[float]:
    return [each["length"] for each in seen]


def test_a_bar_glides_to_what_it_is_then(chromium: Browser, chart: Path) -> None:
    with opened(chromium, chart, "#/bars", viewport=SIZE) as deck:
        deck.rest("bars")
        for value, (before, after) in (("true", LENGTHS), ("false", LENGTHS[::-1])):
            seen = deck.page.evaluate(f"() => ({TURN})({value})")
            check_glide(seen, before, after)


def test_what_is_asked_for_meanwhile_is_shown(chromium: Browser, chart: Path) -> None:
    with opened(chromium, chart, "#/bars", viewport=SIZE) as deck:
        deck.rest("bars")
        asked = f"""async () => {{
          const look = {LOOK}, turned = astrai.turn("far", true);
          await new Promise(requestAnimationFrame);
          astrai.seek("green");
          const seen = [look()];
          for (let frames = 0; frames < 5; frames++) seen.push(await new Promise(requestAnimationFrame).then(look));
          await turned;
          return [...seen, look()];
        }}"""
        for seen in deck.page.evaluate(asked):
            assert (seen["colours"], seen["step"], seen["at"]) == (["false,true,false"], "green", "end")
        # turned again before it is there, it goes to where it is wanted
        deck.page.evaluate("async () => { await astrai.seek('bars'); astrai.turn('far', false); }")
        before = deck.page.evaluate(f"() => new Promise(requestAnimationFrame).then({LOOK})")
        seen = deck.page.evaluate(f"() => ({TURN})(true)")
        assert LENGTHS[0] <= lengths(seen)[0] <= before["length"], "from where it is"
        assert (lengths(seen)[-1], seen[-1]["at"]) == (pytest.approx(LENGTHS[1], abs=0.1), "end")


def test_with_reduced_motion_it_is_there_at_once(chromium: Browser, chart: Path) -> None:
    with opened(chromium, chart, "#/bars", viewport=SIZE, reduced_motion="reduce") as deck:
        deck.rest("bars")
        seen = deck.page.evaluate(f"() => ({TURN})(true)")
        assert {round(each, 1) for each in lengths(seen)} == {LENGTHS[1]}
        assert {each["at"] for each in seen} == {"end"}
