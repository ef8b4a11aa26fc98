"""Debian's Chromium, driven over a pipe with its own protocol: no driver and no port.

The protocol is JSON with a NUL after each message, written to file descriptor 3 of the browser and read from its 4.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PATIENCE = 60
"""Seconds without a word after which a browser counts as dead."""

_OPTIONS = """
    --headless --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
    --disable-sync --disable-extensions --mute-audio --remote-debugging-pipe
"""


def path() -> str | None:
    """The browser on this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """A browser and the page it shows. ``events`` are what it reported since the last :meth:`open`."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._buffer = b""
        self._n = 0
        self._session: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []

    def fresh(self) -> None:
        """Turn to a new page, which has the focus and nothing of the pages before."""
        self._session = {}
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Ask the browser; what it reports in the meantime is kept."""
        self._n += 1
        message = {"id": self._n, "method": method, "params": params, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._n:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def open(self, file: Path) -> None:
        """Load a page from disk and wait until it is there."""
        self.events = []
        self.call("Page.navigate", url=file.as_uri())
        while not self.reported("Page.loadEventFired"):
            self.events.append(self._next())

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page; the page's policy does not hold for it."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def reported(self, *methods: str) -> list[dict[str, Any]]:
        """The parameters of the events with one of these names."""
        return [e["params"] for e in self.events if e.get("method") in methods]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._from], [], [], PATIENCE)[0], "the browser says nothing any more"
            got = os.read(self._from, 1 << 20)
            assert got, "the browser has ended"
            self._buffer += got
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)


@contextmanager
def started(profile: Path) -> Generator[Browser]:
    """A browser with an empty profile, ended afterwards."""
    program = path()
    assert program is not None
    options = [*_OPTIONS.split(), f"--user-data-dir={profile}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses to start as root with it
    (in_read, in_write), (out_read, out_write) = _pipe(), _pipe()
    actions = [
        *((os.POSIX_SPAWN_OPEN, output, os.devnull, os.O_WRONLY, 0) for output in (1, 2)),
        (os.POSIX_SPAWN_DUP2, in_read, 3),
        (os.POSIX_SPAWN_DUP2, out_write, 4),
    ]
    child = os.posix_spawn(program, [program, *options], os.environ, file_actions=actions)
    os.close(in_read)
    os.close(out_write)
    try:
        yield Browser(in_write, out_read)
    finally:
        os.close(in_write)
        os.close(out_read)
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are out of the way of the numbers 3 and 4."""
    ends = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return read, write
