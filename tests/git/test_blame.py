"""Who last changed which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import GitFailed
from analyzer.git import blame as blame_module
from analyzer.git.blame import blame, blame_many, write_index
from analyzer.git.clone import Clone, open_local
from tests.hostile.forge import Forge


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "repo", tmp_path / "marker")


def _clone(forge: Forge, *versions: dict[str, bytes]) -> tuple[Clone, list[str]]:
    commits: list[str] = []
    for files in versions:
        commits.append(forge.commit(forge.files(files), commits[-1:]))
    forge.branch(commits[-1])
    return open_local(forge.folder, forge.folder.parent / "work"), commits


def test_each_line_names_its_commit(forge: Forge) -> None:
    clone, (first, second, third) = _clone(
        forge, {"a.py": b"1\n2\n3\n4\n"}, {"a.py": b"1\nB\n3\n4\n"}, {"a.py": b"1\nB\n3\n4\n5\n"}
    )
    assert blame(clone, "a.py", [1, 2, 5]) == {1: first, 2: second, 5: third}
    assert blame(clone, "a.py", []) == {}


def test_a_change_of_whitespace_is_looked_through(forge: Forge) -> None:
    clone, (first, _) = _clone(forge, {"a.py": b"x = 1\n"}, {"a.py": b"    x  =  1\n"})
    assert blame(clone, "a.py", [1]) == {1: first}


def test_a_rename_is_followed(forge: Forge) -> None:
    clone, (first, _) = _clone(forge, {"old.py": b"x = 1\n" * 9}, {"new.py": b"x = 1\n" * 9})
    assert blame(clone, "new.py", [3]) == {3: first}


def test_lines_that_look_like_headers_are_lines(forge: Forge) -> None:
    fake = b"f" * 40 + b" 1 1 1\n"
    clone, (first, second) = _clone(forge, {"a": fake}, {"a": fake + b"\t" + fake + b"\n"})
    assert blame(clone, "a", [1, 2, 3]) == {1: first, 2: second, 3: second}


def test_very_many_separate_lines(forge: Forge) -> None:
    text = b"".join(b"%d\n" % n for n in range(1_000))
    clone, (first,) = _clone(forge, {"a": text})
    assert blame(clone, "a", range(1, 1_000, 2)) == dict.fromkeys(range(1, 1_000, 2), first)


@pytest.mark.parametrize(("path", "line"), [("a", 9), ("nowhere", 1)])
def test_what_is_not_there_is_a_failure(forge: Forge, path: str, line: int) -> None:
    clone, _ = _clone(forge, {"a": b"1\n"})
    with pytest.raises(GitFailed):
        blame(clone, path, [line])


def test_many_paths_keep_their_order_and_fail_alone(forge: Forge) -> None:
    files = {f"f{n:02}": b"%d\n" % n for n in range(30)}
    clone, (first, second) = _clone(forge, files, {**files, "f07": b"new\n"})
    requests = [(name, [1]) for name in files]
    requests[3] = ("gone", [1])
    answers = list(blame_many(clone, requests))
    assert [path for path, _ in answers] == [path for path, _ in requests]
    assert [isinstance(answer, GitFailed) for _, answer in answers].count(True) == 1
    assert answers[7] == ("f07", {1: second})
    assert answers[8] == ("f08", {1: first})


def test_the_index_is_written_into_the_view_and_changes_no_answer(forge: Forge) -> None:
    files = {f"d/f{n}": b"%d\n" % n for n in range(9)}
    clone, _ = _clone(forge, files, {**files, "d/f3": b"x\n"}, {**files, "d/f3": b"x\n", "e": b"e\n"})
    requests = [(name, [1]) for name in files]
    before = list(blame_many(clone, requests))
    write_index(clone)
    assert (clone.git_dir / "objects/info/commit-graph").is_file()
    assert not (forge.git_dir / "objects/info/commit-graph").exists()
    assert list(blame_many(clone, requests)) == before


def test_after_two_limits_the_rest_is_not_tried(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    clone, (first,) = _clone(forge, {"a": b"1\n"})
    tried: list[str] = []

    def dying(_clone: Clone, path: str, *_rest: object, **_named: object) -> dict[int, str]:
        tried.append(path)
        if path != "good":
            raise GitFailed("blame", 128, "fatal: Out of memory, malloc failed")
        return {1: first}

    monkeypatch.setattr(blame_module, "blame", dying)
    requests = [("good", [1]), *((f"bad{n}", [1]) for n in range(20)), ("good", [1])]
    answers = list(blame_many(clone, requests))
    assert [isinstance(answer, GitFailed) for _, answer in answers] == [False] + [True] * 21
    assert len(tried) < 8
