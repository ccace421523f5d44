"""English: sentences, captions and speaker notes, made of facts, so that they cannot say what these do not hold.

Every language is a module like this one, with the names of `wording.Words`.
"""

import datetime
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from astrai_slides.deck.parts.comparison import Bar, Comparison
from astrai_slides.serving.names import AZURE_PAPERS, MOST_FILES, TOOLS, low
from astrai_slides.serving.sim.claim import Claim
from astrai_slides.serving.sim.figures import ChatFigures, ComputedSpeedups, ThroughputFigures
from astrai_slides.serving.sim.limits import Limits, WhenFull
from astrai_slides.serving.sim.measured import Conditions, MeasuredRun, MeasuredThroughputs, Metric, WrittenThroughputs
from astrai_slides.serving.sim.measured.sweep import LatencyMetric, MeasuredSweep
from astrai_slides.serving.sim.metrics import LimitMetrics
from astrai_slides.serving.sim.options import DecodeRule, FirstToken, Options, PrefillRule, StaticReturns, TurnCost
from astrai_slides.serving.sim.questions import (
    DecodeRow,
    State,
    decode_rows,
    fewest_turns,
    first_takeover,
    largest_group,
    takeovers_beside_others,
)
from astrai_slides.serving.sim.recorded import RunOrigin
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.simulation import Load
from astrai_slides.serving.sim.throughput import harmonic_number
from astrai_slides.serving.sim.timeline import LoopPhase, Policy, Timeline
from astrai_slides.serving.sim.traces import Cut, Published, TraceOrigin
from astrai_slides.serving.sim.trial import Trial
from astrai_slides.serving.sim.workload import (
    ConstantLengths,
    LognormalLengths,
    Origin,
    StagePick,
    SyntheticWorkload,
    WorkloadSpeedup,
    WrittenOrigin,
)
from astrai_slides.serving.words.wording import PhaseWords

# Short texts of slides.

PIPELINE: str = "One loop, once per token"
STATES_HEADING: str = "Four states of a request"
LOOP_FOOT: str = (
    "Waiting, Prefill, Decode, Finished: where a request is. Cleanup, refill, prefill, decode: what the loop does."
)
DIAL: tuple[str, ...] = ("4-phase", "generation", "loop")
FLOW: str = "Static, then continuous batching"
POLICY_HEADINGS: Mapping[Policy, str] = {
    Policy.STATIC: "Static batching",
    Policy.CONTINUOUS: "Continuous batching",
}
THROUGHPUT: str = "Throughput comparison"
ONE_THROUGHPUT: str = "Throughput"
REPLAY: str = "A server, as measured"
STATES: Mapping[State, str] = {
    State.WAITING: "Waiting Queue",
    State.PREFILL: "Prefill",
    State.DECODE: "Decode (batched)",
    State.FINISHED: "Finished",
}
PHASES: Mapping[LoopPhase, PhaseWords] = {
    LoopPhase.CLEANUP: PhaseWords("cleanup", ("remove what has finished,", "free its KV cache")),
    LoopPhase.REFILL: PhaseWords("refill", ("admit waiting requests,", "first come, first served")),
    LoopPhase.PREFILL: PhaseWords("prefill", ("read the prompts that are new:", "this yields the first token")),
    LoopPhase.DECODE: PhaseWords("decode", ("all others in one forward:", "one token each")),
}
POLICIES: Mapping[Policy, str] = {Policy.STATIC: "static", Policy.CONTINUOUS: "continuous"}
PROMPT: str = "prompt"
ANSWER: str = "answer"
ANSWER_LENGTH: str = "its length"
TURN: str = "turn"
FIRST_TOKEN: str = "prefill: first token"
LAST_TOKEN: str = "END: last token"
IDLE_SLOT: str = "idle slot"
NO_TOKEN_YET: str = "waiting and prefill: up to the first token"
WAITING: str = "waiting"
PREFILL: str = "prefill"
DECODING: str = "decode"
ROW: str = "row"
POSITION: str = "position"
KV_CACHE: str = "KV cache it reads: prompt, then answer so far"
ONE_FORWARD_BLOCK: tuple[str, ...] = ("one", "forward")
ONE_TOKEN_EACH: str = "one token each"
SAME_POSITION: str = "same-position batch decoding"
ONE_FORWARD: str = "one forward, every row at its own position"
ROWS_PER_FORWARD: str = "rows per forward"
NOTHING_DECODES: str = "Every answer of this toy is one token long: prefill yields it, and nothing is left to decode."

IN_FLIGHT: str = "in flight"
SWEEP: str = "Throughput against latency"
LATENCIES: Mapping[LatencyMetric, str] = {
    "latency": "mean latency of a whole request",
    "first_token": "mean time to first token",
    "per_token": "mean time per output token after the first",
}
UNITS: Mapping[Metric, str] = {
    "output_throughput": "output tokens/s",
    "request_throughput": "requests/s",
    "total_throughput": "prompt and output tokens/s",
}

PLOT_TITLE: str = "Speed-up of continuous over static batching"
PLOT_SLOTS: str = "slots"
PLOT_MEMORYLESS: tuple[str, str] = ("memoryless", "1 + 1/2 + … + 1/B")


def slot(number: int) -> str:
    """The name of a slot, from 1."""
    return f"slot {number}"


def row(number: int) -> str:
    """The name of a row of a measured run, from 1."""
    return f"row {number}"


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}".replace("%", " %")


def seconds(time: float) -> str:
    """A time in seconds, three digits that count."""
    return f"{time:.3g} s" if time < 1000 else f"{time:,.0f} s"


def times(value: float) -> str:
    """A multiple, two digits after the point."""
    return f"{value:.2f}×"


def rows(value: float) -> str:
    """Rows per forward, as a figure."""
    return f"{value:.1f}"


# Title.


def promise(chat: ChatFigures) -> str:
    """What the talk is about, in a sentence, and what comes of it, in another line."""
    slots = chat.decode_rules.slots
    gain = f"Computed for real chat answers and {_slots(slots)}: {times(chat.turns[slots].speedup)} static batching."
    return f"A slot freed in one turn is filled in the next.\n{gain}"


