"""A generated history of any length: many authors, paths that come and go, by ``git fast-import``."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

START = 1_300_000_000
HOUR = 3_600
N_PATHS = 5_000
N_PEOPLE = 400


def history(folder: Path, n_commits: int) -> Path:
    """Write a bare repository of ``n_commits`` commits into ``folder``."""
    git = ["git", f"--git-dir={folder}"]
    subprocess.run([*git, "init", "--quiet", "--bare", "--initial-branch=main", str(folder)], check=True)
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        for part in _commands(n_commits):
            importing.stdin.write(part)
    if importing.returncode:
        raise RuntimeError("git fast-import failed")
    return folder


def _commands(n_commits: int) -> Iterator[bytes]:
    for n in range(n_commits):
        person = b"Person %d <person%d@example.org> %d +0000" % (n % N_PEOPLE, n % N_PEOPLE, START + n * HOUR)
        message = b"Change number %d" % n
        yield b"commit refs/heads/main\nauthor %s\ncommitter %s\n" % (person, person)
        yield b"data %d\n%s\n" % (len(message), message)
        for k in range(1 + n % 3):
            path = (n * 7 + k * 131) % N_PATHS
            content = b"value = %d\n" % n
            yield b"M 100644 inline package%d/module%d.py\n" % (path % 50, path)
            yield b"data %d\n%s\n" % (len(content), content)
