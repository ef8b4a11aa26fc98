"""The client on a real connection: packed answers, a connection that is cut, a proxy that is none of our business."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from analyzer.errors import ServiceFailed
from analyzer.github.client import Client
from analyzer.github.host import host_at
from analyzer.github.token import Token
from tests.github.stage import SECRET, StageClock

BODY = gzip.compress(json.dumps({"id": 7, "login": "ada", "bio": "x" * 5_000}).encode())


class Handler(BaseHTTPRequestHandler):
    """Cuts the first answer short, gives the others whole."""

    protocol_version = "HTTP/1.1"
    tokens: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.tokens.append(self.headers["authorization"])
        self.send_response(200)
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        if len(self.tokens) == 1:
            self.wfile.write(BODY[:9])
            self.close_connection = True
        else:
            self.wfile.write(BODY)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A server on this machine."""
    Handler.tokens.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_a_real_connection(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    clock = StageClock()
    with Client(Token(SECRET), host_at(f"http://127.0.0.1:{server.server_port}"), clock=clock) as client:
        assert client.account("ada").number == 7
    assert clock.slept == [1]
    assert Handler.tokens == [f"Bearer {SECRET}"] * 2
    assert client.budget.bytes_read == len(BODY) < 5_000


def test_nobody_there() -> None:
    with (
        Client(None, host_at("http://127.0.0.1:9"), clock=StageClock()) as client,
        pytest.raises(ServiceFailed, match="No connection to GitHub, 4 times"),
    ):
        client.account("ada")
