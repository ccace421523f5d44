"""The server for agents, driven by the SDK's own client over standard input and output."""

import base64
import io
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from PIL import Image

DECK = """
from manim import RIGHT, Create, Square
from manim_slides import Slide

print("{ printed while it is loaded")


class Mine(Slide):
    def construct(self):
        square = Square()
        print("printed while it runs")
        self.play(Create(square), run_time=0.1)
        self.next_slide(notes="# Moved\\nSay *this*.")
        self.play(square.animate.shift(RIGHT), run_time=0.1)


class Bad(Slide):
    def construct(self):
        self.play(Create(Square()), run_time=0.1)
        print("just before")
        nothing()


class Stays(Slide):
    def construct(self):
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with open("stays", "w") as file:
            file.write(str(os.getpid()))
        while True:
            time.sleep(0.1)


class Ends(Slide):
    def construct(self):
        import os
        os._exit(3)
"""


def talk_with(folder: Path, use: "Callable[[Any], Awaitable[None]]") -> None:
    """Start the server in `folder`, and let `use` talk with it as a client."""
    (folder / "deck.py").write_text(DECK, "utf-8")

    async def talk() -> None:
        from mcp import Client, StdioServerParameters, stdio_client

        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "astrai_slides", "mcp", "--folder", str(folder)],
            env={**os.environ, "ASTRAI_SLIDES_CACHE": str(folder / "cache")},
            cwd=Path(__file__).parent,
        )
        with anyio.fail_after(300):
            # by default messages go to the `sys.stderr` of when it was imported, perhaps that of click's test runner
            async with Client(stdio_client(server, errlog=sys.__stderr__)) as client:
                await use(client)

    # a thread of its own: Playwright, which other tests of this process use, has a loop of asyncio in this one
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(anyio.run, talk).result()


def texts(result: Any) -> str:
    return "\n".join(each.text for each in result.content if each.type == "text")


def pictures(result: Any) -> list[Image.Image]:
    shown = [each for each in result.content if each.type == "image"]
    assert all(each.mime_type == "image/png" for each in shown)
    return [Image.open(io.BytesIO(base64.b64decode(each.data))) for each in shown]


@pytest.mark.long
def test_an_agent_records_a_deck_and_sees_a_step(tmp_path: Path) -> None:
    async def use(client: Any) -> None:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert set(tools) == {"record", "still", "sheet", "check", "list"}
        assert all(each.description for each in tools.values())
        assert tools["still"].input_schema["required"] == ["target", "step"]

        made = await client.call_tool("record", {"target": "deck.py", "scenes": ["Mine"]})
        assert not made.is_error, texts(made)
        (file,) = made.structured_content["files"]
        assert (file["path"], file["format"]) == ("Mine.html", "html")
        assert (tmp_path / "Mine.html").stat().st_size == file["size"]
        # the deck's words are handed on, and stand in no message of the protocol's
        assert made.structured_content["printed"].split("\n") == [
            "{ printed while it is loaded",
            "printed while it runs",
        ]

        shown = await client.call_tool("still", {"target": "deck.py", "scenes": ["Mine"], "step": "2"})
        (picture,) = pictures(shown)
        assert picture.size == (1920, 1080)
        box = picture.convert("L").point(lambda value: 255 * (value > 128)).getbbox()
        assert box is not None
        assert abs((box[0] + box[2]) / 2 - (960 + 135)) < 2  # a unit to the right, of 8 in the frame's height
        assert "step 2, 2: Moved" in texts(shown)

        failed = await client.call_tool("record", {"target": "deck.py", "scenes": ["Bad"]})
        assert failed.is_error
        assert "deck.py: Bad cannot be recorded: line 21: NameError" in texts(failed)
        assert "just before" in texts(failed)

    talk_with(tmp_path, use)
    assert not list(tmp_path.glob("*-png"))


@pytest.mark.wide
def test_an_agent_lists_checks_and_sees_all_steps(tmp_path: Path) -> None:
    async def use(client: Any) -> None:
        named = await client.call_tool("list", {"target": "deck.py", "scenes": ["Mine"]})
        (deck,) = named.structured_content["decks"]
        assert [step["title"] for step in deck["steps"]] == ["1", "Moved"]

        found = await client.call_tool("check", {"target": "deck.py", "scenes": ["Mine"]})
        (scene,) = found.structured_content["scenes"]
        assert [(each["rule"], each["step"], each["file"]) for each in scene["findings"]] == [
            ("unsaid", "1", "deck.py")
        ]

        (sheet,) = pictures(await client.call_tool("sheet", {"target": "deck.py", "scenes": ["Mine"]}))
        assert sheet.width > sheet.height > 300

        ended = await client.call_tool("record", {"target": "deck.py", "scenes": ["Ends"]})
        assert ended.is_error
        assert "code 3" in texts(ended) or "printed while" in texts(ended)

        # the server still answers, and says what is wrong with what it is asked
        for wrong, told in (
            ({"target": "none.py"}, "there is no deck none.py"),
            ({"target": "--help"}, "--help"),
            ({"target": "deck.py", "scenes": ["Mine"], "formats": ["odt"]}, "'odt' is not known"),
            ({"target": "deck.py", "scenes": ["Nine"]}, "did you mean 'Mine'"),
        ):
            result = await client.call_tool("record", wrong)
            assert result.is_error
            assert told in texts(result)

    talk_with(tmp_path, use)


@pytest.mark.wide
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_deck_that_takes_no_signal_ends_with_the_agents_patience(tmp_path: Path) -> None:
    async def use(client: Any) -> None:
        async with anyio.create_task_group() as tasks:

            async def ask() -> None:
                await client.call_tool("record", {"target": "deck.py", "scenes": ["Stays"]})

            tasks.start_soon(ask)
            while not (tmp_path / "stays").exists() or not (tmp_path / "stays").read_text():
                await anyio.sleep(0.1)
            tasks.cancel_scope.cancel()
        number = int((tmp_path / "stays").read_text())
        while psutil.pid_exists(number):
            await anyio.sleep(0.1)
        # and the server is still there
        assert (await client.list_tools()).tools

    talk_with(tmp_path, use)