def byline(speaker: str, event: str, date: datetime.date | None) -> str:
    """Who speaks, where and when."""
    day = f"{date.day} {_MONTHS[date.month - 1]} {date.year}" if date else ""
    return " · ".join(part for part in (speaker, event, day) if part)


def title_notes(title: str, chat: ChatFigures) -> str:
    """Speaker notes of the title."""
    slots = chat.decode_rules.slots
    return f"""
# {title}

Why does one GPU serve up to several times as many requests with the same model? For real chat answers and {slots} slots
it is {times(chat.turns[slots].speedup)}.

- The answer is mostly a **schedule**: who holds a slot, and when it is handed on.
  One kernel has to take rows of any length.
- Everything on these slides is computed by the scheduler that you will see, or says who says it.
"""


# Pipeline.


def pipeline_notes() -> str:
    """Speaker notes of the pipeline."""
    return f"""
# {PIPELINE}
{_STATES_TOLD}{_PHASES_TOLD}"""


def states_notes() -> str:
    """Speaker notes of the pipeline's first half, where it is divided: the states."""
    return f"""
# {STATES_HEADING}
{_STATES_TOLD}"""


def phases_notes() -> str:
    """Speaker notes of the pipeline's second half, where it is divided: the loop."""
    return f"""
# {PIPELINE}
{_PHASES_TOLD}"""


_STATES_TOLD = """
Two vocabularies; keep them apart.

- **States of a request**, as drawn here: Waiting, Prefill, Decode, Finished. (AstrAI’s own are pending, running,
  finished and aborted.)
- **Phases of the loop**: cleanup, refill, prefill, decode. One turn of the hand is one pass.
"""
_PHASES_TOLD = """
Go once around with the hand:

1. **cleanup** removes finished requests and frees their KV cache.
2. **refill** admits waiting requests to free slots, first come, first served. If the KV cache has no room, the
   request goes back to the *front* of the queue; it is rejected if it can never fit, and aborted if it cannot grow
   later. (vLLM preempts: it frees the cache of another request, and computes it again.)
3. **prefill** runs one forward for the newcomers that start at the same cached position. It already yields the
   *first* token.
4. **decode** runs all other active requests in one merged forward, one token each.

Cleanup and refill are bookkeeping (thin marks); prefill and decode are the work (wide marks). A request that is
prefilled in a turn does not decode in that turn.
"""


# Spawn.


def spawn_heading(requests: Sequence[Request], slots: int) -> str:
    """How much work there is, and how much room."""
    return f"{_capital(_count(len(requests), 'request'))}, {_count(slots, 'slot')}"


def spawn_foot(pick: StagePick | None) -> str:
    """What the ghosted lengths mean, and what the requests were picked from, if they were not written out."""
    outlined = "Outlined: the answer’s length in tokens. You know it; the scheduler learns it when the answer ends."
    return f"{outlined} {_picked(pick)}" if pick else outlined


def spawn_notes(requests: Sequence[Request], slots: int, pick: StagePick | None = None) -> str:
    """Speaker notes of the queue; `pick` as for `spawn_foot`, which a slide may have no room for."""
    lengths = "\n".join(f"| {r.name} | {r.prompt_tokens} | {r.output_tokens} |" for r in requests)
    total = sum(r.output_tokens for r in requests)
    least, alone = fewest_turns(requests, slots)
    why = f"{alone.name} alone takes {_number(least)}" if alone else f"a turn yields {_count(slots, 'token')} at most"
    return f"""
# {spawn_heading(requests, slots)}

| request | prompt | answer |
|---|---|---|
{lengths}

- The question marks are what the *scheduler* sees. The outlines are for the audience only.
- {_capital(_count(total, "token"))} in all. No schedule on {_count(slots, "slot")} can need fewer than
  {_count(least, "turn")}: {why}.
- Ask the room: who goes first, and what happens when a short answer ends beside a long one?
{_bullet(_picked(pick)) if pick else ""}"""


# Flow.


def workload_line(requests: Sequence[Request], slots: int, pick: StagePick | None) -> str:
    """The toy's assumptions; with a `pick`, what its requests were picked from and how they were scaled."""
    if pick:
        return f"Toy, {_count(slots, 'slot')}, all waiting at the start: {_picked(pick)}"
    lengths = ", ".join(str(request.output_tokens) for request in requests)
    answers = "an answer of" if len(requests) == 1 else "answers of"
    tokens = "token" if lengths == "1" else "tokens"
    waiting = "waiting" if len(requests) == 1 else "all waiting"
    return f"Toy: {_count(slots, 'slot')}, {answers} {lengths} {tokens}, {waiting} at the start."


def turn_sentence(timeline: Timeline, turn: int) -> str:
    """What just happened in turn `turn` (from 1), the most telling thing first."""
    now = timeline.turns[turn - 1]
    # A static batch takes slots too, but never in mid-flight of others.
    taken = takeovers_beside_others(timeline, turn) if timeline.policy is Policy.CONTINUOUS else []
    if taken:
        return " ".join(f"{each.new.name} takes {each.old.name}’s slot at turn {turn}." for each in taken[:2])
    if now.admitted and now.useful == len(now.admitted):
        start = "starts" if len(now.admitted) == 1 else "start"
        return f"{_listed([r.name for r in now.admitted])} {start} {_when(timeline, turn)}."
    idle = timeline.slots - now.useful
    if idle and now.waiting:
        busy = _listed([cell.request.name for cell in now.cells if cell is not None])
        return f"{_capital(_count(idle, 'slot'))} idle: {_waiting(now.waiting)} must wait for {busy}."
    if idle:
        return f"Nobody waits: {_count(idle, 'slot')} {'runs' if idle == 1 else 'run'} dry."
    if now.ended:
        last = "yields its last token" if len(now.ended) == 1 else "yield their last tokens"
        return f"{_listed([r.name for r in now.ended])} {last}."
    return "Every slot yields a token."


def useful_cells(share: float) -> str:
    """What a count of useful cells over all cells is called, and its share."""
    return f"useful cells: {percent(share)}"


def saved(turns: int) -> str:
    """How many turns fewer."""
    return f"{_count(turns, 'turn')} saved"


