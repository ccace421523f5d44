"""A few figures beside each other: a title, and bars that grow."""

from manim import Create, FadeIn, FadeOut

from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.bars import BarChart
from astrai_slides.deck.parts.closing import Closing
from astrai_slides.deck.parts.comparison import Bar, Comparison
from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head, rule
from astrai_slides.errors import AstraiSlidesError


class ComparisonTalk(Deck):
    """Bars whose names and figures stand in the talk file, with where they come from."""

    def construct(self) -> None:
        """Tell the story."""
        self.head = Head(self.layout, self.theme)
        self.chart_of = self.read()
        self.title()
        self.bars()
        self.close()

    def read(self) -> Comparison:
        """The figures of the talk file."""
        table = self.talk.deck
        bars, unit, source = (table.get(key) for key in ("bars", "unit", "source"))
        if not isinstance(bars, dict) or not all(isinstance(each, int | float) for each in bars.values()):
            raise AstraiSlidesError("deck.bars: missing or no table of figures; write [deck.bars] and NAME = FIGURE")
        if not (isinstance(unit, str) and isinstance(source, str) and source):
            raise AstraiSlidesError("deck.unit, deck.source: missing; say what is counted, and where it comes from")
        most = max(bars.values())
        shown = tuple(Bar(name, float(value), headline=value == most) for name, value in bars.items())
        return Comparison("measured", shown, source, unit)

    def title(self) -> None:
        """The title appears, and goes to the head."""
        self.step("title", title=self.talk.title, notes="Who you are, and what is compared.")
        time = self.theme.time
        promise = " · ".join(bar.label for bar in self.chart_of.bars)
        cover = Cover(self.talk.title, promise, self.talk.speaker, self.layout, self.theme)
        self.play(FadeIn(cover.title), run_time=time.move)
        self.wait(time.read)
        self.play(cover.rise(), Create(rule(self.layout, self.theme)), run_time=time.move)
        self.play(cover.say(), run_time=time.move)
        self.cover = cover
        self.head.take(cover)

    def bars(self) -> None:
        """The bars grow to their figures."""
        foot = self.chart_of.caption
        self.step("bars", title="Side by side", notes=f"{foot} What it means.")
        time = self.theme.time
        room = self.layout.body.above(self.head.room_above(foot))
        chart = BarChart(self.chart_of, room, self.theme)
        self.play(*self.head.change("Side by side", foot), self.cover.leave(), run_time=time.move)
        self.play(chart.appear(), run_time=time.move)
        self.play(chart.grow(), run_time=time.write)

    def close(self) -> None:
        """Where to read on, if the talk file says so."""
        address = self.talk.deck.get("address")
        if not address:
            return
        self.step("end", title="Thank you", notes="Questions.")
        closing = Closing("Thank you", self.talk.title, str(address), self.layout, self.theme)
        self.play(*map(FadeOut, self.drawn), run_time=self.theme.time.quick)
        self.play(closing.appear(), run_time=self.theme.time.move)
