"""Continuous batching in six steps: title, pipeline, spawn, flow, batching, throughput.

What moves is computed from the talk file's toy by `astrai_slides.serving.sim`; where and how long is the theme's.
"""

from manim import Animation, Create, FadeIn, FadeOut, VGroup, VMobject, Write

from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.bars import BarChart
from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head, rule
from astrai_slides.deck.parts.text import paragraph
from astrai_slides.look.layout import Box
from astrai_slides.serving.parts.clock import LoopClock, dial_name, phase_captions
from astrai_slides.serving.parts.decode_rules import DecodeRules
from astrai_slides.serving.parts.flow import FlowPicture, beats
from astrai_slides.serving.parts.forward import DecodeRow, ForwardPicture, busiest_decode, decode_rows, largest_group
from astrai_slides.serving.parts.queue import QueueTray, Sockets
from astrai_slides.serving.parts.replay import ReplayPicture
from astrai_slides.serving.parts.request import pill_width, request_pills
from astrai_slides.serving.parts.stages import StageRow, State, flash, states_at
from astrai_slides.serving.sim import Policy, Timeline, continuous_batching, decode_rule_comparison, static_batching
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.words import en as words


class ContinuousBatching(Deck):
    """The talk that explains AstrAI's generation loop."""

    talk_model = "astrai_slides.serving.talk:ServingTalk"

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
        """Compute the schedules, and make what several steps share."""
        self.requests, self.slots = self.talk.toy_requests(), self.talk.toy.slots
        self.static = static_batching(self.requests, self.slots)
        self.continuous = continuous_batching(self.requests, self.slots)
        self.head = Head(self.layout, self.theme)
        self.pills = request_pills(self.requests, self.theme)
        self.stages = StageRow(self.layout.stages, pill_width(self.requests, self.theme), self.theme)

    def title(self) -> None:
        """The title writes itself, rises to the head, and the rule draws under it."""
        self.step("title", title=self.talk.title, notes=words.title_notes(self.talk))
        time, byline = self.theme.time, words.byline(self.talk)
        cover = Cover(self.talk.title, words.promise(), byline, self.continuous, self.layout, self.theme)
        self.play(cover.grid.appear(), Write(cover.title), run_time=time.write)
        self.wait(time.read)
        self.play(cover.rise(), Create(rule(self.layout, self.theme)), run_time=time.move)
        self.play(cover.say(), run_time=time.move)
        self.cover, self.head.shown = cover, cover.title

    def pipeline(self) -> None:
        """Four stages, and the loop that drives what moves between them."""
        self.step("pipeline", title=words.PIPELINE, notes=words.pipeline_notes())
        time, theme = self.theme.time, self.theme
        self.play(*self.head.change(words.PIPELINE, words.LOOP_FOOT), self.cover.leave(), run_time=time.move)
        self.play(self.stages.appear(), run_time=time.write)
        clock, loop = LoopClock.in_box(self.layout.body, theme), self.stages.self_loop
        captions, name = phase_captions(clock, theme), dial_name(clock, words.DIAL, theme)
        self.play(clock.appear(), FadeIn(name), Create(loop), run_time=time.write)
        edges = (self.stages.edge(2), self.stages.edge(0), self.stages.edge(1), loop)
        for index, (edge, told) in enumerate(zip(edges, captions, strict=True)):
            lit = flash(edge, clock.color_of(index), theme)
            self.play(clock.pass_phase(index), FadeIn(told), lit, run_time=time.phase)
        self.loop_picture = VGroup(clock, name, captions, loop)

    def spawn(self) -> None:
        """Requests drop into the queue; how long their answers get is for the audience only."""
        heading = words.spawn_heading(self.requests, self.slots)
        self.step("spawn", title=heading, notes=words.spawn_notes(self.requests, self.slots))
        time, theme, waiting = self.theme.time, self.theme, self.stages[State.WAITING]
        foot = words.spawn_foot(self.talk.toy_note())
        room = self.layout.below_rule.above(self.head.room_above(foot))
        upper, lower = room.cut_top(room.height * theme.space.tray_share)
        tray = QueueTray(self.requests, self.pills, upper, State.WAITING, theme)
        sockets = Sockets(self.slots, lower.inset(0, theme.space.gap), theme)
        self.play(*self.head.change(heading, ""), FadeOut(self.loop_picture), self.stages.leave(), run_time=time.move)
        self.play(*tray.open_from(waiting), sockets.appear(), run_time=time.move)
        self.play(tray.drop(), run_time=time.write + time.move)
        self.wait(time.pause)
        self.play(tray.reveal(), *self.head.change(heading, foot), run_time=time.write)
        self.tray, self.sockets = tray, sockets

    def flow(self) -> None:
        """The same requests under both policies, static first, or a measured run if the talk names one."""
        shown = self.talk.flow()
        if isinstance(shown, Replay):
            self._replay(shown)
        else:
            self._policies()

    def _replay(self, shown: Replay) -> None:
        self.step("flow", title=words.REPLAY, notes=words.replay_notes(shown))
        time = self.theme.time
        room = self.layout.below_rule.above(self.head.room_above(shown.caption))
        picture = ReplayPicture(shown, room, self.theme)
        head = self.head.change(words.REPLAY, shown.caption)
        self.play(*head, self.tray.leave(), self.sockets.leave(), run_time=time.move)
        self.tray.reset()
        self.play(picture.appear(), run_time=time.move)
        self.play(picture.sweep(), run_time=time.sweep)
        self.play(picture.finish(), run_time=time.quick)
        self.flow_picture = picture

    def _policies(self) -> None:
        apart, time = self.talk.substeps, self.theme.time
        self._flow_step(Policy.STATIC, apart)
        foot = words.workload_line(self.requests, self.slots, self.talk.toy_note())
        body = self.layout.body.above(self.head.room_above(foot))
        legend_at = (self.layout.safe.right, self.layout.safe.top - self.theme.type.head)
        picture = FlowPicture(self.static, self.continuous, self.stages, self.pills, body, legend_at, self.theme)
        queue = self.stages.move(self.pills, states_at(self.static, 0))
        head = self.head.change(words.POLICY_HEADINGS[Policy.STATIC], foot)
        self.play(*head, *self.tray.close(), *queue, self.sockets.leave(), run_time=time.move)
        self.play(self.stages.arrive(), *picture.enter(), run_time=time.move)
        both = len(self.static.turns) + len(self.continuous.turns)
        self._run(picture, self.static, time.turn(len(self.static.turns), 2) if apart else time.turn(both, 4))
        if apart:
            self._flow_step(Policy.CONTINUOUS, apart)
        head = self.head.change(words.POLICY_HEADINGS[Policy.CONTINUOUS], foot)
        self.play(*head, *picture.restart(), run_time=time.move)
        self._run(picture, self.continuous, time.turn(len(self.continuous.turns), 2) if apart else time.turn(both, 4))
        self.play(*picture.compare(), run_time=time.move)
        self.flow_picture = picture

    def _flow_step(self, policy: Policy, apart: bool) -> None:
        name = f"flow/{policy.value}" if apart else "flow"
        notes = words.flow_notes(self.static, self.continuous, policy if apart else None)
        self.step(name, title=words.POLICY_HEADINGS[policy] if apart else words.FLOW, notes=notes)

    def _run(self, picture: FlowPicture, timeline: Timeline, turn: float) -> None:
        for beat in beats(len(timeline.turns), turn, self.theme):
            self.play(picture.beat(timeline, beat), run_time=self.whole_frames(beat.seconds))
        self.play(*picture.finish(timeline), run_time=self.theme.time.quick)

    def batching(self) -> None:
        """A decode turn, frozen: it was one position a forward, it is one forward for every position."""
        turn, rules = busiest_decode(self.continuous), decode_rule_comparison()
        rows = decode_rows(self.continuous, turn)
        heading, notes = words.frozen_heading(turn, len(rows)), words.batching_notes
        self.step("batching", title=heading, notes=notes(self.continuous, turn, len(rows), rules))
        time, theme, ring = self.theme.time, self.theme, self.stages.decode_ring
        body = self.layout.body.above(self.head.room_above(rules.caption))
        body, strip = body.cut_top(body.height - DecodeRules.height(rules, theme))
        body = body.above(body.bottom + theme.space.gap)
        told = DecodeRules(rules, strip, theme)
        self.play(*self.head.change(heading), FadeOut(self.flow_picture.everything()), run_time=time.move)
        self.play(*self._back_to(turn), run_time=time.move)
        shown = self._forward(rows, told, heading, body, ring) if rows else self._nothing_decodes(told, body, ring)
        self.wait(time.pause)
        self.play(told.count(), *self.head.change(heading, rules.caption), run_time=2 * time.move)
        self.before = VGroup(self.stages, *self.pills.values(), ring, told.everything(), shown)

    def _back_to(self, turn: int) -> list[Animation]:
        states = states_at(self.continuous, turn)
        if not isinstance(self.talk.flow(), Replay):
            return self.stages.move(self.pills, states)
        self.stages.place(self.pills, states)
        return [FadeIn(self.stages), *map(FadeIn, self.pills.values())]

    def _forward(self, rows: list[DecodeRow], told: DecodeRules, heading: str, body: Box, ring: VMobject) -> VGroup:
        time = self.theme.time
        forward = ForwardPicture(rows, self.pills, body, self.theme)
        self.play(Create(ring), forward.appear(), run_time=time.write)
        foot = words.same_position_sentence(len(rows), len(largest_group(rows)))
        self.play(told.start(), *self.head.change(heading, foot), *forward.only_largest_group(), run_time=time.move)
        self.wait(time.read)
        foot = words.merged_sentence(len(rows))
        self.play(*told.become(), *self.head.change(heading, foot), *forward.gather(), run_time=2 * time.move)
        self.play(forward.run(), run_time=time.move)
        self.play(forward.yield_tokens(), run_time=time.move)
        return forward.everything()

    def _nothing_decodes(self, told: DecodeRules, body: Box, ring: VMobject) -> VGroup:
        type_, time = self.theme.type, self.theme.time
        why = paragraph(words.NOTHING_DECODES, type_.lead, self.theme.palette.ink, body.width)
        self.play(
            Create(ring), FadeIn(why.at(body.left, body.top - type_.lead - self.theme.space.gap)), run_time=time.move
        )
        self.play(told.start(), run_time=time.move)
        self.play(*told.become(), run_time=time.move)
        return why

    def throughput(self) -> None:
        """Bars grow from the talk's data, and the claim that they explain."""
        comparison = self.talk.comparison()
        self.step("throughput", title=words.THROUGHPUT, notes=words.throughput_notes(self.talk))
        time, theme = self.theme.time, self.theme
        self.play(*self.head.change(words.THROUGHPUT, comparison.caption), FadeOut(self.before), run_time=time.move)
        room = self.layout.below_rule.above(self.head.room_above(comparison.caption))
        chart = BarChart(comparison, self.talk.claim(), words.reason(self.talk), room, theme)
        self.play(chart.appear(), run_time=time.move)
        self.play(chart.grow(), run_time=2 * time.write)
        if len(chart.claim):
            self.wait(time.pause)
            self.play(chart.tie(), run_time=time.move)
