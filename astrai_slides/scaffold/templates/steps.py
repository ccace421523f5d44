"""Something done in stages: a title, a step for each stage, and the whole, which turns until the speaker goes on."""

from itertools import pairwise

from manim import Create, FadeIn, FadeOut, ShowPassingFlash, VGroup

from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.closing import Closing
from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head, rule
from astrai_slides.deck.parts.shapes import arrow, rounded
from astrai_slides.deck.parts.text import fitted
from astrai_slides.errors import AstraiSlidesError


class StepsTalk(Deck):
    """One stage after another; their names stand in the talk file."""

    def construct(self) -> None:
        """Tell the story."""
        self.stages = self.read()
        self.head = Head(self.layout, self.theme)
        self.title()
        self.place()
        for number, name in enumerate(self.stages):
            self.stage(number, name)
        self.whole()
        self.close()

    def read(self) -> list[str]:
        """The names of the talk file."""
        stages = self.talk.deck.get("stages")
        if not isinstance(stages, list) or not all(isinstance(each, str) and each for each in stages):
            raise AstraiSlidesError('deck.stages: missing or no list of names; write stages = ["One", "Another"]')
        return stages

    def title(self) -> None:
        """The title appears, and goes to the head."""
        self.step("title", title=self.talk.title, notes="Who you are, and what is done here.")
        time = self.theme.time
        cover = Cover(self.talk.title, " → ".join(self.stages), self.talk.speaker, self.layout, self.theme)
        self.play(FadeIn(cover.title), run_time=time.move)
        self.wait(time.read)
        self.play(cover.rise(), Create(rule(self.layout, self.theme)), run_time=time.move)
        self.play(cover.say(), run_time=time.move)
        self.cover = cover
        self.head.take(cover)

    def place(self) -> None:
        """Make a box for each stage, and the arrows from one to the next."""
        theme, body = self.theme, self.layout.body
        boxes = [
            each.inset(theme.space.gap, each.height / 3) for each in body.columns(len(self.stages), theme.space.gap)
        ]
        self.boxes = []
        for name, box, color in zip(self.stages, boxes, self.colors(), strict=True):
            shape = rounded(box, theme.space.radius, stroke_width=0, fill_color=color, fill_opacity=1)
            word = fitted(name, theme.type.lead, theme.palette.on_fill, box.width - 2 * theme.space.pad)
            self.boxes.append(VGroup(shape, word.centered(*box.center[:2])))
        near = theme.space.near
        self.arrows = [
            arrow((one.right + near, one.center[1]), (other.left - near, other.center[1]), theme)
            for one, other in pairwise(boxes)
        ]

    def colors(self) -> list[str]:
        """A colour for each stage, in turn."""
        categories = self.theme.palette.categories
        return [categories[number % len(categories)] for number in range(len(self.stages))]

    def stage(self, number: int, name: str) -> None:
        """The arrow to the stage is drawn, and its box comes."""
        self.step(f"stage-{number + 1}", title=name, notes=f"What happens in *{name}*.")
        time = self.theme.time
        leaving = [self.cover.leave()] if number == 0 else []
        self.play(*self.head.change(name), *leaving, run_time=time.move)
        if number:
            self.play(Create(self.arrows[number - 1]), run_time=time.move)
        self.play(FadeIn(self.boxes[number]), run_time=time.move)

    def whole(self) -> None:
        """Everything, with something that goes through it again and again."""
        self.step("whole", title="All of it", notes="And so it goes on.", auto_next=True)
        time, palette = self.theme.time, self.theme.palette
        self.play(*self.head.change("All of it"), run_time=time.move)
        self.step("turning", title="All of it", notes="And so it goes on.", loop=True, finish_loop=True)
        frames = [box[0].copy().set_fill(opacity=0) for box in self.boxes]
        for frame in frames:
            frame.set_stroke(palette.ink, width=self.theme.space.strong)
            self.play(ShowPassingFlash(frame, time_width=1), run_time=time.move)

    def close(self) -> None:
        """Where to read on, if the talk file says so."""
        address = self.talk.deck.get("address")
        if not address:
            return
        self.step("end", title="Thank you", notes="Questions.")
        closing = Closing("Thank you", self.talk.title, str(address), self.layout, self.theme)
        self.play(*map(FadeOut, self.drawn), run_time=self.theme.time.quick)
        self.play(closing.appear(), run_time=self.theme.time.move)
