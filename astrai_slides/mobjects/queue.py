"""The waiting queue seen close: a card for each request, with its prompt and an answer nobody knows yet."""

from collections.abc import Sequence
from typing import Any

from manim import UP, FadeIn, FadeOut, LaggedStart, Restore, Transform, VGroup

from astrai_slides.layout import Box
from astrai_slides.mobjects.request import RequestPill
from astrai_slides.mobjects.shapes import dashes, plain, rounded
from astrai_slides.mobjects.stages import Stage
from astrai_slides.mobjects.text import label
from astrai_slides.serving import Request
from astrai_slides.theme import Theme

_MOST_CELLS = 12
"""An answer longer than this is ghosted as a bar, not as cells."""


class RequestCard(VGroup):
    """One request in the queue: name, prompt as a bar, the answer as "?" and, apart, as a ghost."""

    def __init__(self, request: Request, pill: RequestPill, box: Box, longest: tuple[int, int], theme: Theme) -> None:
        super().__init__()
        type_, space, palette = theme.type, theme.space, theme.palette
        self.pill = pill
        x = box.center[0]
        pill_row, prompt_row, answer_row = card_rows(box, theme)
        pill.move_to((x, pill_row, 0))
        width = (box.width - space.near) * request.prompt_tokens / longest[0]
        width = max(width, space.hair)
        bar_top = prompt_row + space.near * 0.75
        bar = Box(x - width / 2, prompt_row - space.near * 0.75, x + width / 2, bar_top)
        self.prompt = VGroup(
            rounded(bar, space.hair, color=pill.color_name, fill_opacity=1, stroke_width=0),
            label(f"{request.prompt_tokens:,}", type_.small, palette.muted, tabular=True).at(
                x, bar.bottom - type_.small - space.near, "center"
            ),
        )
        self.unknown = label("?", type_.figure, palette.ink, weight="SEMIBOLD").centered(x, answer_row)
        self.ghost = self._ghost(request.output_tokens, longest[1], x, answer_row, box.width - space.near, theme)
        self.add(pill, self.prompt, self.unknown)

    def _ghost(self, tokens: int, longest: int, x: float, y: float, width: float, theme: Theme) -> VGroup:
        space, palette, type_ = theme.space, theme.palette, theme.type
        cells = longest <= _MOST_CELLS
        length = width * tokens / max(longest, 1)
        top, bottom = y + space.near * 0.75, y - space.near * 0.75
        box = Box(x - length / 2, bottom, x + length / 2, top)
        corners = [(box.left, bottom), (box.right, bottom), (box.right, top), (box.left, top)]
        ghost = VGroup()
        if cells:
            pitch = width / max(longest, 1)
            for part in box.columns(tokens, min(space.hair / 2, pitch / 4)):
                ghost.add(plain(part, color=palette.muted, stroke_width=space.thin))
        else:
            for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
                ghost.add(dashes(start, end, palette.muted, space.thin, space.hair))
        words = label(f"{tokens:,}", type_.small, palette.muted, tabular=True)
        return ghost.add(words.at(x, bottom - type_.small - space.near, "center"))


def card_rows(box: Box, theme: Theme) -> tuple[float, float, float]:
    """Heights of the name, the prompt's bar and the answer in a card."""
    drop = theme.type.small + 2 * theme.space.near
    top = box.top - theme.space.pill_height / 2
    answer = box.bottom + drop
    return top, (top + answer) / 2 + theme.space.near * 0.5, answer


class QueueTray(VGroup):
    """The Waiting Queue as a wide tray: row names on the left, cards side by side."""

    def __init__(
        self, requests: Sequence[Request], pills: dict[str, RequestPill], box: Box, title: str, theme: Theme
    ) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme = theme
        self.frame = rounded(box, space.radius, color=palette.waiting, stroke_width=space.stroke)
        self.frame.set_fill(palette.waiting, opacity=space.stage_fill)
        self.title = label(title, type_.body, palette.waiting, weight="SEMIBOLD")
        head, inner = box.inset(space.gap, space.gap * 0.8).cut_top(type_.body)
        self.title.at(head.left, head.bottom)
        _, inner = inner.cut_top(space.near)
        names, cards = inner.cut_left(1.5)
        parts = cards.columns(max(len(requests), 5), space.near)
        longest = (max(r.prompt_tokens for r in requests), max(r.output_tokens for r in requests))
        self.cards = VGroup(
            *(
                RequestCard(request, pills[request.name], part, longest, theme)
                for request, part in zip(requests, parts, strict=False)
            )
        )
        _, prompt_row, answer_row = card_rows(parts[0], theme)
        self.row_names = VGroup(
            label("prompt", type_.small, palette.muted).centered(names.left, prompt_row, "left"),
            label("answer", type_.small, palette.muted).centered(names.left, answer_row, "left"),
        )
        super().__init__(self.row_names, self.cards)

    def open_from(self, stage: Stage) -> list[Any]:
        """The stage grows into the tray."""
        self._stage = stage
        stage.save_state()
        return [Transform(stage, VGroup(self.frame, self.title)), FadeIn(self.row_names)]

    def close(self) -> list[Any]:
        """The tray shrinks to its stage again; all but the requests' pills goes."""
        details = VGroup(*(VGroup(card.prompt, card.ghost) for card in self.cards))
        return [Restore(self._stage), FadeOut(self.row_names), FadeOut(details)]

    def drop(self) -> Any:
        """The requests fall into the queue one by one."""
        height = self.theme.space.gap * 3
        return LaggedStart(*(FadeIn(card, shift=-UP * height) for card in self.cards), lag_ratio=0.5)

    def reveal(self) -> Any:
        """The answers' lengths appear, ghosted, in place of the question marks."""
        return LaggedStart(
            *(animation for card in self.cards for animation in (FadeOut(card.unknown), FadeIn(card.ghost))),  # type: ignore[arg-type]
            lag_ratio=self.theme.time.lag / 2,
        )


class Sockets(VGroup):
    """Empty slots that wait, side by side."""

    def __init__(self, slots: int, box: Box, theme: Theme) -> None:
        super().__init__()
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme = theme
        widest = (box.width - 3 * space.gap) / 4
        width = widest * slots + space.gap * (slots - 1) if slots > 3 else box.width
        parts = Box(box.left, box.bottom, box.left + width, box.top).columns(slots, space.gap)
        self.labels = VGroup()
        self.sockets = VGroup()
        for slot, part in enumerate(parts):
            corners = [
                (part.left, part.bottom),
                (part.right, part.bottom),
                (part.right, part.top),
                (part.left, part.top),
            ]
            sides = zip(corners, corners[1:] + corners[:1], strict=True)
            self.sockets.add(VGroup(*(dashes(a, b, palette.line, space.stroke, space.near) for a, b in sides)))
            self.labels.add(label(f"slot {slot + 1}", type_.body, palette.muted).centered(*part.center[:2]))
        self.add(self.sockets, self.labels)

    def appear(self) -> Any:
        """They come one after another."""
        pairs = (VGroup(socket, name) for socket, name in zip(self.sockets, self.labels, strict=True))
        return LaggedStart(*map(FadeIn, pairs), lag_ratio=self.theme.time.lag)

    def leave(self) -> Any:
        """They go."""
        return FadeOut(self)
