"""Constants of a module: which statements set one, who may read it, and which others are made of it."""

import ast

import pytest

from astrai_slides.recording.run.constants import constants_of, mentions, renewed


@pytest.mark.parametrize(
    ("after", "constant"),
    [
        ("", True),
        ("A = 2", False),
        ("A += 1", False),
        ("del A", False),
        ("import A.b", False),
        ("from b import c as A", False),
        ("def A(): pass", False),
        ("class A: pass", False),
        ("for A in (1, 2): pass", False),
        ("try: pass\nexcept ValueError as A: pass", False),
        ("match b:\n    case [*A]: pass", False),
        ("match b:\n    case {**A}: pass", False),
        ("match b:\n    case (1 | 2) as A: pass", False),
        ("def f():\n    global A", False),
        ("def f():\n    A = 2\n    import A\n    def A(): pass", True),
        ("class C:\n    A = 2", True),
    ],
)
def test_a_constant_is_set_once(after: str, constant: bool) -> None:
    assert ("A" in constants_of(ast.parse(f"A: int = -2 * b[1]\n{after}"))) is constant


@pytest.mark.parametrize("code", ["A = f()", "A = B = 1", "A, B = 1, 2", "A: int", "A.b = 1", "A = [x for x in y]"])
def test_what_is_more_than_calculated_is_no_constant(code: str) -> None:
    assert not constants_of(ast.parse(code))


@pytest.mark.parametrize(
    ("code", "read"),
    [("A", True), ("m.A", True), ("getattr(m, 'A')", True), ("from m import A as b", True), ("b", False)],
)
def test_it_is_read_by_its_name_as_an_attribute_or_by_a_text(code: str, read: bool) -> None:
    assert mentions(ast.parse(code).body, frozenset({"A"})) is read


def test_what_is_made_of_a_constant_has_another_value_as_well() -> None:
    before, after = (constants_of(ast.parse(f"A = {value}\nD = C\nC = B\nB = A\nE = 1")) for value in (1, 2))
    assert renewed(before, after).names == {"A", "B", "C", "D"}
    assert [ast.unparse(each) for each in renewed({}, after).statements][:2] == ["A = 2", "D = C"]
    assert not renewed(before, before).statements
