"""What was in the place of a function is there again afterwards, whoever it belonged to."""

import pytest

from astrai_slides.base.replaced import replaced


class Parent:
    @staticmethod
    def made() -> str:
        return "parent's"


class Child(Parent):
    pass


def test_an_own_attribute_comes_back_as_the_kind_that_it_was() -> None:
    before = vars(Parent)["made"]
    with replaced(Parent, "made", lambda: "another's"):
        assert Parent.made() == "another's"
        assert Child.made() == "another's"
    assert vars(Parent)["made"] is before


@pytest.mark.parametrize("name", ["made", "unknown"])
def test_what_was_inherited_or_missing_is_not_its_own_afterwards(name: str) -> None:
    with replaced(Child, name, lambda: "another's"):
        assert getattr(Child, name)() == "another's"
    assert name not in vars(Child)
    assert Child.made() == "parent's"


def test_it_comes_back_after_a_fault() -> None:
    before = vars(Parent)["made"]
    with pytest.raises(ZeroDivisionError), replaced(Parent, "made", None):
        raise ZeroDivisionError
    assert vars(Parent)["made"] is before


def test_blocks_within_each_other_are_undone_in_turn() -> None:
    with replaced(Parent, "made", lambda: "one's"):
        with replaced(Parent, "made", lambda: "two's"):
            assert Parent.made() == "two's"
        assert Parent.made() == "one's"
    assert Parent.made() == "parent's"
