"""Sentences and speaker notes, computed from timelines, so that they cannot say anything the grid does not show."""

from collections.abc import Sequence

from astrai_slides.serving.sim import Bar, Comparison, Phase, Policy, Request, Timeline
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.sim.throughput import harmonic_number
from astrai_slides.serving.talk import ComputedThroughput, ServingTalk

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
    # A static batch takes slots too, but never in mid-flight of others.
    taken = takeovers(timeline, turn) if timeline.policy is Policy.CONTINUOUS else []
    if taken and len(taken) < sum(cell is not None for cell in now.cells):
        return " ".join(f"{new.name} takes {old.name}’s slot at turn {turn}." for new, old in taken[:2])
    if now.admitted and now.useful == len(now.admitted):
        start = "starts" if len(now.admitted) == 1 else "start"
        return f"{listed([r.name for r in now.admitted])} {start} {_when(timeline, turn)}."
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


def workload_line(requests: Sequence[Request], slots: int, note: str = "") -> str:
    """The toy's assumptions; with a `note`, what its requests were picked from and how they were scaled."""
    if note:
        return f"Toy, {count(slots, 'slot')}, all waiting at the start: {note}"
    lengths = ", ".join(str(request.output_tokens) for request in requests)
    answers = "an answer of" if len(requests) == 1 else "answers of"
    tokens = "token" if lengths == "1" else "tokens"
    return f"Toy: {count(slots, 'slot')}, {answers} {lengths} {tokens}, all waiting at the start."


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}".replace("%", " %")


def _when(timeline: Timeline, turn: int) -> str:
    if turn == 1 or timeline.policy is Policy.CONTINUOUS:
        return f"at turn {turn}"
    return f"in a new batch at turn {turn}"


def _waiting(waiting: Sequence[Request]) -> str:
    names = [request.name for request in waiting]
    return listed(names) if len(names) <= 3 else f"{names[0]} to {names[-1]}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


PIPELINE = "One loop, once per token"
LOOP_FOOT = (
    "Waiting, Prefill, Decode, Finished: where a request is. Cleanup, refill, prefill, decode: what the loop does."
)
DIAL = ("4-phase", "generation", "loop")
FLOW = "Static, then continuous batching"
SAME_POSITION = "same-position batch decoding"
ONE_FORWARD = "one forward, every row at its own position"
THROUGHPUT = "Throughput comparison"
REPLAY = "A server, as measured"
NO_TOKEN_YET = "waiting and prefill: up to the first token"
DECODING = "decode"
LAST_TOKEN = "END: last token"
POLICY_HEADINGS = {Policy.STATIC: "Static batching", Policy.CONTINUOUS: "Continuous batching"}


def promise() -> str:
    """What the talk is about, in a sentence."""
    return "A slot freed in one turn is filled in the next."


def byline(talk: ServingTalk) -> str:
    """Who speaks, where and when."""
    day = f"{talk.date.day} {talk.date:%B %Y}" if talk.date else ""
    return " · ".join(part for part in (talk.speaker, talk.event, day) if part)


def spawn_heading(requests: Sequence[Request], slots: int) -> str:
    """How much work there is, and how much room."""
    return f"{_capital(count(len(requests), 'request'))}, {count(slots, 'slot')}"


def spawn_foot(note: str = "") -> str:
    """What the ghosted lengths mean, and what the requests were picked from."""
    outlined = "Outlined: the answer’s length in tokens. You know it; the scheduler learns it when the answer ends."
    return f"{outlined} {note}".rstrip()


def saved(turns: int) -> str:
    """How many turns fewer."""
    return f"{count(turns, 'turn')} saved"


def toy_speedup(static: int, continuous: int) -> str:
    """The toy's own figure, said to be just that."""
    if static == continuous:
        return "turns: no difference here"
    return f"turns: {static / continuous:.2f}× in this picture"


def occupancy_change(static: Timeline, continuous: Timeline) -> str:
    """Shares of useful cells, before and after."""
    before, after = percent(static.occupancy), percent(continuous.occupancy)
    return f"useful cells: {after}" if before == after else f"useful cells: {before.removesuffix(' %')} → {after}"