def toy_speedup(static: int, continuous: int) -> str:
    """The toy's own figure, said to be just that."""
    if static == continuous:
        return "turns: no difference here"
    return f"turns: {times(static / continuous)} in this picture"


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
    return _first_takeover(continuous)


def flow_notes(static: Timeline, continuous: Timeline, policy: Policy | None = None) -> str:
    """Speaker notes of the flow: of one policy, or of both in one step."""
    before, after = len(static.turns), len(continuous.turns)
    reached = fewest_turns(continuous.requests, continuous.slots)[0] == after
    best = " No schedule can need fewer here." if reached else ""
    gain = times(before / after)
    first = f"""
# Static batching

- A batch starts together and ends when its *longest* answer ends. Hatched cells are slots that yield nothing: the
  finished row still sits there. A naive server returns nothing until the batch has ended.
- {before} turns; {_useful(static)}.
"""
    second = f"""
# Continuous batching

- The same requests, in the same order, in the same slots. Only the rule of refill differs: any free slot, every turn.
{_bullet(_first_takeover(continuous))}- {after} turns; {_useful(continuous)}.{best}
- {before} to {after} turns is {gain}, **for this picture only**. Do not read it as the headline figure.
- Drawn to equal width, but a turn with a prefill in it takes longer: the rows that decode wait for the newcomer.
  (vLLM and SGLang can read a prompt in chunks, within the turns of the others.)
"""
    parts = {Policy.STATIC: first, Policy.CONTINUOUS: second}
    return first + second if policy is None else parts[policy]


def replay_caption(shown: Replay) -> str:
    """What a measured run is, and what of it is shown."""
    run = shown.run
    parts = [run.model, run.gpu, run.date, _sending(run)]
    if run.concurrency is not None:
        parts.append(f"at most {run.concurrency} requests in flight")
    parts.append(f"N = {shown.total:,}" if shown.shown == shown.total else _part_shown(shown))
    if shown.beside:
        parts.append(f"{shown.beside:,} more ran beside them")
    if run.completed is not None and run.completed != shown.total:
        parts.append(f"{run.completed:,} counted by the tool")
    parts += _lost(run)
    if run.requests and run.requests[0].start is None:
        parts.append("all sent at once")
    if not run.exact_starts:
        parts.append("starts known to the second")
    told = ", ".join(part for part in parts if part)
    return f"Measured with {TOOLS[run.tool]}: {told}. Rows are not slots. {run.file.name}"


def replay_heading(label: str) -> str:
    """The title of a measured run, of several the one that the speaker calls `label`."""
    return f"{_capital(label)}, as measured" if label else REPLAY


def in_flight_sentence(shown: Replay) -> str:
    """What the curve above the rows counts."""
    return f"Above: requests in flight, of all {shown.total:,} with times, {shown.in_flight.peak:,} at most."


def replay_notes(shown: Replay) -> str:
    """Speaker notes of a measured run."""
    before = (
        "Outlined: waiting for the server. Half filled: prefill, up to the first token. Filled: decode."
        if shown.apart
        else "Outlined: from sending to the first token. A client cannot tell waiting from prefill. Filled: decode."
    )
    beside = f"\n- {shown.beside:,} more ran beside them, and are not drawn." if shown.beside else ""
    return f"""
# {REPLAY}

- {_count(shown.shown, "request").capitalize()} of {shown.total:,}, one sent after the other, in
  {_count(len(shown.rows), "row")}, over
  {seconds(shown.duration)}: as measured, not scheduled by us.{beside}
- Rows are packed intervals, not slots: no tool records which slot a request had.
- {before}

{replay_caption(shown)}
"""


# Measured runs in a deck of their own.


def runs_title(runs: Sequence[MeasuredRun]) -> str:
    """What a talk on measured runs is called unless its speaker says otherwise."""
    model = next((run.model for run in runs if run.model), "")
    return f"{model.rpartition('/')[2]}, as measured" if model else REPLAY


def runs_promise(runs: Sequence[MeasuredRun]) -> str:
    """What was measured, in a sentence."""
    counts = [run.completed for run in runs if run.completed is not None]
    tools = _listed(list(dict.fromkeys(TOOLS[run.tool] for run in runs)))
    several = f"{_capital(_count(len(runs), 'run'))} of {tools}" if len(runs) > 1 else f"A run of {tools}"
    if not counts or len(counts) < len(runs):
        return f"{several}."
    return f"{several}, {_thousands(sum(counts), 'completed request')}{' in all' if len(runs) > 1 else ''}."


def runs_notes(title: str, runs: Sequence[MeasuredRun]) -> str:
    """Speaker notes of the title: what each file says of its run."""
    lines = "\n".join(f"- {run.file.name}: {_run_facts(run)}." for run in runs)
    given = "; batch sizes and lengths are as the speaker gave them" if any(run.batch for run in runs) else ""
    return f"""
# {title}

{runs_promise(runs)} All figures on these slides are read from the files, or
computed from what they hold{given}.

{lines}
"""


def run_figures(run: MeasuredRun) -> str:
    """What was measured in a run, under which load, as far as its file says it."""
    means = run.latencies
    parts = [_sending(run), _concurrency([run]), _sizes([run]), _batches([run]), *_lost(run)]
    for metric, unit in UNITS.items():
        value: float | None = getattr(run, metric)
        if value is not None:
            parts.append(f"{value:,.2f} {unit}")
    for name, told in LATENCIES.items():
        time: float | None = getattr(means, name)
        if time is not None:
            parts.append(f"{told} {seconds(time)}")
    return ", ".join(part for part in parts if part)


def load_label(run: MeasuredRun) -> str:
    """How much load a run was under, to tell it from others of a sweep; empty if its file does not say."""
    parts = []
    if run.request_rate is not None:
        parts.append("all at once" if math.isinf(run.request_rate) else _rate(run.request_rate))
    if run.batch is not None:
        parts.append(f"batch size {run.batch.size:,}")
    elif run.concurrency is not None:
        parts.append(f"{run.concurrency:,} in flight")
    return ", ".join(parts) or run.strategy


def sweep_caption(sweep: MeasuredSweep) -> str:
    """What was measured, and how a point is to be read."""
    limited = [each.label for each in sweep.runs if each.run.failed]
    lost = f" Of {_listed(limited)}, completed requests only." if limited else ""
    return f"{_measured_caption([each.run for each in sweep.runs], sweep.conditions)}{lost}"


