"""What a command takes, as the benchmarks measure it."""

import subprocess
import sys

import pytest

from astrai_slides.base.forks import FORKS
from benchmarks.processes import _memory

HELD = 100 << 20
"""Bytes that a process and its forks share."""

COUNT = 4

HOLDER = f"""
import os, sys
held = bytearray(os.urandom(1 << 20)) * {HELD >> 20}
for _ in range({COUNT}):
    if os.fork() == 0:
        break
print("there", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not FORKS, reason="only Linux tells what processes share")
def test_what_processes_share_counts_once() -> None:
    command = [sys.executable, "-S", "-c", HOLDER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(1 + COUNT):
            assert process.stdout.readline()
        assert HELD < _memory(process.pid) < 2 * HELD
