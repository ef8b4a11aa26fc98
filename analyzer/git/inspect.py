"""A deep look at a few chosen commits with PyDriller: changed methods and their complexity.

PyDriller (with GitPython and lizard behind it) holds a whole commit's patch in memory, ends a traversal at the first
bad commit, leaves git children behind and writes into the configuration of what it opens. So it never traverses and
never sees the user's repository: a worker process reads one commit at a time in our own clone, under limits, answering
JSON lines. A commit that is too large is not given to it; one that hangs or kills the worker costs only itself.

This module is both sides: imported, it starts the worker; run with ``python -m``, it is the worker.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analyzer.errors import GitFailed, GitTimeout
from analyzer.git.batch import Batch
from analyzer.git.clone import Clone
from analyzer.git.complaint import cause
from analyzer.git.process import Stream, run
from analyzer.git.sandbox import CONFIG, GIB, MIB, Limits, environment

if TYPE_CHECKING:
    from pydriller.domain.commit import ModifiedFile  # pyright: ignore[reportMissingTypeStubs]

INSPECT_LIMITS = Limits(seconds=30.0, memory=2 * GIB, output=256 * MIB, cpu_seconds=600)
"""``seconds`` counts for each commit anew; the rest is for one worker's life."""

_MOST_FILES = 300
_MOST_BYTES = 16 * MIB
_RECYCLE_AFTER = 25
_MOST_DEATHS = 5
_MOST_METHODS = 50
_LONGEST_NAME = 200
_LARGEST_SOURCE = 500_000
_LONGEST_LINE = 5_000


@dataclass(frozen=True, slots=True)
class FileDetail:
    """One changed file; ``methods`` are the names of at most 50 changed methods, sorted.

    ``complexity`` is the greatest cyclomatic complexity among them, None where no method was found.
    """

    path: str
    added: int
    deleted: int
    methods: tuple[str, ...]
    complexity: int | None


@dataclass(frozen=True, slots=True)
class CommitDetail:
    """What PyDriller says of one commit; ``added`` and ``deleted`` are lines over all files. Merges have no files."""

    sha: str
    files: tuple[FileDetail, ...]
    added: int
    deleted: int


def inspect_commits(
    clone: Clone, shas: Sequence[str], *, limits: Limits = INSPECT_LIMITS
) -> dict[str, CommitDetail | str]:
    """Look closely at each commit; a commit that was skipped has the reason, in plain words, instead of a detail."""
    answers: dict[str, CommitDetail | str] = {}
    deaths = 0
    with Batch(clone.git_dir) as batch, _Worker(clone.git_dir, limits) as worker:
        for sha in dict.fromkeys(shas):
            if deaths >= _MOST_DEATHS:
                answers[sha] = "not looked at: too many commits of this repository could not be read"
            elif refusal := _refusal(clone.git_dir, sha, batch):
                answers[sha] = refusal
            else:
                try:
                    answers[sha] = worker.ask(sha)
                except GitTimeout:
                    deaths, answers[sha] = deaths + 1, f"took longer than {limits.seconds:g} s"
                except GitFailed as failed:
                    deaths, answers[sha] = deaths + 1, f"its reader ended with status {failed.status}"
    return answers


def line_counts(git_dir: Path, shas: Iterable[str]) -> Iterator[tuple[str, dict[str, tuple[int, int]]]]:
    """Give PyDriller's added and deleted lines of each changed path, in this process: the oracle of the tests.

    It writes into the configuration of ``git_dir``.
    """
    for sha, files in _modified_files(git_dir, shas):
        yield sha, {_path(each): (each.added_lines, each.deleted_lines) for each in files}