def sweep_notes(sweep: MeasuredSweep) -> str:
    """Speaker notes of throughput against latency."""
    rows = "\n".join(
        f"| {each.label} | {point.throughput:,.2f} | {seconds(point.latency)} | {', '.join(_lost(each.run)) or '-'} |"
        for each, point in zip(sweep.runs, sweep.points, strict=True)
    )
    fastest, first = sweep.fastest, sweep.points[0]
    return f"""
# {SWEEP}

| load | {UNITS[sweep.metric]} | {LATENCIES[sweep.latency]} | besides |
|---|---|---|---|
{rows}

- Most throughput: {fastest.label}, {fastest.throughput:,.2f} {UNITS[sweep.metric]} at {seconds(fastest.latency)};
  {first.label}: {first.throughput:,.2f} at {seconds(first.latency)}.
- To the right is more work done, upwards is longer to wait.

{sweep_caption(sweep)}
"""


# Batching.


def frozen_heading(turn: int, rows: Sequence[DecodeRow]) -> str:
    """Which turn is looked into."""
    return f"Turn {turn}, frozen: inside one decode" if rows else "Inside one decode"


def same_position_sentence(rows: Sequence[DecodeRow]) -> str:
    """How many of a turn's rows early AstrAI could decode."""
    together = len(largest_group(rows))
    return (
        f"Early AstrAI: only rows at the same position could share a forward. Here that is {together} of {len(rows)}."
    )


def merged_sentence(rows: Sequence[DecodeRow]) -> str:
    """What one forward does for a turn's rows."""
    return f"Now all {_count(len(rows), 'row')} go together: each reads its own KV cache, at its own position."


def rule_line(rule: DecodeRule) -> str:
    """What a decode rule of the past did, after its figure; that it is about rows at one position stands above it."""
    return f"{ROWS_PER_FORWARD}: {_PAST_RULES[rule]}"


def decode_rules_caption(chat: ChatFigures) -> str:
    """What the rows per forward of the decode rules assume, in a line; the notes say where the lengths come from."""
    figures = chat.decode_rules
    return (
        f"Computed: {figures.slots} slots, full queue, early AstrAI’s loop (prefill yields no token);"
        f" N = {figures.requests:,} real chat lengths."
    )


def batching_notes(continuous: Timeline, turn: int, chat: ChatFigures) -> str:
    """Speaker notes of the frozen turn, and of the figures of the decode rules."""
    return f"""
# Inside one decode turn

- {_frozen_turn(continuous, turn)}
- {_THEN}
- {_NOW}
{_decode_rule_figures(chat)}"""


def then_notes(continuous: Timeline, turn: int) -> str:
    """Speaker notes of the frozen turn's first half, where it is divided: the rule of the past."""
    return f"""
# {SAME_POSITION[:1].upper()}{SAME_POSITION[1:]}

- {_frozen_turn(continuous, turn)}
- {_THEN}
"""


def now_notes(chat: ChatFigures) -> str:
    """Speaker notes of the frozen turn's second half, where it is divided: the rule of today, and the figures."""
    return f"""
# {ONE_FORWARD[:1].upper()}{ONE_FORWARD[1:]}

- {_NOW}
{_decode_rule_figures(chat)}"""


_THEN = """Early AstrAI had **same-position batch decoding**: only requests at the same position could decode together.
  Requests that start at different times are rarely at the same position, so the batch falls apart."""
_NOW = """It was replaced by **one merged forward**: every row carries its own position and reads its own KV cache,
  of its own length. This is the idea of Orca’s *selective batching* (OSDI 2022); Orca ran attention request by
  request, and one ragged kernel serves all rows today.
- One token leaves for every row, whatever its length."""


def _frozen_turn(continuous: Timeline, turn: int) -> str:
    names = _listed([row.name for row in decode_rows(continuous, turn)])
    if not names:
        return "Nothing decodes in this toy."
    return f"Turn {turn} of {len(continuous.turns)}, with {names} in decode."


def _decode_rule_figures(chat: ChatFigures) -> str:
    figures = "\n".join(
        f"| {_DECODE_RULES[rule][0]} | {value:.1f} | {_DECODE_RULES[rule][1]} |"
        for rule, value in chat.decode_rules.rows_per_forward.items()
    )
    return f"""
| decode rule | {ROWS_PER_FORWARD} | |
|---|---|---|
{figures}

{decode_rules_caption(chat)} Lengths: {_chat_source(chat)}.
"""


# Throughput.


def comparison(figures: ThroughputFigures) -> Comparison:
    """The bars of the throughput step, with what each assumes, and a caption that says where they come from."""
    return _comparison(figures, low)


def quotation(claim: Claim) -> str:
    """What somebody says, in their words, and whether they say how it was measured."""
    return f"{claim.by}, measured: {claim.text}" if claim.measured else f"{claim.by}: {claim.text}; {_NOT_MEASURED}"


def finding(figures: ThroughputFigures) -> str:
    """What was found here: a speed-up computed at so many slots, or how the runs compare; empty for a single run."""
    if isinstance(figures, MeasuredThroughputs):
        if len(figures.runs) == 1:
            return ""
        return f"{_capital(figures.runs[-1].label)}: {times(figures.speedup)} {figures.runs[0].label}"
    if isinstance(figures, WrittenThroughputs):
        return f"{POLICY_HEADINGS[Policy.CONTINUOUS]}: {times(figures.speedup)} {POLICIES[Policy.STATIC]}"
    found = f"Computed: {times(figures.speedup)} at {_slots(figures.slots)}"
    return f"{found}; {_harmonic(figures.slots)}" if _is_memoryless(figures) else found


