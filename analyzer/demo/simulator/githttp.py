"""Git's smart protocol over HTTP through ``git http-backend``: any bare repository is served as it is, to read only."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from analyzer.demo.simulator.exchange import Request, Response
from analyzer.errors import GitFailed, ToolMissing
from analyzer.git import process
from analyzer.git.sandbox import environment

STEPS = ("info/refs", "git-upload-pack")
"""What reading a repository takes; pushing and git's oldest protocol are not served."""

_PARTS = ("git-http-backend", "git-remote-http")

_LONGEST_HEAD = 16 * 1024


def check() -> None:
    """Raise :class:`ToolMissing` where git comes without the parts that speak HTTP, as in some small packages of it."""
    folder = Path(process.run(None, ["--exec-path"]).decode("utf-8", "surrogateescape").strip())
    missing = [part for part in _PARTS if not (folder / part).exists()]
    if missing:
        raise ToolMissing(
            f"This git lacks {' and '.join(missing)}.", "Install the whole of git (on Alpine: git and git-daemon)."
        )


def serve(git_dir: Path, step: str, request: Request, *, with_filter: bool) -> Response:
    """The answer of git to one step; its stream must be closed, which ends git."""
    output = _output(git_dir, step, request, with_filter=with_filter)
    head, rest = _head(output)
    lines = [line.partition(":") for line in head.decode("latin-1").splitlines()]
    headers = {name.lower(): value.strip() for name, _, value in lines}
    status = int(headers.pop("status", "200").partition(" ")[0])
    return Response(status, headers, rest, output)


def _output(git_dir: Path, step: str, request: Request, *, with_filter: bool) -> Generator[bytes]:
    variables = {
        "GIT_PROJECT_ROOT": str(git_dir.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{git_dir.name}/{step}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": urlsplit(request.target).query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
    }
    config = [f"uploadpack.allowFilter={str(with_filter).lower()}", "uploadpack.allowAnySHA1InWant=true"]
    config += ["safe.directory=*", "http.receivepack=false"]
    env = environment(variables=variables)
    with process.stream(None, ["http-backend"], stdin=request.body, config=config, env=env) as git:
        yield from git


def _head(output: Iterator[bytes]) -> tuple[bytes, bytes]:
    """What comes before the blank line, and the first bytes after it."""
    read = b""
    for chunk in output:
        read += chunk
        head, found, rest = read.partition(b"\r\n\r\n")
        if found:
            return head, rest
        if len(read) > _LONGEST_HEAD:
            break
    raise GitFailed("http-backend", 0, "answered without a header")
