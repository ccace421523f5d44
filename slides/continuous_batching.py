"""Continuous batching in six steps: title, pipeline, spawn, flow, batching, throughput.

What moves is computed from the talk file's toy by `astrai_slides.serving.sim`; where and how long is the theme's.
"""

from manim import Animation, Create, FadeIn, FadeOut, VGroup, VMobject, Write

from astrai_slides.deck.base import Deck
from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head, heading, rule
from astrai_slides.deck.parts.text import paragraph
from astrai_slides.look.layout import Box
from astrai_slides.serving.no_gain import no_gain_hint
from astrai_slides.serving.own_words import with_own
from astrai_slides.serving.parts.claim_bars import ClaimBars
from astrai_slides.serving.parts.clock import LoopClock, dial_name, phase_captions
from astrai_slides.serving.parts.cover_grid import CoverGrid
from astrai_slides.serving.parts.decode_rules import DecodeRules
from astrai_slides.serving.parts.flow import FlowPicture, beats
from astrai_slides.serving.parts.forward import ForwardPicture
from astrai_slides.serving.parts.queue import QueueTray, Sockets
from astrai_slides.serving.parts.replay import ReplayPicture
from astrai_slides.serving.parts.request import pill_width, request_pills
from astrai_slides.serving.parts.stages import StageRow, flash
from astrai_slides.serving.roles import LOOP_PHASE_SECONDS, QUEUE_SHARE, REPLAY_SECONDS, Regions, turn_seconds
from astrai_slides.serving.sim import (
    DecodeRow,
    Policy,
    State,
    Timeline,
    busiest_decode,
    chat_figures,
    continuous_batching,
    decode_rows,
    states_at,
    static_batching,
)
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.words import missing_language, words_for


