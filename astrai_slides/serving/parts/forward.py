"""Inside one decode turn: rows of different KV length go through one forward, and each leaves with one token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from manim import RIGHT, AnimationGroup, FadeIn, Indicate, LaggedStart, MoveToTarget, VGroup

from astrai_slides.deck.parts.shapes import arrow, plain, rounded
from astrai_slides.deck.parts.text import TIGHT, Paragraph, broken, count_label, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.parts.request import RequestPill
from astrai_slides.serving.roles import state_color
from astrai_slides.serving.sim import DecodeRow, State, largest_group
from astrai_slides.serving.words.wording import Words

_LEAST_PITCH = 1.1
"""Times a request's height, that rows are apart at least."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of the picture are, from left to right, and how what is over the caches is broken."""

    spans: tuple[tuple[float, float], ...]
    """Left and right of positions, caches and the block of the forward."""
    token: float
    """Middle of the tokens."""
    cache_lines: tuple[str, ...]
    is_narrow: bool

    leading: ClassVar[float] = 0.3
    """Scene units between the baselines of what is over the caches."""

    @classmethod
    def of(cls, box: Box, pill_width: float, token_header: float, theme: Theme, words: Words) -> "_Columns":
        type_, space = theme.type, theme.space
        _, positions = box.cut_left(pill_width + space.gap)
        positions, rest = positions.cut_left(5.2 * space.gap)
        bars, behind = rest.cut_left(rest.width * 0.56)
        block, _ = Box(bars.right + space.hair, bars.bottom, behind.right, bars.top).cut_left(behind.width * 0.45)
        needed = max(
            label(word, type_.lead, theme.palette.ink, weight="SEMIBOLD").width for word in words.ONE_FORWARD_BLOCK
        )
        if needed + 2 * space.hair <= block.width:
            spans = tuple((part.left, part.right) for part in (positions, bars, block))
            room = box.right - token_header - space.gap - bars.left
            lines = broken(words.KV_CACHE, type_.small, room)
            return cls(spans, box.right - token_header / 2, lines, False)
        # a phone: every column as narrow as what is in it, and the caches have the rest
        token = space.pill_height * 0.6
        width = needed * type_.body / type_.lead / TIGHT + 2 * space.near
        block_right = box.right - 2 * token - 2 * space.gap
        position = label(words.POSITION, type_.small, theme.palette.ink).width + space.gap
        left = box.left + pill_width + space.near
        bars_right = block_right - width - space.hair
        lines = broken(words.KV_CACHE, type_.small, box.right - left - position)
        spans = (left, left + position), (left + position, bars_right), (block_right - width, block_right)
        return cls(spans, box.right - token, lines, True)


