"""The listing of HEAD and the reading of its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.git.batch import Batch, Info
from analyzer.git.clone import Clone, open_local
from analyzer.git.tree import UNKNOWN_SIZE, head_tree, read_blobs
from signals.model import TreeEntry
from tests.hostile.forge import Forge, mode

FILES = {"README.md": b"# Hi\n", "a/b.py": b"x = 1\n", "a.py": b"", "src/model.bin": b"\0" * 5_000}


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "repo", tmp_path / "marker")


@pytest.fixture
def clone(forge: Forge, tmp_path: Path) -> Clone:
    forge.branch(forge.commit(forge.files(FILES)))
    return open_local(forge.folder, tmp_path / "work")


def test_files_are_listed_in_order_with_their_sizes(clone: Clone) -> None:
    tree = head_tree(clone)
    assert tree.sha == clone.head
    assert {entry.path: entry.size for entry in tree.entries} == {path: len(data) for path, data in FILES.items()}
    assert [entry.path for entry in tree.entries] == sorted(FILES)
    assert not tree.truncated


def test_the_limit_cuts(clone: Clone) -> None:
    cut = head_tree(clone, max_entries=2)
    assert (len(cut.entries), cut.truncated) == (2, True)
    whole = head_tree(clone, max_entries=len(FILES))
    assert (len(whole.entries), whole.truncated) == (len(FILES), False)


def test_links_stay_and_submodules_go(forge: Forge, tmp_path: Path) -> None:
    link = forge.blob(b"/etc/passwd")
    forge.branch(forge.commit(forge.tree([(mode("link"), b"l", link), (mode("submodule"), b"s", "12" * 20)])))
    tree = head_tree(open_local(forge.folder, tmp_path / "work"))
    assert tree.entries == (TreeEntry("l", link, 11, "120000"),)


def test_a_file_without_content_has_no_size(forge: Forge, tmp_path: Path) -> None:
    there, gone = forge.blob(b"there\n"), forge.blob(b"gone\n")
    forge.branch(forge.commit(forge.tree([(mode("file"), b"a", there), (mode("file"), b"b", gone)])))
    forge.object_file(gone).unlink()
    entries = head_tree(open_local(forge.folder, tmp_path / "work")).entries
    assert [(entry.path, entry.size) for entry in entries] == [("a", 6), ("b", UNKNOWN_SIZE)]


def test_blobs_come_in_the_order_asked_with_reasons(clone: Clone) -> None:
    ids = {entry.path: entry.blob for entry in head_tree(clone).entries}
    asked = [ids["a/b.py"], "0" * 40, ids["src/model.bin"], clone.head, ids["a.py"], ids["a/b.py"]]
    assert [(blob.oid, blob.data, blob.reason) for blob in read_blobs(clone, asked, 1_000)] == [
        (asked[0], b"x = 1\n", ""),
        (asked[1], None, "missing from this clone"),
        (asked[2], None, "larger than 1,000 bytes"),
        (asked[3], None, "a commit, not a file"),
        (asked[4], b"", ""),
        (asked[5], b"x = 1\n", ""),
    ]


def test_more_blobs_than_one_window(clone: Clone) -> None:
    oid = next(entry.blob for entry in head_tree(clone).entries if entry.path == "README.md")
    assert [blob.data for blob in read_blobs(clone, [oid] * 2_000, 100)] == [b"# Hi\n"] * 2_000


def test_a_question_left_unfinished_does_not_answer_the_next(clone: Clone) -> None:
    ids = {entry.path: entry.blob for entry in head_tree(clone).entries}
    with Batch(clone.git_dir) as batch:
        answers = batch.read([ids["README.md"]] * 10, max_bytes=100)
        next(answers)
        answers.close()
        assert [blob.data for blob in batch.read([ids["a/b.py"]], max_bytes=100)] == [b"x = 1\n"]
        assert list(batch.info([ids["a.py"], "1" * 40])) == [Info(ids["a.py"], "blob", 0), Info("1" * 40, "missing", 0)]


def test_only_object_ids_reach_git(clone: Clone) -> None:
    with pytest.raises(ValueError, match="not an object id"):
        list(read_blobs(clone, ["HEAD\ncontents HEAD"], 100))