class ContinuousBatching(Deck):
    """The talk that explains AstrAI's generation loop."""

    talk_model = "astrai_slides.serving.talk:ServingTalk"
    step_names = ("title", "pipeline", "spawn", "flow", "batching", "throughput")

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
        self.words = with_own(words_for(self.talk.language), self.talk.words)
        name_lines = StageRow.name_lines(self.layout.body, self.theme, self.words)
        self.regions = Regions.of(self.layout, self.theme, name_lines)
        self.build_warnings += missing_language(self.talk.language)
        self.build_warnings += no_gain_hint(self.talk)
        width = pill_width(self.requests, self.theme)
        self.stages = StageRow(self.regions.stages, width, self.theme, self.words)
        self.cover = self._cover()
        with self.talk.blaming("toy.requests"):
            self.stages.check_room(len(self.requests))

    def _cover(self) -> Cover:
        """The cover; what does not fit on it is told by its key in the talk file, before anything is played."""
        talk, words = self.talk, self.words
        with talk.blaming("title"):
            heading(talk.title, self.layout, self.theme)
        byline = words.byline(talk.speaker, talk.event, talk.date)
        with talk.blaming("title, speaker, event"):
            return Cover(talk.title, words.promise(chat_figures()), byline, self.layout, self.theme)

    def title(self) -> None:
        """The title writes itself, rises to the head, and the rule draws under it."""
        self.step("title", title=self.talk.title, notes=self.words.title_notes(self.talk.title, chat_figures()))
        time, cover = self.theme.time, self.cover
        grid = CoverGrid(self.continuous, cover.ground, self.theme)
        self.play(grid.appear(), Write(cover.title), run_time=time.write)
        self.wait(time.read)
        self.play(cover.rise(), Create(rule(self.layout, self.theme)), run_time=time.move)
        self.play(cover.say(), run_time=time.move)
        self.cover_grid = grid
        self.head.take(cover)

    def pipeline(self) -> None:
        """Four stages, and the loop that drives what moves between them."""
        words, time, theme, apart = self.words, self.theme.time, self.theme, self.talk.substeps
        leaving = self.cover.leave(self.cover_grid)
        if apart:
            self.step("pipeline/states", title=words.STATES_HEADING, notes=words.states_notes())
            self.play(*self.head.change(words.STATES_HEADING), leaving, run_time=time.move)
        else:
            self.step("pipeline", title=words.PIPELINE, notes=words.pipeline_notes())
            self.play(*self.head.change(words.PIPELINE, words.LOOP_FOOT), leaving, run_time=time.move)
        self.play(self.stages.appear(), run_time=time.write)
        if apart:
            self.step("pipeline/loop", title=words.PIPELINE, notes=words.phases_notes())
            self.play(*self.head.change(words.PIPELINE, words.LOOP_FOOT), run_time=time.move)
        room = self.regions.body.above(self.head.room_above(words.LOOP_FOOT))
        clock, loop = LoopClock.in_box(room, theme), self.stages.self_loop
        captions, name = phase_captions(clock, room, theme, words), dial_name(clock, words.DIAL, theme)
        self.play(clock.appear(), FadeIn(name), Create(loop), run_time=time.write)
        edges = (self.stages.edge(2), self.stages.edge(0), self.stages.edge(1), loop)
        for index, (edge, told) in enumerate(zip(edges, captions, strict=True)):
            lit = flash(edge, clock.color_of(index), theme)
            self.play(clock.pass_phase(index), FadeIn(told), lit, run_time=LOOP_PHASE_SECONDS)
        self.loop_picture = VGroup(clock, name, captions, loop)

    def spawn(self) -> None:
        """Requests drop into the queue; how long their answers get is for the audience only."""
        words = self.words
        heading = words.spawn_heading(self.requests, self.slots)
        self.step("spawn", title=heading, notes=words.spawn_notes(self.requests, self.slots, self.talk.toy_pick()))
        time, theme, waiting = self.theme.time, self.theme, self.stages[State.WAITING]
        foot = self.head.brief(words.spawn_foot(self.talk.toy_pick()))
        room = self.layout.body.above(self.head.room_above(foot))
        upper, lower = room.cut_top(room.height * QUEUE_SHARE)
        tray = QueueTray(self.requests, self.pills, upper, theme, words)
        sockets = Sockets(self.slots, lower.inset(0, theme.space.gap), theme, words)
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
        words, time, caption = self.words, self.theme.time, self.head.brief(self.words.replay_caption(shown))
        self.step("flow", title=words.REPLAY, notes=words.replay_notes(shown))
        room = self.layout.body.above(self.head.room_above(caption))
        picture = ReplayPicture(shown, room, self.theme, words)
        head = self.head.change(words.REPLAY, caption)
        self.play(*head, self.tray.leave(), self.sockets.leave(), run_time=time.move)
        self.tray.reset()
        self.play(picture.appear(), run_time=time.move)
        self.play(picture.sweep(), run_time=REPLAY_SECONDS)
        self.play(picture.finish(), run_time=time.quick)
        self.flow_picture: FlowPicture | ReplayPicture = picture

    def _policies(self) -> None:
        apart, time, words = self.talk.substeps, self.theme.time, self.words
        self._flow_step(Policy.STATIC, apart)
        foot, body, legend_at = self._flow_frame()
        picture = FlowPicture(self.static, self.continuous, self.stages, self.pills, body, legend_at, self.theme, words)
        queue = self.stages.move(self.pills, states_at(self.static, 0))
        head = self.head.change(words.POLICY_HEADINGS[Policy.STATIC], foot)
        self.play(*head, *self.tray.close(), *queue, self.sockets.leave(), run_time=time.move)
        self.play(self.stages.arrive(), *picture.enter(), run_time=time.move)
        self._run(picture, self.static, apart)
        if apart:
            self._flow_step(Policy.CONTINUOUS, apart)
        head = self.head.change(words.POLICY_HEADINGS[Policy.CONTINUOUS], foot)
        self.play(*head, *picture.restart(), run_time=time.move)
        self._run(picture, self.continuous, apart)
        self.play(*picture.compare(), run_time=time.move)
        self.flow_picture = picture

    def _flow_frame(self) -> tuple[str, Box, tuple[float, float] | None]:
        """The foot, the room of both grids, and where their legend ends if it is at the head.

        A phone has no room for the foot, which the notes say then.
        """
        layout = self.layout
        if layout.is_tall:
            return "", self.regions.body.above(layout.safe.bottom), None
        foot = self.head.brief(self._workload())
        at_head = layout.safe.right, layout.safe.top - self.theme.type.head
        return foot, self.regions.body.above(self.head.room_above(foot)), at_head if layout.is_wide else None

    def _workload(self) -> str:
        return self.words.workload_line(self.requests, self.slots, self.talk.toy_pick())

    def _flow_step(self, policy: Policy, apart: bool) -> None:
        words = self.words
        name = f"flow/{policy.value}" if apart else "flow"
        notes = words.flow_notes(self.static, self.continuous, policy if apart else None)
        if self.layout.is_tall:
            notes += f"\n{self._workload()}\n"
        self.step(name, title=words.POLICY_HEADINGS[policy] if apart else words.FLOW, notes=notes)

    def _run(self, picture: FlowPicture, timeline: Timeline, apart: bool) -> None:
        together = [timeline] if apart else [self.static, self.continuous]
        turns, moves = sum(len(each.turns) for each in together), 2 * len(together)
        for beat in beats(len(timeline.turns), turn_seconds(turns, moves, self.theme)):
            self.play(picture.beat(timeline, beat), run_time=self.whole_frames(beat.seconds))
        self.play(*picture.finish(timeline), run_time=self.theme.time.quick)

    def batching(self) -> None:
        """A decode turn, frozen: it was one position a forward, it is one forward for every position."""
        turn, chat, words = busiest_decode(self.continuous), chat_figures(), self.words
        rows = decode_rows(self.continuous, turn)
        heading = words.frozen_heading(turn, rows)
        if self.talk.substeps:
            self.step("batching/then", title=heading, notes=words.then_notes(self.continuous, turn))
        else:
            self.step("batching", title=heading, notes=words.batching_notes(self.continuous, turn, chat))
        time, theme, ring = self.theme.time, self.theme, self.stages.decode_ring
        caption, body, strip = self._batching_frame(2, len(rows))
        told = DecodeRules(chat.decode_rules, strip, theme, words)
        self.play(*self.head.change(heading), FadeOut(self.flow_picture.everything()), run_time=time.move)
        self.play(*self._back_to(turn), run_time=time.move)
        shown = self._forward(rows, told, heading, body, ring) if rows else self._nothing_decodes(told, body, ring)
        self.wait(time.pause)
        self.play(told.count(), *self.head.change(heading, caption), run_time=2 * time.move)
        self.before = VGroup(self.stages, *self.pills.values(), ring, told.everything(), shown)

    def _batching_frame(self, lines: int, rows: int) -> tuple[str, Box, Box]:
        """The caption, of as many `lines` at most, and the room of the forward and of the rules under it."""
        figures, gap = chat_figures(), self.theme.space.gap
        caption = self.head.brief(self.words.decode_rules_caption(figures), lines)
        body = self.regions.body.above(self.head.room_above(caption))
        rules = DecodeRules.height(figures.decode_rules, body.width, self.theme, self.words)
        body, strip = body.cut_top(body.height - rules)
        body = body.above(body.bottom + gap)
        if lines > 1 and body.height < ForwardPicture.least_height(rows, self.theme):
            return self._batching_frame(lines - 1, rows)
        return caption, body, strip

    def _back_to(self, turn: int) -> list[Animation]:
        states = states_at(self.continuous, turn)
        if not isinstance(self.talk.flow(), Replay):
            return self.stages.move(self.pills, states)
        self.stages.place(self.pills, states)
        return [FadeIn(self.stages), *map(FadeIn, self.pills.values())]

    def _forward(self, rows: list[DecodeRow], told: DecodeRules, heading: str, body: Box, ring: VMobject) -> VGroup:
        time, words = self.theme.time, self.words
        forward = ForwardPicture(rows, self.pills, body, self.theme, words)
        self.play(Create(ring), forward.appear(), run_time=time.write)
        foot = words.same_position_sentence(rows)
        self.play(told.start(), *self.head.change(heading, foot), *forward.only_largest_group(), run_time=time.move)
        self._today(heading)
        foot = words.merged_sentence(rows)
        self.play(*told.become(), *self.head.change(heading, foot), *forward.gather(), run_time=2 * time.move)
        self.play(forward.run(), run_time=time.move)
        self.play(forward.yield_tokens(), run_time=time.move)
        return forward.everything()

    def _nothing_decodes(self, told: DecodeRules, body: Box, ring: VMobject) -> VGroup:
        type_, time = self.theme.type, self.theme.time
        why = paragraph(self.words.NOTHING_DECODES, type_.lead, self.theme.palette.ink, body.width)
        self.play(
            Create(ring), FadeIn(why.at(body.left, body.top - type_.lead - self.theme.space.gap)), run_time=time.move
        )
        self.play(told.start(), run_time=time.move)
        self._today(self.words.ONE_FORWARD)
        self.play(*told.become(), run_time=time.move)
        return why

    def _today(self, heading: str) -> None:
        """From the rule of the past to that of today: a step of its own where long steps are divided."""
        if self.talk.substeps:
            self.step("batching/now", title=heading, notes=self.words.now_notes(chat_figures()))
        else:
            self.wait(self.theme.time.read)

    def throughput(self) -> None:
        """Bars grow from the talk's data, beside the claim that they explain."""
        words, time, theme = self.words, self.theme.time, self.theme
        self.step("throughput", title=words.THROUGHPUT)
        self.play(*self.head.change(words.THROUGHPUT), FadeOut(self.before), run_time=time.move)
        self.done_with(*self.talk.stage_knobs)
        figures, claim = self.talk.figures(), self.talk.throughput.quoted
        comparison, quoted = words.comparison(figures), words.quotation(claim) if claim else ""
        self.say(words.throughput_notes(figures, claim))
        caption = self.head.brief(comparison.caption)
        room = self.layout.body.above(self.head.room_above(caption))
        chart = ClaimBars(comparison, quoted, words.finding(figures), room, theme)
        self.play(*self.head.change(words.THROUGHPUT, caption), chart.appear(), run_time=time.move)
        self.play(chart.grow(), run_time=2 * time.write)
        if len(chart.claim):
            self.wait(time.pause)
            self.play(chart.tie(), run_time=time.move)
