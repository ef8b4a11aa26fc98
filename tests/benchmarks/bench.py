"""Compare Shiptrace with PyDriller and with git itself: ``python -m tests.benchmarks.bench REPOSITORY…``.

Every number is a ratio of whole processes, start-up included, that ran one after the other on this machine; only peak
memory stands in MiB. PyDriller works on a view of ours, since it writes into the repository it opens. The page cache is
warm: each repository is read once before.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from analyzer.git.clone import Clone, open_local
from analyzer.git.history import Walk, walk
from analyzer.identity import is_bot
from tests.benchmarks import synthetic
from tests.benchmarks.measure import MIB, BenchmarkFailed, Ratio, Sample, Task, interleaved, ratio
from tests.benchmarks.table import Goal, Row, render
from tests.benchmarks.workloads import Nobody

SMALL = 2_000
"""Commits below which start-up weighs so much that PyDriller is compared more mildly."""

LARGE = 50_000
"""Commits from which start-up does not weigh, so git itself is the measure."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print one table, and return 0."""
    options = _options(arguments)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="shiptrace-bench-") as folder:
        work = Path(folder)
        paths = [Path(path) for path in options.repositories]
        if options.generated:
            paths.append(synthetic.history(work / f"generated-{options.generated}", options.generated))
        for number, path in enumerate(paths):
            try:
                rows += _measure(path, work / str(number), options)
            except BenchmarkFailed as failed:  # PyDriller stops at the first missing content; the others are measured
                sys.stderr.write(f"{path.name} is left out: {failed}\n")
    sys.stdout.write(render(rows))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("repositories", nargs="*", metavar="REPOSITORY", help="clones to measure on")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program (default 5)")
    parser.add_argument("--pydriller-rounds", type=int, default=1, help="runs of PyDriller, which is slow (default 1)")
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="also a generated history of N commits")
    parser.add_argument("--skip", default="", help="parts to leave out: pydriller, evidence (with commas)")
    parser.add_argument("--identity", metavar="EMAIL", help="the candidate (default: who wrote most of the commits)")
    return parser.parse_args(arguments)


def _measure(path: Path, work: Path, options: argparse.Namespace) -> Iterator[Row]:
    clone = open_local(path, work / "view")
    found = walk(clone, roles=Nobody())
    name = f"{clone.full_name} ({found.n_commits:,} commits)"
    sys.stderr.write(f"{name}\n")
    yield from _history(name, path, clone, found, options)
    if "evidence" not in options.skip:
        yield from _evidence(name, path, clone, options.identity or _most_active(found), options, work)


def _history(name: str, path: Path, clone: Clone, found: Walk, options: argparse.Namespace) -> Iterator[Row]:
    """Path history into DuckDB, against PyDriller and against git alone."""
    log = ["git", f"--git-dir={clone.git_dir}", "log", "--raw", "--no-renames", "--no-abbrev", "-z", "HEAD"]
    tasks = [Task("ours", _python("tests.benchmarks.workloads", "pass-a", str(path))), Task("git", log, ["cat"])]
    if "pydriller" not in options.skip:
        argv = _python("tests.benchmarks.workloads", "pydriller", str(clone.git_dir))
        tasks.append(Task("pydriller", argv, rounds=options.pydriller_rounds))
    samples = interleaved(tasks, options.rounds)
    if "pydriller" in samples:
        goal = Goal(1 / 40, 1 / 30) if found.n_commits < SMALL else Goal(1 / 150, 1 / 100)
        against = ratio(samples["ours"], samples["pydriller"])
        yield Row(name, "history into DuckDB / PyDriller modified_files", against, goal, len(samples["pydriller"]))
    goal = Goal(1.1, 1.8) if found.n_commits >= LARGE else Goal(None, 1.8 if found.n_commits >= SMALL else None)
    yield Row(name, "history into DuckDB / git log --raw, piped", ratio(samples["ours"], samples["git"]), goal)
    yield Row(name, "peak memory of Python, history, MiB", _peaks(samples["ours"]), Goal(128, 128))


def _evidence(
    name: str, path: Path, clone: Clone, email: str, options: argparse.Namespace, work: Path
) -> Iterator[Row]:
    """A candidate's complete evidence, against PyDriller over the candidate's commits."""
    scan = ["scan", str(path), "--as", "somebody", "--identity", email, "--as-of", "2026-01-01", "--json"]
    argv = _python("analyzer.cli", *scan, "--db", str(work / "scan.duckdb"))
    tasks = [Task("ours", argv, ok=frozenset({0, 3}))]
    if "pydriller" not in options.skip:
        theirs = _python("tests.benchmarks.workloads", "pydriller", str(clone.git_dir), re.escape(email))
        tasks.append(Task("pydriller", theirs, rounds=options.pydriller_rounds))
    samples = interleaved(tasks, options.rounds)
    if "pydriller" in samples:
        against = ratio(samples["ours"], samples["pydriller"])
        yield Row(
            name, "complete evidence / PyDriller only_authors", against, Goal(1 / 12, 1 / 8), len(samples["pydriller"])
        )
    yield Row(name, "peak memory of Python, evidence, MiB", _peaks(samples["ours"]), Goal(128, 128))


def _peaks(samples: Sequence[Sample]) -> Ratio:
    return Ratio(tuple(sample.peak / MIB for sample in samples))


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _most_active(found: Walk) -> str:
    people = [(n, person.email) for person, n in found.people.items() if "@" in person.email and not is_bot(person)]
    return max(people, default=(0, "nobody@example.org"))[1]


if __name__ == "__main__":
    raise SystemExit(main())
