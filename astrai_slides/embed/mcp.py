"""`astrai-slides mcp`: a server of the Model Context Protocol, by which an agent records decks and sees them.

It needs the extra `mcp`. What an agent asks for is done by the command line in a process of its own, so that nothing
that a deck prints gets between the messages of the protocol, and a deck that ends Python does not end the server.
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astrai_slides import __version__
from astrai_slides.embed.command import CommandAnswer, answer, surroundings, words_of

if TYPE_CHECKING:
    from mcp.server import MCPServer
    from mcp_types import ContentBlock

_INSTRUCTIONS = """\
Decks are Python files with Slide or Scene classes of manim or manim-slides, or talk files (TOML) that name one. \
`target` is such a file, from the folder that the server works in, or the name of a talk in presentations/; `scenes` \
are classes of a Python file, all of them if there are none. Write or edit a deck, then: `still` shows what a step \
ends with, `sheet` all steps on one picture, `check` tells what an audience could not read, `record` writes the \
files, `list` names talks and steps. Errors name the deck's file and line. Only what was edited is recorded again."""

_PATIENCE = 5.0
"""Seconds in which a command ends that is told to, before it is ended."""


@click.command(short_help="Let agents record, see and check decks.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Folder to work in, which targets are named from.  [default: the working directory]",
)
def mcp(folder: Path) -> None:
    """Let agents record, see and check decks: a server of the Model Context Protocol on standard input and output.

    A program that speaks the protocol starts it. It runs the decks that it is asked for, which are programs. Needs the
    extra mcp.

    \b
    Examples:
      astrai-slides mcp
      astrai-slides mcp --folder talks
    """
    try:
        server = make_server(folder)
    except ModuleNotFoundError as error:
        if error.name not in ("mcp", "mcp_types"):
            raise
        raise click.ClickException(
            'the package mcp is missing; install it: pip install "astrai-slides[mcp]"'
        ) from error
    server.run("stdio")


def make_server(folder: Path) -> "MCPServer[Any]":
    """A server that works in `folder`. Raises ModuleNotFoundError where the extra `mcp` is not installed."""
    from mcp.server import MCPServer

    server: MCPServer[Any] = MCPServer(
        "astrai-slides", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = DeckTools(folder)
    server.add_tool(tools.record, structured_output=True)
    server.add_tool(tools.check, structured_output=True)
    server.add_tool(tools.list_decks, "list", structured_output=True)
    for tool in (tools.still, tools.sheet):
        server.add_tool(tool, structured_output=False)
    return server


class DeckTools:
    """What the server does in a folder; the names, arguments and docstrings are what an agent is shown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def record(
        self,
        target: str,
        scenes: Sequence[str] = (),
        formats: Sequence[str] = ("html",),
        steps: Sequence[str] = (),
        out: str = "",
    ) -> dict[str, Any]:
        """Record a deck and write it as files, unless that was done; return the files and warnings.

        Formats: html, pptx, pdf, notes, notes-pdf, present, mp4, gif, webp, png, svg, sheet. Steps are named, numbered
        or given as FROM..TO; all if there are none. `out` is the folder to write to: beside the talk file, or the
        server's folder for a deck, if it is empty.
        """
        options = ["--to", ",".join(formats), *_each("--step", steps), *(["--out", out] if out else [])]
        done = await self._done(["build", *options], [target, *scenes])
        return {"files": done.data["files"], "warnings": done.data["warnings"], "printed": done.printed}

    async def still(self, target: str, step: str, scenes: Sequence[str] = ()) -> Any:
        """Show what a step ends with, as a picture. The step is named, or numbered from 1; FROM..TO shows several."""
        return await self._pictures(["--to", "png", "--step", step], [target, *scenes])

    async def sheet(self, target: str, scenes: Sequence[str] = (), steps: Sequence[str] = ()) -> Any:
        """Show what all steps end with on one picture, with their titles; only `steps` if there are some."""
        return await self._pictures(["--to", "sheet", *_each("--step", steps)], [target, *scenes])

    async def check(self, target: str = "", scenes: Sequence[str] = ()) -> dict[str, Any]:
        """Tell what an audience could not read or see, with the line of the deck that makes it and the remedy.

        Without a target every talk of presentations/ is checked.
        """
        done = await self._done(["check"], [*([target] if target else []), *scenes])
        return {"scenes": done.data, "printed": done.printed}

    async def list_decks(self, target: str = "", scenes: Sequence[str] = ()) -> dict[str, Any]:
        """Name talks or decks, their scenes and their steps; every talk of presentations/ without a target."""
        done = await self._done(["list"], [*([target] if target else []), *scenes])
        return {"decks": done.data, "printed": done.printed}

    async def _pictures(self, options: Sequence[str], targets: Sequence[str]) -> "list[ContentBlock]":
        from mcp.server.mcpserver import Image
        from mcp_types import TextContent

        shown: list[ContentBlock] = []
        with tempfile.TemporaryDirectory(prefix="astrai-slides-mcp-") as folder:
            done = await self._done(["build", *options, "--out", folder], targets)
            for file in done.data["files"]:
                for path, words in _pictures_of(Path(file["path"])):
                    shown += [TextContent(type="text", text=words), Image(path).to_image_content()]
        warnings = [each["text"] for some in done.data["warnings"].values() for each in some]
        return [*shown, *(TextContent(type="text", text=f"warning: {each}") for each in warnings)]

    async def _done(self, command: Sequence[str], targets: Sequence[str]) -> CommandAnswer:
        """Run a command, which ends when the agent no longer waits for it; raises ToolError for what went wrong."""
        from mcp.server.mcpserver.exceptions import ToolError

        done = await _run(words_of(command, targets), self._folder)
        if done.error:
            raise ToolError(
                "\n".join(each for each in (done.error, done.printed and f"printed: {done.printed}") if each)
            )
        return done


async def _run(words: Sequence[str], folder: Path) -> CommandAnswer:
    import anyio

    # into files, since whoever reads two pipes in turn may wait for ever
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = await anyio.open_process(
            list(words),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=surroundings(),
            start_new_session=True,
        )
        try:
            await process.wait()
        except BaseException:
            process.terminate()  # it ends its own workers, and leaves no draft
            with anyio.move_on_after(_PATIENCE, shield=True):
                await process.wait()
            _kill(process.pid)  # a deck that takes no signal, and what it started
            with anyio.CancelScope(shield=True):
                await process.wait()
            raise
        finally:
            with anyio.CancelScope(shield=True):
                await process.aclose()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read())
    assert process.returncode is not None
    return answer(process.returncode, *texts)


def _kill(leader: int) -> None:
    """End a process, and all of its group, if there are any."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
    else:  # Windows, where this ends what it has begun as well
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(leader)], capture_output=True)


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _pictures_of(file: Path) -> list[tuple[Path, str]]:
    """The pictures that a build names by `file`, itself or the index of a folder, and what each shows."""
    if file.suffix == ".png":
        return [(file, file.name)]
    steps = json.loads(file.read_text("utf-8"))["steps"]
    return [(file.parent / each["file"], _said(each)) for each in steps]


def _said(step: dict[str, Any]) -> str:
    return os.linesep.join(
        each for each in (f"step {step['number']}, {step['name']}: {step['title']}", step["description"]) if each
    )
