"""Options and ways of the command line that several commands share."""

import errno
import io
import logging
import math
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from astrai_slides.base.interrupts import INTERRUPTED, SAID, leave, received, unwind
from astrai_slides.base.os_errors import told
from astrai_slides.base.reason import reason
from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from astrai_slides.cli.plugins import Plugins

UNREAD = 141
"""The exit code of a command whose reader has left: 128 and the number of SIGPIPE, as shells have it."""
OUT_FOLDER = click.Path(path_type=Path, file_okay=False)


class CommaSeparated(click.ParamType[tuple[str, ...]]):
    """Words separated by commas, each one of `choices`, each once."""

    name = "words"

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the choices in help texts."""
        return f"{'|'.join(self.choices)}[,...]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Read `value`; a usage error names the word that is unknown, and those that are known."""
        if isinstance(value, tuple):
            return value
        words = [word.strip().lower() for word in str(value).split(",")]
        for word in words:
            if word not in self.choices:
                from astrai_slides.base.spelling import did_you_mean

                self.fail(f"{word!r} is not known; {did_you_mean(word, self.choices)}", param, ctx)
        return tuple(dict.fromkeys(words))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list["CompletionItem"]:
        """Complete the word after the last comma."""
        from click.shell_completion import CompletionItem  # a start that completes nothing has no use of it

        before, comma, word = incomplete.rpartition(",")
        return [CompletionItem(f"{before}{comma}{each}") for each in self.choices if each.startswith(word)]


class PixelSize(click.ParamType[tuple[int, int]]):
    """A width and a height in pixels, as `1080x1920`."""

    name = "size"
    _LEAST, _MOST = 2, 16384

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the form in help texts."""
        return "WIDTHxHEIGHT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read `value`; a usage error says the form."""
        if isinstance(value, tuple):
            return value
        width, cross, height = str(value).lower().partition("x")
        if not cross or not (width.isascii() and width.isdecimal() and height.isascii() and height.isdecimal()):
            self.fail(f"{value!r} is no size; give width and height in pixels, as 1080x1920", param, ctx)
        for side in (int(width), int(height)):
            if not self._LEAST <= side <= self._MOST:
                self.fail(f"{value!r}: a side has {self._LEAST} to {self._MOST} pixels", param, ctx)
        return int(width), int(height)


class FiniteRange(click.FloatRange):
    """A finite number in a range; `nan` passes click's own."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read `value`; a usage error when it is not finite or out of range."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{str(value)[:40]!r} is no finite number", param, ctx)
        return number


class Failure(click.ClickException):
    """An error that ends the command with one message on standard error."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the message as `astrai-slides: ...`."""
        click.echo(f"astrai-slides: {self.message}", file=file or sys.stderr)


class Interrupted(Failure):
    """The user pressed Ctrl-C."""

    exit_code = INTERRUPTED


