"""What only the service knows is written with the candidate, in the same transaction, and goes with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from analyzer.errors import StoreError
from analyzer.hosted import (
    ContextRow,
    ContributionRow,
    DeploymentRow,
    Hosted,
    HostedRepository,
    IssueRow,
    ReleaseRow,
)
from analyzer.store import Store, Writer, canonical_dump
from tests.report.sample import FIX, HEAD, dossier
from tests.store.sample import FACTS, RUN, named, rows, write

AT = datetime(2024, 5, 1, 12)
URL = "https://github.com/acme/predictor"
REPOSITORY = HostedRepository(
    releases=(ReleaseRow("7", "v1", HEAD, False, AT, True, f"{URL}/releases/v1"),),
    deployments=(DeploymentRow("8", "production", "deploy", HEAD, "success", AT, None, True, None),),
    issues=(IssueRow(3, AT, None, datetime(2024, 5, 1, 18), True, 6.0, f"{URL}/issues/3"),),
    context=ContextRow(12, date(2020, 1, 1), "Python"),
)
CONTRIBUTION = ContributionRow(
    *("acme/predictor", "pull_request", "PR_1", 9, "Fix \udce9 it", "candidate", False, AT, AT, FIX, 2, 10, None),
    url=f"{URL}/pull/9",
)
HOSTED = Hosted({"acme/predictor": REPOSITORY}, (CONTRIBUTION,), state="0f" * 8)
ALL = ("release", "deployment", "issue_response", "repository_context", "contribution")


def _counts(path: Path) -> list[int]:
    return [rows(path, f"SELECT count(*) FROM {table}")[0][0] for table in ALL]  # noqa: S608


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.write(dossier(), (FACTS,), RUN, HOSTED)
    return path


def test_every_row_is_there(path: Path) -> None:
    for table, row in zip(
        ALL, (*REPOSITORY.releases, *REPOSITORY.deployments, *REPOSITORY.issues, REPOSITORY.context), strict=False
    ):
        assert rows(path, f"SELECT * EXCLUDE (repository_id) FROM {table}") == [row]  # noqa: S608
    ((contribution),) = rows(path, "SELECT * EXCLUDE (candidate_id) FROM contribution")
    assert contribution == tuple(CONTRIBUTION._replace(title="Fix \\udce9 it"))
    with Store.open(path) as store:
        assert store.source_state("OCTO-builder") == HOSTED.state
        assert store.source_state("nobody") is None


def test_a_later_run_replaces_it(path: Path) -> None:
    write(path)
    assert _counts(path) == [0] * 5
    with Store.open(path) as store:
        assert store.source_state("octo-builder") is None


def test_a_failure_leaves_what_was_there(path: Path) -> None:
    before = canonical_dump(path)
    broken = replace(HOSTED, contributions=(CONTRIBUTION._replace(kind="guess"),))  # pyright: ignore[reportArgumentType]
    with pytest.raises(StoreError), Store.open(path) as store:
        store.write(dossier(), (FACTS,), RUN, broken)
    assert canonical_dump(path) == before


def test_it_goes_with_the_person(path: Path) -> None:
    write(path, named("someone-else"))
    with Store.open(path) as store:
        store.forget("octo-builder")
    assert _counts(path) == [0] * 5


def test_it_crosses_to_the_writer(path: Path, tmp_path: Path) -> None:
    apart = tmp_path / "apart.duckdb"
    with Writer(apart) as writer:
        writer.write(dossier(), (FACTS,), RUN, hosted=HOSTED)
    assert canonical_dump(apart) == canonical_dump(path)
