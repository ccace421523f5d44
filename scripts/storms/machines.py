"""Machines that refuse: limits of a process, disks that are full or read-only, and a cache that was damaged."""

import random
import resource
import shutil
import signal
import time
from functools import partial
from pathlib import Path

from storms.case import hold
from storms.ends import builds
from storms.project import Project

_TOLD = {1: "told", 0: "built all the same"}
LIMITS = {
    "file size": (resource.RLIMIT_FSIZE, 100, 1_000_000),
    "open files": (resource.RLIMIT_NOFILE, 12, 120),
    "seconds": (resource.RLIMIT_CPU, 1, 4),
    "stack": (resource.RLIMIT_STACK, 1 << 18, 1 << 22),
}
"""By name: which, and the range from which it is taken, evenly over its magnitudes."""


def _limited(project: Project, choose: random.Random) -> str:
    name = choose.choice(list(LIMITS))
    kind, low, high = LIMITS[name]
    value = round(low * (high / low) ** choose.random())
    begun = time.monotonic()
    process = project.start(preexec_fn=partial(resource.setrlimit, kind, (value, value)))
    ended = project.ended(process, begun)
    killed = {-signal.SIGXCPU: "killed", -signal.SIGKILL: "killed"} if name == "seconds" else {}
    told = project.check(ended, {**_TOLD, **killed}, killed=ended.code in killed, full=True)
    return f"{name}: {told}"


def _disk(project: Project, choose: random.Random) -> str:
    """Build with the cache, the output or the temporary folder on a disk of its own, in a namespace of mounts."""
    place = choose.choice(["cache", "out", "tmp"])
    full = choose.random() < 0.7
    size = round(4 * 500 ** choose.random())
    made, kept = project.folder / place, project.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(made, kept)
    # what is on the disk is copied back, as it goes with the namespace
    mount = (
        f'mount -t tmpfs -o size={size}k storm "{made}" && '
        # one that does not hold the first edition begins empty
        f'{{ cp -a "{kept}/." "{made}" 2>/dev/null || find "{made}" -mindepth 1 -delete; }}; "$@"; code=$?; '
        f'rm -rf "{kept}"; cp -a "{made}" "{kept}"; exit $code'
        if full
        else f'mount --bind "{made}" "{made}" && mount -o remount,ro,bind "{made}" || exit 99; "$@"'
    )
    begun = time.monotonic()
    ended = project.ended(project.start("unshare", "-rm", "sh", "-c", mount, "sh"), begun)
    hold(ended.code != 99, "a disk cannot be made read-only here")
    if full:
        shutil.rmtree(made)
        kept.rename(made)
    else:
        shutil.rmtree(kept)
    if ended.code == 1:
        hold(": " in ended.said and place != "cache", f"{place}: says {ended.said!r}")
    return f"{place} {'full' if full else 'read-only'}: {project.check(ended, _TOLD)}"


def _damage(project: Project, choose: random.Random) -> str:
    """Damage some entries of the cache: the next build is right, whatever they are, of the deck as it was or edited."""
    edited = choose.random() < 0.5
    if not edited:
        project.edit(1)
        shutil.rmtree(project.folder / "out")
    right = project.right if edited else project.before
    entries = sorted(path for path in (project.folder / "cache").rglob("*") if path.is_file())
    ways = set()
    for path in choose.sample(entries, choose.choice([1, 1, 3, len(entries)])):
        data = path.read_bytes()
        at = choose.randrange(len(data) or 1)
        way = choose.choice(["flip", "cut", "empty", "gone", "folder", "another's", "longer", "link"])
        ways.add(way)
        if way == "flip" and data:
            path.write_bytes(data[:at] + bytes([data[at] ^ 1 << choose.randrange(8)]) + data[at + 1 :])
        elif way == "cut":
            path.write_bytes(data[:at])
        elif way == "empty":
            path.write_bytes(b"")
        elif way == "another's":
            other = choose.choice(entries)
            path.write_bytes(other.read_bytes() if other.is_file() else b"")
        elif way == "longer":
            path.write_bytes(data + b"\0" * 100)
        else:
            path.unlink()
            if way == "folder":
                (path / "inner").mkdir(parents=True)
            elif way == "link":
                path.symlink_to(Path("/nonexistent"))
    project.build()
    after = project.files()
    odd = sorted(name for name in right if after.get(name) != right[name])
    hold(not odd, f"{sorted(ways)}: the next build differs: {odd}")
    return ways.pop() if len(ways) == 1 else "several"


STORMS = (
    builds("limits", "`ulimit` of " + ", ".join(LIMITS), 40, _limited),
    builds("disks", "full and read-only disks under cache, output and temporary folder", 40, _disk),
    builds("damaged-cache", "entries of the cache flipped, cut, gone, swapped, or not a file", 60, _damage),
)
