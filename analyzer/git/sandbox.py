"""What a git child is allowed: an environment built from nothing, fixed options, limits on what it may use.

The list is that of git's own security fixes: no configuration but ours, no hook, filter, pager, credential helper,
replace ref or lazy fetch, no transport unless it was asked for.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

MIB = 1 << 20
GIB = 1 << 30

_NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one git child may use. ``seconds`` is wall time spent waiting for it; the other sizes are bytes.

    ``memory`` is the address space (RLIMIT_AS); the size of the repository's pack indexes, which git maps whole, is
    added to it. ``file_bytes`` (RLIMIT_FSIZE) bounds each file the child writes.
    """

    seconds: float = 600.0
    memory: int = GIB
    output: int = 4 * GIB
    cpu_seconds: int = 600
    file_bytes: int | None = None


DEFAULT = Limits()
SMALL = Limits(seconds=60.0, output=64 * MIB, cpu_seconds=60)
"""For short questions whose answer is kept in memory."""

# Later ``-c`` options win, so a caller's ``config`` can override one of these on purpose.
CONFIG = (
    "protocol.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.useReplaceRefs=false",
    # A commit-graph that came with the repository may be stale or forged; blame.py writes our own.
    "core.commitGraph=false",
    # Attributes of the analysed tree would change diffs on git versions that read them in bare repositories;
    # this is the empty tree.
    "attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    # With these, packs of any size are read within the address space of ``Limits.memory``.
    "core.packedGitWindowSize=32m",
    "core.packedGitLimit=256m",
    "pack.threads=2",
    "credential.helper=",
    "transfer.bundleURI=false",
    "submodule.recurse=false",
    "log.mailmap=false",
    "log.showSignature=false",
    "blame.ignoreRevsFile=",
    "diff.external=",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.followRedirects=initial",
)

_NETWORK_VARIABLES = (
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
)


def environment(
    *, global_config: Path | None = None, protocols: Sequence[str] = (), variables: Mapping[str, str] = _NO_VARIABLES
) -> dict[str, str]:
    """Build a child's environment from nothing.

    ``global_config`` is a file of our own (it names a ``safe.directory``). ``protocols`` are the transports that may be
    used; with one, the proxy and certificate variables of the user are let through, since nothing else needs them.
    Relative entries of PATH are dropped, because the child's folder is not ours to trust.
    """
    path = os.pathsep.join(entry for entry in os.get_exec_path() if Path(entry).is_absolute())
    network = {name: os.environ[name] for name in _NETWORK_VARIABLES if name in os.environ} if protocols else {}
    return {
        "PATH": path,
        "HOME": str(_empty_home()),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(global_config or os.devnull),
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": "/bin/false",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ALLOW_PROTOCOL": ":".join(protocols),
        **network,
        **variables,
    }


def _empty_home() -> Path:
    """Give a HOME in which git finds nothing: a folder below our own package that is never made."""
    return Path(__file__).resolve().parent / "no-home"


def limit(pid: int, limits: Limits) -> None:
    """Set the resource limits of a child that has just started, where the platform can (Linux)."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415  # the module does not exist on every platform

    wanted = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        if value is None:
            continue
        with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):  # it may have ended already
            hard = resource.prlimit(pid, kind)[1]
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.prlimit(pid, kind, (bound, bound))


def with_room_for_indexes(limits: Limits, git_dir: Path) -> Limits:
    """Add the size of the pack indexes, which git maps whole whatever the window size."""
    return replace(limits, memory=limits.memory + sum(map(_index_bytes, _object_folders(git_dir))))


def _object_folders(git_dir: Path) -> list[Path]:
    folders = [git_dir / "objects"]
    with contextlib.suppress(OSError):
        lines = (git_dir / "objects/info/alternates").read_text("utf-8", "surrogateescape").splitlines()
        folders += [git_dir / "objects" / line for line in lines]
    return folders


def _index_bytes(objects: Path) -> int:
    total = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir(objects / "pack"):
            if not entry.name.endswith((".pack", ".keep", ".promisor")):
                total += entry.stat().st_size
    return total
