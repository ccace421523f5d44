"""Run a scene's `construct` once, without pixels, and keep what it drew."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from astrai_slides.base.cache import Store
from astrai_slides.base.forks import Forks
from astrai_slides.base.garbage_collection import rare_garbage_collection
from astrai_slides.base.importing import importable
from astrai_slides.base.inputs import fresh_modules
from astrai_slides.base.knobs import KNOBS, Knobs
from astrai_slides.base.phases import COMPARING, DECK, ENCODING, FORMULAS, KEEPING, LOADING, of_scene, phase
from astrai_slides.base.process_state import process_restored, put_functions_back
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.scratch import scratch_folder
from astrai_slides.base.surrogates import whole
from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Frame, Recording
from astrai_slides.recording.reuse.earlier import EarlierPlays, ReuseFailedError
from astrai_slides.recording.run.cues import with_cues
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.listener import EachStepOnce, Listener, NoListener, StepLooks
from astrai_slides.recording.run.load import blaming, load_scene
from astrai_slides.recording.run.pending_steps import SlideOptions
from astrai_slides.recording.run.plays_ahead import LedElsewhereError
from astrai_slides.recording.run.resolution import effective_resolution, overrule, refuse_to_cut
from astrai_slides.recording.run.steps import StepBuilder, finished
from astrai_slides.recording.run.stock import film_opengl_scene
from astrai_slides.seam.config import supply_removed_settings, write_nothing
from astrai_slides.seam.fonts import forget_fonts
from astrai_slides.seam.scene import scenes_rendered_by, telling_sections
from astrai_slides.seam.slides import is_slide, telling_slides

if TYPE_CHECKING:
    from astrai_slides.recording.run.collector import Collector
    from astrai_slides.recording.run.formulas import Formulas


@dataclass(frozen=True, slots=True)
class Order:
    """How a scene is to be recorded.

    `fps` are the frames a second; `width` and `height` (pixels) matter only where something must be rastered, and for
    the frame's aspect. Where they are None, manim's settings files decide. What the deck's file sets in `config` goes
    before them, as it goes before the options of manim's command line.
    """

    fps: float | None = None
    width: int | None = None
    height: int | None = None
    media: Path | None = None
    """Where manim keeps what it makes of texts; a temporary folder if None."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What attributes of the scene's class are to be while it is recorded; those that it has not are left out."""
    earlier: bytes | None = None
    """The `plays` of an earlier recording of the scene: see `recording.reuse`. The recording is the same with and
    without."""
    only_fps: float | None = None
    """The frames a second whatever the deck's file sets."""
    only_size: tuple[int, int] | None = None
    """Width and height in pixels, whatever the deck's file sets; how many units the frame is across stays its own."""
    formulas: Store | None = None
    """Where formulas that LaTeX set are kept; this user's own place if None."""
    workers: int = 1
    """Processes that draw plays while the scene goes on; with 1 everything is done in order, in this process. The
    recording is the same."""
    room: Callable[[], int] | None = None
    """How many of these may be at work at a moment, where other work goes first; all of them without it."""
    lines: bool = False
    """Whether to note which line made what is drawn. The recording is the same."""
    films_costly: bool = True
    """Whether steps are filmed whose paths are slow to draw or large; what paths cannot tell is filmed always."""
    looks: StepLooks | None = None
    """Has steps looked through by the forks that make them."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording, and what a later one of the same scene, an edited one too, can do without.

    `plays` are None for a scene of manim's OpenGL renderer, which plays everything.
    """

    recording: Recording
    plays: bytes | None
    lines: bytes | None = None
    """Which line made what is drawn, where `Order.lines` asks: see `made_at`."""


def record(scene_class: type[Any], order: Order | None = None, listener: Listener | None = None) -> Recorded:
    """Record `scene_class`, any manim or manim-slides scene, as `order` says, and tell `listener` meanwhile.

    Raises AstraiSlidesError if the scene fails or plays nothing.
    """
    # the function's own file name, as a class in a notebook has no file
    source = Path(scene_class.construct.__code__.co_filename)
    return _record(lambda: scene_class, source, order or Order(), listener or NoListener())


def record_file(
    scene_file: Path, scene_name: str, order: Order | None = None, listener: Listener | None = None
) -> Recorded:
    """Load the scene `scene_name` of `scene_file` and record it: see `load_scene` and `record`.

    The file, and the modules beside it that it imports, are loaded anew, and forgotten afterwards.
    """

    def load() -> type[Any]:
        return load_scene(scene_file, scene_name)

    return _record(load, scene_file, order or Order(), listener or NoListener())


