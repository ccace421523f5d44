"""Tables: every fault is one line with key and remedy, whatever the model, the key and the value."""

import datetime
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import UUID4, AfterValidator, Field, ValidationError
from talk_files import toml

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.talk import ServingTalk
from astrai_slides.talk import tables
from astrai_slides.talk.file import Talk
from astrai_slides.talk.tables import Items, Table, checked, problems, read_tables


def asserted_below_three(value: int) -> int:
    if value >= 3:
        raise AssertionError("three is\ntoo many")
    return value


def judged_below_three(value: int) -> int:
    if value >= 3:
        raise ValueError("three is too many")
    return value


class Leaf(Table):
    """A value of every kind that a model may ask for."""

    text: Annotated[str, Field(min_length=2, max_length=3)] = "ab"
    pattern: Annotated[str, Field(pattern="^a")] = "a"
    whole: Annotated[int, Field(ge=1, lt=10)] = 1
    even: Annotated[int, Field(multiple_of=2)] = 2
    number: Annotated[float, Field(gt=0.5, le=2)] = 1.0
    yes: bool = True
    day: datetime.date | None = None
    moment: datetime.datetime | None = None
    hour: datetime.time | None = None
    word: Literal["red", "green"] = "red"
    many: Annotated[Items[int], Field(min_length=1, max_length=2)] = (1,)
    plain_list: list[int] = Field(default_factory=list)
    by_name: Annotated[dict[str, int], Field(max_length=2)] = Field(default_factory=dict)
    either: int | str = 1
    text_or_table: "str | Named" = "a"
    asserted: Annotated[int, AfterValidator(asserted_below_three)] = 1
    judged: Annotated[int, AfterValidator(judged_below_three)] = 1
    named_otherwise: Annotated[int, Field(alias="class")] = 1


class Named(Table):
    """A table with a key that must be there."""

    name: str


class Square(Table):
    """One of two kinds."""

    kind: Literal["square"]
    side: int


class Circle(Table):
    """The other one."""

    kind: Literal["circle"]
    radius: int


class Tree(Table):
    """Tables in tables, in lists and under names that a person chooses."""

    leaf: Leaf = Leaf()
    leaves: Items[Leaf] = ()
    named: dict[str, Leaf] = Field(default_factory=dict)
    shape: Annotated[Square | Circle, Field(discriminator="kind")] | None = None
    tree: "Tree | None" = None


