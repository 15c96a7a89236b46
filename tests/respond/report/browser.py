"""A real browser for tests: Debian's chromium, driven over a pipe, told to have no network."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

CHROMIUM = shutil.which("chromium")
_SECONDS = 60.0
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--proxy-server=127.0.0.1:9",  # nothing listens there: no request can leave the machine
    "--remote-debugging-pipe",
)
# Chromium reads commands from descriptor 3 and answers on 4, whichever they are here.
_LAUNCHER = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, place in zip(ends, (3, 4)):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""


@dataclass
class Page:
    """One open page: what it asked for, what it complained of, and a way to question it."""

    write: int
    read: int
    session: str = ""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _buffer: bytes = b""
    _number: int = 0

    def open(self, path: Path, width: int = 1280, height: int = 900, dark: bool = False) -> Self:
        """Open a file at a width, and wait until it is there."""
        mode = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", mode)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.call("Page.navigate", {"url": path.absolute().as_uri()})
        until = time.monotonic() + _SECONDS
        while self.evaluate("location.href + document.readyState").startswith(
            ("about:", "chrome")
        ) or not self.evaluate("document.readyState === 'complete'"):
            if time.monotonic() > until:
                raise TimeoutError(f"{path} did not open")
            time.sleep(0.02)
        return self

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def call(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call a method of the DevTools protocol and return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters or {}}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _SECONDS
        while True:
            event = self._next(until)
            if event.get("id") == self._number:
                if "error" in event:
                    raise AssertionError(f"{method}: {event['error']}")
                result: dict[str, Any] = event["result"]
                return result
            self._note(event)

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self.read], [], [], max(0.0, until - time.monotonic()))
            chunk = os.read(self.read, 1 << 20) if ready else b""
            if not chunk:
                raise TimeoutError("chromium did not answer")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        return event

    def _note(self, event: dict[str, Any]) -> None:
        detail = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(detail["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(detail["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if detail["type"] in ("error", "warning", "assert"):
                self.complaints.append(str(detail["args"]))
            case "Log.entryAdded" if detail["entry"]["level"] in ("error", "warning"):
                self.complaints.append(str(detail["entry"]))


@contextmanager
def browser() -> Iterator[Page]:
    """Start chromium with a profile of its own, give an empty page, and end it."""
    to_child, write = os.pipe()
    read, from_child = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        child = subprocess.Popen(
            [
                *(sys.executable, "-c", _LAUNCHER, str(to_child), str(from_child)),
                *(str(CHROMIUM), *_FLAGS, f"--user-data-dir={profile}", "about:blank"),
            ],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        page = Page(write, read)
        try:
            target = page.call("Target.createTarget", {"url": "about:blank"})["targetId"]
            attach = {"targetId": target, "flatten": True}
            page.session = page.call("Target.attachToTarget", attach)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                page.call(f"{domain}.enable")
            yield page
        finally:
            os.close(write)
            os.close(read)
            child.terminate()
            child.wait(_SECONDS)
