"""Simplified Chinese: the sentences, captions and speaker notes of `en`, under the same names."""

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

PIPELINE: str = "一个循环，每个 token 走一遍"
STATES_HEADING: str = "请求的四种状态"
LOOP_FOOT: str = "等待、预填充、解码、完成：请求所处的状态。清理、补位、预填充、解码：循环所做的工作。"
DIAL: tuple[str, ...] = ("四阶段", "生成", "循环")
FLOW: str = "先静态批处理，再连续批处理"
POLICY_HEADINGS: Mapping[Policy, str] = {
    Policy.STATIC: "静态批处理",
    Policy.CONTINUOUS: "连续批处理",
}
THROUGHPUT: str = "吞吐量对比"
ONE_THROUGHPUT: str = "吞吐量"
REPLAY: str = "一台服务器的实测"
STATES: Mapping[State, str] = {
    State.WAITING: "等待队列",
    State.PREFILL: "预填充",
    State.DECODE: "解码（批处理）",
    State.FINISHED: "已完成",
}
PHASES: Mapping[LoopPhase, PhaseWords] = {
    LoopPhase.CLEANUP: PhaseWords("清理", ("移除已完成的请求，", "释放其 KV 缓存")),
    LoopPhase.REFILL: PhaseWords("补位", ("接纳等待中的请求，", "先到先服务")),
    LoopPhase.PREFILL: PhaseWords("预填充", ("读入新请求的提示，", "同时得到首个 token")),
    LoopPhase.DECODE: PhaseWords("解码", ("其余请求合为一次前向，", "各得一个 token")),
}
POLICIES: Mapping[Policy, str] = {Policy.STATIC: "静态", Policy.CONTINUOUS: "连续"}
PROMPT: str = "提示"
ANSWER: str = "回答"
ANSWER_LENGTH: str = "回答长度"
TURN: str = "轮次"
FIRST_TOKEN: str = "预填充：首个 token"
LAST_TOKEN: str = "END：最后一个 token"
IDLE_SLOT: str = "空闲槽位"
NO_TOKEN_YET: str = "等待与预填充：直到首个 token"
WAITING: str = "等待"
PREFILL: str = "预填充"
DECODING: str = "解码"
ROW: str = "行"
POSITION: str = "位置"
KV_CACHE: str = "所读的 KV 缓存：提示，加上已生成的回答"
ONE_FORWARD_BLOCK: tuple[str, ...] = ("一次", "前向")
ONE_TOKEN_EACH: str = "各得一个 token"
SAME_POSITION: str = "同位置批量解码"
ONE_FORWARD: str = "一次前向，每行各在自己的位置"
ROWS_PER_FORWARD: str = "每次前向的行数"
NOTHING_DECODES: str = "此例中每个回答都只有一个 token：预填充即已得出，没有什么需要解码。"

IN_FLIGHT: str = "处理中"
SWEEP: str = "吞吐量与延迟"
LATENCIES: Mapping[LatencyMetric, str] = {
    "latency": "整个请求的平均延迟",
    "first_token": "首个 token 的平均延迟",
    "per_token": "首个 token 之后每个输出 token 的平均用时",
}
UNITS: Mapping[Metric, str] = {
    "output_throughput": "输出 token/s",
    "request_throughput": "请求/s",
    "total_throughput": "提示与输出 token/s",
}

PLOT_TITLE: str = "连续批处理相对静态批处理的加速比"
PLOT_SLOTS: str = "槽位数"
PLOT_MEMORYLESS: tuple[str, str] = ("无记忆长度", "1 + 1/2 + … + 1/B")


def slot(number: int) -> str:
    """The name of a slot, from 1."""
    return f"槽位 {number}"


def row(number: int) -> str:
    """The name of a row of a measured run, from 1."""
    return f"第 {number} 行"


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}"


def seconds(time: float) -> str:
    """A time in seconds, three digits that count."""
    return f"{time:.3g} 秒" if time < 1000 else f"{time:,.0f} 秒"


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
    gain = f"按真实回答长度、{_slots(slots)}计算：吞吐量为静态批处理的 {times(chat.turns[slots].speedup)}。"
    return f"一轮中空出的槽位，下一轮就被填上。\n{gain}"


def byline(speaker: str, event: str, date: datetime.date | None) -> str:
    """Who speaks, where and when."""
    day = f"{date.year} 年 {date.month} 月 {date.day} 日" if date else ""
    return " · ".join(part for part in (speaker, event, day) if part)


def title_notes(title: str, chat: ChatFigures) -> str:
    """Speaker notes of the title."""
    slots = chat.decode_rules.slots
    return f"""
# {title}

同一个模型、同一块 GPU，为什么能多服务几倍的请求？对于真实对话的回答和 {slots} 个槽位，这个倍数是
{times(chat.turns[slots].speedup)}。

- 答案主要在于**调度**：谁占着槽位，何时让出。此外只需要一个能处理任意长度各行的内核。
- 这些幻灯片上的一切，要么由大家即将看到的调度器算出，要么注明出自何人之口。
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
这里有两套词汇，请不要混淆。

- **请求的状态**（按图中的画法）：等待、预填充、解码、完成。
  （AstrAI 自己的名称是 pending、running、finished 和 aborted。）
- **循环的阶段**：清理、补位、预填充、解码。指针转一圈就是循环走一遍。
"""
_PHASES_TOLD = """
跟着指针走一圈：

1. **清理**：移除已完成的请求，释放其 KV 缓存。
2. **补位**：按先到先服务把等待中的请求放进空槽位。KV 缓存放不下时，请求回到队列的*最前面*；永远放不下的请求会被拒绝，
   之后无法再增长的会被中止。（vLLM 则会抢占：释放另一个请求的缓存，以后重新计算。）
3. **预填充**：对从同一缓存位置开始的新请求做一次前向，并由此得到*首个* token。
4. **解码**：其余活跃请求合并成一次前向，各得一个 token。

清理和补位只是记账（窄段），预填充和解码才是计算（宽段）。在某一轮做预填充的请求，同一轮不再解码。
"""