def told(data: dict[str, Any], model: type[Table] = Tree) -> list[str]:
    """What is said about `data`."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return problems(data, error)
    return []


LEAVES = [
    ("text = 3", "text: must be text, in quotes, not 3"),
    ('text = "a"', 'text: text must have at least 2 characters, not "a"'),
    ('text = "abcd"', 'text: text must have at most 3 characters, not "abcd"'),
    ('pattern = "b"', "pattern: text must match the pattern '^a', not \"b\""),
    ('whole = "1"', 'whole: must be a whole number, not "1"'),
    ("whole = 1.0", "whole: must be a whole number, not 1.0"),
    ("whole = 0", "whole: must be greater than or equal to 1, not 0"),
    ("whole = 10", "whole: must be less than 10, not 10"),
    ("even = 3", "even: must be a multiple of 2, not 3"),
    ("number = 0.5", "number: must be greater than 0.5, not 0.5"),
    ("number = 3.0", "number: must be less than or equal to 2, not 3.0"),
    ("number = inf", "number: must be a finite number, not Infinity"),
    ("number = true", "number: must be a number, not true"),
    ("yes = 1", "yes: must be true or false, not 1"),
    ('day = "2026-01-01"', 'day: must be a date, as 2026-11-24 without quotes, not "2026-01-01"'),
    ("moment = 1", "moment: must be a date and a time, as 2026-11-24T09:30:00 without quotes, not 1"),
    ("hour = 2026-01-01", 'hour: must be a time of day, as 09:30:00 without quotes, not "2026-01-01"'),
    ('word = "blue"', "word: must be 'red' or 'green', not \"blue\""),
    ("many = 1", "many: must be a list, in [ ], not 1"),
    ("many = []", "many: list must have at least 1 item, not 0"),
    ("many = [1, 2, 3]", "many: list must have at most 2 items, not 3"),
    ('many = [1, "2"]', 'many[2]: must be a whole number, not "2"'),
    ('many = ["2"]', 'many[1]: must be a whole number, not "2"'),
    ("plain_list = 1", "plain_list: must be a list, in [ ], not 1"),
    ("by_name = 1", "by_name: must be a table; write it as [by_name] or { key = value }"),
    ("by_name = { a = 1, b = 2, c = 3 }", "by_name: table must have at most 2 items, not 3"),
    ('by_name = { "a b" = true }', 'by_name."a b": must be a whole number, not true'),
    ("either = true", "either: must be a whole number or text, in quotes, not true"),
    ("either = [1]", "either: must be a whole number or text, in quotes"),
    (
        "text_or_table = 1",
        "text_or_table: must be text, in quotes or a table; write it as [text_or_table] or { key = value }",
    ),
    ("named_otherwise = 1", "named_otherwise: unknown key; known here: text, pattern, whole, even, number, yes,"),
    ("class = true", "class: must be a whole number, not true"),
    ("wohle = 1", "wohle: unknown key; did you mean 'whole'?"),
    (
        "wohle = 1\nzzz = 1\n'a b' = 1\nnumbre = 2",
        "wohle: unknown key; did you mean 'whole'?; unknown as well: zzz, \"a b\", numbre (did you mean 'number'?)",
    ),
    ('"a.{b}" = 1', '"a.{b}": unknown key; '),
    ("asserted = 3", "asserted: three is too many"),
    ("judged = 3", "judged: three is too many"),
]
TREES = [
    ("leaf = 1", "leaf: must be a table; write it as [leaf] or { key = value }"),
    ("[[leaves]]\n[[leaves]]\nwhole = 0", "leaves[2].whole: must be greater than or equal to 1, not 0"),
    ("[named.a.b]", "named.a.b: unknown key; "),
    ("[tree.tree.tree.leaf]\nwhole = 0", "tree.tree.tree.leaf.whole: must be greater than"),
    ("[shape]\nside = 1", "shape.kind: missing; it says which kind this table is"),
    ('shape = { kind = "circel" }', "shape.kind: there is no 'circel'; did you mean 'circle'?"),
    ("shape = { kind = 3 }", "shape.kind: there is no "),
    ('shape = { kind = "circle", side = 1 }', "shape.side: unknown key; known here: kind, radius"),
    ('[shape]\nkind = "circle"', "shape.radius: missing; add it"),
    ("shape = 3", "shape: must be a table; write it as [shape] or { key = value }"),
    ("tree = { shape = {} }", "tree.shape.kind: missing"),
    ("trea = 3", "trea: unknown key; did you mean 'tree'?"),
]


@pytest.mark.parametrize(("text", "message"), LEAVES)
def test_every_kind_of_fault_has_its_sentence(text: str, message: str) -> None:
    (line,) = told(tomllib.loads(text), Leaf)
    assert line.startswith(message) if message.endswith((",", " ")) else line == message


@pytest.mark.parametrize(("text", "message"), TREES)
def test_keys_in_tables_lists_and_unions_are_named_as_toml_writes_them(text: str, message: str) -> None:
    (line,) = told(tomllib.loads(text))
    assert line.startswith(message)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(min_size=4, max_size=6),
    "whole": st.integers(min_value=11),
    "number": st.floats(min_value=3),
    "yes": st.booleans(),
    "date": st.dates(),
    "moment": st.datetimes(),
    "hour": st.times(),
    "list": st.lists(st.just(None), min_size=3, max_size=4),
    "table": st.dictionaries(st.text(max_size=3), st.integers(), min_size=3, max_size=4),
}
NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)  # longer ones, all escaped, are cut


@given(data=st.data())
def test_any_value_that_is_wrong_is_one_line_under_its_key(data: st.DataObject) -> None:
    """Its key leads to it, and no sentence is pydantic's own."""
    field = data.draw(st.sampled_from([field.alias or name for name, field in Leaf.model_fields.items()]))
    leaf = {field: data.draw(st.one_of(*VALUES.values()))}
    path: list[str] = [field]
    tree: dict[str, Any]
    if data.draw(st.booleans()):
        tree, path = {"leaf": leaf}, ["leaf", *path]
    else:
        name = data.draw(NAMES)
        tree, path = {"named": {name: leaf}}, ["named", name, *path]
    for _ in range(data.draw(st.integers(0, 3))):
        tree, path = {"tree": tree}, ["tree", *path]
    try:
        Tree.model_validate(tree)
    except ValidationError as caught:
        error = caught
    else:
        return
    assert {detail["type"] for detail in error.errors()} <= set(tables._SENTENCES)
    written = ".".join(map(tables._written, path))
    for line in problems(tree, error):
        assert line.startswith(written)
        assert line[len(written)] in ".[:"
        assert "\n" not in line
        assert "Input" not in line.removeprefix(written)


