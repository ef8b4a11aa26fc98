"""``shiptrace scan``: whose work is read, the short page it ends with, and what it leaves out of a scan's memory."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Shiptrace
from tests.store.sample import rows

WHO = ("--as", "pat", "--identity", "pat@example.org")


def test_it_ends_with_a_summary_and_the_way_to_the_evidence(
    shiptrace: Shiptrace, repository: Path, tmp_path: Path
) -> None:
    ended = shiptrace("scan", repository, *WHO, "--as-of", "2024-01-01", "--db", tmp_path / "other.duckdb")
    assert ended.code == 0
    assert ended.out.startswith("pat ")
    stored, evidence = ended.err.splitlines()
    assert stored == f"Stored in {tmp_path / 'other.duckdb'}"
    whole = shiptrace(*shlex.split(evidence.removeprefix("The evidence: shiptrace ")))
    assert whole.code == 0
    assert "WHAT THERE IS TO READ" in whole.out
    assert "WHAT THERE IS TO READ" not in ended.out


def test_a_given_name_stands_in_the_links(shiptrace: Shiptrace, repository: Path, tmp_path: Path) -> None:
    assert shiptrace("scan", f"{repository}=acme/api", *WHO).code == 0
    urls = [url for (url,) in rows(tmp_path / "store.duckdb", "SELECT url FROM evidence")]
    assert urls
    assert all(url.startswith("https://github.com/acme/api/") for url in urls)


def test_without_an_address_the_authors_are_listed_and_nothing_is_guessed(
    shiptrace: Shiptrace, repository: Path, tmp_path: Path
) -> None:
    ended = shiptrace("scan", repository, "--as", "somebody")
    assert (ended.code, ended.out) == (2, "")
    assert "Which of these authors is somebody?" in ended.err
    assert "Pat Person" in ended.err
    assert "--identity EMAIL" in ended.err
    assert not (tmp_path / "store.duckdb").exists()


def test_a_path_that_is_not_there_is_named_before_anybody_is_asked(shiptrace: Shiptrace, tmp_path: Path) -> None:
    ended = shiptrace("scan", tmp_path / "nowhere", "--as", "somebody")
    assert (ended.code, ended.out) == (1, "")
    assert "nowhere does not exist" in ended.err
    assert "Which of these" not in ended.err


def test_an_empty_path_is_not_the_current_folder(shiptrace: Shiptrace) -> None:
    ended = shiptrace("scan", "", "--as", "somebody")
    assert (ended.code, ended.out) == (2, "")
    assert "One of the paths is empty" in ended.err


def test_the_repository_s_own_address_is_taken_when_none_is_given(shiptrace: Shiptrace, repository: Path) -> None:
    with (repository / ".git" / "config").open("a") as config:
        config.write("[user]\n\temail = pat@example.org\n")
    ended = shiptrace("scan", repository, "--as", "pat")
    assert ended.code == 0
    assert "2 of 2 commits by this person" in " ".join(ended.out.split())


def test_what_the_store_knows_of_a_reason_stays_when_none_is_given(
    shiptrace: Shiptrace, repository: Path, tmp_path: Path
) -> None:
    assert shiptrace("scan", repository, *WHO, "--basis", "consented", "--purpose", "platform team").code == 0
    assert shiptrace("scan", repository, *WHO).code == 0
    sql = "SELECT basis, purpose, delete_after FROM candidate"
    assert rows(tmp_path / "store.duckdb", sql) == [("consented", "platform team", None)]


@pytest.mark.parametrize("module", ["jinja2", "pandas", "numpy", "pyarrow", "duckdb"])
def test_a_scan_carries_nothing_that_it_does_not_need(module: str) -> None:
    code = f"import sys, analyzer.cli.scan; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