def record_scene(
    scene_file: Path,
    scene_name: str,
    *,
    fps: float | None = None,
    width: int | None = None,
    height: int | None = None,
    attributes: Mapping[str, Any] | None = None,
    media: Path | None = None,
    listener: Listener | None = None,
) -> Recording:
    """`record_file` in one call, for whoever wants no more than the recording."""
    order = Order(fps, width, height, media, attributes or {})
    return record_file(scene_file, scene_name, order, listener).recording


def _record(load: Callable[[], type[Any]], source: Path, order: Order, listener: Listener) -> Recorded:
    """Record what `load` returns; once more, without `order.earlier`, where an earlier play proved to be another, or
    in order, where a play did that was finished at once."""
    with settled(order) as (media, formulas):
        once = EachStepOnce(listener)
        earlier, in_order = order.earlier, False
        while True:
            try:
                return _attempt(load, source, order, media, formulas, once, earlier, in_order)
            except ReuseFailedError as error:
                earlier, in_order = None, error.in_order
            except LedElsewhereError:
                in_order = True
            once.start_over()


@contextmanager
def settled(order: Order) -> "Iterator[tuple[Path, Formulas]]":
    """Have manim set up as `order` says inside the block; yields the folder for manim's files, and the formulas."""
    with ExitStack() as stack:
        media = order.media or stack.enter_context(scratch_folder())
        stack.enter_context(_manim_settings(order, media))
        stack.enter_context(rare_garbage_collection())
        yield media, stack.enter_context(_keeping_formulas(order))


@contextmanager
def as_if_alone(source: Path) -> Iterator[list[str]]:
    """Load and run the scene of `source` inside the block, which leaves nothing behind; yields faults of threads."""
    forget_fonts()  # of the deck that was recorded before
    from manim import tempconfig

    # these take what they stand on from manim before a deck may put something else there
    from astrai_slides.seam import colour_glyphs, matching, speedups, timed_making  # noqa: F401
    from astrai_slides.seam.defaults import defaults_of_the_deck
    from astrai_slides.seam.manims_own import manim_restored
    from astrai_slides.seam.svgs import forget_svgs

    forget_svgs()
    # of its own each time: what the deck's modules keep, and set, must not tell that there was another attempt
    with (
        process_restored() as faults,
        np.errstate(),
        importable(source.parent),
        fresh_modules(),
        manim_restored(),
        defaults_of_the_deck(),
        tempconfig({}),
    ):
        yield faults


def _attempt(
    load: Callable[[], type[Any]],
    source: Path,
    order: Order,
    media: Path,
    formulas: "Formulas",
    listener: Listener,
    earlier: bytes | None,
    in_order: bool,
) -> Recorded:
    from astrai_slides.recording.run.formulas_ahead import formulas_ahead

    with as_if_alone(source) as faults:
        with phase(LOADING):
            scene_class = load()
        shape_frame(scene_class, order.attributes)
        overrule(order.only_fps, order.only_size)
        if order.only_size is not None and _has_layout(scene_class):
            refuse_to_cut(source, scene_class.__name__)
        resolution = effective_resolution(source)
        if wants_opengl():
            with blaming(f"{scene_class.__name__} cannot be recorded", source):
                recording = film_opengl_scene(scene_class, resolution, media)
            for step in recording.steps:
                listener.step(step, recording.blobs, resolution)
            recorded = Recorded(recording, None)
        else:
            knobs = order.attributes.get(KNOBS)
            if knobs is None or knobs.first_read is None:  # threads would not be there in a fork of it
                with phase(FORMULAS):
                    formulas.expect(formulas_ahead(scene_class))
            with phase(COMPARING):
                earlier_plays = EarlierPlays(earlier, str(resolution))
            earlier_plays.in_order |= in_order
            with of_scene(scene_class.__name__):
                recorded = _record_paths(scene_class, source, order, resolution, listener, earlier_plays)
    warnings = (*recorded.recording.warnings, *(BuildWarning(Kind.DECK, each) for each in faults))
    return replace(recorded, recording=replace(recorded.recording, warnings=warnings))


def keep_media_in(folder: Path) -> None:
    """Have manim keep in `folder`, for now, what it makes of texts."""
    from manim import config

    config.media_dir = str(folder)


