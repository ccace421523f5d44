"""Plays animations, or reuses from an earlier recording what they would show."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Homotopy, ImageMobject, MoveAlongPath, PhaseFlow, VMobject, Wiggle, config
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from astrai_slides.base.forks import Forks
from astrai_slides.base.phases import COLLECTING, COMPARING, FORKING, PLAYING, phase
from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import DeckError
from astrai_slides.recording.format.model import Frame
from astrai_slides.recording.reuse import state
from astrai_slides.recording.reuse.earlier import (
    EarlierPlay,
    EarlierPlays,
    Play,
    RandomState,
    ReuseFailedError,
    StartOverError,
)
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.photographs import MOST_PICTURES
from astrai_slides.recording.run.plays_ahead import (
    DrawnPlay,
    LedElsewhereError,
    PlayAhead,
    drawing,
    random_state,
    silent,
)
from astrai_slides.recording.run.steps import StepBuilder
from astrai_slides.seam.held_pixels import pixels_held_by, same_colours

FEWEST_FRAMES = 8
"""A play of fewer is drawn sooner than forked."""

FEWEST_DRAWS = 1_500
"""So is one of fewer draws in all of its frames together, if no picture moves in it whose pixels have to be
looked at."""

FEWEST_DRAWS_BESIDE = 60_000
"""So is one of fewer draws while forks are at work, as a fork takes about as much processor time as a third of these:
pages that both processes write to are copied, and what it looked up is lost with it."""

_FRAME_DRAWS, _POINTS_OF_A_DRAW = 20, 50
"""What a frame itself takes, and how many points take as long as one draw."""

LONGEST_PLAY = 86_400.0
"""Seconds of one play, or wait."""

_GOING_ON = (Homotopy, MoveAlongPath, PhaseFlow, Wiggle)
"""Animations whose frames start from the frame before, be it only by how they round."""

_STOCK = ("manim", "manim_slides")
_PLAYING = ("begin_animations", "play_internal", "update_to_time", "update_mobjects", "get_moving_and_static_mobjects")
"""Methods that a reused play skips, or calls once: a scene that has its own way there is played every time."""


@cache
def plays_as_manim(kind: Any) -> bool:
    """Whether scenes of class `kind` have no way of their own to play."""
    return all(getattr(kind, name).__module__.partition(".")[0] in _STOCK for name in _PLAYING)


def _goes_on(animation: Any) -> bool:
    return isinstance(animation, _GOING_ON) or any(map(_goes_on, getattr(animation, "animations", ())))


def _is_picture(mobject: Any) -> bool:
    """Whether it is an image whose pixels are its own, not what a camera sees."""
    return isinstance(mobject, ImageMobject) and type(mobject).get_pixel_array is ImageMobject.get_pixel_array


def _is_much(scene: Any, family: Sequence[Any], frames: int, forks: Forks) -> bool:
    """Whether it takes longer to draw so many frames of `family` than to fork."""
    moved = (each for animation in scene.animations if animation.mobject for each in animation.mobject.get_family())
    if any(_is_picture(each) and pixels_held_by(each) is None for each in moved):
        return True
    points = sum(len(each.points) for each in family)
    draws = frames * (_FRAME_DRAWS + len(family) + points // _POINTS_OF_A_DRAW)
    return draws >= FEWEST_DRAWS and (draws >= FEWEST_DRAWS_BESIDE or not forks.are_at_work)


def _keeps_pictures(animation: Any) -> bool:
    """Whether `animation` only moves and fades the pictures that it has, so that none is seen that was not before."""
    parts = getattr(animation, "animations", None)
    if parts is not None:
        return all(map(_keeps_pictures, parts))
    for first, *others in animation.get_all_families_zipped():
        images = [each for each in (first, *others) if isinstance(each, ImageMobject)]
        if images and len(images) <= len(others):
            return False
        if not all(same_colours(each, images[0]) for each in images[1:]):
            return False
    return True


def frame_times(scene: Any) -> npt.NDArray[np.float64]:
    """The moments at which frames of the animations that have begun are shown."""
    return np.arange(0, scene.get_run_time(scene.animations), 1 / config.frame_rate)


def _after(scene: Any, animations: Sequence[Any], functions: Sequence[Any]) -> str | None:
    with phase(COMPARING):
        return state.after(scene, animations, functions)


def end_animations(scene: Any) -> None:
    """Bring the animations that have begun to their end, without the frames in between."""
    if scene.is_current_animation_frozen_frame():
        return
    times = frame_times(scene)
    # the last frame at least: some animations end by changing what it left
    for time in times if any(map(_goes_on, scene.animations)) else times[-1:]:
        scene.update_to_time(time)
    for animation in scene.animations:
        animation.finish()
        animation.clean_up_from_scene(scene)
    scene.update_mobjects(0)


class PlayRunner:
    """Stands between a renderer and the steps that are built."""

    def __init__(
        self,
        earlier_plays: EarlierPlays,
        steps: StepBuilder,
        collector: Collector,
        resolution: Resolution,
        forks: Forks,
    ) -> None:
        self.warnings: list[str] = []
        """What of the deck is not followed."""
        self._fps = resolution.fps
        self._earlier_plays = earlier_plays
        self._steps = steps
        self._collector = collector
        self._counts: list[int] = []
        self._forks = forks
        self._ahead = 0
        self._into: list[tuple[Frame, int]] | None = None
        """Where frames go in a fork."""

    def add(self, frame: Frame, count: int) -> None:
        """Pass on a frame that was played."""
        if self._into is not None:
            self._into.append((frame, count))
            return
        self._counts.append(count)
        with phase(COLLECTING):
            self._steps.add(frame, count)

    def play(self, renderer: Any, scene: Any) -> None:
        """Play the animations that `scene` has compiled; raises DeckError where that would never end."""
        if not scene.duration <= LONGEST_PLAY:
            raise DeckError(f"this lasts {scene.duration:g} seconds; the longest that can be shown is a day, 86,400")
        self._steps.look(scene)
        self._keep_frame_rate()
        kind: Any = type(scene)
        told = scene.stop_condition is None and not scene.updaters and plays_as_manim(kind)
        with phase(COMPARING):
            start = state.told(scene, scene.animations) if told else None
        key = start.digest if start is not None else None
        earlier = self._earlier_plays.find(key)
        self._collector.begin_play()
        if earlier is not None and start is not None:
            self._use(earlier, start, renderer, scene)
            return
        self._counts.clear()
        self._steps.settle()
        random_state = RandomState()
        with phase(PLAYING):
            scene.begin_animations()
        sources = self._number(renderer, scene)
        if (
            start
            and self._goes_ahead(renderer, scene)
            and self._play_ahead(start, random_state, sources, renderer, scene)
        ):
            return
        renderer.run(scene)
        after = None
        if start is not None and not random_state.was_drawn():
            after = _after(scene, scene.animations, start.functions)
        key, after = (key, after) if key and after else ("", "")
        self._steps.played(Play(key, after, tuple(self._counts), sources if key else ()))

    def _keep_frame_rate(self) -> None:
        """One recording has one frame rate: another that is set while it is made would change what a second is."""
        if config.frame_rate != self._fps:
            self.warnings.append(
                f"config.frame_rate = {config.frame_rate:g} is set while the scene runs, and is not followed: what "
                f"follows plays at {self._fps:g} frames a second, as long as it should; set it outside of the class"
            )
            config.frame_rate = self._fps

    def _use(self, earlier: EarlierPlay, start: state.Told, renderer: Any, scene: Any) -> None:
        with phase(PLAYING):
            scene.begin_animations()
        sources = self._number(renderer, scene)
        failed = ReuseFailedError(in_order=self._earlier_plays.in_order)
        self._finish_at_once(earlier.play.counts, renderer, scene, failed)
        if _after(scene, scene.animations, start.functions) != earlier.play.after:
            raise failed
        self._steps.reuse(earlier, sources)

    @staticmethod
    def _finish_at_once(counts: Sequence[int], renderer: Any, scene: Any, failed: StartOverError) -> None:
        """Bring what has begun to its end, as playing its frames, which stay for `counts`, would.

        Raises `failed` for a fault of the deck's, which has shown frames by then if it comes in order.
        """
        try:
            with phase(PLAYING):
                end_animations(scene)
        except Exception as error:
            raise failed from error
        renderer.static_image = None
        for count in counts:
            renderer.time += count / renderer.camera.frame_rate

    # -- frames drawn by a fork

    def _goes_ahead(self, renderer: Any, scene: Any) -> bool:
        """Whether a fork may draw the play that has begun, and is worth it."""
        if not self._forks.are_wanted or self._earlier_plays.in_order or scene.is_current_animation_frozen_frame():
            return False
        frames = len(frame_times(scene))
        if frames < FEWEST_FRAMES:
            return False
        tops = (*scene.mobjects, *scene.foreground_mobjects, *(each.mobject for each in scene.animations))
        family = [each for top in tops if top for each in top.get_family()]
        # others are painted by manim
        if not all(isinstance(each, VMobject) or _is_picture(each) or not each.has_points() for each in family):
            return False
        if not _is_much(scene, family, frames, self._forks):
            return False
        if not any(map(_is_picture, family)):
            return True
        if not all(map(_keeps_pictures, scene.animations)):
            return False
        # looked at here, so that not every fork packs them; each is part of the first frame
        camera = renderer.camera
        for each in filter(_is_picture, self._drawn(renderer, scene)):
            self._collector.picture(camera, each, camera.held_view)
        return len(self._collector.pictures) <= MOST_PICTURES

    def _play_ahead(
        self, start: state.Told, random_before: RandomState, sources: tuple[int, ...], renderer: Any, scene: Any
    ) -> bool:
        """Have a fork draw the play that has begun, and finish it here at once; whether the system lets us."""
        base = self._collector.count()
        animations = list(scene.animations)

        def ending(counts: Sequence[int], after: str | None) -> tuple[Any, ...]:
            return after, random_state(), float(renderer.time), len(counts), sum(counts)

        def play() -> DrawnPlay:
            frames: list[tuple[Frame, int]] = []
            known = set(self._collector.blobs)
            self._into = frames
            renderer.run(scene)
            counts = [count for _, count in frames]
            after = ending(counts, _after(scene, animations, start.functions))
            blobs = [blob for digest, blob in self._collector.blobs.items() if digest not in known]
            if not {blob.digest for blob in blobs} <= self._collector.glyphs:
                raise LedElsewhereError  # how a picture is kept depends on how many there were before
            return DrawnPlay(frames, (*after, random_before.was_drawn()), self._left(scene, animations), blobs)

        try:
            with phase(FORKING):
                fork = self._forks.start(lambda: drawing(play))
        except OSError:
            return False
        counts = [1] * len(frame_times(scene))
        with silent():
            self._finish_at_once(counts, renderer, scene, LedElsewhereError())
        after = _after(scene, animations, start.functions)
        if after is None:  # what cannot be told cannot be compared with what the fork is left with
            raise LedElsewhereError
        drawn = random_before.was_drawn()
        left = self._left(scene, animations)
        self._ahead += 1
        self._steps.ahead(PlayAhead(fork, (*ending(counts, after), drawn), left, base, self._ahead), counts)
        key, told_after = (start.digest, after) if not drawn else ("", "")
        self._steps.played(Play(key, told_after, tuple(counts), sources if key else ()))
        return True

    def _left(self, scene: Any, animations: Sequence[Any]) -> tuple[int, ...]:
        """Numbers of all mobjects that `animations` left, on the scene or not."""
        tops = (*scene.mobjects, *scene.foreground_mobjects, *(each.mobject for each in animations))
        return tuple(self._collector.source(each) for top in tops if top for each in top.get_family())

    def _number(self, renderer: Any, scene: Any) -> tuple[int, ...]:
        """Number what is on the scene in the order in which it is drawn."""
        shown = self._drawn(renderer, scene)
        if any(isinstance(mobject, VMobject) for mobject in shown):
            # as drawing would, which a reused play does not
            renderer.camera.hold_view()
        return tuple(self._collector.source(mobject) for mobject in shown)

    @staticmethod
    def _drawn(renderer: Any, scene: Any) -> list[Any]:
        """What is drawn of the play that has begun, in order."""
        static, moving = list(scene.static_mobjects), list(scene.moving_mobjects)
        shown: list[Any] = []
        for mobjects in (static, moving or list_update(scene.mobjects, scene.foreground_mobjects)):
            shown += extract_mobject_family_members(
                mobjects, use_z_index=renderer.camera.use_z_index, only_those_with_points=True
            )
        return shown
