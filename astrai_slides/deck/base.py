"""Base class of decks: steps with names, titles and notes, over what a talk file says and a theme."""

import inspect
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from manim import ManimColor
from manim_slides import Slide  # type: ignore[attr-defined]

from astrai_slides.base.surrogates import whole
from astrai_slides.errors import AstraiSlidesError, DeckError
from astrai_slides.look.layout import Layout, layout_for
from astrai_slides.look.theme import Theme, theme_named
from astrai_slides.seam.config import supply_removed_settings
from astrai_slides.seam.slides import has_played
from astrai_slides.talk.file import Talk, talk_for

supply_removed_settings()  # so that `manim-slides render`, which imports nothing else of ours, can render a Deck


@dataclass(frozen=True, slots=True)
class StepInfo:
    """What manim-slides does not keep about a step; `finish_loop` completes a loop's turn before going on."""

    name: str
    title: str
    finish_loop: bool = False


class Deck(Slide):  # type: ignore[misc]
    """A manim-slides `Slide` whose steps have names.

    A deck's `construct` opens each step with `self.step(...)`. Every step ends with a short still, so that its last
    frame is the state in which it rests (manim itself stops just short of it).
    """

    talk_model: ClassVar[str | None] = None
    """The model of the deck's talk file, "package.module:Class", a subclass of `astrai_slides.talk.file.Talk`.

    A literal text in the class's body, as it is read without running the deck. Without one it is `Talk` itself.
    """
    every_glyph: ClassVar[bool] = True
    """Whether a text with a character that cannot be drawn ends a build; a deck that sets it to False is built with a
    warning."""
    loaded_talk: ClassVar[Talk | None] = None
    """The talk, where it was loaded before the deck is run: a build sets it on the subclass that it records."""

    def setup(self) -> None:
        """Take the theme's background and rest time; called by manim before `construct`."""
        super().setup()
        self.camera.background_color = ManimColor(self.theme.palette.background)
        self.wait_time_between_slides = self.theme.time.rest
        self.step_infos: list[StepInfo] = []
        """One for every slide of manim-slides, in the same order."""
        self.build_warnings: list[str] = []
        """What to tell the speaker about this deck when it is built; a deck may add to it."""

    @cached_property
    def talk(self) -> Talk:
        """The talk this deck shows, or what a deck without a talk file has: a title that its class's name gives.

        It is the loaded one, or else the file that ASTRAI_SLIDES_TALK names, or else the deck's own in presentations/.
        """
        kind, loaded = type(self), self.loaded_talk
        if loaded is None:
            return talk_for(kind.__name__, Path(inspect.getfile(kind)), self.talk_model)
        if not loaded.is_read_as(self.talk_model):
            name, file = kind.__name__, inspect.getfile(kind)
            raise AstraiSlidesError(
                f"{file}: talk_model of {name} is {self.talk_model!r} when the deck runs, which cannot be read without "
                f"running it; write it as text in quotes into the body of {name}"
            )
        return loaded

    @cached_property
    def theme(self) -> Theme:
        """The theme that the talk asks for."""
        return theme_named(self.talk.theme)

    @cached_property
    def layout(self) -> Layout:
        """Regions of the frame."""
        return layout_for(self.theme)

    def step(
        self,
        name: str,
        *,
        title: str = "",
        notes: str = "",
        loop: bool = False,
        auto_next: bool = False,
        finish_loop: bool = False,
    ) -> None:
        """End the step before, and open step `name`: its id in links, notes and exports.

        `notes` are Markdown. `loop` repeats the step until the speaker goes on (`finish_loop`: at the end of a turn),
        `auto_next` goes on by itself. Raises AstraiSlidesError for a name that was used before, and for a step, or
        motion before the first step, that manim-slides would drop or not know. A step called "" has its number for a
        name.
        """
        if not isinstance(name, str):
            raise DeckError(f"{name!r:.80} is no name of a step; write it as text in quotes")
        name = whole(name) or str(len(self.step_infos) + 1)
        if any(info.name == name for info in self.step_infos):
            raise DeckError(f"two steps are called {name!r}; give every step a name of its own")
        moved = has_played(self)
        if not self.step_infos and moved:
            raise DeckError(f"something plays before the first step; call step({name!r}) first")
        if self.step_infos and not moved:
            raise DeckError(
                f"step {self.step_infos[-1].name!r} plays nothing; add an animation or a wait, or leave it out"
            )
        self.next_slide(loop=loop, auto_next=auto_next, notes=notes)
        self.step_infos.append(StepInfo(name, title or name, finish_loop))

    def tear_down(self) -> None:
        """Let the last step rest like the others; called by manim after `construct`."""
        if has_played(self):
            self.wait(self.theme.time.rest)
        elif self.step_infos:
            raise DeckError(f"step {self.step_infos[-1].name!r} plays nothing; add an animation or a wait")
        super().tear_down()

    def whole_frames(self, seconds: float) -> float:
        """`seconds`, at most, such that manim does not round a move up to one more frame."""
        rate = float(self.camera.frame_rate)
        return max(int(seconds * rate + 1e-6), 1) / rate - 1e-6
