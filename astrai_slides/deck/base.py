"""Base class of decks: steps with names, titles and notes, over what a talk file says and a theme."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from manim import ManimColor, config
from manim_slides import Slide  # type: ignore[attr-defined]

from astrai_slides.base.identity import ById
from astrai_slides.base.knobs import Knob, Knobs, Value
from astrai_slides.base.surrogates import whole
from astrai_slides.deck.left_out import Unseen, check_names, is_left_out
from astrai_slides.deck.parts.strip import Strip
from astrai_slides.errors import AstraiSlidesError, DeckError
from astrai_slides.look.contrast import unreadable
from astrai_slides.look.fonts import fonts_for, use_fonts
from astrai_slides.look.layout import FRAMES, Layout, layout_for
from astrai_slides.look.theme import Theme
from astrai_slides.seam.config import supply_removed_settings
from astrai_slides.seam.slides import has_played, set_notes
from astrai_slides.talk.file import WIDE, Talk, talk_for
from astrai_slides.talk.source import LOADED_TALK

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
    step_names: ClassVar[tuple[str, ...]] = ()
    """Names of the deck's steps, or of its parts, where they are always the same: so that what a talk leaves out is
    checked before anything is played."""
    every_glyph: ClassVar[bool] = True
    """Whether a text with a character that cannot be drawn ends a build; a deck that sets it to False is built with a
    warning."""
    loaded_talk: ClassVar[Talk | None] = None
    """The talk, where it was loaded before the deck is run: a build sets it on the subclass that it records."""
    knobs: Knobs | None = None
    """Values of knobs, set likewise; where nobody set them each knob has its default."""

    def setup(self) -> None:
        """Take the theme's background and rest time; called by manim before `construct`."""
        super().setup()
        with self.talk.blaming("theme" if self.theme.font else "language"):
            use_fonts(fonts_for(self.theme, self.talk.language))
        self.drawn_palette = tuple(self.theme.palette.named().items())
        """For exports that show the deck in other colours."""
        self.camera.background_color = ManimColor(self.theme.palette.background)
        self.wait_time_between_slides = self.theme.time.rest
        if self.talk.leave_out and self.step_names:
            check_names(self.talk.leave_out, self.step_names, str(self.talk.path))
        self._left_out: list[str] = []
        self._is_left_out = False
        self._unseen = Unseen()
        self.step_infos: list[StepInfo] = []
        """One for every slide of manim-slides, in the same order."""
        self.build_warnings: list[str] = []
        """What to tell the speaker about this deck when it is built; a deck may add to it."""
        self._step_began = 0.0
        if self.knobs is not None:
            self.knobs.frame = self._frames_so_far
        self.build_warnings += [f"theme {self.theme.name!r}: {each}" for each in unreadable(self.theme.palette)]

    @classmethod
    def shape_frame(cls, attributes: Mapping[str, Any]) -> None:
        """Give manim's `config` the aspect of the talk in `attributes`, as high in pixels as before.

        Called before the deck is recorded. Nothing for 16:9, which manim has by itself, so that the sizes that a deck
        sets stay as they are.
        """
        talk = attributes.get(LOADED_TALK)
        if not isinstance(talk, Talk) or talk.aspect == WIDE:
            return
        width, height = FRAMES[talk.aspect]
        config.frame_width, config.frame_height = width, height
        config.pixel_width = 2 * round(config.pixel_height * width / height / 2)

    @cached_property
    def talk(self) -> Talk:
        """The talk this deck shows, or what a deck without a talk file has: a title that its class's name gives.

        It is the loaded one, or else the file that ASTRAI_SLIDES_TALK names, or else the deck's own in presentations/.
        """
        kind, loaded = type(self), self.loaded_talk
        if loaded is None:
            return talk_for(kind.__name__, _file_of(kind), self.talk_model)
        if not loaded.is_read_as(self.talk_model):
            name, file = kind.__name__, _file_of(kind)
            raise AstraiSlidesError(
                f"{file}: talk_model of {name} is {self.talk_model!r} when the deck runs, which cannot be read without "
                f"running it; write it as text in quotes into the body of {name}"
            )
        return loaded

    @cached_property
    def theme(self) -> Theme:
        """The theme that the talk asks for."""
        return self.talk.look

    @cached_property
    def _strip(self) -> Strip:
        with self.talk.blaming("theme"):
            return Strip(self.layout, self.theme)

    @cached_property
    def layout(self) -> Layout:
        """Regions of the frame."""
        return layout_for(self.theme, *FRAMES[self.talk.aspect])

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
        if any(info.name == name for info in self.step_infos) or name in self._left_out:
            raise DeckError(f"two steps are called {name!r}; give every step a name of its own")
        moved, after_unseen = has_played(self), self._is_left_out
        if self.knobs is not None and self.step_infos:
            self.knobs.step_ends()
        if not self.step_infos and moved:
            raise DeckError(f"something plays before the first step; call step({name!r}) first")
        if self.step_infos and not moved and not after_unseen:
            raise DeckError(
                f"step {self.step_infos[-1].name!r} plays nothing; add an animation or a wait, or leave it out"
            )
        self._is_left_out = is_left_out(name, self.talk.leave_out)
        if self._is_left_out:
            if moved:
                self.next_slide()  # the step before ends here, where it is still as it was seen
            self._left_out.append(name)
            return
        self.next_slide(loop=loop, auto_next=auto_next, notes=notes)
        gone, come = self._strip.change(len(self.step_infos) + 1)
        self.remove(*gone)
        self.add(*come)
        self.step_infos.append(StepInfo(name, " ".join(title.split()) or name, finish_loop))
        self._step_began = float(self.renderer.time)
        if self.knobs is not None:
            self.knobs.step_begins(len(self.step_infos) - 1)

    def say(self, notes: str) -> None:
        """Give the step under way these notes in place of those that it was opened with."""
        if not self._is_left_out:
            set_notes(self, notes)

    def knob(self, name: str, default: Value, values: Iterable[Value] | None = None, *, label: str = "") -> Any:
        """A value that an audience can turn: the deck is recorded for each of `values`, and shown with `default` first.

        `values` are numbers or words, without any the knob is a switch. What is played after a knob was read may depend
        on it, and is kept once for each of its values, and for each set of values of the knobs that were read before;
        so read it where it is needed first, and see `done_with`. Raises DeckError for values that cannot be.
        """
        knob = Knob.of(name, default, values, label)
        return knob.values[knob.value] if self.knobs is None else self.knobs.value(knob)

    def done_with(self, *names: str) -> None:
        """Say that what follows depends no more on the knobs called so; without names, nothing is said.

        In a step it divides the motion before from that after, so that the picture of the step before can be cleared
        away as it was, and what comes next is kept once. A build finds out if it is not so, as far as one knob at a
        time can show it.
        """
        if self.knobs is not None and names:
            self.knobs.done_with(names, self._frames_so_far())

    def _frames_so_far(self) -> int:
        return round((float(self.renderer.time) - self._step_began) * float(self.camera.frame_rate))

    @property
    def drawn(self) -> list[Any]:
        """What the deck has on the slide: all but what its theme puts under every slide. For a slide to end with."""
        strip = ById([(each, None) for each in self._strip.shown])
        return [each for each in self.mobjects if each not in strip]

    def play(self, *animations: Any, **options: Any) -> None:
        """Play, as manim does; in a step that the talk leaves out, come to the end of it at once."""
        if self._is_left_out:
            self._unseen.carry_out(self, self.compile_animations(*animations, **options))
            return
        shown = self._unseen.shown(self, self.compile_animations(*animations)) if self._left_out else animations
        if shown:
            super().play(*shown, **options)

    def wait(self, *arguments: Any, **options: Any) -> None:
        """Wait, as manim does; in a step that the talk leaves out, do not."""
        if not self._is_left_out:
            super().wait(*arguments, **options)

    def tear_down(self) -> None:
        """Let the last step rest like the others; called by manim after `construct`."""
        after_unseen, self._is_left_out = self._is_left_out, False
        known = [*(info.name for info in self.step_infos), *self._left_out]
        if self.talk.leave_out:
            check_names(self.talk.leave_out, known, str(self.talk.path))
        if has_played(self):
            self.wait(self.theme.time.rest)
        elif self.step_infos and not after_unseen:
            raise DeckError(f"step {self.step_infos[-1].name!r} plays nothing; add an animation or a wait")
        super().tear_down()

    def whole_frames(self, seconds: float) -> float:
        """`seconds`, at most, such that manim does not round a move up to one more frame."""
        rate = float(self.camera.frame_rate)
        return max(int(seconds * rate + 1e-6), 1) / rate - 1e-6


def _file_of(kind: type[Any]) -> Path:
    """The file of a deck's class; for a class of a notebook's cell one that could stand in the working directory."""
    try:
        return Path(inspect.getfile(kind))
    except (OSError, TypeError):
        return Path("notebook.py")
