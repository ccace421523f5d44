"""Lines of texts and steps, switches, and numbers that were typed, in a deck's source."""

from astrai_slides.check.source import DeckSource

PLAIN = '''
class Talk(Slide):
    """CC BY 4.0"""
    def construct(self):
        self.add(Text("alone"))
        self.add(Text("twice"))
        self.next_slide()
        self.add(Text("twice"))  # check: off too-small nobody reads it
        self.add(Text(f"{count} of 16 slots"))
        self.next_slide()
        self.add(Text("more\\nlines"))  # check: off off-frame


class Other(Slide):
    def construct(self):
        self.add(Text("elsewhere"))
'''
OURS = """
from astrai_slides.deck.base import Deck

class Mine(Deck):
    def construct(self):
        self.second()
        self.first()

    def first(self):
        self.step("one", title="One")

    def second(self):
        self.step("two", title="Two")
        self.add(Text("12 of 30"))
"""


def source(text: str, scene: str) -> DeckSource:
    return DeckSource("deck.py", scene, text.encode())


def test_a_text_has_the_line_in_which_it_stands() -> None:
    deck = source(PLAIN, "Talk")
    assert [deck.line_of(text) for text in ("alone", "more lines", "7 of 16 slots", "elsewhere")] == [5, 11, 9, 16]
    assert [deck.line_of("twice", step) for step in (0, 1)] == [6, 8]
    assert [deck.line_of(text) for text in ("CC BY 4.0", "", "nowhere")] == [0, 0, 0]


def test_steps_have_lines() -> None:
    deck = source(PLAIN, "Talk")
    assert [deck.step_lines(place) for place in range(4)] == [(2, 7), (7, 10), (10, 12), (2, 12)]
    ours = source(OURS, "Mine")
    assert [ours.step_lines(place, name) for place, name in enumerate(("two", "one", "three"))] == [
        (12, 15),
        (9, 11),
        (4, 15),
    ]


def test_switches_are_comments() -> None:
    assert [(off.rule, off.reason, off.line) for off in source(PLAIN, "Talk").off] == [
        ("too-small", "nobody reads it", 8),
        ("off-frame", "", 11),
    ]


def test_numbers_that_stand_in_a_deck_of_ours_are_typed() -> None:
    ours = source(OURS, "Mine")
    assert ours.is_ours
    assert not source(PLAIN, "Talk").is_ours
    assert [ours.types(text, number) for text, number in (("12 of 30", "12"), ("13 of 30", "13"))] == [True, False]
    assert source(PLAIN, "Talk").types("7 of 16 slots", "16")
    assert not source(PLAIN, "Talk").types("7 of 16 slots", "7")


def test_what_is_no_python_has_no_lines() -> None:
    for text in ("class Talk(", "\0"):
        deck = source(text, "Talk")
        assert (deck.line_of("alone"), deck.step_line(0, ""), deck.off, deck.literals) == (0, 0, [], [])
