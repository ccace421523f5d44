"""[explore] in a talk file: knobs over its keys, faults named, and which of them a deck reads."""

from functools import cached_property
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from astrai_slides.base.knobs import Knob
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.explore import with_values
from astrai_slides.talk.file import Talk
from astrai_slides.talk.tables import Items, Table

MANY = "\n[deck]\n" + "\n".join(f"k{number} = 1" for number in range(501))
HEAD = 'scene = "deck.py:Deck"\n[box]\nwidth = 2\nsides = [1, 2]\n'


class Box(Table):
    """A table of its own."""

    width: Annotated[int, Field(le=9)]
    sides: Items[int] = ()
    round: bool = False


class BoxTalk(Talk):
    """A talk with a table of its own, and something computed from it."""

    box: Box
    note: str = "as it is"

    @cached_property
    def rows(self) -> list[int]:
        """Computed once."""
        return [0] * self.box.width

    @cached_property
    def cells(self) -> list[int]:
        """Computed of something computed."""
        return self.rows * len(self.note)

    @cached_property
    def wrong(self) -> float:
        """Cannot be computed."""
        return self.box.width / 0

    @property
    def area(self) -> int:
        """By a property."""
        return self.box.width**2


def talk(explore: str, path: Path = Path("talk.toml")) -> BoxTalk:
    return BoxTalk.from_text(path, f"{HEAD}[explore]\n{explore}")


def test_any_key_of_a_talk_is_a_knob() -> None:
    told = talk(
        '"box.width" = [1, 2]\n"box.round" = [true, false]\nnote = { values = ["as it is", "no"], label = "Say" }'
    )
    assert [(knob.name, knob.label, knob.texts, knob.value) for knob in told.knobs] == [
        ("box.width", "Width", ("1", "2"), 1),
        ("box.round", "Round", ("on", "off"), 1),
        ("note", "Say", ("as it is", "no"), 0),
    ]
    turned = told.turned({"box.width": 0, "note": 1})
    assert (turned.box.width, turned.note, turned.box.sides) == (1, "no", (1, 2))
    assert turned.knobs == told.knobs
    assert [knob.value for knob in told.turned({"box.width": 0}, by_default=True).knobs] == [0, 1, 0]


def test_values_may_have_names() -> None:
    told = talk('[explore."box.sides"]\nfew = [1, 2]\nmany = [1, 2, 3, 4]')
    assert [(knob.texts, knob.value) for knob in told.knobs] == [(("few", "many"), 0)]
    assert told.turned({"box.sides": 1}).box.sides == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("explore", "said"),
    [
        ('"box.width" = [1, 3]', 'talk.toml: explore."box.width": the talk has 2, which is none of the values'),
        ('"bix.width" = [1, 3]', "did you mean 'box'?"),
        ('"box.width" = 2', "must be a list of values, or a table with a name for each"),
        ('"box.width" = [2]', "has 1 values; list two at least"),
        ('"box.width" = [2, 11]', 'explore."box.width", 11: box.width: must be less than or equal to 9, not 11'),
        ('"box.height" = [2, 3]', "the talk does not say it; write it into the talk, or mend the name"),
        ("box.width = [2, 3]", 'write a key that leads into a table in quotes, as "box.width"'),
        ('scene = ["a", "b"]', "scene cannot be explored"),
        ('"box.width" = { values = [2, 3], labl = "x" }', 'explore."box.width".labl: unknown key'),
        ('"box.width.more" = [2, 3]', "the talk does not say it"),
        ("[explore.box]\nhight = [1]\nwidth = [1, 2]", 'in quotes, as "box.width"'),
        ('note = { values = ["as it is", "no"], label = 3 }', 'explore."note".label: must be text, in quotes'),
        ('"box.width" = [2, "wide"]', "are not all numbers, all words or all True and False"),
        ("box = [{ width = 2 }, { width = 3 }]", "which is none of the values; add it to them"),
        ("deck = [{ a = 1 }, []]", "the talk has {}, which is none of the values"),
        (f'"box.width" = [2, {", ".join(map(str, range(3, 2003)))}]', "has more than 1,000 values; list those"),
        ("\n".join(f'"deck.k{number}" = [1, 2]' for number in range(501)) + MANY, "has more than 1,000 values; list"),
        (
            '"deck.a" = { table = { b = 1 }, number = 5 }\n"deck.a.b" = [1, 2]\n[deck]\na = { b = 1 }',
            'explore."deck.a.b": leads into deck.a, which explore."deck.a" makes 5; leave one of the two out',
        ),
    ],
)
def test_a_fault_names_file_key_and_remedy(explore: str, said: str) -> None:
    with pytest.raises(AstraiSlidesError) as told:
        talk(explore)
    assert said in str(told.value)
    assert str(told.value).startswith("talk.toml: explore")


