"""Rest states in the colours of another theme, for decks of ours alone."""

from dataclasses import replace

from astrai_slides.export.shared.repainted import repainted
from astrai_slides.look.theme import DARK, PAPER
from astrai_slides.recording.format.container import dump, load
from astrai_slides.recording.format.model import Draw, Frame, Paint, Path, Recording, Step, Style, View


def rgba(colour: str, alpha: int = 255) -> int:
    return int(colour[1:], 16) << 8 | alpha


def recording(*fills: int, background: int) -> Recording:
    path = Path(((1, True),), bytes(32))
    draws = tuple(Draw(path, Style(fill=Paint((fill,)), stroke=Paint((fill,))), 0, 0) for fill in fills)
    frame = Frame(draws, View(0, 0, 100, 100), background)
    step = Step("one", (frame,), ((0, 1),), frame)
    return Recording("Deck", 2, 100, 100, background, (step,), palette=tuple(DARK.palette.named().items()))


def fills(shown: Recording) -> list[int]:
    return [op.style.fill.stops[0] for op in shown.steps[0].end.ops]


def test_every_colour_of_the_theme_becomes_the_other_s_and_keeps_its_opacity() -> None:
    drawn, other = DARK.palette, PAPER.palette
    plain = rgba("#123456")
    deck = recording(
        rgba(drawn.ink), rgba(drawn.accent, 51), rgba(drawn.categories[2]), plain, background=rgba(drawn.background)
    )
    shown = repainted(deck, "paper")
    assert fills(shown) == [rgba(other.ink), rgba(other.accent, 51), rgba(other.categories[2]), plain]
    assert shown.steps[0].end.background == shown.background == rgba("#FFFFFF")
    assert shown.steps[0].end.ops[0].style.stroke == Paint((rgba(other.ink),))
    assert shown.steps[0].frames is deck.steps[0].frames, "what moves is not printed"


def test_other_decks_and_themes_stay_as_they_are() -> None:
    deck = recording(rgba(DARK.palette.ink), background=rgba(DARK.palette.background))
    assert repainted(deck, "") is deck
    assert repainted(deck, "dark") is deck
    plain = replace(deck, palette=())
    assert repainted(plain, "paper") is plain


def test_a_file_keeps_the_palette_and_one_without_has_no_word_of_it() -> None:
    deck = recording(rgba(DARK.palette.ink), background=rgba(DARK.palette.background))
    assert load(dump(deck)).palette == deck.palette
    assert b"palette" not in dump(replace(deck, palette=()))
