"""Plays animations, or reuses from an earlier recording what they would show."""

from functools import cache
from typing import Any

import numpy as np
from manim import Homotopy, MoveAlongPath, PhaseFlow, VMobject, Wiggle, config
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import DeckError
from astrai_slides.recording.format.model import Frame
from astrai_slides.recording.reuse import state
from astrai_slides.recording.reuse.earlier import EarlierPlay, EarlierPlays, Play, RandomState, ReuseFailedError
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.steps import StepBuilder

LONGEST_PLAY = 86_400.0
"""Seconds of one play, or wait."""

_GOING_ON = (Homotopy, MoveAlongPath, PhaseFlow, Wiggle)
"""Animations whose frames start from the frame before, be it only by how they round."""

_STOCK = ("manim", "manim_slides")
_PLAYING = ("begin_animations", "play_internal", "update_to_time", "update_mobjects", "get_moving_and_static_mobjects")
"""Methods that a reused play skips, or calls once: a scene that has its own way there is played every time."""


@cache
def _as_manim(kind: Any) -> bool:
    return all(getattr(kind, name).__module__.partition(".")[0] in _STOCK for name in _PLAYING)


def _goes_on(animation: Any) -> bool:
    return isinstance(animation, _GOING_ON) or any(map(_goes_on, getattr(animation, "animations", ())))


class PlayRunner:
    """Stands between a renderer and the steps that are built."""

    def __init__(
        self, earlier_plays: EarlierPlays, steps: StepBuilder, collector: Collector, resolution: Resolution
    ) -> None:
        self.warnings: list[str] = []
        """What of the deck is not followed."""
        self._fps = resolution.fps
        self._earlier_plays = earlier_plays
        self._steps = steps
        self._collector = collector
        self._counts: list[int] = []

    def add(self, frame: Frame, count: int) -> None:
        """Pass on a frame that was played."""
        self._counts.append(count)
        self._steps.add(frame, count)

    def play(self, renderer: Any, scene: Any) -> None:
        """Play the animations that `scene` has compiled; raises DeckError where that would never end."""
        if not scene.duration <= LONGEST_PLAY:
            raise DeckError(f"this lasts {scene.duration:g} seconds; the longest that can be shown is a day, 86,400")
        self._steps.look(scene)
        self._keep_frame_rate()
        kind: Any = type(scene)
        told = scene.stop_condition is None and not scene.updaters and _as_manim(kind)
        key = state.before(scene, scene.animations) if told else None
        earlier = self._earlier_plays.find(key)
        if earlier is not None:
            self._use(earlier, renderer, scene)
            return
        self._counts.clear()
        random_state = RandomState()
        scene.begin_animations()
        sources = self._number(renderer, scene)
        renderer.run(scene)
        after = state.after(scene, scene.animations) if key and not random_state.was_drawn() else None
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

    def _use(self, earlier: EarlierPlay, renderer: Any, scene: Any) -> None:
        scene.begin_animations()
        sources = self._number(renderer, scene)
        if not scene.is_current_animation_frozen_frame():
            times = np.arange(0, scene.get_run_time(scene.animations), 1 / config.frame_rate)
            # the last frame at least: some animations end by changing what it left
            for time in times if any(map(_goes_on, scene.animations)) else times[-1:]:
                scene.update_to_time(time)
            for animation in scene.animations:
                animation.finish()
                animation.clean_up_from_scene(scene)
            scene.update_mobjects(0)
        renderer.static_image = None
        for count in earlier.play.counts:
            renderer.time += count / renderer.camera.frame_rate
        if state.after(scene, scene.animations) != earlier.play.after:
            raise ReuseFailedError
        self._steps.reuse(earlier, sources)

    def _number(self, renderer: Any, scene: Any) -> tuple[int, ...]:
        """Number what is on the scene in the order in which it is drawn."""
        static, moving = list(scene.static_mobjects), list(scene.moving_mobjects)
        shown: list[Any] = []
        for mobjects in (static, moving or list_update(scene.mobjects, scene.foreground_mobjects)):
            shown += extract_mobject_family_members(
                mobjects, use_z_index=renderer.camera.use_z_index, only_those_with_points=True
            )
        if any(isinstance(mobject, VMobject) for mobject in shown):
            # as drawing would, which a reused play does not
            renderer.camera.hold_view()
        return tuple(self._collector.source(mobject) for mobject in shown)
