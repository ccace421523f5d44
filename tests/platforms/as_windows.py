"""Carry out a command of ours as far as possible as Windows would; used by test_windows.py, in a process of its own.

What only POSIX has is taken from `os` and `signal` and cannot be imported, and a file that is open can be neither moved
nor removed nor replaced. What is asked for of them is said on standard error. Workers start by importing this file too.
"""

import importlib.abc
import importlib.machinery
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from multiprocessing import popen_fork
from types import ModuleType
from typing import Any

POSIX_MODULES = ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog")
POSIX_NAMES = {
    os: ("fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "getpgid", "killpg", "setsid", "chown", "mkfifo",
         "sched_getaffinity", "sched_setaffinity", "uname", "statvfs", "O_NOFOLLOW", "getloadavg", "nice", "wait",
         "P_PID", "WEXITED", "WIFSIGNALED", "WIFEXITED", "WEXITSTATUS", "WTERMSIG", "WNOHANG", "WNOWAIT", "waitid",
         "set_blocking", "setpgid", "register_at_fork", "mknod", "sendfile"),
    signal: ("SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGSTOP", "SIGCONT", "pthread_sigmask",
             "pthread_kill", "alarm", "setitimer", "SIG_BLOCK", "SIG_SETMASK", "SIG_UNBLOCK", "sigwait"),
    select: ("poll", "epoll", "kqueue", "POLLERR", "POLLHUP", "POLLIN", "POLLOUT"),
    socket: ("AF_UNIX", "SOCK_SEQPACKET", "recv_fds", "send_fds"),
}  # fmt: skip


ASKED_BY_LIBRARIES = ("uname", "AF_UNIX", "WNOHANG")
"""What libraries ask for wherever they find themselves on Linux; left to them, but not to us."""


class _Absent(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name in POSIX_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def _refuse_open_files() -> None:
    def is_open(path: Any, folder: int | None) -> bool:
        place = "" if folder is None else f"/proc/self/fd/{folder}"
        whole = os.path.realpath(os.path.join(place, os.fspath(path)))  # noqa: PTH118
        for handle in listdir("/proc/self/fd"):
            try:
                if readlink(f"/proc/self/fd/{handle}") == whole:
                    return True
            except OSError:
                continue
        return False

    listdir, readlink = os.listdir, os.readlink
    for name in ("rename", "replace", "unlink", "remove"):
        real = getattr(os, name)

        def careful(path: Any, *rest: Any, real: Any = real, **named: Any) -> Any:
            folder = named.get("dir_fd")
            for each in (path, *rest[:1]):
                if is_open(each, folder):
                    sys.stderr.write(f"OPEN {each}\n")
                    raise PermissionError(13, "The process cannot access the file because it is being used", str(each))
            return real(path, *rest, **named)

        setattr(os, name, careful)


def become_windows() -> None:
    sys.meta_path.insert(0, _Absent())
    for name in POSIX_MODULES:
        sys.modules.pop(name, None)
    # Python's own ends processes in another way there
    popen_fork.Popen.kill = lambda process: os.kill(process.pid, 9)
    for module, names in POSIX_NAMES.items():
        for name in names:
            if hasattr(module, name) and name not in ASKED_BY_LIBRARIES:
                delattr(module, name)
    _refuse_open_files()


# not where the tests import this file, but in workers too, which Python starts under the other name
if __name__ in ("__main__", "__mp_main__"):
    become_windows()

if __name__ == "__main__":
    from astrai_slides.cli import main

    main(sys.argv[1:])
