"""What is said when GitHub cannot be reached: the name, the certificate, the proxy, each on a real socket."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analyzer.errors import ServiceFailed, UsageError
from analyzer.github.client import Client
from analyzer.github.host import host_named
from analyzer.github.token import Token
from tests.github.stage import SECRET, StageClock

PASSWORD = "canary"
COMPANY = host_named("git.company.example")


class Refusing(BaseHTTPRequestHandler):
    """A proxy that lets nobody through."""

    def do_CONNECT(self) -> None:
        self.send_error(407)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def port() -> Iterator[int]:
    """A server on this machine that speaks plain http and, as a proxy, lets nobody through."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running.server_port
        running.shutdown()
        thread.join()


def _asked(host: str, **options: Any) -> ServiceFailed:
    with (
        Client(Token(SECRET), host_named(host), clock=StageClock(), **options) as client,
        pytest.raises(ServiceFailed) as caught,
    ):
        client.check()
    assert PASSWORD not in str(caught.value)
    return caught.value


def _raising(error: OSError) -> Callable[..., object]:
    def call(*_: object, **__: object) -> object:
        raise error

    return call


def test_an_unknown_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _raising(socket.gaierror(-2, "Name or service not known")))
    error = _asked("git.company.example")
    assert error.message == (
        "No connection to GitHub, for this machine does not find the host by its name (DNS), 4 times."
    )
    assert "HTTPS_PROXY" in error.way_out


def test_a_certificate_that_nobody_here_trusts(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = ssl.SSLCertVerificationError("self-signed certificate")
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", _raising(failure))
    error = _asked(f"127.0.0.1:{port}", retries=0)
    assert error.message == "No connection to GitHub, for the host's certificate is not trusted here (TLS)."
    assert "SSL_CERT_FILE" in error.way_out


def test_a_port_that_speaks_no_tls(port: int) -> None:
    error = _asked(f"127.0.0.1:{port}", retries=0)
    assert error.message.endswith("could not agree on encryption (TLS).")


def test_a_closed_port() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        error = _asked(f"127.0.0.1:{reserved.getsockname()[1]}", retries=1)
    assert error.message == "No connection to GitHub, 2 times."
    assert error.way_out.startswith("Check the network.")


def test_a_proxy_that_lets_nobody_through(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:{PASSWORD}@127.0.0.1:{port}")
    error = _asked("git.company.example", retries=0)
    assert str(error) == "The proxy does not let us through to GitHub. Correct HTTPS_PROXY, or unset it."


@pytest.mark.parametrize("proxy", [f"socks9://ada:{PASSWORD}@proxy.example", f"http://ada:{PASSWORD}@proxy:port"])
def test_a_proxy_that_is_none(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(UsageError, match="ALL_PROXY names cannot be used") as caught:
        Client(Token(SECRET), COMPANY)
    assert PASSWORD not in str(caught.value)
    assert caught.value.__cause__ is None


def test_certificates_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere.pem"))
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        Client(Token(SECRET), COMPANY)
