"""The socket: 127.0.0.1, a free port, HTTP/1.1, a thread for each connection."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from analyzer.demo.simulator.exchange import Request, Response

MOST_SENT = 64 * 1024 * 1024
"""Bytes of a request. Git's longest lists of objects have some megabytes."""

Answering = Callable[[Request], AbstractContextManager[Response]]


class Server:
    """Listens between :meth:`start` and :meth:`stop`, after which no thread of it is left."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.closing = Event()
        self._listener = _Listener(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02})

    def start(self) -> str:
        """Listen; give the address."""
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    def stop(self) -> None:
        """Cut what is still open, and wait for its threads."""
        self.closing.set()
        self._listener.shutdown()
        self._listener.cut()
        self._listener.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    """Knows its open connections, so that they can be ended."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as the base class has it
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """End every connection; its thread then ends by itself."""
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A client that went away is no error of ours; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        _server = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    """Turns a request on the wire into data, and an answer into bytes on the wire."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for the client to acknowledge its head
    wbufsize = 64 * 1024
    _server: Server

    def do_GET(self) -> None:  # the name is the base class's
        """Answer a GET."""
        self._exchange()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._exchange()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is printed: the counts tell what was asked."""

    def _exchange(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self._server.answering(Request(self.command, self.path, headers, body)) as response:
            if response.delay and self._server.closing.wait(response.delay):
                self.close_connection = True
                return
            try:
                self._send(response)
            except OSError:  # the client went away
                self.close_connection = True

    def _body(self) -> bytes | None:
        """The whole body, sent with its length or in chunks; None for one that is too long."""
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        length = int(self.headers.get("content-length") or 0)
        return self.rfile.read(length) if length <= MOST_SENT else None

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while length := int(self.rfile.readline(1024).split(b";")[0], 16):
            if len(body) + length > MOST_SENT:
                return None
            body += self.rfile.read(length)
            self.rfile.readline(1024)
        while self.rfile.readline(1024).strip():
            pass
        return bytes(body)

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.stream is not None:
            self.send_header("transfer-encoding", "chunked")
        elif response.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if response.cut_after is not None:
            self.wfile.write(response.body[: response.cut_after])
            self.close_connection = True
        elif response.stream is None:
            self.wfile.write(response.body)
        else:
            self._stream(response)

    def _stream(self, response: Response) -> None:
        self._chunk(response.body)
        for chunk in response.stream or ():
            self._chunk(chunk)
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, chunk: bytes) -> None:
        if chunk:  # an empty one would be the end
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
