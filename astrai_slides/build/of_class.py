"""A scene's class, which may stand in no file, recorded and made into a page in this process, as a notebook needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from astrai_slides.base.knobs import KNOBS, MOST_VARIANTS, Knob, Knobs
from astrai_slides.base.resolution import RESOLUTIONS
from astrai_slides.build.page import as_wished, page_wish
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.page import build_html
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.recording.explored import check_default, explore, fewest_runs
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import Order, record
from astrai_slides.talk.class_names import in_words
from astrai_slides.talk.document import Document


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A scene's class as a page: `html`, sentences that warn of something, and what a later recording may use again."""

    html: str
    warnings: tuple[str, ...]
    plays: bytes | None


@dataclass(frozen=True, slots=True)
class ClassWish:
    """How a class is recorded: a letter of `RESOLUTIONS`, frames a second, pixels, and `KEY=VALUE` of `[html]`."""

    quality: str | None = None
    fps: float | None = None
    size: tuple[int, int] | None = None
    html: Sequence[str] = ()
    title: str = ""
    variants: bool = True
    """Whether a deck with knobs is recorded with all their values."""
    most_variants: int = MOST_VARIANTS
    """Of a step; a deck with more is refused."""


@dataclass(frozen=True, slots=True)
class ClassFault:
    """Why a class could not be recorded, and the exception that its own code raised, if it was that."""

    message: str
    cause: BaseException | None


def page_of_class(
    scene_class: type[Any], wish: ClassWish, earlier: bytes | None = None, say: Callable[[str], object] = lambda _: None
) -> ClassPage | ClassFault:
    """Record `scene_class` in this process, and make the page. `earlier` are the `plays` of its last recording.

    `say` is told beforehand how many variants are recorded, which takes long.

    Nothing is forked, as whoever calls may have threads.
    """
    from astrai_slides.base.progress import SilentProgress

    resolution = RESOLUTIONS[wish.quality] if wish.quality else None
    order = Order(
        fps=resolution.fps if resolution else None,
        width=resolution.width if resolution else None,
        height=resolution.height if resolution else None,
        only_fps=wish.fps,
        only_size=wish.size,
        earlier=earlier,
    )
    try:
        page = page_wish(wish.title, wish.html, None)
        document = as_wished(Document(in_words(scene_class.__name__)), None, page)
        recorded = record(scene_class, order)

        def turned(places: Mapping[str, int], _: Sequence[Knob]) -> Recording:
            varied = replace(order, attributes={KNOBS: Knobs(dict(places))}, earlier=recorded.plays)
            return record(scene_class, varied).recording

        explored = None
        if wish.variants and recorded.recording.knobs:
            check_default(recorded.recording, scene_class.__name__, wish.most_variants)
            say(f"records {fewest_runs(recorded.recording)} variants besides; --no-variants leaves them out")
            explored = explore(recorded.recording, turned, scene_class.__name__, wish.most_variants)
        production = Production(recorded.recording, document, BuildSettings(), SilentProgress(), explored=explored)
        html = build_html(production.fitted, document, explored=production.fitted_variants)
    except AstraiSlidesError as error:
        return ClassFault(str(error), error.__cause__)
    return ClassPage(html, tuple(each.text for each in recorded.recording.warnings), recorded.plays)