# Spawn.


def spawn_heading(requests: Sequence[Request], slots: int) -> str:
    """How much work there is, and how much room."""
    return f"{len(requests)} 个请求，{_slots(slots)}"


def spawn_foot(pick: StagePick | None) -> str:
    """What the ghosted lengths mean, and what the requests were picked from, if they were not written out."""
    outlined = "空框：回答的 token 数。大家看得到，调度器要到回答结束时才知道。"
    return f"{outlined}{_picked(pick)}" if pick else outlined


def spawn_notes(requests: Sequence[Request], slots: int, pick: StagePick | None = None) -> str:
    """Speaker notes of the queue; `pick` as for `spawn_foot`, which a slide may have no room for."""
    lengths = "\n".join(f"| {r.name} | {r.prompt_tokens} | {r.output_tokens} |" for r in requests)
    total = sum(r.output_tokens for r in requests)
    least, alone = fewest_turns(requests, slots)
    why = f"仅 {alone.name} 就需要 {least} 轮" if alone else f"每轮最多得到 {slots} 个 token"
    return f"""
# {spawn_heading(requests, slots)}

| 请求 | 提示 | 回答 |
|---|---|---|
{lengths}

- 问号是*调度器*所见，空框只给观众看。
- 共 {total} 个 token。在 {_slots(slots)}上，任何调度都不可能少于 {least} 轮：{why}。
- 可以问问大家：谁先上？短回答在长回答旁边先结束时，会发生什么？
{_bullet(_picked(pick)) if pick else ""}"""


# Flow.


def workload_line(requests: Sequence[Request], slots: int, pick: StagePick | None) -> str:
    """The toy's assumptions; with a `pick`, what its requests were picked from and how they were scaled."""
    if pick:
        return f"示例：{_slots(slots)}，开始时全部在等待：{_picked(pick)}"
    lengths = "、".join(str(request.output_tokens) for request in requests)
    waiting = "开始时在等待" if len(requests) == 1 else "开始时全部在等待"
    return f"示例：{_slots(slots)}，回答长 {lengths} 个 token，{waiting}。"


def turn_sentence(timeline: Timeline, turn: int) -> str:
    """What just happened in turn `turn` (from 1), the most telling thing first."""
    now = timeline.turns[turn - 1]
    # A static batch takes slots too, but never in mid-flight of others.
    taken = takeovers_beside_others(timeline, turn) if timeline.policy is Policy.CONTINUOUS else []
    if taken:
        return "".join(f"第 {turn} 轮，{each.new.name} 接过 {each.old.name} 的槽位。" for each in taken[:2])
    if now.admitted and now.useful == len(now.admitted):
        return f"{_when(timeline, turn)}，{_listed([r.name for r in now.admitted])} 开始。"
    idle = timeline.slots - now.useful
    if idle and now.waiting:
        busy = _listed([cell.request.name for cell in now.cells if cell is not None])
        return f"{_slots(idle)}空闲：{_waiting(now.waiting)} 必须等 {busy}。"
    if idle:
        return f"没有请求在等待：{_slots(idle)}空转。"
    if now.ended:
        return f"{_listed([r.name for r in now.ended])} 得到最后一个 token。"
    return "每个槽位各得一个 token。"


def useful_cells(share: float) -> str:
    """What a count of useful cells over all cells is called, and its share."""
    return f"有效格：{percent(share)}"


def saved(turns: int) -> str:
    """How many turns fewer."""
    return f"省下 {turns} 轮"


def toy_speedup(static: int, continuous: int) -> str:
    """The toy's own figure, said to be just that."""
    if static == continuous:
        return "轮数：此例没有差别"
    return f"轮数：仅此图为 {times(static / continuous)}"


def occupancy_change(static: Timeline, continuous: Timeline) -> str:
    """Shares of useful cells, before and after."""
    before, after = percent(static.occupancy), percent(continuous.occupancy)
    return f"有效格：{after}" if before == after else f"有效格：{before.removesuffix('%')} → {after}"


def conclusion(static: Timeline, continuous: Timeline) -> str:
    """What made the difference, in a sentence."""
    if len(static.turns) == len(continuous.turns):
        if len(static.requests) <= static.slots:
            return "没有收益：每个请求一开始就有槽位。"
        if static.slots == 1:
            return "没有收益：只有一个槽位时，两种策略都只能逐个处理请求。"
        return "没有收益：没有槽位空出得足够早。"
    return _first_takeover(continuous)


def flow_notes(static: Timeline, continuous: Timeline, policy: Policy | None = None) -> str:
    """Speaker notes of the flow: of one policy, or of both in one step."""
    before, after = len(static.turns), len(continuous.turns)
    reached = fewest_turns(continuous.requests, continuous.slots)[0] == after
    best = "此例中任何调度都不可能更少。" if reached else ""
    gain = times(before / after)
    first = f"""
# 静态批处理

- 一个批次同时开始，到其中*最长*的回答结束才结束。阴影格是没有产出的槽位：已完成的行仍占着它。
  简单的服务器在整批结束之前什么都不返回。
- {before} 轮；{_useful(static)}。
"""
    second = f"""
# 连续批处理

- 相同的请求，相同的顺序，相同的槽位。只有补位规则不同：每一轮，任何空槽位。
{_bullet(_first_takeover(continuous))}- {after} 轮；{_useful(continuous)}。{best}
- 从 {before} 轮到 {after} 轮是 {gain}，**只适用于此图**，不要当作整体的加速比。
- 图中各轮等宽，但含有预填充的一轮实际更长：正在解码的行要等新请求。
  （vLLM 和 SGLang 可以把提示分块，在别的请求的轮次里读入。）
"""
    parts = {Policy.STATIC: first, Policy.CONTINUOUS: second}
    return first + second if policy is None else parts[policy]