def _keeping_formulas(order: Order) -> "AbstractContextManager[Formulas]":
    from astrai_slides.recording.run.formulas import Formulas, formula_store

    return Formulas(order.formulas or formula_store()).keeping()


def wants_opengl() -> bool:
    """Whether the scene's file asked for manim's other renderer."""
    from manim import config
    from manim.constants import RendererType

    return bool(config.renderer == RendererType.OPENGL)


@contextmanager
def _manim_settings(order: Order, media: Path) -> Iterator[None]:
    from manim import config, tempconfig
    from manim.constants import RendererType

    logs = [logging.getLogger(name) for name in ("manim", "manim-slides")]
    levels = [log.level for log in logs]
    with tempconfig({}):
        # setters, not a dictionary: some of them derive others
        if order.fps is not None:
            config.frame_rate = order.fps
        if order.width is not None and order.height is not None:
            config.pixel_width, config.pixel_height = order.width, order.height
        # for what the deck reads while it is loaded, and again afterwards for what it sets
        overrule(order.only_fps, order.only_size)
        config.media_dir = str(media)
        config.disable_caching = True
        config.progress_bar = "none"
        config.renderer = RendererType.CAIRO
        supply_removed_settings()
        write_nothing()
        config.verbosity = "WARNING"
        if config.seed is None:
            config.seed = 0
        for log in logs:
            log.setLevel(logging.WARNING)
        try:
            yield
        finally:
            for log, level in zip(logs, levels, strict=True):
                log.setLevel(level)


def _record_paths(
    scene_class: type[Any],
    source: Path,
    order: Order,
    resolution: Resolution,
    listener: Listener,
    earlier_plays: EarlierPlays,
) -> Recorded:
    from astrai_slides.recording.paint.raster import rasterise_rgba
    from astrai_slides.recording.reuse.typeset import Typesetter
    from astrai_slides.recording.reuse.user_texts import UserTexts
    from astrai_slides.recording.run.camera import RecordingRenderer
    from astrai_slides.recording.run.collector import Collector
    from astrai_slides.recording.run.formulas import formula_store
    from astrai_slides.recording.run.glyphs import GlyphCheck
    from astrai_slides.recording.run.made_at import MadeAt
    from astrai_slides.recording.run.playing import PlayRunner
    from astrai_slides.recording.run.texts import following_texts
    from astrai_slides.seam.colour_glyphs import keeping_colour_glyphs
    from astrai_slides.seam.matching import matching_in_order
    from astrai_slides.seam.speedups import faster_manim
    from astrai_slides.seam.timed_making import timed_making

    name = scene_class.__name__
    glyphs = GlyphCheck(strict=bool(getattr(scene_class, "every_glyph", False)))
    user_texts = UserTexts(order.formulas or formula_store())
    collector, typesetter = Collector(for_films=True), Typesetter(earlier_plays.texts, user_texts)

    def make_renderer(camera_class: Any = None, skip_animations: bool = False, **_: Any) -> RecordingRenderer:
        return RecordingRenderer(collector, rasterise_rgba, plays, camera_class, skip_animations)

    def made(text: Any) -> None:
        collector.text_made(text)
        glyphs.made(text)

    made_at = MadeAt() if order.lines else None
    workers = 0 if earlier_plays.in_order or order.workers == 1 else order.workers
    with (
        Forks(workers, order.room) as forks,
        keeping_colour_glyphs(),
        typesetter.keeping(),
        following_texts(made) as texts,
        scenes_rendered_by(make_renderer),
        faster_manim(),
        matching_in_order(),
        made_at.noting() if made_at is not None else nullcontext(),
        timed_making(),
    ):
        filmer = Filmer(resolution, films_costly=order.films_costly, processes=order.workers)
        builder = StepBuilder(
            collector, texts, resolution, filmer, earlier_plays, listener, forks, made_at=made_at, looks=order.looks
        )
        plays = PlayRunner(earlier_plays, builder, collector, resolution, forks)
        knobs = order.attributes.get(KNOBS) or Knobs()
        knobs.start_over()
        with blaming(f"{name} cannot be recorded", source):
            with phase(DECK):
                scene = hooked(scene_class, builder, {**order.attributes, KNOBS: knobs})()
            knobs.look = lambda: seen_now(scene, collector)
            try:
                try:
                    with phase(DECK):
                        scene.render()
                finally:
                    put_functions_back()
            except Exception:
                builder.settle(wait=True)  # what a play that led elsewhere brought about is no fault of the deck
                raise
            builder.settle(wait=True)
            if not builder.steps and not is_slide(scene_class):
                # stock writes a picture of a scene that plays nothing
                builder.add(scene.renderer.rest_state(scene), 1)
                builder.cut(None, scene)
                builder.settle(wait=True)
    if not builder.steps:
        raise AstraiSlidesError(
            f"{source}: {name} plays nothing, and a Slide shows only what was played; add an animation (self.play or "
            "self.wait) to its construct, or derive it from Scene, which is one still step then"
        )
    infos = list(getattr(scene, "step_infos", ()))
    steps = tuple(
        finished(place, step, settings, infos[place] if len(infos) == len(builder.steps) else None)
        for place, (settings, step) in enumerate(builder.steps)
    )
    writer = scene.renderer.file_writer
    with blaming(f"{name} cannot be recorded", source):
        steps, sounds = with_cues(steps, builder.spans, writer)
    left = ", ".join(writer.left_behind())
    lost = "written beside manim's movie, which is not kept; name a folder of your own"
    warnings = (
        *(BuildWarning(Kind.DECK, whole(str(text))) for text in getattr(scene, "build_warnings", ())),
        *(BuildWarning(Kind.TIMING, whole(text)) for text in plays.warnings),
        *(replace(each, text=whole(each.text)) for each in glyphs.warnings(painted=scene.renderer.paints_by_itself)),
        *(BuildWarning(Kind.FILMED, whole(f"step {step.name!r}: {step.film.reason}")) for step in steps if step.film),
        *(BuildWarning(Kind.DECK, whole(f"{each}: {lost}")) for each in [left] if each),
    )
    size = resolution.width, resolution.height
    blobs = {**builder.blobs, **sounds}
    palette = tuple(getattr(scene, "drawn_palette", ()))
    recording = Recording(
        name,
        resolution.fps,
        *size,
        steps[0].end.background,
        steps,
        blobs,
        warnings,
        palette,
        tuple(knobs.reads.values()),
        tuple(knobs.divided),
    )
    with phase(ENCODING):
        plays_kept = earlier_plays.dump(typesetter.used)
    with phase(KEEPING):
        user_texts.keep(typesetter.used)
    return Recorded(recording, plays_kept, made_at.dump() if made_at is not None else None)