def throughput_notes(figures: ThroughputFigures, claim: Claim | None) -> str:
    """Speaker notes of the bars, with what somebody claims, if anybody is quoted."""
    shown = comparison(figures)
    # Notes are plain text, in which a low digit is harder to read, and to search for, than H_16.
    written = _comparison(figures, lambda index: f"_{index}").bars
    bars = "\n".join(f"| {bar.label} | {bar.value:.2f} | {bar.assumes} |" for bar in written)
    measured = shown.kind == "measured"
    table = f"""
# {THROUGHPUT if len(written) > 1 else ONE_THROUGHPUT}

| | {shown.unit} | {"from" if measured else "holds for"} |
|---|---|---|
{bars}

{shown.whole_caption}
"""
    said = f"\n- The claim, quoted: **{quotation(claim)}**." if claim else ""
    found = f"\n- **{finding(figures)}**." if finding(figures) else ""
    if isinstance(figures, (MeasuredThroughputs, WrittenThroughputs)):
        return f"{table}{said}{found}\n"
    memoryless = (
        f""" For memoryless
  lengths that is the harmonic number: H({figures.slots}) = {harmonic_number(figures.slots):.3f}.
- Equal answers gain nothing.{_real(figures)}"""
        if isinstance(figures, ComputedSpeedups)
        else ""
    )
    return f"""{table}{said}{found}
- B answers cost max(L) turns static, mean(L) continuous: the speed-up is E[max of B] / E[L].{memoryless}
- It needs a **full queue**. Below {percent(1 / figures.speedup)} of the load that continuous batching can carry
  (one over the speed-up for these lengths and slots) throughput is equal, and only latency improves.
- Short demonstrations show less: the last requests drain without refill.
- Published figures mix in more than batching: {_PUBLISHED_FIGURES}
"""


def _is_memoryless(figures: ThroughputFigures) -> bool:
    """Whether what a talk claims is that of memoryless lengths."""
    return isinstance(figures, ComputedSpeedups) and figures.shows("memoryless")


def _real(figures: ComputedSpeedups) -> str:
    """What the traces of a public data set give on as many slots."""
    if figures.chat is None or figures.code is None:
        return ""
    return (
        f" Azure’s chat answers give {times(figures.chat.speedup)}, its code answers {times(figures.code.speedup)}"
        f" ({_cited(Published(figures.source.trace, figures.source.year, 'conversation and code'))})."
    )


def _harmonic(slots: int) -> str:
    shown = [f"1/{k}" for k in range(2, slots + 1)]
    terms = " + ".join(["1", *(shown if len(shown) <= 3 else [shown[0], "…", shown[-1]])])
    return f"memoryless lengths: {terms} = {harmonic_number(slots):.2f}"


def _slots(number: int) -> str:
    return f"{number} slot" if number == 1 else f"{number} slots"


_NOT_MEASURED = "no measurement published"
_PUBLISHED_FIGURES = """Orca’s 36.9× is at equal latency; Anyscale’s 23× (2023) is vLLM with
  paged attention, and its 8× seems to include better kernels and more rows (our inference, not theirs)."""


# Reports and plots.


def workload_name(origin: Origin) -> str:
    """What a workload is called in tables and plots."""
    if isinstance(origin, (TraceOrigin, RunOrigin)):
        return origin.file.stem
    return "explicit requests" if isinstance(origin, WrittenOrigin) else f"{_KINDS[origin.kind]} lengths"


def workload_source(origin: Origin) -> str:
    """Where a workload comes from, and how it was cut."""
    if isinstance(origin, TraceOrigin):
        parts = [f"{_trace(origin)}, {origin.file.name}" if origin.published else _trace(origin), *_cut(origin.cut)]
        if origin.skipped:
            parts.append(f"{origin.skipped:,} without prompt or answer kept out")
        return ", ".join(parts)
    if isinstance(origin, RunOrigin):
        parts = [f"requests of a run of {TOOLS[origin.tool]}, {origin.file.name}", *_cut(origin.cut)]
        if not origin.timed:
            parts.append("without times of arrival")
        if origin.skipped:
            parts.append(f"{origin.skipped:,} failed kept out")
        return ", ".join(parts)
    if isinstance(origin, WrittenOrigin):
        return f"{origin.requests:,} request{'' if origin.requests == 1 else 's'} written out"
    return _drawn(origin)


def assumptions(options: Options) -> tuple[str, ...]:
    """What has to hold for the figures of a run, a sentence each: the slots first, what holds for every run last."""
    return (
        f"{options.slots} slots for both policies",
        "arrival times honoured" if options.honour_arrivals else "full queue, in arrival order",
        _cost(options.cost),
        _RULES[options.decode_rule],
        _FIRST_TOKENS[options.first_token],
        *_PREFILL_RULES[options.prefill_rule],
        *_STATIC_RETURNS[options.static_returns],
        *_limits(options.limits),
        f"answer lengths unknown to the scheduler, first come first served{_ample(options.limits)}",
    )


def plot_caption(options: Options, requests: int, origin: Origin, overloaded: Sequence[int] = ()) -> tuple[str, ...]:
    """What the points of a plot over slots assume, where their requests come from, and at how many there is no point.

    `overloaded`: slots at which a policy cannot serve what arrives.
    """
    left_out = ""
    if overloaded:
        slots = "slot" if list(overloaded) == [1] else "slots"
        left_out = f" No point at {_listed([str(each) for each in overloaded])} {slots}: overloaded."
    return (
        f"Computed: N = {requests:,}; {'; '.join(assumptions(options)[1:-1])}.{left_out}",
        f"Source: {workload_source(origin)}",
    )


def report_lines(options: Options, origin: Origin, *, one_slot_count: bool) -> tuple[str, ...]:
    """What the figures of a table assume, and where their requests come from."""
    held = assumptions(options)[0 if one_slot_count else 1 :]
    return (f"Computed; {'; '.join(held)}.", f"Source: {workload_source(origin)}")


def overload_line(slots: int, load: Load) -> str:
    """That a server of so many `slots` is overloaded, under which policies and by how much; empty if it is not."""
    served = {Policy.STATIC: load.static, Policy.CONTINUOUS: load.continuous}
    told = [f"{policy.value} batching serves {served[policy]:,.1f}" for policy in load.overloaded]
    if not told:
        return ""
    return (
        f"Overloaded at {slots} slot{'' if slots == 1 else 's'}: {load.offered:,.1f} tokens/s asked for,"
        f" {' and '.join(told)}; times grow with the trace."
    )