def replay_caption(shown: Replay) -> str:
    """What a measured run is, and what of it is shown."""
    run = shown.run
    parts = [run.model, run.gpu, run.date, _sending(run)]
    if run.concurrency is not None:
        parts.append(f"最多 {run.concurrency} 个请求同时处理")
    parts.append(f"N = {shown.total:,}" if shown.shown == shown.total else _part_shown(shown))
    if shown.beside:
        parts.append(f"另有 {shown.beside:,} 个请求同时运行")
    if run.completed is not None and run.completed != shown.total:
        parts.append(f"工具计为 {run.completed:,} 个")
    parts += _lost(run)
    if run.requests and run.requests[0].start is None:
        parts.append("全部同时发出")
    if not run.exact_starts:
        parts.append("开始时间精确到秒")
    told = "，".join(part for part in parts if part)
    return f"用 {TOOLS[run.tool]} 实测：{told}。行不是槽位。{run.file.name}"


def replay_heading(label: str) -> str:
    """The title of a measured run, of several the one that the speaker calls `label`."""
    return f"{label}：实测" if label else REPLAY


def in_flight_sentence(shown: Replay) -> str:
    """What the curve above the rows counts."""
    return f"上方：有时间记录的全部 {shown.total:,} 个请求中正在处理的数目，最多 {shown.in_flight.peak:,} 个。"


def replay_notes(shown: Replay) -> str:
    """Speaker notes of a measured run."""
    before = (
        "空心：等待服务器。半填充：预填充，直到首个 token。实心：解码。"
        if shown.apart
        else "空心：从发出到首个 token，客户端分不清等待和预填充。实心：解码。"
    )
    beside = f"\n- 另有 {shown.beside:,} 个请求同时运行，没有画出。" if shown.beside else ""
    return f"""
# {REPLAY}

- 共 {shown.total:,} 个请求，画出先后发出的 {shown.shown} 个，排成 {len(shown.rows)} 行，
  历时 {seconds(shown.duration)}：这是实测，不是我们的调度。{beside}
- 行是紧凑排列的区间，不是槽位：没有工具记录请求用的是哪个槽位。
- {before}

{replay_caption(shown)}
"""


# Measured runs in a deck of their own.


def runs_title(runs: Sequence[MeasuredRun]) -> str:
    """What a talk on measured runs is called unless its speaker says otherwise."""
    model = next((run.model for run in runs if run.model), "")
    return f"{model.rpartition('/')[2]} 实测" if model else REPLAY


def runs_promise(runs: Sequence[MeasuredRun]) -> str:
    """What was measured, in a sentence."""
    counts = [run.completed for run in runs if run.completed is not None]
    tools = _listed(list(dict.fromkeys(TOOLS[run.tool] for run in runs)))
    several = f"{tools} 的 {len(runs)} 次运行"
    if not counts or len(counts) < len(runs):
        return f"{several}。"
    return f"{several}，{'共' if len(runs) > 1 else ''}完成 {sum(counts):,} 个请求。"


def runs_notes(title: str, runs: Sequence[MeasuredRun]) -> str:
    """Speaker notes of the title: what each file says of its run."""
    lines = "\n".join(f"- {run.file.name}：{_run_facts(run)}。" for run in runs)
    given = "；批大小和长度由讲者给出" if any(run.batch for run in runs) else ""
    return f"""
# {title}

{runs_promise(runs)}幻灯片上的所有数字都读自这些文件，或由其内容算出{given}。

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
    return "，".join(part for part in parts if part)


def load_label(run: MeasuredRun) -> str:
    """How much load a run was under, to tell it from others of a sweep; empty if its file does not say."""
    parts = []
    if run.request_rate is not None:
        parts.append("全部同时" if math.isinf(run.request_rate) else _rate(run.request_rate))
    if run.batch is not None:
        parts.append(f"批大小 {run.batch.size:,}")
    elif run.concurrency is not None:
        parts.append(f"{run.concurrency:,} 个处理中")
    return "，".join(parts) or run.strategy


def sweep_caption(sweep: MeasuredSweep) -> str:
    """What was measured, and how a point is to be read."""
    limited = [each.label for each in sweep.runs if each.run.failed]
    lost = f"{_listed(limited)}只计已完成的请求。" if limited else ""
    return f"{_measured_caption([each.run for each in sweep.runs], sweep.conditions)}{lost}"


def sweep_notes(sweep: MeasuredSweep) -> str:
    """Speaker notes of throughput against latency."""
    points = "\n".join(
        f"| {each.label} | {point.throughput:,.2f} | {seconds(point.latency)} | {'，'.join(_lost(each.run)) or '-'} |"
        for each, point in zip(sweep.runs, sweep.points, strict=True)
    )
    fastest, first = sweep.fastest, sweep.points[0]
    return f"""
# {SWEEP}

| 负载 | {UNITS[sweep.metric]} | {LATENCIES[sweep.latency]} | 备注 |
|---|---|---|---|
{points}

- 吞吐量最高：{fastest.label}，{fastest.throughput:,.2f} {UNITS[sweep.metric]}，{seconds(fastest.latency)}；
  {first.label}：{first.throughput:,.2f}，{seconds(first.latency)}。
- 越靠右完成的工作越多，越靠上等得越久。

