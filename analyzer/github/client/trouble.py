"""Trouble on the way to GitHub in words, and what helps. The library's own text can hold an address or a header."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import httpx

from analyzer.errors import UsageError
from analyzer.github.wire import Broken


@contextmanager
def as_the_environment_says() -> Generator[None]:
    """For the making of a client: :class:`UsageError` where the user's environment asks for what cannot be."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read.", "Correct it, or unset it."
        ) from error
    except (ImportError, ValueError, httpx.InvalidURL):  # the error's text can hold the proxy's password
        raise UsageError(
            "The proxy that HTTPS_PROXY or ALL_PROXY names cannot be used.",
            "Name one by http://HOST:PORT, or unset it.",
        ) from None


def told(error: httpx.RequestError) -> Broken:
    """What happened and, where it does not pass by itself, what to do."""
    if isinstance(error, httpx.ProxyError):
        return Broken("the proxy does not let us through to GitHub", way_out="Correct HTTPS_PROXY, or unset it.")
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return Broken("GitHub did not answer in time")
    if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Broken("the connection to GitHub was cut")
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return Broken(
                "no connection to GitHub, for this machine does not find the host by its name (DNS)",
                way_out="Check the network and the host's name. Behind a proxy, name it in HTTPS_PROXY.",
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Broken(
                "no connection to GitHub, for the host's certificate is not trusted here (TLS)",
                way_out="Where a company has its own certificates, name their file in SSL_CERT_FILE.",
            )
        if isinstance(cause, ssl.SSLError):
            return Broken(
                "no connection to GitHub, for the host and we could not agree on encryption (TLS)",
                way_out="Check the host's name and port, and HTTPS_PROXY.",
            )
    return Broken(
        "no connection to GitHub", way_out="Check the network. Behind a proxy, name it in HTTPS_PROXY. Then try again."
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    found = error.__cause__ or error.__context__
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
