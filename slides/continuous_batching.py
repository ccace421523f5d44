"""Continuous batching in six steps: title, pipeline, spawn, flow, batching, throughput.

What moves is computed from the talk file's toy by `astrai_slides.serving`; where and how long is the theme's.
"""

from manim import Create, FadeIn, VGroup, Write

from astrai_slides import words
from astrai_slides.deck import Deck
from astrai_slides.mobjects.clock import LOOP, LoopClock, dial_name, phase_captions
from astrai_slides.mobjects.cover import Cover
from astrai_slides.mobjects.head import Head, rule
from astrai_slides.mobjects.request import request_pills
from astrai_slides.mobjects.stages import StageRow, flash
from astrai_slides.serving import continuous_batching, static_batching


class ContinuousBatching(Deck):
    """The talk that explains AstrAI's generation loop."""

    def construct(self) -> None:
        """Tell the story."""
        self.prepare()
        self.title()
        self.pipeline()
        self.spawn()
        self.flow()
        self.batching()
        self.throughput()

    def prepare(self) -> None:
        """Compute the schedules, and make what more than one step shows."""
        requests, slots = self.talk.toy_requests(), self.talk.toy.slots
        self.requests, self.slots = requests, slots
        self.static = static_batching(requests, slots)
        self.continuous = continuous_batching(requests, slots)
        self.head = Head(self.layout, self.theme)
        self.pills = request_pills(requests, self.theme)
        self.stages = StageRow(self.layout.stages, self.theme)

    def title(self) -> None:
        """The title writes itself, rises to the head, and the rule draws under it."""
        self.step("title", title=self.talk.title, notes=words.title_notes(self.talk))
        time = self.theme.time
        cover = Cover(
            self.talk.title, words.promise(), words.byline(self.talk), self.continuous, self.layout, self.theme
        )
        self.play(Write(cover.title), cover.grid.appear(), run_time=2 * time.write)
        self.rule = rule(self.layout, self.theme)
        self.play(cover.rise(), Create(self.rule), run_time=time.move)
        self.play(cover.say(), run_time=time.move)
        self.cover = cover
        self.head.shown = cover.title

    def pipeline(self) -> None:
        """Four stages, and the loop that drives what moves between them."""
        self.step("pipeline", title=words.PIPELINE, notes=words.pipeline_notes())
        time = self.theme.time
        self.play(*self.head.change(words.PIPELINE, words.LOOP_FOOT), self.cover.leave(), run_time=time.move)
        self.play(self.stages.appear())
        clock = LoopClock.in_box(self.layout.body, self.theme)
        captions, name, loop = (
            phase_captions(clock, self.theme),
            dial_name(clock, words.DIAL, self.theme),
            self.stages.self_loop,
        )
        self.play(clock.appear(), FadeIn(name), Create(loop), run_time=time.write)
        edges = (self.stages.edge(2), self.stages.edge(0), self.stages.edge(1), loop)
        for index, phase in enumerate(LOOP):
            color = getattr(self.theme.palette, phase.stage)
            self.play(
                clock.pass_phase(index),
                FadeIn(captions[index]),
                flash(edges[index], color, self.theme),
                run_time=time.phase,
            )
        self.loop_clock = VGroup(clock, name, captions, loop)

    def spawn(self) -> None:
        """Requests drop into the queue; their answers' lengths are for the audience only."""
        heading = words.spawn_heading(self.requests, self.slots)
        self.step("spawn", title=heading, notes=words.spawn_notes(self.requests, self.slots))
        _tray_box, _slots_box = self.layout.below_rule.cut_top(
            self.layout.below_rule.height * self.theme.space.tray_share
        )