{sweep_caption(sweep)}
"""


# Batching.


def frozen_heading(turn: int, rows: Sequence[DecodeRow]) -> str:
    """Which turn is looked into."""
    return f"定格第 {turn} 轮：一次解码的内部" if rows else "一次解码的内部"


def same_position_sentence(rows: Sequence[DecodeRow]) -> str:
    """How many of a turn's rows early AstrAI could decode."""
    together = len(largest_group(rows))
    return f"早期的 AstrAI：只有位置相同的行才能共用一次前向。这里是 {len(rows)} 行中的 {together} 行。"


def merged_sentence(rows: Sequence[DecodeRow]) -> str:
    """What one forward does for a turn's rows."""
    return f"如今 {len(rows)} 行一起前进：各读自己的 KV 缓存，各在自己的位置。"


def rule_line(rule: DecodeRule) -> str:
    """What a decode rule of the past did, after its figure; that it is about rows at one position stands above it."""
    return f"{ROWS_PER_FORWARD}：{_PAST_RULES[rule]}"


def decode_rules_caption(chat: ChatFigures) -> str:
    """What the rows per forward of the decode rules assume, in a line; the notes say where the lengths come from."""
    figures = chat.decode_rules
    return (
        f"计算值：{_slots(figures.slots)}，队列常满，早期 AstrAI 的循环（预填充不产出 token）；"
        f"N = {figures.requests:,} 个真实对话长度。"
    )


def batching_notes(continuous: Timeline, turn: int, chat: ChatFigures) -> str:
    """Speaker notes of the frozen turn, and of the figures of the decode rules."""
    return f"""
# 一次解码的内部

- {_frozen_turn(continuous, turn)}
- {_THEN}
- {_NOW}
{_decode_rule_figures(chat)}"""


def then_notes(continuous: Timeline, turn: int) -> str:
    """Speaker notes of the frozen turn's first half, where it is divided: the rule of the past."""
    return f"""
# {SAME_POSITION}

- {_frozen_turn(continuous, turn)}
- {_THEN}
"""


def now_notes(chat: ChatFigures) -> str:
    """Speaker notes of the frozen turn's second half, where it is divided: the rule of today, and the figures."""
    return f"""
# {ONE_FORWARD}

- {_NOW}
{_decode_rule_figures(chat)}"""


_THEN = """早期的 AstrAI 采用**同位置批量解码**：只有位置相同的请求才能一起解码。开始时间不同的请求很少处在同一位置，
  批次于是四分五裂。"""
_NOW = """后来换成了**一次合并的前向**：每一行带着自己的位置，读自己的、长度各异的 KV 缓存。这正是 Orca 的
  *selective batching*（选择性批处理，OSDI 2022）的思想；Orca 逐个请求做注意力，如今一个支持变长的内核就能处理所有行。
- 不论长短，每一行都得到一个 token。"""


def _frozen_turn(continuous: Timeline, turn: int) -> str:
    names = _listed([row.name for row in decode_rows(continuous, turn)])
    if not names:
        return "此例中没有请求需要解码。"
    return f"{len(continuous.turns)} 轮中的第 {turn} 轮，{names} 正在解码。"


def _decode_rule_figures(chat: ChatFigures) -> str:
    figures = "\n".join(
        f"| {_DECODE_RULES[rule][0]} | {value:.1f} | {_DECODE_RULES[rule][1]} |"
        for rule, value in chat.decode_rules.rows_per_forward.items()
    )
    return f"""
| 解码规则 | {ROWS_PER_FORWARD} | |
|---|---|---|
{figures}

{decode_rules_caption(chat)}长度来源：{_chat_source(chat)}。
"""


# Throughput.


def comparison(figures: ThroughputFigures) -> Comparison:
    """The bars of the throughput step, with what each assumes, and a caption that says where they come from."""
    return _comparison(figures, low)


def quotation(claim: Claim) -> str:
    """What somebody says, in their words, and whether they say how it was measured."""
    return f"{claim.by}，实测：{claim.text}" if claim.measured else f"{claim.by}：{claim.text}；未公布测量"


def finding(figures: ThroughputFigures) -> str:
    """What was found here: a speed-up computed at so many slots, or how the runs compare; empty for a single run."""
    if isinstance(figures, MeasuredThroughputs):
        if len(figures.runs) == 1:
            return ""
        return f"{figures.runs[-1].label}：{figures.runs[0].label}的 {times(figures.speedup)}"
    if isinstance(figures, WrittenThroughputs):
        return f"{POLICY_HEADINGS[Policy.CONTINUOUS]}：{POLICIES[Policy.STATIC]}的 {times(figures.speedup)}"
    found = f"计算值：{_slots(figures.slots)}时为 {times(figures.speedup)}"
    return f"{found}；{_harmonic(figures.slots)}" if _is_memoryless(figures) else found


def throughput_notes(figures: ThroughputFigures, claim: Claim | None) -> str:
    """Speaker notes of the bars, with what somebody claims, if anybody is quoted."""
    shown = comparison(figures)
    # Notes are plain text, in which a low digit is harder to read, and to search for, than H_16.
    written = _comparison(figures, lambda index: f"_{index}").bars
    bars = "\n".join(f"| {bar.label} | {bar.value:.2f} | {bar.assumes} |" for bar in written)
    measured = shown.kind == "measured"
    table = f"""
# {THROUGHPUT if len(written) > 1 else ONE_THROUGHPUT}

| | {shown.unit} | {"来源" if measured else "成立条件"} |
|---|---|---|
{bars}

{shown.whole_caption}
"""
    said = f"\n- 引用的说法：**{quotation(claim)}**。" if claim else ""
    found = f"\n- **{finding(figures)}**。" if finding(figures) else ""
    if isinstance(figures, (MeasuredThroughputs, WrittenThroughputs)):
        return f"{table}{said}{found}\n"
    memoryless = (
        f"""对于无记忆长度，它就是调和数：
  H({figures.slots}) = {harmonic_number(figures.slots):.3f}。
- 回答等长则毫无收益。{_real(figures)}"""
        if isinstance(figures, ComputedSpeedups)
        else ""
    )
    return f"""{table}{said}{found}
- B 个回答，静态需要 max(L) 轮，连续需要 mean(L) 轮：加速比为 E[B 个中的最大值] / E[L]。{memoryless}
- 前提是**队列常满**。负载低于连续批处理所能承受的 {percent(1 / figures.speedup)}（即此长度和槽位数下加速比的倒数）时，
  吞吐量相同，只有延迟得到改善。
- 短时间的演示看到的更少：最后几个请求结束时已无请求补位。
- 已公布的数字混入了批处理以外的因素：{_PUBLISHED_FIGURES}
"""


