"""Single commits in one conversation: as the walk has them, merges compared with their first parent, faults alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.git import lookup, process
from analyzer.git.clone import Clone, open_local
from analyzer.git.history import load
from analyzer.git.lookup import Lookup
from analyzer.git.sandbox import Limits
from tests.hostile.forge import Forge

N = 6


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "owner" / "project", tmp_path / "executed")


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that are started from now on."""
    started: list[str] = []
    real = process.Stream.__init__

    def noted(self: process.Stream, argv: list[str], name: str, **more: object) -> None:
        started.append(name)
        real(self, argv, name, **more)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(process.Stream, "__init__", noted)
    return started


def opened(forge: Forge, *shas: str) -> Clone:
    forge.branch(shas[-1])
    return open_local(forge.folder, forge.folder.parent / "views")


def line(forge: Forge) -> list[str]:
    shas: list[str] = []
    for n in range(N):
        shas.append(forge.commit(forge.files({"a": b"%d" % n, f"b{n}": b"\xff\n"}), shas[-1:], message=b"Say \xff\n"))
    return shas


def test_commits_are_those_of_the_walk_and_cost_one_process(forge: Forge, children: list[str]) -> None:
    shas = line(forge)
    clone = opened(forge, *shas)
    expected = load(clone, shas)
    children.clear()
    with Lookup(clone) as found:
        assert {sha: found.load(sha) for sha in [*shas, *reversed(shas)]} == expected
    assert children == ["diff-tree"]


def test_nothing_is_started_where_nothing_is_asked(forge: Forge, children: list[str]) -> None:
    clone = opened(forge, *line(forge))
    children.clear()
    with Lookup(clone):
        pass
    assert children == []


def test_a_merge_comes_with_what_it_changed_in_its_first_parent(forge: Forge) -> None:
    first = forge.commit(forge.files({"a": b"1"}))
    side = forge.commit(forge.files({"a": b"1", "b": b"2"}), [first])
    main = forge.commit(forge.files({"a": b"3"}), [first])
    merge = forge.commit(forge.files({"a": b"3", "b": b"2"}), [main, side])
    with Lookup(opened(forge, merge)) as found:
        commit = found.load(merge)
    assert commit is not None
    assert commit.parents == (main, side)
    assert [(change.path, change.status) for change in commit.changes] == [("b", "A")]


def test_what_cannot_be_read_costs_itself_only(forge: Forge) -> None:
    shas = line(forge)
    clone = opened(forge, *shas)
    with Lookup(clone) as found:
        assert found.load("0" * 40) is None
        assert found.load(shas[1]) == load(clone, shas)[shas[1]]


def test_a_missing_tree_leaves_the_header(forge: Forge) -> None:
    shas = line(forge)
    lost = forge.commit("1" * 40, [shas[-1]], message=b"Lost\n")
    clone = opened(forge, *shas)
    with Lookup(clone) as found:
        commit = found.load(lost)
        assert commit is not None
        assert (commit.subject, commit.changes) == ("Lost", ())
        assert found.load(shas[2]) == load(clone, shas)[shas[2]]


def test_an_answer_that_is_too_long_leaves_the_header(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "MOST_BYTES", 1_000)
    wide = forge.commit(forge.files({f"file{n}": b"%d" % n for n in range(2_000)}), message=b"Wide\n")
    last = forge.commit(forge.files({"a": b"1"}), [], message=b"Last\n")
    with Lookup(opened(forge, wide, last)) as found:
        after = found.load(last)
        assert after is not None
        assert after.subject == "Last"
        commit = found.load(wide)
    assert commit is not None
    assert commit.subject == "Wide"


def test_a_git_that_keeps_dying_is_not_asked_for_ever(
    forge: Forge, children: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST_DEATHS", 2)
    shas = line(forge)
    clone = opened(forge, *shas)
    children.clear()
    with Lookup(clone, limits=Limits(seconds=0.0)) as found:
        assert [found.load(sha) for sha in shas] == [None] * N
    assert children.count("diff-tree") <= 4