def seen_now(scene: Any, collector: "Collector") -> Frame:
    """What is seen of `scene` between two plays."""
    collector.begin_play()
    rest: Frame = scene.renderer.rest_state(scene)
    return rest


class Cuts(Protocol):
    """Takes the steps of a scene as they end."""

    @property
    def empty(self) -> bool:
        """Whether the step under way has no frame yet."""

    def cut(self, settings: SlideOptions | None, scene: Any) -> None:
        """End the step under way as `scene` stands now."""

    def insert_source(self, settings: SlideOptions, frame: Frame, scene: Any) -> None:
        """Add a step that shows a file."""


def shape_frame(scene_class: type[Any], attributes: Mapping[str, Any]) -> None:
    """Let a class that wants another frame than manim's, as one of ours in 4:3, set it before it is recorded."""
    if _has_layout(scene_class):
        scene_class.shape_frame(attributes)


def _has_layout(scene_class: type[Any]) -> bool:
    """Whether a class fills the frame that it sets, so that nothing of it may be cut off."""
    return getattr(scene_class, "shape_frame", None) is not None


def hooked(scene_class: type[Any], builder: Cuts, attributes: Mapping[str, Any]) -> type[Any]:
    """Return a subclass of `scene_class` that cuts `builder` where a step ends; of `attributes` it gets
    those that it has."""

    def end_section(scene: Any) -> None:
        if not builder.empty:
            builder.cut(None, scene)

    def end_slide(scene: Any, slide: Any) -> None:
        settings = SlideOptions(
            slide.loop,
            slide.auto_next,
            slide.playback_rate,
            slide.reversed_playback_rate,
            slide.notes,
            slide.direction,
            slide.src,
            slide.skip_animations,
        )
        if slide.src is not None:
            builder.insert_source(settings, scene.renderer.rest_state(scene), scene)
        else:
            builder.cut(settings, scene)

    told = (
        telling_slides(scene_class, end_slide) if is_slide(scene_class) else telling_sections(scene_class, end_section)
    )
    for name, value in attributes.items():
        if hasattr(told, name):
            setattr(told, name, value)
    return told