def _is_memoryless(figures: ThroughputFigures) -> bool:
    """Whether what a talk claims is that of memoryless lengths."""
    return isinstance(figures, ComputedSpeedups) and figures.shows("memoryless")


def _real(figures: ComputedSpeedups) -> str:
    """What the traces of a public data set give on as many slots."""
    if figures.chat is None or figures.code is None:
        return ""
    return (
        f"Azure 的对话回答为 {times(figures.chat.speedup)}，代码回答为 {times(figures.code.speedup)}"
        f"（{_cited(Published(figures.source.trace, figures.source.year, 'conversation and code'))}）。"
    )


def _harmonic(slots: int) -> str:
    shown = [f"1/{k}" for k in range(2, slots + 1)]
    terms = " + ".join(["1", *(shown if len(shown) <= 3 else [shown[0], "…", shown[-1]])])
    return f"无记忆长度：{terms} = {harmonic_number(slots):.2f}"


def _slots(number: int) -> str:
    return f"{number} 个槽位"


_PUBLISHED_FIGURES = """Orca 的 36.9× 是在延迟相同时；Anyscale 的 23×（2023）是带 PagedAttention 的 vLLM，
  其 8× 似乎还包含更好的内核和更多的行（这是我们的推断，并非其原话）。"""


# Reports and plots.


def workload_name(origin: Origin) -> str:
    """What a workload is called in tables and plots."""
    if isinstance(origin, (TraceOrigin, RunOrigin)):
        return origin.file.stem
    return "写明的请求" if isinstance(origin, WrittenOrigin) else f"{_KINDS[origin.kind]}长度"


def workload_source(origin: Origin) -> str:
    """Where a workload comes from, and how it was cut."""
    if isinstance(origin, TraceOrigin):
        parts = [f"{_trace(origin)}，{origin.file.name}" if origin.published else _trace(origin), *_cut(origin.cut)]
        if origin.skipped:
            parts.append(f"剔除没有提示或回答的 {origin.skipped:,} 个")
        return "，".join(parts)
    if isinstance(origin, RunOrigin):
        parts = [f"{TOOLS[origin.tool]} 一次运行的请求，{origin.file.name}", *_cut(origin.cut)]
        if not origin.timed:
            parts.append("没有到达时间")
        if origin.skipped:
            parts.append(f"剔除失败的 {origin.skipped:,} 个")
        return "，".join(parts)
    if isinstance(origin, WrittenOrigin):
        return f"写明的 {origin.requests:,} 个请求"
    return _drawn(origin)


def assumptions(options: Options) -> tuple[str, ...]:
    """What has to hold for the figures of a run, a sentence each: the slots first, what holds for every run last."""
    return (
        f"两种策略各 {_slots(options.slots)}",
        "遵循到达时间" if options.honour_arrivals else "队列常满，按到达顺序",
        _cost(options.cost),
        _RULES[options.decode_rule],
        _FIRST_TOKENS[options.first_token],
        *_PREFILL_RULES[options.prefill_rule],
        *_STATIC_RETURNS[options.static_returns],
        *_limits(options.limits),
        f"调度器不知道回答长度，先到先服务{_ample(options.limits)}",
    )


def plot_caption(options: Options, requests: int, origin: Origin, overloaded: Sequence[int] = ()) -> tuple[str, ...]:
    """What the points of a plot over slots assume, where their requests come from, and at how many there is no point.

    `overloaded`: slots at which a policy cannot serve what arrives.
    """
    left_out = f"{'、'.join(str(each) for each in overloaded)} 个槽位时过载，不画点。" if overloaded else ""
    return (
        f"计算值：N = {requests:,}；{'；'.join(assumptions(options)[1:-1])}。{left_out}",
        f"来源：{workload_source(origin)}",
    )


def report_lines(options: Options, origin: Origin, *, one_slot_count: bool) -> tuple[str, ...]:
    """What the figures of a table assume, and where their requests come from."""
    held = assumptions(options)[0 if one_slot_count else 1 :]
    return (f"计算值；{'；'.join(held)}。", f"来源：{workload_source(origin)}")


def overload_line(slots: int, load: Load) -> str:
    """That a server of so many `slots` is overloaded, under which policies and by how much; empty if it is not."""
    served = {Policy.STATIC: load.static, Policy.CONTINUOUS: load.continuous}
    told = [f"{POLICY_HEADINGS[policy]}只能处理 {served[policy]:,.1f}" for policy in load.overloaded]
    if not told:
        return ""
    return f"{_slots(slots)}时过载：需要 {load.offered:,.1f} token/s，{'，'.join(told)}；用时随轨迹增长。"


