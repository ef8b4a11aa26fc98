"""The programs that are measured, each a whole process: ``python -m tests.benchmarks.workloads NAME …``."""

from __future__ import annotations

import sys
import tempfile
import threading
from itertools import islice
from pathlib import Path

BATCH = 10_000


class Nobody:
    """The person of a walk that looks for nobody."""

    def of_people(self, author: object, committer: object) -> None:
        """No part."""

    def of_trailers(self, author: object, co_authors: object) -> None:
        """No part."""


def pass_a(path: str) -> None:
    """Walk the history and write path activity and counts into a new DuckDB file."""
    from analyzer.git.clone import open_local
    from analyzer.git.history import walk

    loading = threading.Thread(target=__import__, args=("duckdb",))
    with tempfile.TemporaryDirectory(prefix="shiptrace-bench-") as folder:
        clone = open_local(Path(path), Path(folder) / "view")
        loading.start()  # while git works
        found = walk(clone, roles=Nobody())
        loading.join()
        import duckdb

        with duckdb.connect(str(Path(folder) / "a.duckdb")) as connection:
            connection.execute("CREATE TABLE repository (n_commits INTEGER, n_seen INTEGER, n_people INTEGER)")
            connection.execute("CREATE TABLE activity (path VARCHAR, month VARCHAR, own BOOLEAN, n_commits INTEGER)")
            connection.execute(
                "INSERT INTO repository VALUES (?, ?, ?)", [found.n_commits, found.n_seen, len(found.people)]
            )
            appender = connection.appender("activity")
            rows = ((row[0].encode("utf-8", "backslashreplace").decode(), *row[1:]) for row in found.activity.rows())
            while batch := list(islice(rows, BATCH)):
                appender.append_rows(batch)
            appender.flush()


def pydriller(git_dir: str, *authors: str) -> None:
    """Traverse the history with PyDriller and touch what a path history needs.

    Only on a view of ours: PyDriller writes into the configuration of whatever it opens.
    """
    from analyzer.git.clone import MARKER

    if not (Path(git_dir) / MARKER).is_file():
        raise SystemExit(f"{git_dir} is not a view made by Shiptrace; PyDriller would write into it")
    from pydriller import Repository  # pyright: ignore[reportMissingTypeStubs]

    for commit in Repository(git_dir, only_authors=list(authors) or None).traverse_commits():
        for file in commit.modified_files:
            _ = (file.new_path, file.old_path, file.change_type, file.added_lines, file.deleted_lines)


WORKLOADS = {"pass-a": pass_a, "pydriller": pydriller}

if __name__ == "__main__":
    WORKLOADS[sys.argv[1]](*sys.argv[2:])