class ForwardPicture(VGroup):
    """The rows of a decode turn, the one forward they share, and the tokens they leave with."""

    def __init__(
        self, rows: Sequence[DecodeRow], pills: Mapping[str, RequestPill], box: Box, theme: Theme, words: Words
    ) -> None:
        super().__init__()
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme = theme
        self.data = rows
        self._waiting: list[Any] = []
        pill_width = float(max((pills[row.name].width for row in rows), default=space.pill_width))
        self.token_header = label(words.ONE_TOKEN_EACH, type_.small, palette.muted)
        columns = _Columns.of(box, pill_width, float(self.token_header.width), theme, words)
        cache = Paragraph([label(line, type_.small, palette.muted) for line in columns.cache_lines], columns.leading)
        header, body = box.cut_top(type_.small + (len(cache) - 1) * columns.leading + space.gap)
        if columns.is_narrow:
            # what is over the tokens elsewhere is under them
            body = body.above(body.bottom + type_.small + space.near)
        height = min(body.height, max(len(rows), 2) * 3 * space.pill_height)
        body = Box(body.left, body.top - height, body.right, body.top)
        token_x = columns.token
        self.token_header.at(
            box.right,
            body.bottom - space.near - type_.small if columns.is_narrow else header.top - type_.small,
            "right",
        )
        positions, bars, block = (Box(left, body.bottom, right, body.top) for left, right in columns.spans)
        self.block = self._block(block, words, type_.body if columns.is_narrow else type_.lead)
        last = header.top - type_.small - (len(cache) - 1) * columns.leading
        heads = [
            label(word, type_.small, palette.muted).at(x, last)
            for word, x in ((words.ROW, body.left), (words.POSITION, positions.left))
        ]
        self.headers = VGroup(*heads, *cache.at(bars.left, header.top - type_.small))
        longest = max((row.position for row in rows), default=1)
        self.rows, self.bars, self.tokens, self.arrows = VGroup(), VGroup(), VGroup(), VGroup()
        for row, place in zip(rows, body.rows(max(len(rows), 1), 0.0), strict=False):
            pill = pills[row.name].copy()
            y = place.center[1]
            pill.move_to((body.left + pill_width / 2, y, 0))
            position = count_label(row.position, type_.body, palette.ink, positions.width - space.near)
            position.centered(positions.left, y, "left")
            bar = self._bar(row, pill.color_name, bars, place, longest)
            self.rows.add(VGroup(pill, position, bar))
            self.bars.add(bar)
            half = min(0.6 * space.pill_height, 0.47 * place.height)
            self.arrows.add(self._arrow(block.right + space.near, token_x - half - space.near, y))
            self.tokens.add(self._token(pill.color_name, token_x, y, half))
        self.flush = bars.right
        self.add(self.headers, self.rows)

    def _bar(self, row: DecodeRow, color: str, box: Box, place: Box, longest: int) -> VGroup:
        space, y = self.theme.space, place.center[1]
        unit = (box.width - space.gap) / longest
        half = min(space.pill_height / 2, 0.42 * place.height)
        middle = box.left + row.prompt * unit
        right = middle + row.generated * unit
        prompt = plain(Box(box.left, y - half, middle, y + half), color=color, stroke_width=space.stroke)
        prompt.set_fill(color, opacity=space.ghost)
        answer = plain(Box(middle, y - half, right, y + half), color=color, stroke_width=space.stroke)
        return VGroup(prompt, answer.set_fill(color, opacity=1))

    def _block(self, box: Box, words: Words, cap: float) -> VGroup:
        space, color = self.theme.space, state_color(State.DECODE, self.theme)
        frame = rounded(box, space.radius, color=color, stroke_width=space.strong)
        frame.set_fill(color, opacity=2 * space.tint)
        x, y, _ = box.center
        lines = words.ONE_FORWARD_BLOCK
        said = [
            label(word, cap, color, weight="SEMIBOLD").centered(x, y + ((len(lines) - 1) / 2 - index) * cap * 1.8)
            for index, word in enumerate(lines)
        ]
        return VGroup(frame, *said)

    @staticmethod
    def least_height(rows: int, theme: Theme) -> float:
        """Of a box, so that `rows` rows keep apart."""
        return theme.type.small + theme.space.gap + rows * _LEAST_PITCH * theme.space.pill_height

    def _arrow(self, left: float, right: float, y: float) -> Any:
        return arrow((left, y), (right, y), self.theme)

    def _token(self, color: str, x: float, y: float, half: float) -> VGroup:
        space, palette, type_ = self.theme.space, self.theme.palette, self.theme.type
        square = rounded(Box(x - half, y - half, x + half, y + half), space.radius * 0.6, color=color, stroke_width=0)
        square.set_fill(color, opacity=1)
        return VGroup(square, label("+1", type_.small, palette.on_fill, weight="BOLD", tabular=True).centered(x, y))

    def appear(self) -> Any:
        """The rows come one after another."""
        return LaggedStart(FadeIn(self.headers), *map(FadeIn, self.rows), lag_ratio=self.theme.time.lag)

    def only_largest_group(self) -> list[Any]:
        """Early AstrAI: caches of rows that are not at the largest group's position fade, as these had to wait."""
        chosen = largest_group(self.data)
        waiting = [row for data, row in zip(self.data, self.rows, strict=True) if data not in chosen]
        for row in waiting:
            row.save_state()
        self._waiting = waiting
        # names and positions stay: dimmed, they could not be read
        return [row[2].animate.fade(1 - self.theme.space.dimmed) for row in waiting]

    def gather(self) -> list[Any]:
        """All rows are back, and draw up at the forward, flush."""
        restored = [row.saved_state for row in self._waiting]
        animations: list[Any] = [FadeIn(self.block, shift=RIGHT * self.theme.space.near)]
        for row, bar in zip(self.rows, self.bars, strict=True):
            distance = self.flush - bar.get_right()[0]
            if row in self._waiting:
                target = restored[self._waiting.index(row)].copy()
                target[2].shift(RIGHT * distance)
                row.target = target
                animations.append(MoveToTarget(row))
            else:
                animations.append(bar.animate.shift(RIGHT * distance))
        return animations

    def run(self) -> Any:
        """The forward runs once."""
        return Indicate(self.block, scale_factor=1.03, color=state_color(State.DECODE, self.theme))

    def yield_tokens(self) -> Any:
        """One token leaves for every row, all at the same time."""
        return AnimationGroup(
            FadeIn(self.token_header), *map(FadeIn, self.arrows), *(FadeIn(t, shift=RIGHT) for t in self.tokens)
        )

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.headers, self.rows, self.block, self.token_header, self.arrows, self.tokens)