def limit_line(slots: int, limits: Mapping[Policy, LimitMetrics]) -> str:
    """What limits came to at so many `slots`: preemptions, aborted answers, prompt tokens not read again; or empty."""
    told = []
    for policy, metrics in limits.items():
        read = metrics.prompt_tokens_read + metrics.prompt_tokens_reused
        counts = (
            f"抢占 {metrics.preemptions:,} 次" if metrics.preemptions else "",
            f"中止 {metrics.aborted:,} 个回答" if metrics.aborted else "",
            f"复用 {read:,} 个提示 token 中的 {metrics.prompt_tokens_reused:,} 个"
            if metrics.prompt_tokens_reused
            else "",
        )
        if any(counts):
            told.append(f"{POLICY_HEADINGS[policy]}{'、'.join(filter(None, counts))}")
    return f"{_slots(slots)}时：{'；'.join(told)}。" if told else ""


def trial_lines(trial: Trial) -> tuple[str, ...]:
    """What a simulation beside a measured run assumes, what was fitted on which part of it, and where it comes from."""
    run, part = trial.run, trial.fitted
    counts = []
    if trial.preemptions:
        counts.append(f"模拟了 {trial.preemptions:,} 次抢占")
    if trial.aborted:
        counts.append(f"{trial.aborted:,} 个请求被中止")
    # One policy is simulated, and arrivals are those of the run.
    held = "；".join((_slots(trial.options.slots), *assumptions(trial.options)[2:]))
    return (
        f"模拟，连续批处理；成本由前 {part.requests:,} 个请求拟合；{held}。",
        *(f"{count}。" for count in counts),
        f"实测：{TOOLS[run.tool]} 的一次运行，{run.file.name}。",
    )


# What the sentences above are made of.

_KINDS = {"constant": "固定", "uniform": "均匀分布", "geometric": "几何分布", "lognormal": "对数正态分布"}
_FORMATS = {
    "azure": "Azure",
    "burstgpt": "BurstGPT",
    "vidur": "Vidur",
    "mooncake": "Mooncake",
    "bailian": "Qwen-Bailian",
    "splitwise": "splitwise-sim",
    "llmservingsim": "LLMServingSim",
}
_PARTS = {"conversation": "对话", "code": "代码", "conversation and code": "对话与代码"}
_FATES = {"failed": "失败已剔除", "cancelled": "已取消", "unfinished": "仍在处理"}
_DECODE_RULES = {
    DecodeRule.LARGEST_GROUP: ("只解码最大的同位置组", "其余等待"),
    DecodeRule.EVERY_GROUP: ("同位置组逐个解码", "每组一次前向"),
    DecodeRule.MERGED: ("一次合并的前向", "每行各在自己的位置"),
}
_PAST_RULES = {
    DecodeRule.LARGEST_GROUP: "只解码最大的同位置组",
    DecodeRule.EVERY_GROUP: "逐组解码",
}
_RULES = {
    DecodeRule.LARGEST_GROUP: "解码：只处理最大的同位置组",
    DecodeRule.EVERY_GROUP: "解码：每个同位置组一次前向",
    DecodeRule.MERGED: "解码：一次合并的前向",
}
_PREFILL_RULES: dict[PrefillRule, tuple[str, ...]] = {
    # As long as there was no other rule, it was not told.
    PrefillRule.SAME_LENGTH: (),
    PrefillRule.SAME_START: ("从同一缓存位置开始的提示合为一次预填充前向",),
    PrefillRule.MIXED: ("提示在解码的前向中读入",),
}
_STATIC_RETURNS: dict[StaticReturns | None, tuple[str, ...]] = {
    None: (),
    StaticReturns.BATCH: ("静态批次经过填充并整批返回",),
    StaticReturns.STREAM: ("静态批次经过填充并流式返回",),
}
_WHEN_FULL = {
    WhenFull.PREEMPT: "最后接纳的请求被抢占并重新计算",
    WhenFull.ABORT: "得不到块的请求被中止",
}
_FIRST_TOKENS = {
    FirstToken.PREFILL: "预填充的一轮得到首个 token",
    FirstToken.DECODE: "预填充不产出 token；请求从第一轮起解码",
}


def _listed(words: Sequence[str]) -> str:
    """R1、R2 和 R3."""
    if len(words) < 2:
        return "".join(words)
    return f"{'、'.join(words[:-1])} 和 {words[-1]}"


def _when(timeline: Timeline, turn: int) -> str:
    if turn == 1 or timeline.policy is Policy.CONTINUOUS:
        return f"第 {turn} 轮"
    return f"第 {turn} 轮，新的一批"


def _waiting(waiting: Sequence[Request]) -> str:
    names = [request.name for request in waiting]
    return _listed(names) if len(names) <= 3 else f"{names[0]} 至 {names[-1]}"


def _first_takeover(timeline: Timeline) -> str:
    taken = first_takeover(timeline)
    if taken is None:
        return ""
    return f"第 {taken.turn} 轮，{taken.new.name} 中途接过了 {taken.old.name} 的槽位。"


def _useful(timeline: Timeline) -> str:
    return f"{timeline.total_cells} 格中 {timeline.useful_cells} 格有效：{percent(timeline.occupancy)}"


def _bullet(sentence: str) -> str:
    return f"- {sentence}\n" if sentence else ""


def _picked(pick: StagePick) -> str:
    count = len(pick.requests)
    way = "" if count == pick.total else "，取最前面的" if pick.order == "first" else "，均匀选取"
    parts = [f"{pick.total:,} 个请求中的 {count} 个{way}"]
    if pick.output_scale > 1:
        parts.append(f"回答按 1:{pick.output_scale:.3g} 画出")
    if pick.prompt_scale > 1:
        parts.append(f"提示按 1:{pick.prompt_scale:.3g}")
    return f"{'；'.join(parts)}。{workload_source(pick.origin)}。"


def _trace(origin: TraceOrigin) -> str:
    """The published trace that a file was recognised as; else its format, which says nothing of who recorded it."""
    if origin.published:
        return _cited(origin.published)
    return f"{_FORMATS[origin.form]} 格式，出自 {origin.file.name}"