@given(word=NAMES, extra=NAMES)
def test_an_unknown_key_is_named_whatever_it_is(word: str, extra: str) -> None:
    assume(word not in Leaf.known_keys())
    (line,) = told({"named": {extra: {word: 1}}})
    written = f"named.{tables._written(extra)}.{tables._written(word)}"
    assert line.startswith(f"{written}: unknown key; ")
    assert tomllib.loads(f"{written} = 1") == {"named": {extra: {word: 1}}}


# Which sentences there are


def schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """A core schema of pydantic and all that are in it."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for name, inner in schema.items():
            if name not in ("metadata", "serialization", "default", "config", "function"):
                yield from schemas(inner)
    elif isinstance(schema, (list, tuple)):
        for inner in schema:
            yield from schemas(inner)


FUNCTION = {"value_error", "assertion_error"}
ERRORS = {
    "str": {"string_type"},
    "int": {"int_type"},
    "float": {"float_type", "finite_number"},
    "bool": {"bool_type"},
    "date": {"date_type"},
    "datetime": {"datetime_type"},
    "time": {"time_type"},
    "tuple": {"tuple_type"},
    "list": {"list_type"},
    "dict": {"dict_type"},
    "literal": {"literal_error"},
    "tagged-union": {"union_tag_not_found", "union_tag_invalid", "model_attributes_type"},
    "model": {"model_type"},
    "model-fields": {"model_type", "model_attributes_type", "dict_type", "missing"},  # keys: see unknown_key
    "function-before": {*FUNCTION, "unknown_key"},
    "function-after": FUNCTION,
    "function-wrap": FUNCTION,
    "function-plain": FUNCTION,
    **{name: set() for name in ("any", "nullable", "default", "union", "definitions", "definition-ref", "model-field")},
}
"""By pydantic's type of schema: what a value can be refused for, where the schema sets no limits."""
LIMITS = {
    "ge": "greater_than_equal",
    "gt": "greater_than",
    "le": "less_than_equal",
    "lt": "less_than",
    "multiple_of": "multiple_of",
    "pattern": "string_pattern_mismatch",
}


@pytest.mark.parametrize("model", [Talk, ServingTalk, Tree])
def test_every_error_that_a_model_can_have_has_a_sentence_of_ours(model: type[Table]) -> None:
    possible: set[str] = set()
    for schema in schemas(model.__pydantic_core_schema__):
        possible |= ERRORS[schema["type"]]  # a new type of schema: say here how it refuses
        possible |= {error for limit, error in LIMITS.items() if limit in schema}
        kind = "string_" if schema["type"] == "str" else ""
        possible |= {
            f"{kind}too_{limit}" for limit, name in (("short", "min"), ("long", "max")) if f"{name}_length" in schema
        }
    assert {"string_type", "unknown_key", "greater_than_equal"} <= possible
    assert possible <= set(tables._SENTENCES)


def test_every_sentence_is_one_that_an_example_above_shows() -> None:
    shown = set()
    for model, examples in ((Leaf, LEAVES), (Tree, TREES)):
        for text, _ in examples:
            with pytest.raises(ValidationError) as caught:
                model.model_validate(tomllib.loads(text))
            shown |= {detail["type"] for detail in caught.value.errors()}
    assert shown == set(tables._SENTENCES)


def test_an_error_that_nobody_foresaw_is_told_in_pydantic_s_words() -> None:
    class Odd(Table):
        number: UUID4

    (line,) = told({"number": 3}, Odd)
    assert re.fullmatch(r"number: .*UUID.*, not 3", line)


# Files


def test_several_faults_are_several_lines_each_with_the_file() -> None:
    with pytest.raises(AstraiSlidesError) as caught:
        checked(Path("my.toml"), {"leaf": {"whole": 0, "yes": 3}}, Tree)
    assert str(caught.value).splitlines() == [
        "my.toml: leaf.whole: must be greater than or equal to 1, not 0",
        "my.toml: leaf.yes: must be true or false, not 3",
    ]


@given(tree=st.dictionaries(NAMES, st.dictionaries(NAMES, st.integers() | st.text(max_size=3)), max_size=3))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, tree: dict[str, Any]) -> None:
    file = tmp_path_factory.getbasetemp() / "tree.toml"
    file.write_text(toml(tree), encoding="utf-8")
    assert read_tables(file) == tree
    written = {name: tables._written(name) for name in tree}
    assert all(tomllib.loads(f"{written[name]} = 1") == {name: 1} for name in tree if len(written[name]) <= 60)


def test_a_mark_before_the_text_as_some_editors_write_it_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "talk.toml").write_bytes(b"\xef\xbb\xbftitle = 'A'\n")
    assert read_tables(tmp_path / "talk.toml") == {"title": "A"}
