"""Measured runs of a server: what was measured, runs as they happened, and throughput side by side or against latency.

Everything on screen is read from result files, which the talk file names; `astrai-slides talk` writes one.
"""

from typing import Any, cast

from manim import Create, FadeIn, FadeOut, LaggedStart, VGroup, Write

from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head, rule
from astrai_slides.deck.parts.text import Paragraph, paragraph
from astrai_slides.look.layout import Box
from astrai_slides.serving.measured_talk import MeasuredTalk
from astrai_slides.serving.own_words import with_own
from astrai_slides.serving.parts.claim_bars import ClaimBars
from astrai_slides.serving.parts.replay import ReplayPicture
from astrai_slides.serving.parts.sweep import SweepChart
from astrai_slides.serving.roles import REPLAY_SECONDS
from astrai_slides.serving.sim.measured import MeasuredRun, MeasuredThroughputs
from astrai_slides.serving.sim.measured.sweep import MeasuredSweep
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.words import missing_language, words_for


class MeasuredRuns(Deck):
    """The deck of the talk files that `astrai-slides talk` writes."""

    talk_model = "astrai_slides.serving.measured_talk:MeasuredTalk"

    @property
    def measured(self) -> MeasuredTalk:
        """The talk, as the model that the deck names."""
        return cast(MeasuredTalk, self.talk)

    def construct(self) -> None:
        """Tell what was measured."""
        self.head = Head(self.layout, self.theme)
        self.words = with_own(words_for(self.talk.language), self.measured.words)
        self.build_warnings += missing_language(self.talk.language)
        self.shown: Any = VGroup()
        self.title()
        replays = self.measured.replays()
        for number, (label, shown) in enumerate(replays, 1):
            self.replay(f"replay/{number}" if len(replays) > 1 else "replay", label, shown)
        figures, sweep = self.measured.figures(), self.measured.swept()
        if figures is not None:
            self.throughput(figures)
        if sweep is not None:
            self.sweep(sweep)

    def title(self) -> None:
        """The title writes itself and rises to the head; what was measured comes under it."""
        talk, words, time, runs = self.talk, self.words, self.theme.time, self.measured.runs()
        self.step("title", title=talk.title, notes=words.runs_notes(talk.title, runs))
        byline = words.byline(talk.speaker, talk.event, talk.date)
        cover = Cover(talk.title, words.runs_promise(runs), byline, self.layout, self.theme)
        self.play(Write(cover.title), run_time=time.write)
        self.wait(time.pause)
        self.play(cover.rise(), Create(rule(self.layout, self.theme)), run_time=time.move)
        facts = self._facts(runs, cover.ground)
        self.play(LaggedStart(cover.say(), *map(FadeIn, facts), lag_ratio=time.lag), run_time=2 * time.move)
        self.head.take(cover)
        self.shown = VGroup(cover.promise, *facts)

    def _facts(self, runs: tuple[MeasuredRun, ...], room: Box) -> list[Paragraph]:
        """What the file of each run says of it; nothing for more runs than there is room for."""
        type_, gap, top, facts = self.theme.type, self.theme.space.near, room.top, []
        for run in runs:
            text = f"{run.file.name}: {self.words.run_figures(run)}"
            fact = paragraph(text, type_.small, self.theme.palette.muted, room.width)
            facts.append(fact.at(room.left, top - type_.small))
            top -= len(fact) * type_.small * type_.leading + gap
        return facts if top > room.bottom else []

    def replay(self, name: str, label: str, shown: Replay) -> None:
        """A run as it happened: a line goes over its requests, and over how many were in flight."""
        words, time = self.words, self.theme.time
        heading = words.replay_heading(label)
        caption = self.head.brief(f"{words.in_flight_sentence(shown)} {words.replay_caption(shown)}.")
        self.step(name, title=heading, notes=words.replay_notes(shown))
        room = self.layout.body.above(self.head.room_above(caption))
        picture = ReplayPicture(shown, room, self.theme, words, curve=True)
        self.play(*self.head.change(heading, caption), FadeOut(self.shown), run_time=time.move)
        self.play(picture.appear(), run_time=time.move)
        self.play(picture.sweep(), run_time=REPLAY_SECONDS)
        self.play(picture.finish(), run_time=time.quick)
        self.shown = picture.everything()

    def throughput(self, figures: MeasuredThroughputs) -> None:
        """Bars of every run, measured against the first."""
        words, time = self.words, self.theme.time
        comparison = words.comparison(figures)
        heading = words.THROUGHPUT if len(figures.runs) > 1 else words.ONE_THROUGHPUT
        self.step("throughput", title=heading, notes=words.throughput_notes(figures, None))
        caption = self.head.brief(comparison.caption)
        self.play(*self.head.change(heading, caption), FadeOut(self.shown), run_time=time.move)
        room = self.layout.body.above(self.head.room_above(caption))
        chart = ClaimBars(comparison, "", words.finding(figures), room, self.theme)
        self.play(chart.appear(), run_time=time.move)
        self.play(chart.grow(), run_time=2 * time.write)
        if len(chart.claim):
            self.wait(time.pause)
            self.play(chart.tie(), run_time=time.move)
        self.shown = chart

    def sweep(self, sweep: MeasuredSweep) -> None:
        """A point a run: what the server did, and how long its users waited."""
        words, time, caption = self.words, self.theme.time, self.head.brief(self.words.sweep_caption(sweep))
        self.step("sweep", title=words.SWEEP, notes=words.sweep_notes(sweep))
        self.play(*self.head.change(words.SWEEP, caption), FadeOut(self.shown), run_time=time.move)
        chart = SweepChart(sweep, self.layout.body.above(self.head.room_above(caption)), self.theme, words)
        self.play(chart.appear(), run_time=time.move)
        self.play(chart.draw(), run_time=2 * time.write)
        self.shown = chart.everything()
