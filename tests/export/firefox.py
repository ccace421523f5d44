"""The system's Firefox over Marionette, its own remote protocol: JSON lists with their length in front, over TCP."""

import base64
import io
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

START_SECONDS = 60
_KEYS = {
    "ArrowRight": "\ue014",
    "ArrowLeft": "\ue012",
    "PageDown": "\ue00f",
    "PageUp": "\ue00e",
    "End": "\ue010",
    "Escape": "\ue00c",
    "Tab": "\ue004",
}
_PREFERENCES = {
    "marionette.port": 0,
    "network.proxy.type": 1,  # to a port that nobody serves: no network
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "dom.disable_open_during_load": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "layout.css.devPixelsPerPx": "1.0",
}


def firefox_path() -> str | None:
    """The system's Firefox."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """A session with one window."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._id = 0
        self._receive()
        self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {"pageLoadStrategy": "normal"}})
        self.call("WebDriver:SetTimeouts", script=30_000, pageLoad=30_000)

    def call(self, command: str, **parameters: Any) -> Any:
        """Send a command; return its value. Raises RuntimeError with Firefox' message."""
        self._id += 1
        message = json.dumps([0, self._id, command, parameters]).encode()
        self._connection.sendall(str(len(message)).encode() + b":" + message)
        _, number, error, result = self._receive()
        assert number == self._id
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def run(self, script: str) -> Any:
        """Run the body of a function in the page, return what it returns (a promise is awaited)."""
        return self.call(
            "WebDriver:ExecuteAsyncScript",
            script=f"const done = arguments[0]; (async () => {{ {script} }})().then(done, (e) => done(String(e)))",
            args=[],
            sandbox=None,
        )

    def open(self, address: str) -> None:
        """Load `address` anew and wait until the deck says what it is."""
        # an address that differs by its hash only is not loaded, and Firefox would not wait until it is followed
        self.call("WebDriver:Navigate", url="about:blank")
        self.call("WebDriver:Navigate", url=address)
        self.wait("[data-state]")

    def wait(self, marks: str) -> None:
        """Wait until <html> matches the selector `html{marks}`."""
        found = self.run(
            f"""const wanted = {json.dumps("html" + marks)}, root = document.documentElement;
            return await new Promise((resolve) => {{
              const look = () => {{ if (root.matches(wanted)) {{ seen.disconnect(); resolve(true); }} }};
              const seen = new MutationObserver(look);
              seen.observe(root, {{attributes: true}});
              look();
            }});"""
        )
        assert found is True, f"{marks}: {found}"

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, as a keyboard does."""
        for key in keys:
            value = _KEYS.get(key, key)
            actions = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
            self.call("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def resize(self, width: int, height: int) -> None:
        """Give the page so many pixels."""
        frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight];")
        self.call("WebDriver:SetWindowRect", width=width + frame[0], height=height + frame[1])
        assert self.run("return [innerWidth, innerHeight];") == [width, height]

    def screen(self) -> npt.NDArray[np.uint8]:
        """What the page's window shows, (height, width, 3)."""
        data = base64.b64decode(self.call("WebDriver:TakeScreenshot", full=False, hash=False, scroll=False))
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))

    def _receive(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._read(1)
        return json.loads(self._read(int(size[:-1])))

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._connection.recv(count - len(data))
            if not part:
                raise RuntimeError("Firefox closed the connection")
            data += part
        return data


@contextmanager
def firefox(profile: Path, **preferences: Any) -> Iterator[Firefox]:
    """Start Firefox without a screen, with a new profile in the empty folder `profile`."""
    program = firefox_path()
    assert program is not None
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in {**_PREFERENCES, **preferences}.items()
    ]
    (profile / "user.js").write_text("\n".join(lines))
    size = ["--width", "1280", "--height", "800"]
    process = subprocess.Popen(
        [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile), *size],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with socket.create_connection(("127.0.0.1", _port(profile, process)), timeout=START_SECONDS) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        process.wait()


def _port(profile: Path, process: "subprocess.Popen[bytes]") -> int:
    """Firefox writes the port that it chose into its profile."""
    told = profile / "MarionetteActivePort"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"Firefox ended at once with {process.returncode}")
        if told.is_file() and (text := told.read_text().strip()):
            return int(text)
        time.sleep(0.05)
    raise RuntimeError(f"Firefox did not listen within {START_SECONDS} s")
