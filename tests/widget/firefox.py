"""Debian's Firefox, driven by its own Marionette protocol: Playwright only drives a Firefox of its own making.

See https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html.
"""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.ports import free_port

SECONDS_TO_START = 60
SECONDS_TO_ANSWER = 60
RUN_IN_PAGE = {"args": [], "scriptTimeout": 40_000, "sandbox": None}


def firefox_program() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """A headless Firefox with one page."""

    def __init__(self, program: str, folder: Path) -> None:
        port = free_port()
        settings = {"marionette.port": port, "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
        (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [program, "--headless", "--marionette", "--profile", str(folder), "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._connection = self._connected(port)
        self._buffer = b""
        self._count = 0
        self._receive()
        self.command("WebDriver:NewSession", {})

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """Send one command and return its result; a failed one fails the test."""
        self._count += 1
        packet = json.dumps([0, self._count, name, parameters]).encode()
        self._connection.sendall(str(len(packet)).encode() + b":" + packet)
        _kind, _number, error, result = self._receive()
        assert error is None, error
        return result

    def open(self, address: str) -> None:
        self.command("WebDriver:Navigate", {"url": address})

    def run(self, script: str) -> Any:
        """Run the body of an asynchronous function in the page, and return what it returns."""
        body = f"const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done);"
        return self.command("WebDriver:ExecuteAsyncScript", {"script": body, **RUN_IN_PAGE})["value"]

    def press(self, keys: str) -> None:
        """Press keys one after another, wherever the focus is; special ones by WebDriver's code points."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        self.command("WebDriver:PerformActions", {"actions": actions})

    def close(self) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    def _connected(self, port: int) -> socket.socket:
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_ANSWER)
            except OSError:
                assert time.monotonic() < deadline, "Firefox did not start"
                assert self._process.poll() is None, "Firefox ended"
                time.sleep(0.2)

    def _receive(self) -> Any:
        while b":" not in self._buffer:
            self._read()
        length, _, self._buffer = self._buffer.partition(b":")
        while len(self._buffer) < int(length):
            self._read()
        packet, self._buffer = self._buffer[: int(length)], self._buffer[int(length) :]
        return json.loads(packet)

    def _read(self) -> None:
        received = self._connection.recv(65_536)
        assert received, "Firefox hung up"
        self._buffer += received