def conclusion(static: Timeline, continuous: Timeline) -> str:
    """What made the difference, in a sentence."""
    if len(static.turns) == len(continuous.turns):
        if len(static.requests) <= static.slots:
            return "No gain: every request had a slot from the start."
        if static.slots == 1:
            return "No gain: with one slot, both wait for one request after the other."
        return "No gain: no slot came free early enough to matter."
    return first_takeover(continuous)


def same_position_sentence(rows: int, together: int) -> str:
    """How many of a turn's rows early AstrAI could decode."""
    if not rows:
        return ""
    return f"Early AstrAI: only rows at the same position could share a forward. Here that is {together} of {rows}."


def frozen_heading(turn: int, rows: int) -> str:
    """Which turn is looked into."""
    return f"Turn {turn}, frozen: inside one decode" if rows else "Inside one decode"


NOTHING_DECODES = "Every answer of this toy is one token long: prefill yields it, and nothing is left to decode."


def merged_sentence(rows: int) -> str:
    """What one forward does for a turn's rows."""
    return f"Now all {count(rows, 'row')} go together: each reads its own KV cache, at its own position."


def rows(value: float) -> str:
    """Rows per forward, as a figure."""
    return f"{value:.1f}"


def rule_line(bar: Bar) -> str:
    """What a decode rule of the past did, after its figure; that it is about rows at one position stands above it."""
    return f"rows per forward: {bar.label.lower().replace('same-position ', '')}"


def reason(talk: ServingTalk) -> str:
    """What explains the headline figure: a formula for memoryless lengths, nothing for other or measured ones."""
    throughput = talk.throughput
    if not isinstance(throughput, ComputedThroughput) or throughput.workload is not None:
        return ""
    return memoryless_line(throughput.slots)


def memoryless_line(slots: int) -> str:
    """What ties the headline figure to its number of slots."""
    shown = [f"1/{k}" for k in range(2, slots + 1)]
    terms = " + ".join(["1", *(shown if len(shown) <= 3 else [shown[0], "…", shown[-1]])])
    return f"{count(slots, 'slot')}, memoryless lengths: {terms} = {harmonic_number(slots):.2f}"


def title_notes(talk: ServingTalk) -> str:
    """Speaker notes of the title."""
    return f"""
# {talk.title}

Why does one GPU serve several times more requests with the same model and the same kernels?

- The answer is a **schedule**, not a kernel: who holds a slot, and when it is handed on.
- Everything on these slides is computed by the scheduler that you will see, or says where it comes from.
"""


def pipeline_notes() -> str:
    """Speaker notes of the pipeline."""
    return """
# One loop, once per token

Two vocabularies; keep them apart.

- **States of a request**: Waiting, Prefill, Decode, Finished.
- **Phases of the loop**: cleanup, refill, prefill, decode. One turn of the hand is one pass.

Go once around with the hand:

1. **cleanup** removes finished requests and frees their KV cache.
2. **refill** admits waiting requests to free slots, first come, first served. If the KV cache has no room, the
   request goes back to the *front* of the queue.
3. **prefill** runs one forward per group of equal prompt length. It already yields the *first* token.
4. **decode** runs all other active requests in one merged forward, one token each.

Cleanup and refill are bookkeeping (thin marks); prefill and decode are the work (wide marks). A request that is
prefilled in a turn does not decode in that turn.
"""


def spawn_notes(requests: Sequence[Request], slots: int) -> str:
    """Speaker notes of the queue."""
    lengths = "\n".join(f"| {r.name} | {r.prompt_tokens} | {r.output_tokens} |" for r in requests)
    total = sum(r.output_tokens for r in requests)
    return f"""
# {spawn_heading(requests, slots)}

| request | prompt | answer |
|---|---|---|
{lengths}

- The question marks are what the *scheduler* sees. The outlines are for the audience only.
- {_capital(count(total, "token"))} in all, so no schedule on {count(slots, "slot")} can need fewer than
  {count(-(-total // slots), "turn")}.
- Ask the room: who goes first, and what happens when a short answer ends beside a long one?
"""


