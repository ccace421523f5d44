"""A title, and one step to go on from."""

from manim import Create, FadeIn

from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head, rule
from astrai_slides.deck.parts.text import paragraph


class BlankTalk(Deck):
    """The talk, step by step."""

    def construct(self) -> None:
        """Tell the story."""
        self.head = Head(self.layout, self.theme)
        self.title()
        self.first()

    def title(self) -> None:
        """The title appears, and goes to the head."""
        self.step("title", title=self.talk.title, notes="Who you are, and what this is about.")
        time = self.theme.time
        cover = Cover(self.talk.title, "What it is about, in a sentence.", self.talk.speaker, self.layout, self.theme)
        self.play(FadeIn(cover.title), run_time=time.move)
        self.wait(time.read)
        self.play(cover.rise(), Create(rule(self.layout, self.theme)), run_time=time.move)
        self.play(cover.say(), run_time=time.move)
        self.cover = cover
        self.head.take(cover)

    def first(self) -> None:
        """Some words, where a picture may stand."""
        self.step("first", title="The first step", notes="What you say here.")
        theme, body = self.theme, self.layout.body
        words = paragraph("Draw anything of Manim's here.", theme.type.lead, theme.palette.ink, body.width)
        words.at(body.left, body.top - theme.type.lead - theme.space.gap)
        self.play(*self.head.change("The first step"), self.cover.leave(), run_time=theme.time.move)
        self.play(FadeIn(words), run_time=theme.time.move)
