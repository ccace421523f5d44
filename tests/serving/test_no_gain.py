"""A toy whose two schedules are alike is told of, with one that shows a difference."""

import re
from pathlib import Path

import pytest

from astrai_slides.serving.no_gain import no_gain_hint, turns_of
from astrai_slides.serving.talk import ServingTalk

SCENE = 'scene = "deck.py:Deck"\n'


def hint(folder: Path, body: str) -> tuple[ServingTalk, tuple[str, ...]]:
    (folder / "deck.py").write_text("class Deck: ...\n")
    file = folder / "talk.toml"
    file.write_text(SCENE + body)
    talk = ServingTalk.load(file)
    return talk, no_gain_hint(talk)


def requests(*outputs: int) -> str:
    return "requests = [" + ", ".join(f"{{ prompt = 1, output = {output} }}" for output in outputs) + "]\n"


def test_a_toy_with_a_gain_is_not_spoken_of(tmp_path: Path) -> None:
    assert hint(tmp_path, f"[toy]\nslots = 3\n{requests(2, 7, 3, 4, 2)}")[1] == ()


@pytest.mark.parametrize("slots", [1, 4])
def test_other_slots_are_named_where_they_show_one(tmp_path: Path, slots: int) -> None:
    talk, (told,) = hint(tmp_path, f"[toy]\nslots = {slots}\n{requests(2, 7, 3, 4)}")
    named = re.search(r"slots = (\d) shows (\d+) turns against (\d+)", told)
    assert named, told
    assert turns_of(talk.toy_requests(), int(named[1])) == (int(named[2]), int(named[3]))
    assert int(named[2]) > int(named[3])


def test_a_pick_is_named_where_that_shows_one(tmp_path: Path) -> None:
    toy = "[toy]\nslots = 2\n"
    workload = '[toy.workload]\nkind = "geometric"\nrequests = 500\nmean = 60\n'
    _, (told,) = hint(tmp_path, toy + "pick = { requests = 2 }\n" + workload)
    pick, before, after = re.fullmatch(r".*?; (pick = .*) shows (\d+) turns against (\d+)", told).groups()  # type: ignore[union-attr]
    other, told_again = hint(tmp_path, f"{toy}{pick}\n{workload}")
    assert told_again == ()
    assert turns_of(other.toy_requests(), 2) == (int(before), int(after))


def test_where_nothing_shows_one_it_says_what_would(tmp_path: Path) -> None:
    _, (told,) = hint(tmp_path, f"[toy]\nslots = 2\n{requests(1)}")
    assert told == (
        "the toy shows no gain: both policies take 1 turns; "
        "give it more requests than slots, with answers of different lengths"
    )
