"""What the player's modules make of a page, in a real Chromium: the points that each frame of each step draws."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Route

from astrai_slides.export.html.built import SOURCES
from astrai_slides.recording.format.model import Draw, Frame, Step

DECODED = """async (sets) => {
  const [{ Store }, { told }, { toldExplore }, { opsOf, partAt, stillAt }] =
    await Promise.all(["store", "parts", "chunks", "frames"].map((name) => import(`/${name}.js`)));
  const explore = document.getElementById("explore") && toldExplore(), store = new Store(told("header"));
  const shown = (whole, place) => {
    const [step, index] = partAt(whole, place), ops = opsOf(whole, place), { starts, points } = step.paths, all = [];
    for (let at = 0; at < ops.length * 4; at += 4) {
      const [path, , x, y] = ops.items.subarray(at, at + 4);
      all.push([x, y, ...points.subarray(starts[path], starts[path + 1])]);
    }
    return all;
  };
  return sets.map((at) => {
    if (at) store.turn(explore, at); else store.renew(told("header"));
    return store.header.steps.map((info, index) => {
      const step = store.get(index);
      const positions = [...Array.from({ length: info.length }, (_, position) => position + 0.5), null];
      const frames = positions.map((position) => shown(step, stillAt(step, position)));
      return { name: info.name, knobs: info.knobs, frames };
    });
  });
}"""
"""What the player's modules make of a page for some sets of values: of each step's frames all points."""


class Decoded(Protocol):
    """Gives the steps that a page has for each of `sets`, which hold places of values; see `DECODED`."""

    def __call__(self, sets: Sequence[Sequence[int] | None]) -> Any: ...


@contextmanager
def reading(chromium: Browser, html: str) -> Iterator[Decoded]:
    """Let the player's modules read the deck `html`."""
    page = chromium.new_page()
    data = "".join(re.findall(r'<script type="application/[^>]*>[^<]*</script>', html))

    def answer(route: Route) -> None:
        module = SOURCES / urlsplit(route.request.url).path.lstrip("/")
        if module.suffix == ".js":
            route.fulfill(content_type="text/javascript", body=module.read_text("utf-8"))
        else:
            route.fulfill(content_type="text/html", body=f"<!DOCTYPE html><body>{data}")

    page.route("**/*", answer)
    page.goto("http://deck.test/")
    try:
        yield lambda sets: page.evaluate(DECODED, sets)
    finally:
        page.close()


def frames(step: Step | None) -> list[Frame]:
    """All frames of a step, those that stay once for each time that they are shown; its end is none of them."""
    return [] if step is None else [step.frames[index] for index, count in step.runs for _ in range(count)]


def points(frame: Frame) -> list[list[int]]:
    """What `DECODED` gives for a frame."""
    return [[op.x, op.y, *op.path.points.ravel().tolist()] for op in frame.ops if isinstance(op, Draw)]