def limit_line(slots: int, limits: Mapping[Policy, LimitMetrics]) -> str:
    """What limits came to at so many `slots`: preemptions, aborted answers, prompt tokens not read again; or empty."""
    told = []
    for policy, metrics in limits.items():
        read = metrics.prompt_tokens_read + metrics.prompt_tokens_reused
        counts = (
            _thousands(metrics.preemptions, "preemption") if metrics.preemptions else "",
            f"{_thousands(metrics.aborted, 'answer')} aborted" if metrics.aborted else "",
            f"{metrics.prompt_tokens_reused:,} of {read:,} prompt tokens reused"
            if metrics.prompt_tokens_reused
            else "",
        )
        if any(counts):
            told.append(f"{POLICIES[policy]} batching {', '.join(filter(None, counts))}")
    return f"At {_slots(slots)}: {'; '.join(told)}." if told else ""


def trial_lines(trial: Trial) -> tuple[str, ...]:
    """What a simulation beside a measured run assumes, what was fitted on which part of it, and where it comes from."""
    run, part = trial.run, trial.fitted
    counts = []
    if trial.preemptions:
        counts.append(f"{trial.preemptions:,} preemptions simulated")
    if trial.aborted:
        counts.append(f"{trial.aborted:,} requests aborted")
    # One policy is simulated, and arrivals are those of the run.
    held = "; ".join((f"{trial.options.slots} slots", *assumptions(trial.options)[2:]))
    return (
        f"Simulated, continuous batching; costs fitted on the first {part.requests:,} requests; {held}.",
        *(f"{_capital(count)}." for count in counts),
        f"Measured: a run of {TOOLS[run.tool]}, {run.file.name}.",
    )


# What the sentences above are made of.

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_KINDS = {"constant": "constant", "uniform": "uniform", "geometric": "geometric", "lognormal": "lognormal"}
_FORMATS = {
    "azure": "Azure’s",
    "burstgpt": "BurstGPT’s",
    "vidur": "Vidur’s",
    "mooncake": "Mooncake’s",
    "bailian": "Qwen-Bailian’s",
    "splitwise": "splitwise-sim’s",
    "llmservingsim": "LLMServingSim’s",
}
_FATES = {"failed": "failed kept out", "cancelled": "cancelled", "unfinished": "still in flight"}
_DECODE_RULES = {
    DecodeRule.LARGEST_GROUP: ("Largest same-position group only", "the others wait"),
    DecodeRule.EVERY_GROUP: ("One same-position group after another", "one forward each"),
    DecodeRule.MERGED: ("One merged forward", "every row at its own position"),
}
_PAST_RULES = {
    DecodeRule.LARGEST_GROUP: "largest same-position group only",
    DecodeRule.EVERY_GROUP: "one group after another",
}
_RULES = {
    DecodeRule.LARGEST_GROUP: "decode: only the largest group of requests at the same position",
    DecodeRule.EVERY_GROUP: "decode: one forward for every group of requests at the same position",
    DecodeRule.MERGED: "decode: one merged forward",
}
_PREFILL_RULES: dict[PrefillRule, tuple[str, ...]] = {
    # As long as there was no other rule, it was not told.
    PrefillRule.SAME_LENGTH: (),
    PrefillRule.SAME_START: ("one prefill forward for all prompts that start at the same cached position",),
    PrefillRule.MIXED: ("prompts are read in the forward that decodes",),
}
_STATIC_RETURNS: dict[StaticReturns | None, tuple[str, ...]] = {
    None: (),
    StaticReturns.BATCH: ("static batches are padded and return whole",),
    StaticReturns.STREAM: ("static batches are padded and stream",),
}
_WHEN_FULL = {
    WhenFull.PREEMPT: "who was admitted last is preempted and recomputed",
    WhenFull.ABORT: "who finds no block is aborted",
}
_FIRST_TOKENS = {
    FirstToken.PREFILL: "prefill’s turn yields the first token",
    FirstToken.DECODE: "prefill yields no token; a request decodes from its first turn on",
}


