"""TOML within limits: what is beyond them is refused before it is read, in linear time."""

import pytest

from astrai_slides.talk.toml import DEEPEST, parsed

DEEP = {
    "dotted": "a." * 100_000 + "a = 1",
    "quoted": '"a" . ' * 100_000 + "a = 1",
    "mixed": "a.'b'.\"c\" ." * 10_000 + "a = 1",
    "table": "[" + "a." * 100_000 + "a]",
    "in a table": "x = { " + "a." * 100_000 + "a = 1 }",
    "lists": "a = " + "[" * 100_000,
    "tables": "a = " + "{ a = " * 100_000,
}
LARGE = {
    "digits": "a = " + "9" * 5_000,
    "hexadecimal": "a = 0x" + "f" * 100_000,
    "just too many": f"a = {10**100}",
    "far below": f"a = -{10**200}",
    "in a list": f"a = [[{10**100}]]",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_nested_deeper_than_anybody_writes_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=rf"(more than {DEEPEST} parts|{DEEPEST} deep) \(at line 3\); flatten it"):
        parsed(f"first = '''\n.....'''\n{text}")


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_number_of_too_many_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="more than 100 digits; write a shorter one"):
        parsed(text)


def test_what_is_within_the_limits_is_read() -> None:
    key = ".".join("k" * DEEPEST)
    dots = "." * 100
    text = f"""
{key} = 1
"{dots}" = '{dots}'  # {dots} [[[[[[[[[[[[[[[[[[[[
'''
"""
    assert list(parsed(text.removesuffix("'''\n"))) == ["k", dots]
    longest = f'a = """{dots}\n\\"""{"[" * 50}"""\nb = {"[" * DEEPEST}{"]" * DEEPEST}\nc = {10**100 - 1}\nd = 1.5\n'
    assert list(parsed(longest)) == ["a", "b", "c", "d"]


def test_texts_that_do_not_end_are_not_read_again_and_again() -> None:
    for text in ('"\\' * 300_000, "'''" + "''" * 200_000, 'a = """' + '""\\' * 200_000):
        with pytest.raises(ValueError, match="at "):
            parsed(text)