def _cited(trace: Published) -> str:
    """A published trace, and the paper to cite for it."""
    part = _PARTS.get(trace.part, trace.part)
    return f"Azure {trace.year} 年 LLM 推理轨迹，{part}（CC-BY；{AZURE_PAPERS[trace.year]}）"


def _chat_source(chat: ChatFigures) -> str:
    return f"{_cited(Published(chat.trace, chat.year, 'conversation'))}，按到达顺序"


def _cut(cut: Cut) -> list[str]:
    parts = []
    if cut.window is not None:
        parts.append(f"第 {cut.window[0]:g} 至 {cut.window[1]:g} 秒")
    if cut.every > 1:
        parts.append(f"每 {cut.every} 个取一个请求")
    if cut.first is not None:
        parts.append(f"前 {cut.first:,} 个")
    return parts


def _drawn(spec: SyntheticWorkload) -> str:
    parts = [f"{_KINDS[spec.kind]}长度，平均 {spec.mean:g} 个 token"]
    if isinstance(spec, LognormalLengths):
        parts.append(f"sigma {spec.sigma:g}")
    if spec.cap is not None:
        parts.append(f"截断于 {spec.cap:,}")
    if not isinstance(spec, ConstantLengths):
        parts.append(f"种子 {spec.seed}")
    return "，".join(parts)


def _cost(cost: TurnCost | None) -> str:
    if cost is None:
        return "每轮成本固定，预填充不计"
    parts = [f"每次前向 {cost.fixed_ns / 1e6:g} ms"]
    if cost.per_token_ns:
        parts.append(f"每个 token {cost.per_token_ns / 1e6:g} ms")
    if cost.prefill_ns:
        parts.append(f"每次预填充前向 {cost.prefill_ns / 1e6:g} ms")
    if cost.prompt_token_ns:
        parts.append(f"每个提示 token {cost.prompt_token_ns / 1e6:g} ms")
    if cost.context_token_ns:
        parts.append(f"每个上下文 token {cost.context_token_ns / 1e6:g} ms")
    stalls = cost.prefill_ns or cost.prompt_token_ns
    return "每轮成本：" + " + ".join(parts) + ("，预填充时解码停顿" if stalls else "，预填充不计")


def _limits(limits: Limits | None) -> Iterator[str]:
    if limits is None:
        return
    if limits.kv_tokens is not None:
        full = _WHEN_FULL[limits.when_full]
        yield f"KV 显存 {limits.kv_tokens:,} 个 token，每块 {limits.kv_block:,} 个；满时{full}"
    if limits.token_budget is not None:
        yield f"每轮最多 {limits.token_budget:,} 个 token，更长的提示分块读入"
    if limits.prefix_tokens:
        yield f"KV 显存之外另存 {limits.prefix_tokens:,} 个提示 token，最久未用的先丢弃"


def _ample(limits: Limits | None) -> str:
    return "" if limits and limits.kv_tokens is not None else "，每个槽位都有足够的 KV 显存"


def _comparison(figures: ThroughputFigures, index: Callable[[int], str]) -> Comparison:
    """The bars; `index` writes the index of a symbol."""
    if isinstance(figures, ComputedSpeedups):
        return _computed(figures, index)
    if isinstance(figures, WorkloadSpeedup):
        return _computed_workload(figures)
    return _measured(figures) if isinstance(figures, MeasuredThroughputs) else _written(figures)


def _computed(figures: ComputedSpeedups, index: Callable[[int], str]) -> Comparison:
    slots, drawn, chat = figures.slots, figures.memoryless.requests, figures.source
    equal = f"N = {figures.equal.requests:,}，每个回答 {figures.equal_length} 个 token"
    bars = {"equal": Bar("等长", figures.equal.speedup, equal)}
    real_source = ""
    if figures.chat is not None:
        real = f"N = {figures.chat.requests:,}，Azure {chat.year} 年对话轨迹"
        bars["chat"] = Bar("真实对话长度", figures.chat.speedup, real)
        real_source = f"真实长度：{_chat_source(chat)}。"
    memoryless = (
        f"N = {drawn:,}，平均 {figures.mean:g} 个 token，种子 {figures.seed}；"
        f"期望 H{index(slots)} = {harmonic_number(slots):.3f}"
    )
    bars["memoryless"] = Bar("无记忆长度", figures.memoryless.speedup, memoryless, headline=True)
    shown = bars.values() if figures.lengths == "all" else [replace(bars[figures.lengths], headline=True)]
    alike = figures.equal.requests == drawn
    size = f"各 N = {drawn:,}" if alike else f"N = {drawn:,} 和 {figures.equal.requests:,}"
    caption = f"计算值：{_slots(slots)}，队列常满，每步用时固定，预填充不计。"
    details = f"无记忆（几何分布）与等长：{size}，平均 {figures.mean:g} 个 token。{real_source}"
    bars_shown = (_static_bar(slots), *shown)
    return Comparison("computed", bars_shown, caption, _TIMES_STATIC, ratio=True, details=details)


def _computed_workload(figures: WorkloadSpeedup) -> Comparison:
    size = f"N = {figures.counts.requests:,}"
    name, source = workload_name(figures.origin), workload_source(figures.origin)
    bars = (
        _static_bar(figures.slots),
        Bar(POLICY_HEADINGS[Policy.CONTINUOUS], figures.speedup, f"{size}，{name}", headline=True),
    )
    caption = f"计算值：{_slots(figures.slots)}，队列常满，每步用时固定，预填充不计。{size}：{source}。"
    return Comparison("computed", bars, caption, _TIMES_STATIC, ratio=True)


_TIMES_STATIC = "× 静态"


