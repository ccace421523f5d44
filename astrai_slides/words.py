"""Sentences and speaker notes, computed from timelines, so that they cannot say anything the grid does not show."""

from collections.abc import Sequence

from astrai_slides.serving import Phase, Request, Timeline

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count(number: int, noun: str) -> str:
    """`number` and `noun` in words: one slot, two slots, 11 turns."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def listed(words: Sequence[str]) -> str:
    """R1, R2 and R3."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def turn_sentence(timeline: Timeline, turn: int) -> str:
    """What just happened in turn `turn` (from 1), the most telling thing first."""
    now = timeline.turns[turn - 1]
    before = timeline.turns[turn - 2] if turn > 1 else None
    taken = [] if before is None else takeovers(timeline, turn)
    if taken and len(taken) < sum(cell is not None for cell in now.cells):
        return " ".join(f"{new.name} takes {old.name}’s slot at turn {turn}." for new, old in taken[:2])
    if now.admitted and now.useful == len(now.admitted):
        start = "starts" if len(now.admitted) == 1 else "start"
        return f"{listed([r.name for r in now.admitted])} {start} in {_batch(timeline, turn)}."
    idle = timeline.slots - now.useful
    if idle and now.waiting:
        busy = listed([cell.request.name for cell in now.cells if cell is not None])
        return f"{_capital(count(idle, 'slot'))} idle: {_waiting(now.waiting)} must wait for {busy}."
    if idle:
        return f"Nobody waits: {count(idle, 'slot')} {'runs' if idle == 1 else 'run'} dry."
    if now.ended:
        last = "yields its last token" if len(now.ended) == 1 else "yield their last tokens"
        return f"{listed([r.name for r in now.ended])} {last}."
    return "Every slot yields a token."


def takeovers(timeline: Timeline, turn: int) -> list[tuple[Request, Request]]:
    """Who, in turn `turn`, starts in the slot of whom, that ended in the turn before."""
    if turn < 2:
        return []
    pairs = zip(timeline.turns[turn - 1].cells, timeline.turns[turn - 2].cells, strict=True)
    return [
        (new.request, old.request)
        for new, old in pairs
        if new is not None and old is not None and new.phase is Phase.PREFILL and old.ends
    ]


def first_takeover(timeline: Timeline) -> str:
    """The first time that somebody starts in mid-flight of others, as a sentence; empty if that never happens."""
    for turn in timeline.turns:
        taken = takeovers(timeline, turn.number)
        if taken and len(taken) < turn.useful:
            new, old = taken[0]
            return f"{new.name} took {old.name}’s slot at turn {turn.number}, in mid-flight."
    return ""


def workload_line(requests: Sequence[Request], slots: int) -> str:
    """The toy's assumptions in a line."""
    lengths = ", ".join(str(request.output_tokens) for request in requests)
    answers = "an answer of" if len(requests) == 1 else "answers of"
    tokens = "token" if lengths == "1" else "tokens"
    return f"Toy: {count(slots, 'slot')}, {answers} {lengths} {tokens}, all waiting at the start."


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}".replace("%", " %")


def _batch(timeline: Timeline, turn: int) -> str:
    if turn == 1:
        return "turn 1"
    return f"a new batch at turn {turn}"


def _waiting(waiting: Sequence[Request]) -> str:
    names = [request.name for request in waiting]
    return listed(names) if len(names) <= 3 else f"{names[0]} to {names[-1]}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
