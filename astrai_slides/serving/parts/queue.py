"""The waiting queue seen close: a card for each request, with its prompt and an answer nobody knows yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manim import DOWN, RIGHT, FadeIn, FadeOut, LaggedStart, Restore, Transform, VGroup

from astrai_slides.deck.parts.shapes import dashed_box, plain, rounded
from astrai_slides.deck.parts.text import count_label, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.parts.request import RequestPill
from astrai_slides.serving.parts.stages import Stage
from astrai_slides.serving.roles import state_color
from astrai_slides.serving.sim import Request, State
from astrai_slides.serving.words.wording import Words

_TALL = 2.0
"""Times its height: in a box that is less wide the cards lie."""
_MOST_CELLS = 12
"""An answer longer than this is ghosted as a bar, not as cells."""


@dataclass(frozen=True, slots=True)
class CardRows:
    """Heights in a card: middle of the name, of the prompt's bar, of the question mark, of the ghost."""

    name: float
    prompt: float
    unknown: float
    ghost: float

    @classmethod
    def of(cls, box: Box, theme: Theme) -> "CardRows":
        """Spread over `box`, a number under prompt and ghost."""
        number = theme.type.small + 1.6 * theme.space.near
        name = box.top - theme.space.pill_height / 2
        ghost = box.bottom + number
        step = (name - ghost - number) / 3
        return cls(name, name - step, name - 2 * step - number, ghost)


@dataclass(frozen=True, slots=True)
class CardColumns:
    """Left edges in a card that lies: of the name, of the prompt's bar, of the question mark, of the ghost.

    `bar` is the width of the longest bar, `number` what the count beside it may take.
    """

    name: float
    prompt: float
    unknown: float
    ghost: float
    bar: float
    number: float

    @classmethod
    def of(cls, box: Box, pill_width: float, theme: Theme) -> "CardColumns":
        """Spread over `box`: both bars are of one scale of width, a count beside each."""
        space = theme.space
        name = box.left + space.near
        prompt = name + pill_width + space.gap
        unknown_width, number = 2.4 * theme.type.figure, 3 * theme.type.small
        rest = box.right - space.near - prompt - unknown_width
        unknown = prompt + rest / 2
        return cls(name, prompt, unknown, unknown + unknown_width, rest / 2 - number - space.near, number)


class RequestCard(VGroup):
    """One request in the queue: name, prompt as a bar, the answer as "?" and, apart, as a ghost."""

    def __init__(self, request: Request, pill: RequestPill, box: Box, longest: tuple[int, int], theme: Theme) -> None:
        super().__init__()
        type_, palette = theme.type, theme.palette
        self.pill, self._theme = pill, theme
        if box.width > box.height:
            self._lie(request, box, longest)
            return
        ground = box.inset(0, -theme.space.near)
        self.ground = rounded(ground, theme.space.radius, color=palette.faint, fill_opacity=1, stroke_width=0)
        inner, x = box.inset(theme.space.near, 0), box.center[0]
        self._width = inner.width
        rows = CardRows.of(box, theme)
        pill.move_to((x, rows.name, 0))
        bar = self._strip(inner, request.prompt_tokens / longest[0], rows.prompt)
        self.prompt = VGroup(
            rounded(bar, theme.space.hair, color=pill.color_name, fill_opacity=1, stroke_width=0),
            self._number(request.prompt_tokens, bar),
        )
        self.unknown = label("?", type_.figure, palette.ink, weight="SEMIBOLD").centered(x, rows.unknown)
        strip = self._strip(inner, request.output_tokens / longest[1], rows.ghost)
        self.ghost = VGroup(self._outline(strip, request.output_tokens, longest[1]))
        self.ghost.add(self._number(request.output_tokens, strip))
        self.add(self.ground, pill, self.prompt, self.unknown)

    def _lie(self, request: Request, box: Box, longest: tuple[int, int]) -> None:
        """As a row: what stands under each other in a card stands side by side."""
        space, type_, palette = self._theme.space, self._theme.type, self._theme.palette
        self.ground = rounded(box, space.radius, color=palette.faint, fill_opacity=1, stroke_width=0)
        columns = CardColumns.of(box, self.pill.width, self._theme)
        y = box.center[1]
        self._width = columns.number
        self.pill.move_to((columns.name + self.pill.width / 2, y, 0))
        bar = self._strip_from(columns.prompt, columns.bar * request.prompt_tokens / longest[0], y)
        self.prompt = VGroup(
            rounded(bar, space.hair, color=self.pill.color_name, fill_opacity=1, stroke_width=0),
            self._beside(request.prompt_tokens, bar),
        )
        self.unknown = label("?", type_.figure, palette.ink, weight="SEMIBOLD").centered(columns.unknown, y, "left")
        strip = self._strip_from(columns.ghost, columns.bar * request.output_tokens / longest[1], y)
        self.ghost = VGroup(self._outline(strip, request.output_tokens, longest[1]))
        self.ghost.add(self._beside(request.output_tokens, strip))
        self.add(self.ground, self.pill, self.prompt, self.unknown)

    def _strip_from(self, left: float, width: float, y: float) -> Box:
        high = self._theme.space.near * 0.75
        return Box(left, y - high, left + max(width, self._theme.space.hair), y + high)

    def _beside(self, tokens: int, strip: Box) -> Any:
        type_, space = self._theme.type, self._theme.space
        words = count_label(tokens, type_.small, self._theme.palette.muted, self._width)
        return words.centered(strip.right + space.near / 2, strip.center[1], "left")

    def _strip(self, inner: Box, share: float, y: float) -> Box:
        """A bar, `share` of the card wide, in its middle."""
        half = max(inner.width * share, self._theme.space.hair) / 2
        x, high = inner.center[0], self._theme.space.near * 0.75
        return Box(x - half, y - high, x + half, y + high)

    def _number(self, tokens: int, under: Box) -> Any:
        type_ = self._theme.type
        words = count_label(tokens, type_.small, self._theme.palette.muted, self._width)
        return words.at(under.center[0], under.bottom - type_.small - self._theme.space.near * 0.85, "center")

    def _outline(self, strip: Box, tokens: int, longest: int) -> VGroup:
        space, color = self._theme.space, self._theme.palette.muted
        if longest <= _MOST_CELLS:
            cells = strip.columns(tokens, min(space.hair / 2, strip.width / tokens / 4))
            return VGroup(*(plain(cell, color=color, stroke_width=space.thin) for cell in cells))
        return dashed_box(strip, color, space.thin, space.hair)