@pytest.mark.parametrize("key", ["scene", "aspect", "explore", "html", "check", "planned", "print_theme"])
def test_what_makes_another_deck_or_file_is_no_knob(key: str) -> None:
    with pytest.raises(AstraiSlidesError, match=f'explore."{key}": {key} cannot be explored'):
        talk(f'{key} = ["a", "b"]')


def test_other_values_leave_the_talk_and_what_is_listed_as_they_are() -> None:
    data = {"box": {"width": 2}}
    table = {"width": 3, "round": True}
    turned = with_values(data, [(["box", "width"], 5), (["more", "far"], 1), (["box"], table)])
    assert turned == {"box": {"width": 5, "round": True}, "more": {"far": 1}}
    assert with_values(data, [(["box", "width"], 5)]) == {"box": {"width": 5}}
    assert data == {"box": {"width": 2}}
    assert table == {"width": 3, "round": True}


def reads(told: BoxTalk, use: str) -> list[str]:
    """Which knobs the expression `use` of the talk `t` reads."""
    read: list[Knob] = []
    with told.telling(read.append):
        eval(use, {"t": told})
    return [knob.name for knob in read]


EXPLORED = '"box.width" = [1, 2]\nnote = ["as it is", "no"]\n[explore."box.sides"]\nfew = [1, 2]\nmany = [1]'


@pytest.mark.parametrize(
    ("use", "read"),
    [
        ("t.language", []),
        ("t.box", []),
        ("t.box.round", []),
        ("t.box.width", ["box.width"]),
        ("t.area", ["box.width"]),
        ("t.box.sides[0]", ["box.sides"]),
        ("t.note", ["note"]),
        ("t.rows", ["box.width"]),
        ("t.cells", ["box.width", "note"]),
        ("t.model_copy()", ["box.width", "note", "box.sides"]),
        ("t.model_dump_json()", ["box.width", "note", "box.sides"]),
        ("vars(t.box)", ["box.width", "box.sides"]),
        ("t.look.name", []),
        ("t.model_dump()", ["box.width", "note", "box.sides"]),
        ("t.box.model_dump()", ["box.width", "box.sides"]),
        ("t.box == t.box.model_copy()", ["box.width", "box.sides"]),
    ],
)
def test_what_is_read_of_a_talk_is_told_by_its_knobs(use: str, read: list[str]) -> None:
    assert list(dict.fromkeys(reads(talk(EXPLORED), use))) == read


def test_nothing_is_told_outside_nor_of_another_talk() -> None:
    one, other = talk(EXPLORED), talk(EXPLORED)
    read: list[Knob] = []
    with one.telling(read.append):
        assert other.box.width == 2
        assert one.box.round is False
    assert one.box.width == 2
    assert not read


def test_what_was_computed_before_is_read_again_as_it_is() -> None:
    told = talk(EXPLORED)
    read: list[Knob] = []
    with told.telling(read.append):
        first = told.rows
        read.clear()
        assert told.rows is first
        assert [knob.name for knob in read] == ["box.width"]
        read.clear()
        with pytest.raises(ZeroDivisionError):
            _ = told.wrong
        assert "box.width" in [knob.name for knob in read]


def test_a_deck_that_runs_inside_another_leaves_it_told() -> None:
    one, other = talk(EXPLORED), talk(EXPLORED)
    read: list[Knob] = []
    with one.telling(read.append):
        with other.telling(lambda _: None):
            assert other.note
        assert not read
        assert one.note
    assert [knob.name for knob in read] == ["note"]


@pytest.mark.parametrize("use", ["t.box.width", "t.area", "t.rows", "t.cells", "t.model_dump()['box']", "vars(t.box)"])
def test_a_talk_that_is_turned_as_it_is_read_gives_the_other_value_at_once(use: str) -> None:
    one = talk(EXPLORED)
    held, other = one.box, one.turned({"box.width": 0})
    assert other.box.width == 1
    expected = eval(use, {"t": other})

    def turn(knob: Knob) -> None:
        if knob.name == "box.width" and object.__getattribute__(one.box, "__dict__")["width"] == 2:
            one.become(other)

    with one.telling(turn):
        assert eval(use, {"t": one}) == expected
        assert held is one.box
        assert held.width == 1
        assert one.note == other.note
