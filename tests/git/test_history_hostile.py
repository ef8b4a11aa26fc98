"""Pass A and B over the hostile repositories: the books balance, nothing runs, bombs stay within their bounds."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from analyzer.git.clone import open_local
from analyzer.git.history import Walk, walk
from analyzer.git.patches import patches_of
from analyzer.identity import OwnRole
from analyzer.model import Confidence, Identity, IdentitySource, Role
from signals.model import Person
from tests.hostile.generate import Case, build, cases

BOMB = "03-tree-bomb"
BY_ID = {case.id: case for case in cases()}
READABLE = [case for case in cases() if case.expected != "refused" and case.id != BOMB]
MOST_MEMORY_KIB = 1_400_000


class Everybody:
    """Takes every commit for the person's."""

    def of_people(self, author: Person, committer: Person) -> OwnRole:
        return Role.AUTHOR, 1.0, Identity("x@example.org", IdentitySource.GIVEN, Confidence.LOW)

    def of_trailers(self, author: Person, co_authors: object) -> None:
        raise AssertionError("who is the author is not asked about trailers")


def look(case: Case, folder: Path) -> Walk:
    """Walk a case and read the patches of up to 100 commits."""
    forge = build(case, folder)
    clone = open_local(forge.folder, folder / "views")
    found = walk(clone, roles=Everybody())
    some = [own.commit for own in found.own[:100]]
    assert [patch.sha for patch in patches_of(clone, some)] == [commit.sha for commit in some]
    assert found.n_seen + len(found.skipped) == found.n_commits > 0
    assert all(skipped.reason and "usage" not in skipped.reason for skipped in found.skipped)
    assert not forge.marker.exists(), "a payload was executed"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_MEMORY_KIB
    return found


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.id)
def test_the_books_balance(case: Case, tmp_path: Path) -> None:
    for path, month, own, n in look(case, tmp_path).activity.rows():
        assert os.fsencode(path)
        assert own
        assert n > 0
        assert month == "" or len(month) == len("2024-01")


@pytest.mark.slow
def test_a_tree_bomb_costs_its_commit_only(tmp_path: Path) -> None:
    (skipped,) = look(BY_ID[BOMB], tmp_path).skipped
    assert skipped.reason == "it is too large: git reached its limit of memory or output"


def test_every_date_and_every_identity_is_a_commit(tmp_path: Path) -> None:
    dates = look(BY_ID["15-timestamps"], tmp_path)
    assert dates.n_seen == 16
    assert all(own.commit.committed_at is None or own.commit.committed_at < 253_402_300_800 for own in dates.own)
    assert None in {own.commit.authored_at for own in dates.own}
    assert look(BY_ID["16-idents"], tmp_path).n_seen == 12


def test_a_mailmap_and_a_replaced_commit_fool_nobody(tmp_path: Path) -> None:
    for name in ("23-mailmap", "24-replaced-commit"):
        assert {person.email for person in look(BY_ID[name], tmp_path).people} == {"olga@example.org"}
