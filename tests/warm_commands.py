"""`astrai-slides` as a program that starts at once: each call is a fork of one process that has imported what it needs.

A command of the documents takes a second and a half of processor time to start and import, and a tenth to do what it
says; there are seventy of them. What a call writes, reads and leaves is as in a process of its own, except that a
`manim.cfg` of its folder is not read. tests/cli and tests/packaging start the real program.
"""

import importlib
import json
import os
import pkgutil
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LARGEST = 1 << 20
"""Bytes of a call: words, folder and environment."""

_ROOMS = ("recording", "talk", "check", "export", "build", "cli", "serving")
"""What most calls import, manim among it."""

_LATER = {"astrai_slides.export.video.cluster"}
"""What few calls import, and takes long."""

_CALL = """
import array, json, os, socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
    server.connect({address!r})
    call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode("utf-8", "surrogateescape")
    server.sendmsg([call], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
    sys.exit(int(server.recv(16)))
"""


@contextmanager
def warm_commands(folder: Path, root: Path) -> Iterator[Path]:
    """Yield a folder for PATH, in `folder`, whose `astrai-slides` is that of the checkout `root`."""
    address = str(folder / "calls")
    programs = folder / "bin"
    programs.mkdir(parents=True)
    program = programs / "astrai-slides"
    call = programs / "call.py"
    call.write_text(_CALL.format(address=address), "utf-8")
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -S {shlex.quote(str(call))} "$@"\n', "utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), address], env=environment, stdout=subprocess.PIPE, cwd=folder
    ) as server:
        try:
            assert server.stdout is not None
            assert any(line == b"ready\n" for line in server.stdout)  # imports may say something before
            yield programs
        finally:
            server.kill()


def _serve(address: str) -> None:
    """Answer calls until this process is killed, one fork each."""
    import gc

    import astrai_slides
    from astrai_slides import __main__ as program

    for room in _ROOMS:
        folders = [f"{each}/{room}" for each in astrai_slides.__path__]
        for module in pkgutil.walk_packages(folders, f"astrai_slides.{room}."):
            if module.name not in _LATER:
                importlib.import_module(module.name)
    gc.collect()
    gc.freeze()  # or else each fork copies all of it when it collects
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(address)
        server.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if os.fork() == 0:
                server.close()
                _answer(connection, program.run)
            connection.close()


def _answer(connection: socket.socket, run: object) -> None:
    """Carry a call out in a fork, say how it ended, and end."""
    call, streams, *_ = socket.recv_fds(connection, _LARGEST, 3)
    words, folder, environment = json.loads(call.decode("utf-8", "surrogateescape"))
    worker = os.fork()
    if worker:
        _, status = os.waitpid(worker, 0)
        connection.send(str(os.waitstatus_to_exitcode(status) % 256).encode())
        os._exit(0)
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["astrai-slides", *words]
    assert callable(run)
    run()
    sys.exit()


if __name__ == "__main__":
    _serve(sys.argv[1])
