"""The only place that starts git: limits on every child, its status always checked.

Repositories are hostile input. A child therefore sees no configuration, hook, filter, pager, credential or variable
of the user or of the machine (``sandbox.py``). It runs in its own session with limits on memory, processor time, output
and wall time, and its whole process group is killed when it breaks one or when the caller leaves. There is never a
shell.

No threads: :class:`Stream` feeds stdin, drains stderr and reads stdout in one ``select`` loop, so neither side can
block the other. Wall time counts only while we wait for git, not while the caller works on what it got.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from analyzer.errors import GitFailed, GitOutputTooLarge, GitTimeout, ToolMissing
from analyzer.git.sandbox import CONFIG, DEFAULT, MIB, SMALL, Limits, environment, limit, with_room_for_indexes

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

CHUNK = MIB
"""Bytes asked for in one read of a pipe."""

OLDEST_GIT = (2, 39, 4)
"""Older versions miss the security fixes of May 2024 and do not know ``GIT_NO_LAZY_FETCH``."""

_STDERR_KEPT = 64 * 1024


@functools.cache
def _git() -> str:
    found = shutil.which("git")
    if found is None:
        raise ToolMissing("git is not installed.", "Install git 2.39.4 or newer and run the command again.")
    return found


@functools.cache
def git_version() -> tuple[int, ...]:
    """Give the version of the installed git, such as ``(2, 39, 5)``.

    Raises :class:`ToolMissing` when there is no git or one older than :data:`OLDEST_GIT`. Distributions backport fixes
    under old numbers, so a higher bound would refuse patched machines.
    """
    said = run(None, ["version"], limits=SMALL).decode("ascii", "replace").strip()
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    version: tuple[int, ...] = tuple(int(part or 0) for part in match.groups()) if match else ()
    if version < OLDEST_GIT:
        raise ToolMissing(f"{said!r} is too old.", "Install git 2.39.4 or newer.")
    return version


def run(
    git_dir: Path | None,
    args: Sequence[str],
    *,
    stdin: bytes = b"",
    limits: Limits = SMALL,
    ok: Sequence[int] = (0,),
    config: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> bytes:
    """Run git to its end and give its output.

    ``config`` are further ``key=value`` options; ``env`` replaces :func:`environment`'s default.
    Raises :class:`GitFailed` for a status not in ``ok``, :class:`GitTimeout`, :class:`GitOutputTooLarge`.
    """
    with stream(git_dir, args, stdin=stdin, limits=limits, ok=ok, config=config, env=env) as out:
        return b"".join(out)


@contextlib.contextmanager
def stream(
    git_dir: Path | None,
    args: Sequence[str],
    *,
    stdin: bytes | None = b"",
    limits: Limits = DEFAULT,
    ok: Sequence[int] = (0,),
    config: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Generator[Stream]:
    """Start git and give its output as a :class:`Stream`; on leaving, whatever still runs of it is killed.

    The status is checked when the output has been read to its end (``b""``); leaving earlier is no error.
    With ``stdin=None`` the input stays open for :meth:`Stream.send`.
    """
    argv = [_git()]
    if git_dir is not None:
        argv.append(f"--git-dir={git_dir}")
        limits = with_room_for_indexes(limits, git_dir)
    argv += [part for option in (*CONFIG, *config) for part in ("-c", option)]
    argv += args
    child = Stream(argv, args[0], cwd=git_dir, env=environment() if env is None else env, limits=limits, ok=ok)
    try:
        child.send(stdin or b"", last=stdin is not None)
        yield child
    finally:
        child.close()


class Stream:
    """A running child: chunks of its standard output, with limits kept while they are read.

    Also used for children other than git that need the same care (the PyDriller worker).
    """

    def __init__(
        self,
        argv: Sequence[str],
        name: str,
        *,
        cwd: Path | None,
        env: Mapping[str, str],
        limits: Limits,
        ok: Sequence[int] = (0,),
    ) -> None:
        self._name = name
        self._hidden = str(cwd) if cwd else ""
        self._limits = limits
        self._ok = ok
        self._left = limits.seconds
        self._n_read = 0
        self._stderr = bytearray()
        self._pending = memoryview(b"")
        self._last = False
        self._ended = False
        self._process = _started(argv, name, cwd, env)
        limit(self._process.pid, limits)
        self._selector = selectors.DefaultSelector()
        self._out, self._err, self._in = (
            _descriptor(self._process.stdout),
            _descriptor(self._process.stderr),
            _descriptor(self._process.stdin),
        )
        _widen(self._out)
        os.set_blocking(self._in, False)
        self._selector.register(self._out, selectors.EVENT_READ)
        self._selector.register(self._err, selectors.EVENT_READ)

    @property
    def pid(self) -> int:
        """The child's process id, which is its group's too."""
        return self._process.pid

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read():
            yield chunk

    def send(self, data: bytes, *, last: bool = False) -> None:
        """Queue bytes for the child's input; they are written while output is read. ``last`` closes the input."""
        self._pending = memoryview(bytes(self._pending) + data)
        self._last = self._last or last
        self._feed()

    def renew(self, seconds: float) -> None:
        """Give the child ``seconds`` of waiting from now on, for a conversation whose turns are limited one by one."""
        self._left = seconds

    def read(self, n: int = CHUNK) -> bytes:
        """Give up to ``n`` bytes as soon as there are some; ``b""`` once the child has ended with a good status."""
        while not self._ended:
            for fd in self._wait():
                if fd == self._in:
                    self._feed()
                elif fd == self._err:
                    self._drain()
                elif chunk := os.read(fd, n):
                    self._n_read += len(chunk)
                    if self._n_read > self._limits.output:
                        self._kill()
                        raise GitOutputTooLarge(
                            self._name, -signal.SIGKILL, f"printed over {self._limits.output} bytes"
                        )
                    return chunk
                else:
                    self._finish()
                    break
        return b""

    def close(self) -> None:
        """Kill what still runs and free the pipes."""
        if not self._ended:
            self._kill()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _wait(self) -> list[int]:
        """Wait until some pipe is ready, on the child's account of wall time."""
        before = time.monotonic()
        ready = [key.fd for key, _ in self._selector.select(max(self._left, 0.0))]
        self._left -= time.monotonic() - before
        if not ready:
            self._kill()
            raise GitTimeout(self._name, -signal.SIGKILL, f"took longer than {self._limits.seconds:g} s")
        return ready

    def _feed(self) -> None:
        """Write what the child's input takes now; nothing more once it is closed."""
        if self._process.stdin is None or self._process.stdin.closed:
            self._pending = memoryview(b"")
            return
        try:
            while self._pending:
                self._pending = self._pending[os.write(self._in, self._pending[:65536]) :]
        except BlockingIOError:
            if self._in not in self._selector.get_map():
                self._selector.register(self._in, selectors.EVENT_WRITE)
            return
        except BrokenPipeError:  # it ended early; its status will say why
            self._pending, self._last = memoryview(b""), True
        if self._in in self._selector.get_map():
            self._selector.unregister(self._in)
        if self._last:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def _drain(self) -> None:
        said = os.read(self._err, 65536)
        if not said:
            self._selector.unregister(self._err)
        self._stderr += said[: _STDERR_KEPT - len(self._stderr)]

    def _finish(self) -> None:
        """Standard output is at its end: read the rest of stderr, reap the child, check its status."""
        self._selector.unregister(self._out)
        if self._in in self._selector.get_map():
            self._selector.unregister(self._in)
        while self._err in self._selector.get_map():
            self._wait()
            self._drain()
        try:
            status = self._process.wait(max(self._left, 1.0))
        except subprocess.TimeoutExpired:
            self._kill()
            raise GitTimeout(self._name, -signal.SIGKILL, f"took longer than {self._limits.seconds:g} s") from None
        self._ended = True
        if status in self._ok:
            return
        if status == -signal.SIGXCPU:
            raise GitTimeout(self._name, status, f"used over {self._limits.cpu_seconds} s of processor time")
        if status == -signal.SIGXFSZ:
            raise GitOutputTooLarge(self._name, status, f"wrote a file over {self._limits.file_bytes} bytes")
        raise GitFailed(self._name, status, self._said())

    def _said(self) -> str:
        """What the child printed on stderr, without control characters and without the folder's place."""
        text = self._stderr.decode("utf-8", "replace")
        if self._hidden:
            text = text.replace(self._hidden, "the repository")
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]

    def _kill(self) -> None:
        """End the whole process group and reap the child."""
        self._ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _started(argv: Sequence[str], name: str, cwd: Path | None, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that it and all its children can be killed together."""
    try:
        return subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd or os.sep,
            env=dict(env),
            bufsize=0,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # an argument that is too long or holds a NUL, no more descriptors
        raise GitFailed(name, -1, f"could not be started: {getattr(error, 'strerror', None) or error}") from error


def _descriptor(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise AssertionError("a pipe was asked for and is not there")
    return pipe.fileno()


def _widen(fd: int) -> None:
    """Ask for a pipe of 1 MiB, where the platform has that, so that git and the reader switch less often."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl(fd, F_SETPIPE_SZ, CHUNK)