class Group(click.Group):
    """A group whose commands are imported when they are asked for, and whose errors end in a message and a code.

    Its own are `lazy`; packages bring more, see `cli.plugins`.
    """

    def __init__(self, *args: Any, lazy: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy
        """Module that defines each command, under the command's own name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what is given; a usage error names what no system takes, before anything asks a system about it."""
        for each in args:
            try:
                impossible = b"\0" in os.fsencode(each)
            except UnicodeEncodeError:
                impossible = True
            if impossible:
                raise click.UsageError(f"{each[:40]!a}: holds a character that no text and no file's name can hold")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, our own in the order of their declaration, without importing any."""
        return [*self._lazy, *self._plugins().commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command `cmd_name`."""
        if cmd_name in self._lazy:
            from importlib import import_module

            command = getattr(import_module(self._lazy[cmd_name]), cmd_name)
            assert isinstance(command, click.Command)
            return command
        entry = self._plugins().commands.get(cmd_name)
        if entry is None:
            return None
        from astrai_slides.cli.plugins import load_command

        return load_command(entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, and say which commands of packages are left out."""
        super().format_commands(ctx, formatter)
        for sentence in self._plugins().refused:
            formatter.write_paragraph()
            formatter.write_text(sentence)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Complete names of commands; those of packages without a description, which is not worth importing them."""
        from click.shell_completion import CompletionItem

        own = [name for name in self._lazy if name.startswith(incomplete)]
        commands = [(name, self.get_command(ctx, name)) for name in own]
        items = [CompletionItem(name, help=each.get_short_help_str()) for name, each in commands if each]
        items += [CompletionItem(name) for name in self._plugins().commands if name.startswith(incomplete)]
        return items + click.Command.shell_complete(self, ctx, incomplete)

    def _plugins(self) -> "Plugins":
        from astrai_slides.cli.plugins import find_plugins

        return find_plugins(tuple(self._lazy))

    def main(self, *args: Any, **named: Any) -> Any:
        """Run the command line, and end the process with its code."""
        with _leaving_with_its_reader():
            try:
                return super().main(*args, **named)
            except OSError as error:  # of what is printed while the command line is read
                if error.errno == errno.EPIPE:
                    raise
                Failure(str(told(error))).show()
                raise SystemExit(Failure.exit_code) from error

    def make_context(self, *args: Any, **named: Any) -> click.Context:
        """Read the command line, of which some words only print something."""
        with _leaving_with_its_reader():
            return super().make_context(*args, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what it raises into a message and an exit code."""
        _print_anything()
        _only_show_warnings()
        try:
            with _leaving_with_its_reader(), _unwinding():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt as error:
            raise Interrupted(SAID) from error
        except Exception as error:
            logging.getLogger(__name__).debug("where it arose", exc_info=error)
            raise Failure(_said(error)) from error


UNFORESEEN = "something that was not foreseen"


def _said(error: Exception) -> str:
    """What to say of a fault that ends a command."""
    if isinstance(error, AstraiSlidesError):
        return str(error)
    if isinstance(error, OSError):
        return str(told(error))
    machine = isinstance(error, (MemoryError, SystemError, ImportError, RuntimeError)) and _told_of_machine(error)
    return machine or _unforeseen(error)


def _unforeseen(error: Exception) -> str:
    """What to say of a fault that nobody has put into words of a user's."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f", in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{UNFORESEEN}: {reason(error)}{place}; -vv shows the way there, by which it can be reported and mended"


def _told_of_machine(error: Exception) -> str | None:
    """What is wrong with the machine, or with what is installed, that had a package fail; None for other faults."""
    if isinstance(error, MemoryError):
        return "out of memory; close other programs, or let it have more (ulimit -v, the container's limit)"
    if isinstance(error, SystemError):  # which Python raises where it gets no memory while it loads a module
        return f"Python itself failed ({error}), most likely for want of memory; let it have more"
    if isinstance(error, ImportError):
        return f"a package cannot be loaded: {error}; install astrai-slides anew, or let it have more memory"
    try:
        Path.home()
    except RuntimeError:  # of a user without a name, as in containers
        return f"this user has no home folder ({error}); name one in HOME"
    return None


@contextmanager
def decks_print_aside(wanted: bool) -> Iterator[None]:
    """With `wanted`, send what a deck prints, itself or by programs that it starts, to standard error.

    So that standard output holds the answer of the command alone, which is printed after the block.
    """
    if not wanted:
        yield
        return
    files = _number(sys.stdout) == 1 and _number(sys.stderr) == 2
    kept = -1
    if files:
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        if files:
            os.dup2(kept, 1)
            os.close(kept)


def _number(stream: TextIO | None) -> int | None:
    """By which the system knows the file of `stream`; None where it is none."""
    try:
        return None if stream is None else stream.fileno()
    except (OSError, ValueError):
        return None


@contextmanager
def _leaving_with_its_reader() -> Iterator[None]:
    """End the command without a word where nobody reads any more what it prints, as after `| head`."""
    try:
        yield
    except OSError as error:
        unread = [each for each in (sys.stdout, sys.stderr) if each is not None and _is_unread(each)]
        if error.errno != errno.EPIPE or not unread:
            raise
        for each in unread:  # what is still to be written must not fail while Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), each.fileno())
        raise SystemExit(UNREAD) from None


def _is_unread(stream: TextIO) -> bool:
    """Whether nobody reads what `stream` prints; taken for true where the system cannot say."""
    import select

    try:
        number = stream.fileno()
        if not hasattr(select, "poll"):
            return True
        poll = select.poll()
        poll.register(number, select.POLLERR)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False  # it is no file, or closed


def _only_show_warnings() -> None:
    """Show warnings that Python was asked to take for errors: what other packages warn of must not end a build."""
    if any(each.startswith("error") for each in sys.warnoptions):
        warnings.simplefilter("default")


def _print_anything() -> None:
    """Print a question mark for what the console cannot show, as Windows' code pages have few characters."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")


@contextmanager
def _unwinding() -> Iterator[None]:
    """Leave by an exception when terminated or interrupted, or when the terminal is closed, so that drafts are removed,
    workers ended, and what was said in a rehearsal kept."""
    answered = {signal.SIGTERM: True, signal.SIGINT: signal.getsignal(signal.SIGINT) is leave}
    if hasattr(signal, "SIGHUP"):  # of a terminal that is closed; not where `nohup` has it do nothing
        answered[signal.SIGHUP] = signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    before = sys.unraisablehook

    def dropped(unraisable: "sys.UnraisableHookArgs") -> None:
        if not received:  # else it was our exception, which is raised again where `check` is called
            before(unraisable)

    try:
        handlers = {each: signal.signal(each, unwind) for each, ours in answered.items() if ours}
    except ValueError:  # not the main thread: whoever runs us there decides
        yield
        return
    received.clear()
    sys.unraisablehook = dropped
    try:
        yield
    finally:
        sys.unraisablehook = before
        for each, handler in handlers.items():
            signal.signal(each, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """For the block, have Ctrl-C do nothing. One that came before was waited for, and ends nothing else."""
    received.clear()
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread, to which no signal comes
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def quiet(ctx: click.Context) -> bool:
    """Whether `--quiet` was given to the group."""
    return bool((ctx.obj or {}).get("quiet"))
