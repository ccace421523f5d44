"""Options that say what a server lacks besides slots, for commands that simulate one."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from astrai_slides.serving.sim.limits import MOONCAKE_BLOCK, VLLM_BLOCK, Limits, WhenFull

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--kv-tokens", type=click.IntRange(min=1), metavar="N", help="KV memory in tokens.  [default: ample]"),
    click.option(
        "--kv-block",
        type=click.IntRange(min=1),
        metavar="N",
        help=f"Tokens of a block of KV memory.  [default: {VLLM_BLOCK}]",
    ),
    click.option(
        "--when-full",
        type=click.Choice([choice.value for choice in WhenFull]),
        help="Where KV memory is full: preempt who came last (vLLM), or abort (AstrAI).  [default: preempt]",
    ),
    click.option(
        "--token-budget",
        type=click.IntRange(min=1),
        metavar="N",
        help="Tokens that a turn computes; longer prompts are read in chunks.  [default: no budget]",
    ),
    click.option(
        "--prefix-tokens",
        type=click.IntRange(min=1),
        metavar="N",
        help=f"Prompt tokens kept to be reused, by a trace's hash_ids, {MOONCAKE_BLOCK} tokens each.",
    ),
)


def limit_options(command: _Command) -> _Command:
    """Add options of limits to `command`, which gets `Limits` as `limits`, or None if none of them is given."""

    @functools.wraps(command)
    def wrapper(*args: Any, **options: Any) -> Any:
        names = ("kv_tokens", "kv_block", "when_full", "token_budget", "prefix_tokens")
        given = {name: value for name in names if (value := options.pop(name)) is not None}
        if "kv_tokens" not in given:
            for name in ("kv_block", "when_full"):
                if name in given:
                    raise click.UsageError(f"--{name.replace('_', '-')} goes with --kv-tokens: say how many there are.")
        if "when_full" in given:
            given["when_full"] = WhenFull(given["when_full"])
        try:
            limits = Limits(**given) if given else None
        except ValueError as error:
            raise click.UsageError(f"{error}.") from error
        return command(*args, limits=limits, **options)

    decorated: Any = wrapper
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    result: _Command = decorated
    return result