def flow_notes(static: Timeline, continuous: Timeline, policy: Policy | None = None) -> str:
    """Speaker notes of the flow: of one policy, or of both in one step."""
    before, after = len(static.turns), len(continuous.turns)
    first = f"""
# Static batching

- A batch starts together and ends when its *longest* answer ends. Hatched cells are slots that hold nothing.
- {before} turns; {_useful(static)}.
"""
    second = f"""
# Continuous batching

- The same requests, in the same order, in the same slots. Only the rule of refill differs: any free slot, every turn.
{_bullet(first_takeover(continuous))}- {after} turns; {_useful(continuous)}.
- {before} to {after} turns is {before / after:.2f}x, **for this picture only**. Do not read it as the headline figure.
- Drawn to equal width, but a turn with a prefill in it takes longer: the rows that decode wait for the newcomer.
"""
    parts = {Policy.STATIC: first, Policy.CONTINUOUS: second}
    return first + second if policy is None else parts[policy]


def batching_notes(continuous: Timeline, turn: int, rows: int, rules: Comparison) -> str:
    """Speaker notes of the frozen turn, and of the figures of the decode rules."""
    figures = "\n".join(f"| {bar.label} | {bar.value:.1f} | {bar.assumes} |" for bar in rules.bars)
    names = listed([c.request.name for c in continuous.turns[turn - 1].cells if c and c.phase is Phase.DECODE])
    here = (
        f"Turn {turn} of {len(continuous.turns)}, with {names} in decode." if rows else "Nothing decodes in this toy."
    )
    return f"""
# Inside one decode turn

- {here}
- Early AstrAI had **same-position batch decoding**: only requests at the same position could decode together.
  Requests that start at different times are rarely at the same position, so the batch falls apart.
- It was replaced by **one merged forward**: every row carries its own position and reads its own KV cache, of its own
  length. This is the *selective batching* of Orca (OSDI 2022).
- One token leaves for every row, whatever its length.

| decode rule | {rules.unit} | |
|---|---|---|
{figures}

{rules.caption}
"""


def replay_notes(shown: Replay) -> str:
    """Speaker notes of a measured run."""
    beside = f"\n- {shown.left_out} more ran beside them and found no free row." if shown.left_out else ""
    return f"""
# {REPLAY}

- {count(shown.shown, "request").capitalize()} of {shown.total:,} in {count(len(shown.rows), "row")}, over
  {seconds(shown.duration)}: as measured, not scheduled by us.{beside}
- Rows are packed intervals, not slots: no tool records which slot a request had.
- Outlined: from sending to the first token. A client cannot tell waiting from prefill. Filled: decode.

{shown.caption}
"""


def seconds(time: float) -> str:
    """A time in seconds, three digits that count."""
    return f"{time:.3g} s" if time < 1000 else f"{time:,.0f} s"


def throughput_notes(talk: ServingTalk) -> str:
    """Speaker notes of the bars."""
    comparison, claim, slots = talk.comparison(), talk.claim(), talk.throughput.slots
    bars = "\n".join(f"| {bar.label} | {bar.value:.2f} | {bar.assumes} |" for bar in comparison.bars)
    table = f"""
# Throughput comparison

| | {comparison.unit} | holds for |
|---|---|---|
{bars}

{comparison.caption}
"""
    said = f"\n- The claim: **{claim}**.\n" if claim else ""
    if comparison.kind == "measured":
        return table + said
    memoryless = (
        f""" For memoryless
  lengths that is the harmonic number: H({slots}) = {harmonic_number(slots):.3f}.
- Equal answers gain nothing. Real chat answers lie in between."""
        if reason(talk) and slots
        else ""
    )
    return f"""{table}{said}
- A static batch costs its longest answer, a continuous one the mean: the speed-up is E[max of B] / E[L].{memoryless}
- It needs a **full queue**. Below about 30 % load throughput is equal, and only latency improves.
- Short demonstrations show less: the last requests drain without refill.
- Published figures mix in more than batching: Orca's 36.9x is at equal latency; Anyscale's 23x (2023) is vLLM with
  paged attention, and its 8x includes better kernels.
"""


def _useful(timeline: Timeline) -> str:
    return f"{timeline.useful_cells} of {timeline.total_cells} cells useful: {percent(timeline.occupancy)}"


def _bullet(sentence: str) -> str:
    return f"- {sentence}\n" if sentence else ""
