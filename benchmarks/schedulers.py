"""How long, and in how much memory, both policies serve a million requests.

Run as `python benchmarks/schedulers.py`; every row is a fresh process, so that its peak memory is its own.
"""

import argparse
import resource
import subprocess
import sys
import time

from astrai_slides.serving.sim import DecodeRule, Options, Policy, TurnCost
from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.lengths import memoryless_lengths
from astrai_slides.serving.sim.limits import Limits
from astrai_slides.serving.sim.options import PrefillRule

SLOTS, MEAN, SEED = 16, 200, 0
COUNTS = (125_000, 250_000, 500_000, 1_000_000)
CASES = {
    "full queue, constant cost": Options(SLOTS),
    "full queue, cost by token and prompt": Options(SLOTS, cost=TurnCost.of_milliseconds(20, 0.1, 5, 0.01)),
    # Half of what 16 requests of mean length hold, so that memory is what ends the wait.
    "KV memory and token budget": Options(
        SLOTS,
        cost=TurnCost.of_milliseconds(20, 0.1, 0, 0.01, 0.0001),
        prefill_rule=PrefillRule.MIXED,
        limits=Limits(kv_tokens=20_000, token_budget=2048),
    ),
    "every same-position group": Options(SLOTS, decode_rule=DecodeRule.EVERY_GROUP),
}


def measure(case: str, count: int) -> None:
    """Serve `count` memoryless requests with both policies and print seconds and peak megabytes."""
    lengths = memoryless_lengths(count, MEAN, SEED)
    prompts = memoryless_lengths(count, 5 * MEAN, SEED + 1)
    begin = time.perf_counter()
    turns = [run(lengths, policy, CASES[case], prompt_tokens=prompts).turns for policy in Policy]
    seconds = time.perf_counter() - begin
    # Linux counts kilobytes, macOS bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    sys.stdout.write(
        f"{case:38} {count:>9,} {seconds:7.2f} s {seconds / count * 1e6:6.2f} us/request {peak:6.0f} MB"
        f"  {turns[0] / turns[1]:.3f}x\n"
    )


def main() -> None:
    """Measure every case for every number of requests, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--count", type=int)
    arguments = parser.parse_args()
    if arguments.case and arguments.count:
        measure(arguments.case, arguments.count)
        return
    for case in [arguments.case] if arguments.case else CASES:
        for count in [arguments.count] if arguments.count else COUNTS:
            subprocess.run([sys.executable, __file__, "--case", case, "--count", str(count)], check=True)


if __name__ == "__main__":
    main()