def _count(number: int, noun: str) -> str:
    """`number` and `noun` in words: one slot, two slots, 11 turns."""
    return f"{_number(number)} {noun}" if number == 1 else f"{_number(number)} {noun}s"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _listed(words: Sequence[str]) -> str:
    """R1, R2 and R3."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _when(timeline: Timeline, turn: int) -> str:
    if turn == 1 or timeline.policy is Policy.CONTINUOUS:
        return f"at turn {turn}"
    return f"in a new batch at turn {turn}"


def _waiting(waiting: Sequence[Request]) -> str:
    names = [request.name for request in waiting]
    return _listed(names) if len(names) <= 3 else f"{names[0]} to {names[-1]}"


def _first_takeover(timeline: Timeline) -> str:
    taken = first_takeover(timeline)
    if taken is None:
        return ""
    return f"{taken.new.name} took {taken.old.name}’s slot at turn {taken.turn}, in mid-flight."


def _useful(timeline: Timeline) -> str:
    return f"{timeline.useful_cells} of {timeline.total_cells} cells useful: {percent(timeline.occupancy)}"


def _bullet(sentence: str) -> str:
    return f"- {sentence}\n" if sentence else ""


def _picked(pick: StagePick) -> str:
    count = len(pick.requests)
    way = "" if count == pick.total else ", first" if pick.order == "first" else ", evenly spread"
    parts = [f"{count} of {pick.total:,} requests{way}"]
    if pick.output_scale > 1:
        parts.append(f"answers drawn at 1:{pick.output_scale:.3g}")
    if pick.prompt_scale > 1:
        parts.append(f"prompts at 1:{pick.prompt_scale:.3g}")
    return f"{'; '.join(parts)}. {_capital(workload_source(pick.origin))}."


def _trace(origin: TraceOrigin) -> str:
    """The published trace that a file was recognised as; else its format, which says nothing of who recorded it."""
    if origin.published:
        return _cited(origin.published)
    return f"in {_FORMATS[origin.form]} format, from {origin.file.name}"


def _cited(trace: Published) -> str:
    """A published trace, and the paper to cite for it."""
    return f"Azure LLM inference trace {trace.year}, {trace.part} (CC-BY; {AZURE_PAPERS[trace.year]})"


def _chat_source(chat: ChatFigures) -> str:
    return f"{_cited(Published(chat.trace, chat.year, 'conversation'))}, arrival order"


def _cut(cut: Cut) -> list[str]:
    parts = []
    if cut.window is not None:
        parts.append(f"seconds {cut.window[0]:g} to {cut.window[1]:g}")
    if cut.every > 1:
        parts.append(f"every {_ordinal(cut.every)} request")
    if cut.first is not None:
        parts.append(f"first {cut.first:,}")
    return parts


def _drawn(spec: SyntheticWorkload) -> str:
    parts = [f"{_KINDS[spec.kind]} lengths, mean {spec.mean:g} tokens"]
    if isinstance(spec, LognormalLengths):
        parts.append(f"sigma {spec.sigma:g}")
    if spec.cap is not None:
        parts.append(f"cut off at {spec.cap:,}")
    if not isinstance(spec, ConstantLengths):
        parts.append(f"seed {spec.seed}")
    return ", ".join(parts)


def _cost(cost: TurnCost | None) -> str:
    if cost is None:
        return "constant cost of a turn, free prefill"
    parts = [f"{cost.fixed_ns / 1e6:g} ms a forward"]
    if cost.per_token_ns:
        parts.append(f"{cost.per_token_ns / 1e6:g} ms a token")
    if cost.prefill_ns:
        parts.append(f"{cost.prefill_ns / 1e6:g} ms a prefill forward")
    if cost.prompt_token_ns:
        parts.append(f"{cost.prompt_token_ns / 1e6:g} ms a prompt token")
    if cost.context_token_ns:
        parts.append(f"{cost.context_token_ns / 1e6:g} ms a context token")
    stalls = cost.prefill_ns or cost.prompt_token_ns
    return "cost of a turn: " + " + ".join(parts) + (", prefill stalls decoding" if stalls else ", free prefill")


def _limits(limits: Limits | None) -> Iterator[str]:
    if limits is None:
        return
    if limits.kv_tokens is not None:
        full = _WHEN_FULL[limits.when_full]
        yield f"KV memory of {limits.kv_tokens:,} tokens in blocks of {limits.kv_block:,}; where it is full {full}"
    if limits.token_budget is not None:
        yield f"{limits.token_budget:,} tokens a turn at most, longer prompts are read in chunks"
    if limits.prefix_tokens:
        yield f"{limits.prefix_tokens:,} tokens of prompts kept beside KV memory, those used longest ago dropped first"


def _ample(limits: Limits | None) -> str:
    return "" if limits and limits.kv_tokens is not None else ", KV memory for every slot"


def _comparison(figures: ThroughputFigures, index: Callable[[int], str]) -> Comparison:
    """The bars; `index` writes the index of a symbol."""
    if isinstance(figures, ComputedSpeedups):
        return _computed(figures, index)
    if isinstance(figures, WorkloadSpeedup):
        return _computed_workload(figures)
    return _measured(figures) if isinstance(figures, MeasuredThroughputs) else _written(figures)


def _computed(figures: ComputedSpeedups, index: Callable[[int], str]) -> Comparison:
    slots, drawn, chat = figures.slots, figures.memoryless.requests, figures.source
    equal = f"N = {figures.equal.requests:,}, every answer {figures.equal_length} tokens"
    bars = {"equal": Bar("Equal lengths", figures.equal.speedup, equal)}
    real_source = ""
    if figures.chat is not None:
        real = f"N = {figures.chat.requests:,}, Azure {chat.year} conversation trace"
        bars["chat"] = Bar("Real chat lengths", figures.chat.speedup, real)
        real_source = f" Real lengths: {_chat_source(chat)}."
    memoryless = (
        f"N = {drawn:,}, mean {figures.mean:g} tokens, seed {figures.seed};"
        f" expected H{index(slots)} = {harmonic_number(slots):.3f}"
    )
    bars["memoryless"] = Bar("Memoryless lengths", figures.memoryless.speedup, memoryless, headline=True)
    shown = bars.values() if figures.lengths == "all" else [replace(bars[figures.lengths], headline=True)]
    alike = figures.equal.requests == drawn
    size = f"N = {drawn:,} each" if alike else f"N = {drawn:,} and {figures.equal.requests:,}"
    caption = f"Computed: {_slots(slots)}, full queue, constant step time, free prefill."
    details = f"Memoryless (geometric) and equal lengths: {size}, mean {figures.mean:g} tokens.{real_source}"
    bars_shown = (_static_bar(slots), *shown)
    return Comparison("computed", bars_shown, caption, _TIMES_STATIC, ratio=True, details=details)


def _computed_workload(figures: WorkloadSpeedup) -> Comparison:
    size = f"N = {figures.counts.requests:,}"
    name, source = workload_name(figures.origin), workload_source(figures.origin)
    bars = (
        _static_bar(figures.slots),
        Bar(POLICY_HEADINGS[Policy.CONTINUOUS], figures.speedup, f"{size}, {name}", headline=True),
    )
    caption = f"Computed: {_slots(figures.slots)}, full queue, constant step time, free prefill. {size}: {source}."
    return Comparison("computed", bars, caption, _TIMES_STATIC, ratio=True)


_TIMES_STATIC = "× static"


def _static_bar(slots: int) -> Bar:
    return Bar(POLICY_HEADINGS[Policy.STATIC], 1.0, f"the same {_slots(slots)}, queue and step time", baseline=True)


def _two_bars(static: tuple[float, str], continuous: tuple[float, str]) -> tuple[Bar, Bar]:
    return (
        Bar(POLICY_HEADINGS[Policy.STATIC], *static, baseline=True),
        Bar(POLICY_HEADINGS[Policy.CONTINUOUS], *continuous, headline=True),
    )


def _measured(figures: MeasuredThroughputs) -> Comparison:
    first, *others = zip(figures.runs, figures.values, strict=True)
    bars = [Bar(first[0].label, first[1], _run(first[0].run), baseline=bool(others), headline=not others)]
    for number, (each, value) in enumerate(others, 1):
        bars.append(Bar(each.label, value, _run(each.run), headline=number == len(others)))
    caption = " ".join([*_doubts(figures), _measured_caption([each.run for each in figures.runs], figures.conditions)])
    return Comparison("measured", tuple(bars), caption, UNITS[figures.metric])


def _doubts(figures: MeasuredThroughputs) -> list[str]:
    """What makes a comparison of runs doubtful, a sentence each."""
    doubts = []
    if figures.limited:
        doubts.append(
            f"Caution: {_listed([each.label for each in figures.limited])} answered as fast as requests were sent, so"
            " this shows the load, not what the server can do."
        )
    if figures.unlike:
        one, two = figures.unlike
        doubts.append(f"Caution: {one.label} and {two.label} answered requests of different lengths.")
    if figures.swapped:
        slow, fast = figures.swapped
        doubts.append(f"Caution: {slow.label} is the faster one, not {fast.label}.")
    return doubts


def _run(run: MeasuredRun) -> str:
    parts = [run.file.name]
    if run.completed is not None:
        parts.append(f"N = {run.completed:,}")
    return ", ".join([*parts, *_lost(run)])


def _run_facts(run: MeasuredRun) -> str:
    parts = [run.model, run.gpu, run.date, _lengths([run]), run_figures(run)]
    return ", ".join(part for part in parts if part)


def _thousands(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _lost(run: MeasuredRun) -> list[str]:
    """Requests of a run that do not count, by their fate."""
    return [f"{count:,} {told}" for fate, told in _FATES.items() if (count := getattr(run, fate))]


def _measured_caption(runs: Sequence[MeasuredRun], conditions: Conditions) -> str:
    tools = " and ".join(dict.fromkeys(TOOLS[run.tool] for run in runs))
    parts = [
        next((run.model for run in runs if run.model), conditions.model),
        next((run.gpu for run in runs if run.gpu), conditions.gpu),
        " and ".join(dict.fromkeys(run.date for run in runs if run.date)) or conditions.date,
        "" if conditions.slots is None else _slots(conditions.slots),
        _rates(runs),
        _concurrency(runs),
        conditions.lengths or _lengths(runs),
        _sizes(runs),
        _batches(runs),
    ]
    for fate, told in _FATES.items():
        count = sum(getattr(run, fate) for run in runs)
        if count:
            parts.append(f"{count:,} {told}")
    if not all(run.exact_starts for run in runs):
        parts.append("span known to the second")
    names = list(dict.fromkeys(run.file.name for run in runs))
    files = ", ".join(names) if len(names) <= MOST_FILES else f"{names[0]} to {names[-1]}, {len(names)} in all"
    return f"Measured with {tools}: {', '.join(part for part in parts if part)}. Files: {files}."


def _rates(runs: Sequence[MeasuredRun]) -> str:
    """How the requests of all runs were sent: rates in one list, if nothing else is known."""
    rates = sorted({run.request_rate for run in runs if run.request_rate is not None and run.request_rate < math.inf})
    if len(rates) > 1 and not any(run.strategy for run in runs):
        return f"sent at {_listed([f'{rate:g}' for rate in rates])} requests/s"
    return " and ".join(dict.fromkeys(words for run in runs if (words := _sending(run))))


def _rate(rate: float) -> str:
    return f"{rate:g} request/s" if rate == 1 else f"{rate:g} requests/s"


def _sending(run: MeasuredRun) -> str:
    """How requests were sent, where a file says it."""
    rate = "" if run.request_rate is None or math.isinf(run.request_rate) else _rate(run.request_rate)
    if run.strategy:
        return f"strategy {run.strategy}{f' at {rate}' if rate else ''}"
    return f"sent at {rate}" if rate else ""


def _part_shown(shown: Replay) -> str:
    """Which requests of a run are shown: always some that were sent one after the other."""
    some = f"requests {shown.first:,} to {shown.last:,}" if shown.shown > 1 else f"request {shown.first:,}"
    part = f"first {shown.shown}" if shown.first == 1 else some
    rows = (
        f", as {_count(len(shown.rows), 'row')} hold{'s' if len(shown.rows) == 1 else ''} no more" if shown.full else ""
    )
    return f"{part} of {shown.total:,}{' requests' if shown.first == 1 else ''}{rows}"


def _concurrency(runs: Sequence[MeasuredRun]) -> str:
    caps = list(dict.fromkeys(run.concurrency for run in runs if run.concurrency is not None and run.batch is None))
    if not caps:
        return ""
    return f"at most {' and '.join(str(cap) for cap in caps)} requests in flight"


def _sizes(runs: Sequence[MeasuredRun]) -> str:
    counts = list(dict.fromkeys(run.completed for run in runs if run.completed is not None))
    return f"N = {' and '.join(f'{count:,}' for count in counts)}" if counts else ""


def _batches(runs: Sequence[MeasuredRun]) -> str:
    """What the speaker says of the batches that were run, each once, and how often they were run."""
    told = []
    for run in runs:
        if run.batch is not None and run.iterations is not None:
            prompts = "" if run.batch.input_len is None else f"{_thousands(run.batch.input_len, 'token')} in, "
            answers = f"{_thousands(run.batch.output_len, 'token')} out as given"
            mean = f"mean of {_thousands(run.iterations, 'iteration')}"
            told.append(f"batch size {run.batch.size:,}, {prompts}{answers}; {mean}")
    return "; ".join(dict.fromkeys(told))


def _lengths(runs: Sequence[MeasuredRun]) -> str:
    """Mean lengths of the runs, once if they agree to the token."""
    means = []
    for run in runs:
        if run.completed and run.input_tokens is not None and run.output_tokens is not None:
            means.append(f"{run.input_tokens / run.completed:.0f} in / {run.output_tokens / run.completed:.0f} out")
    return f"mean tokens {' and '.join(dict.fromkeys(means))}" if means else ""


def _written(figures: WrittenThroughputs) -> Comparison:
    known, who = figures.conditions, figures.measured_by
    parts = [
        known.model,
        known.gpu,
        known.date,
        "" if known.slots is None else _slots(known.slots),
        known.lengths,
        "" if figures.requests is None else f"N = {figures.requests:,}",
    ]
    told = ", ".join(part for part in parts if part)
    bars = _two_bars((figures.static, who), (figures.continuous, who))
    caption = f"Measured by {who}{f': {told}' if told else ''}."
    unit = UNITS["output_throughput"] if figures.unit is None else figures.unit
    return Comparison("measured", bars, caption, unit, ratio=figures.ratio)
