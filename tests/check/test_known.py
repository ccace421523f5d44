"""What a check remembers of pictures, and what it lets go between steps."""

from dataclasses import replace

from astrai_slides.check.known import Numbers, Results
from astrai_slides.recording.format.model import Draw, Frame, Path, Style, View


def test_most_pictures_are_let_go_between_steps_but_not_the_last() -> None:
    results, made = Results(), []

    def picture(number: int) -> int:
        def work() -> int:
            made.append(number)
            return number

        return int(results.picture(number, work))

    for number in range(100):
        assert picture(number) == number
    results.let_go()
    made.clear()
    assert [picture(number) for number in (99, 98, 0, 1)] == [99, 98, 0, 1]
    assert made == [0, 1]


def test_numbers_anew_are_none_of_those_before() -> None:
    op = Draw(Path(((1, False),), bytes(32)), Style(), 1, 2, 3)
    frame = Frame((op, replace(op, x=9), op), View(0, 0, 16, 9), 0)
    numbers = Numbers()
    before = numbers.of(frame).tolist()
    assert before[0] == before[2] != before[1]
    anew = numbers.anew()
    after = anew.of(frame).tolist()
    assert set(after).isdisjoint(before), "what was found by number before is of other ops"
    assert after[0] == after[2] != after[1]
    assert [anew.op(number) for number in after] == list(frame.ops)