def _refusal(git_dir: Path, sha: str, batch: Batch) -> str:
    """Why a commit is not given to PyDriller, or ``""``: too many files, too many bytes, contents that are missing."""
    options = ["-r", "--root", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-commit-id", "--no-ext-diff"]
    try:
        limits = Limits(seconds=20.0, memory=GIB // 2, output=8 * MIB, cpu_seconds=20)
        out = run(git_dir, ["diff-tree", *options, "--end-of-options", sha], limits=limits)
    except GitFailed as failed:
        return f"its changes could not be listed: {cause(failed, 'git was ended')}"
    records = [part.split() for part in out.split(b"\0")[::2] if part.startswith(b":")]
    if len(records) > _MOST_FILES:
        return f"changes more than {_MOST_FILES} files"
    sides = ((record[mode], record[mode + 2]) for record in records for mode in (0, 1))
    blobs = {oid.decode() for mode, oid in sides if mode.lstrip(b":") not in {b"000000", b"160000"}}
    infos = list(batch.info(sorted(blobs)))
    if any(info.kind == "missing" for info in infos):
        return "file contents are missing from this clone"
    if sum(info.size for info in infos) > _MOST_BYTES:
        return f"changes files of more than {_MOST_BYTES // MIB} MiB in all"
    return ""


class _Worker:
    """The parent's side: starts the worker when it is needed, and a new one after a death or after some commits."""

    def __init__(self, git_dir: Path, limits: Limits) -> None:
        self._git_dir = git_dir
        self._limits = limits
        self._child: Stream | None = None
        self._n_asked = 0
        self._open = ExitStack()

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def ask(self, sha: str) -> CommitDetail | str:
        child = self._running()
        try:
            child.renew(self._limits.seconds)
            child.send(f"{sha}\n".encode())
            answer = bytearray()
            while not answer.endswith(b"\n"):
                chunk = child.read()
                if not chunk:
                    raise GitFailed("inspect", 0, "ended before it had answered")
                answer += chunk
        except GitFailed:
            self._end()
            raise
        return _detail(sha, json.loads(answer))

    def _running(self) -> Stream:
        if self._n_asked >= _RECYCLE_AFTER:
            self._end()
        if self._child is None:
            argv = [sys.executable, "-P", "-s", "-m", "analyzer.git.inspect", str(self._git_dir)]
            self._child = Stream(argv, "inspect", cwd=self._git_dir, env=_worker_environment(), limits=self._limits)
            self._open.callback(self._child.close)
        self._n_asked += 1
        return self._child

    def _end(self) -> None:
        self._open.close()
        self._child, self._n_asked = None, 0


def _worker_environment() -> dict[str, str]:
    """The environment of a git child, whose options reach PyDriller's own git children as variables."""
    options = {"GIT_CONFIG_COUNT": str(len(CONFIG))}
    for number, option in enumerate(CONFIG):
        options[f"GIT_CONFIG_KEY_{number}"], _, options[f"GIT_CONFIG_VALUE_{number}"] = option.partition("=")
    root = Path(__file__).resolve().parents[2]
    return environment(variables={**options, "PYTHONPATH": os.fspath(root), "PYTHONHASHSEED": "0"})


def _detail(sha: str, answer: dict[str, Any]) -> CommitDetail | str:
    if "error" in answer:
        return f"PyDriller could not read it ({answer['error']})"
    rows = cast("list[tuple[str, int, int, list[str], int | None]]", answer["files"])
    files = tuple(FileDetail(path, added, deleted, tuple(names), top) for path, added, deleted, names, top in rows)
    return CommitDetail(sha, files, sum(f.added for f in files), sum(f.deleted for f in files))


# --- the worker's side -----------------------------------------------------


def _modified_files(git_dir: Path, shas: Iterable[str]) -> Iterator[tuple[str, list[ModifiedFile]]]:
    from pydriller.git import Git  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]  # half a second

    repository = Git(str(git_dir))
    try:
        for sha in shas:
            yield sha, repository.get_commit(sha).modified_files
    finally:
        repository.clear()


def _answer(git_dir: Path, sha: str) -> dict[str, object]:
    """Read one commit; what PyDriller and its libraries are known to raise on odd commits becomes the answer."""
    from git.exc import GitError, ODBError  # noqa: PLC0415  # see above

    try:
        _, files = next(iter(_modified_files(git_dir, [sha])))
        return {"files": [_row(file) for file in sorted(files, key=_path)]}
    except (GitError, ODBError, ValueError, LookupError, OSError, AttributeError, RecursionError, MemoryError) as error:
        return {"error": type(error).__name__}


def _row(file: ModifiedFile) -> tuple[str, int, int, list[str], int | None]:
    methods = file.changed_methods if _is_readable(file) else []
    names = sorted({method.name[:_LONGEST_NAME] for method in methods})[:_MOST_METHODS]
    complexity = max((method.complexity for method in methods), default=None)
    return _path(file), file.added_lines, file.deleted_lines, names, complexity


def _is_readable(file: ModifiedFile) -> bool:
    """Whether lizard can be given the file: on one line of 20 MB it takes seconds and gigabytes."""
    if not file.language_supported:
        return False
    for source in (file.content, file.content_before):
        if source and (len(source) > _LARGEST_SOURCE or max(map(len, source.split(b"\n"))) > _LONGEST_LINE):
            return False
    return True


def _path(file: ModifiedFile) -> str:
    return file.new_path or file.old_path or ""


def _work(git_dir: Path) -> None:
    """Answer each SHA read from standard input with one JSON line, until the input ends."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(git_dir, line.strip())) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