class QueueTray(VGroup):
    """The Waiting Queue as a wide tray: row names on the left, cards side by side; or rows under names, where tall."""

    def __init__(
        self, requests: Sequence[Request], pills: dict[str, RequestPill], box: Box, theme: Theme, words: Words
    ) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme, color = theme, state_color(State.WAITING, theme)
        self.frame = rounded(box, space.radius, color=color, stroke_width=space.stroke)
        self.frame.set_fill(color, opacity=space.tint)
        self.title = label(words.STATES[State.WAITING], type_.body, color, weight="SEMIBOLD")
        self._is_tall = box.width < _TALL * box.height
        if self._is_tall:
            names, cards = box.inset(space.gap / 2, space.gap).cut_top(type_.body + type_.small + 2 * space.gap)
            parts = cards.rows(max(len(requests), 5), space.near)
        else:
            names, cards = box.inset(space.gap, space.gap + space.near).cut_left(self.title.width + 1.5 * space.gap)
            parts = cards.columns(max(len(requests), 5), space.near)
        longest = (max(r.prompt_tokens for r in requests), max(r.output_tokens for r in requests))
        self._cards = [
            RequestCard(request, pills[request.name], part, longest, theme)
            for request, part in zip(requests, parts, strict=False)
        ]
        self.cards = VGroup(*self._cards)
        told = [label(name, type_.small, palette.muted) for name in (words.PROMPT, words.ANSWER, words.ANSWER_LENGTH)]
        if self._is_tall:
            columns = CardColumns.of(parts[0], max(pill.width for pill in pills.values()), theme)
            self.title.at(columns.name, names.top - type_.body)
            for name, x in zip(told, (columns.prompt, columns.unknown, columns.ghost), strict=True):
                name.at(x, names.bottom + space.gap / 2)
        else:
            rows = CardRows.of(parts[0], theme)
            self.title.centered(names.left, rows.name, "left")
            for name, y in zip(told, (rows.prompt, rows.unknown, rows.ghost), strict=True):
                name.centered(names.left, y, "left")
        self.row_names = VGroup(*told)
        super().__init__(self.row_names, self.cards)

    def open_from(self, stage: Stage) -> list[Any]:
        """The stage grows into the tray."""
        self._stage = stage
        stage.save_state()
        return [Transform(stage, VGroup(self.frame, self.title)), FadeIn(self.row_names[:-1])]

    def close(self) -> list[Any]:
        """The tray shrinks to its stage again; all but the requests' pills goes."""
        return [Restore(self._stage), FadeOut(self.row_names), FadeOut(self._details)]

    def leave(self) -> Any:
        """All of it goes, the requests too; see `reset`."""
        pills: list[Any] = [card.pill for card in self._cards]
        return FadeOut(VGroup(self._stage, self.row_names, self._details, *pills))

    def reset(self) -> None:
        """Give the stage, which is off screen, its own shape again."""
        self._stage.restore()

    @property
    def _details(self) -> VGroup:
        details = VGroup()
        for card in self._cards:
            details.add(card.ground, card.prompt, card.unknown, card.ghost)
        return details

    def drop(self) -> Any:
        """The requests fall into the queue one by one; rows come from the side, as names stand over them."""
        way = self.theme.space.gap * 3 * (RIGHT if self._is_tall else DOWN)
        return LaggedStart(*(FadeIn(card, shift=way) for card in self.cards), lag_ratio=0.5)

    def reveal(self) -> Any:
        """The answers' lengths appear, ghosted; to the scheduler they stay question marks."""
        coming: list[Any] = [self.row_names[-1], *(card.ghost for card in self._cards)]
        return LaggedStart(*map(FadeIn, coming), lag_ratio=self.theme.time.lag / 2)


class Sockets(VGroup):
    """Empty slots that wait, side by side."""

    def __init__(self, slots: int, box: Box, theme: Theme, words: Words) -> None:
        super().__init__()
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme = theme
        widest = (box.width - 3 * space.gap) / 4
        width = widest * slots + space.gap * (slots - 1) if slots > 3 else box.width
        parts = Box(box.left, box.bottom, box.left + width, box.top).columns(slots, space.gap)
        self.labels = VGroup()
        self.sockets = VGroup()
        for slot, part in enumerate(parts):
            self.sockets.add(dashed_box(part, palette.line, space.stroke, space.near))
            self.labels.add(label(words.slot(slot + 1), type_.body, palette.muted).centered(*part.center[:2]))
        self.add(self.sockets, self.labels)

    def appear(self) -> Any:
        """They come one after another."""
        pairs = (VGroup(socket, name) for socket, name in zip(self.sockets, self.labels, strict=True))
        return LaggedStart(*map(FadeIn, pairs), lag_ratio=self.theme.time.lag)

    def leave(self) -> Any:
        """They go."""
        return FadeOut(self)