def _static_bar(slots: int) -> Bar:
    return Bar(POLICY_HEADINGS[Policy.STATIC], 1.0, f"同样的 {_slots(slots)}、队列和每步用时", baseline=True)


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
    caption = "".join([*_doubts(figures), _measured_caption([each.run for each in figures.runs], figures.conditions)])
    return Comparison("measured", tuple(bars), caption, UNITS[figures.metric])


def _doubts(figures: MeasuredThroughputs) -> list[str]:
    """What makes a comparison of runs doubtful, a sentence each."""
    doubts = []
    if figures.limited:
        limited = _listed([each.label for each in figures.limited])
        doubts.append(f"注意：{limited} 的回答与请求发出一样快，所以这里显示的是负载，而不是服务器的能力。")
    if figures.unlike:
        one, two = figures.unlike
        doubts.append(f"注意：{one.label} 和 {two.label} 的请求长度不同。")
    if figures.swapped:
        slow, fast = figures.swapped
        doubts.append(f"注意：较快的是 {slow.label}，而不是 {fast.label}。")
    return doubts


def _run(run: MeasuredRun) -> str:
    parts = [run.file.name]
    if run.completed is not None:
        parts.append(f"N = {run.completed:,}")
    return "，".join([*parts, *_lost(run)])


def _run_facts(run: MeasuredRun) -> str:
    parts = [run.model, run.gpu, run.date, _lengths([run]), run_figures(run)]
    return "，".join(part for part in parts if part)


def _lost(run: MeasuredRun) -> list[str]:
    """Requests of a run that do not count, by their fate."""
    return [f"{count:,} 个{told}" for fate, told in _FATES.items() if (count := getattr(run, fate))]


def _measured_caption(runs: Sequence[MeasuredRun], conditions: Conditions) -> str:
    tools = _listed(list(dict.fromkeys(TOOLS[run.tool] for run in runs)))
    parts = [
        next((run.model for run in runs if run.model), conditions.model),
        next((run.gpu for run in runs if run.gpu), conditions.gpu),
        "、".join(dict.fromkeys(run.date for run in runs if run.date)) or conditions.date,
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
            parts.append(f"{count:,} 个{told}")
    if not all(run.exact_starts for run in runs):
        parts.append("时间精确到秒")
    names = list(dict.fromkeys(run.file.name for run in runs))
    files = "、".join(names) if len(names) <= MOST_FILES else f"{names[0]} 至 {names[-1]}，共 {len(names)} 个"
    return f"用 {tools} 实测：{'，'.join(part for part in parts if part)}。文件：{files}。"


def _rates(runs: Sequence[MeasuredRun]) -> str:
    """How the requests of all runs were sent: rates in one list, if nothing else is known."""
    rates = sorted({run.request_rate for run in runs if run.request_rate is not None and run.request_rate < math.inf})
    if len(rates) > 1 and not any(run.strategy for run in runs):
        return f"发送速率 {_listed([f'{rate:g}' for rate in rates])} 请求/s"
    return "、".join(dict.fromkeys(words for run in runs if (words := _sending(run))))


def _rate(rate: float) -> str:
    return f"{rate:g} 请求/s"


def _sending(run: MeasuredRun) -> str:
    """How requests were sent, where a file says it."""
    rate = "" if run.request_rate is None or math.isinf(run.request_rate) else _rate(run.request_rate)
    if run.strategy:
        return f"策略 {run.strategy}{f'，{rate}' if rate else ''}"
    return f"发送速率 {rate}" if rate else ""


def _part_shown(shown: Replay) -> str:
    """Which requests of a run are shown: always some that were sent one after the other."""
    some = f"第 {shown.first:,} 至 {shown.last:,} 个" if shown.shown > 1 else f"第 {shown.first:,} 个"
    part = f"前 {shown.shown} 个" if shown.first == 1 else some
    held = f"，{len(shown.rows)} 行容纳不下更多" if shown.full else ""
    return f"{shown.total:,} 个请求中的{part}{held}"


def _concurrency(runs: Sequence[MeasuredRun]) -> str:
    caps = list(dict.fromkeys(run.concurrency for run in runs if run.concurrency is not None and run.batch is None))
    if not caps:
        return ""
    return f"最多 {_listed([str(cap) for cap in caps])} 个请求同时处理"


def _sizes(runs: Sequence[MeasuredRun]) -> str:
    counts = list(dict.fromkeys(run.completed for run in runs if run.completed is not None))
    return f"N = {_listed([f'{count:,}' for count in counts])}" if counts else ""


def _batches(runs: Sequence[MeasuredRun]) -> str:
    """What the speaker says of the batches that were run, each once, and how often they were run."""
    told = []
    for run in runs:
        if run.batch is not None and run.iterations is not None:
            prompts = "" if run.batch.input_len is None else f"输入 {run.batch.input_len:,} 个 token，"
            answers = f"输出 {run.batch.output_len:,} 个 token（讲者给出）"
            told.append(f"批大小 {run.batch.size:,}，{prompts}{answers}，{run.iterations:,} 次的平均")
    return "；".join(dict.fromkeys(told))


def _lengths(runs: Sequence[MeasuredRun]) -> str:
    """Mean lengths of the runs, once if they agree to the token."""
    means = []
    for run in runs:
        if run.completed and run.input_tokens is not None and run.output_tokens is not None:
            means.append(f"输入 {run.input_tokens / run.completed:.0f} / 输出 {run.output_tokens / run.completed:.0f}")
    return f"平均 token 数 {_listed(list(dict.fromkeys(means)))}" if means else ""


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
    told = "，".join(part for part in parts if part)
    bars = _two_bars((figures.static, who), (figures.continuous, who))
    caption = f"{who} 实测{f'：{told}' if told else ''}。"
    unit = UNITS["output_throughput"] if figures.unit is None else figures.unit
    return Comparison("measured", bars, caption, unit, ratio=figures.ratio)
