"""A phone, a clicker and a network that comes and goes, all at once and for long."""

import random
import socket

import pytest
from playwright.sync_api import Browser
from presenting import TIMEOUT_MS, shown
from remote_phone import deck, presented

pytestmark = pytest.mark.wide


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_pressed_where_the_phone_shows_where_the_deck_is(chromium: Browser, seed: int) -> None:
    chance = random.Random(seed)
    with presented(deck()) as presentation, shown(chromium, presentation.address) as stage:
        assert presentation.invitation
        host, port = presentation.invitation.split("/")[2].split(":")
        context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
        phone = context.new_page()
        phone.goto(presentation.invitation)
        phone.wait_for_selector('html[data-state="ready"]', state="attached", timeout=TIMEOUT_MS)
        idle: list[socket.socket] = []
        for _ in range(150):
            act = chance.choice(["next", "next", "back", "black", "key", "key", "offline", "online", "reload", "idle"])
            if act in ("next", "back", "black"):
                # a phone that is out of reach has no buttons to press
                phone.evaluate("(name) => document.getElementById(name).click()", act)
            elif act == "key":
                stage.press(chance.choice(["PageDown", "PageDown", "PageUp", "b", "r", "Home", "End", "o", "Escape"]))
            elif act == "idle":
                idle.append(socket.create_connection((host, int(port)), 20, ("127.0.0.2", 0)))
            elif act == "reload":
                context.set_offline(False)
                phone.reload()
            else:
                context.set_offline(act == "offline")
        context.set_offline(False)
        phone.wait_for_selector('html[data-state="ready"]', state="attached", timeout=TIMEOUT_MS)
        stage.press("Escape" if stage.deck.locator(".reveal.overview").count() else "b")
        stage.press("Home", "End")
        stage.rest("end")
        phone.wait_for_selector('html[data-step="end"]', state="attached", timeout=TIMEOUT_MS)
        for step in ("flow/continuous", "flow/static"):
            if phone.get_attribute("html", "data-black") == "true":
                phone.click("#back")
                stage.is_black(False)
            phone.click("#back")
            stage.rest(step)
        for each in idle:
            each.close()
        context.close()
