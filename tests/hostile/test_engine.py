"""Every hostile repository through the engine: a result or a named error, nothing executed, memory bounded."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest

from analyzer.errors import GitFailed, RepositoryUnusable
from analyzer.git.blame import blame, blame_many
from analyzer.git.clone import Clone, clone_url, open_local
from analyzer.git.inspect import CommitDetail, inspect_commits
from analyzer.git.process import run
from analyzer.git.tree import head_tree, read_blobs
from signals.model import Tree
from tests.hostile.conftest import Build
from tests.hostile.generate import Case, cases

BY_ID = {case.id: case for case in cases()}
MOST_BYTES = 1_000_000
MOST_MEMORY = 1_500_000_000


def test_the_set_is_large_enough() -> None:
    assert len(cases()) >= 40
    assert all(case.what for case in cases())


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_case_ends_with_a_result_or_a_named_error(case: Case, forged: Build, tmp_path: Path) -> None:
    forge = forged(case)
    before = _snapshot(forge.git_dir)
    if case.expected == "refused":
        with pytest.raises(RepositoryUnusable, match=case.id) as refusal:
            open_local(forge.folder, tmp_path)
        assert refusal.value.way_out
    else:
        assert _read_everything(open_local(forge.folder, tmp_path)) == case.expected
    assert _snapshot(forge.git_dir) == before, "the user's repository was written to"
    assert not forge.marker.exists(), "a payload was executed"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MOST_MEMORY


def _read_everything(clone: Clone) -> str:
    """List the tree, read up to 2,000 blobs and blame one line of some of them; say whether anything was missing."""
    tree = head_tree(clone, max_entries=250_000)
    assert [entry.path for entry in tree.entries] == sorted({entry.path for entry in tree.entries})
    blobs = list(read_blobs(clone, [entry.blob for entry in tree.entries[:2_000]], MOST_BYTES))
    assert [blob.oid for blob in blobs] == [entry.blob for entry in tree.entries[:2_000]]
    assert all((blob.data is None) == bool(blob.reason) for blob in blobs)
    _blame_some(clone, tree)
    bomb = tree.truncated and len(tree.entries) == 250_000
    return "partial" if any(blob.data is None for blob in blobs) or (tree.truncated and not bomb) else "usable"


def _blame_some(clone: Clone, tree: Tree) -> None:
    requests = [(entry.path, [1]) for entry in tree.entries[:20] if 0 < entry.size <= MOST_BYTES]
    answers = list(blame_many(clone, requests))
    assert [path for path, _ in answers] == [path for path, _ in requests]
    for _, answer in answers:
        assert answer.detail if isinstance(answer, GitFailed) else len(answer[1]) == 40


def _snapshot(git_dir: Path) -> list[tuple[str, int, int]]:
    """Names, sizes and times of a repository's own files."""
    files = (file for file in git_dir.rglob("*") if "objects" not in file.parts)
    return sorted((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)


def test_the_payload_of_the_configuration_works(forged: Build) -> None:
    """Plain git does execute it, so its silence elsewhere means something."""
    forge = forged(BY_ID["32-configuration"])
    argv = ["git", "-C", str(forge.folder), "log", "-p", "--no-show-signature", "-1"]
    subprocess.run(argv, capture_output=True, check=False)
    assert forge.marker.exists()
    forge.marker.unlink()


def test_a_tree_bomb_is_cut_at_the_limit(forged: Build, tmp_path: Path) -> None:
    tree = head_tree(open_local(forged(BY_ID["03-tree-bomb"]).folder, tmp_path), max_entries=1_000)
    assert tree.truncated
    assert len(tree.entries) == 1_000
    assert tree.entries[0].path == "Dockerfile"


def test_a_large_blob_is_refused_by_its_size(forged: Build, tmp_path: Path) -> None:
    clone = open_local(forged(BY_ID["05-gib-blob"]).folder, tmp_path)
    tree = head_tree(clone)
    assert {entry.path: entry.size for entry in tree.entries} == {"Dockerfile": 17, "model.py": 1 << 30}
    blobs = list(read_blobs(clone, [entry.blob for entry in tree.entries], MOST_BYTES))
    assert [(blob.data, blob.reason) for blob in blobs] == [
        (b"FROM python:3.12\n", ""),
        (None, "larger than 1,000,000 bytes"),
    ]


def test_a_damaged_object_costs_only_itself(forged: Build, tmp_path: Path) -> None:
    clone = open_local(forged(BY_ID["27-corrupt-object"]).folder, tmp_path)
    blobs = list(read_blobs(clone, [entry.blob for entry in head_tree(clone).entries] * 2, MOST_BYTES))
    assert [blob.data is None for blob in blobs] == [False, True, False, True]


def test_paths_come_back_byte_for_byte(forged: Build, tmp_path: Path) -> None:
    clone = open_local(forged(BY_ID["09-foreign-path"]).folder, tmp_path)
    paths = [entry.path.encode("utf-8", "surrogateescape") for entry in head_tree(clone).entries]
    assert set(paths) == {b"\x80\xff.py", b"caf\xe9.yaml", b"\xed\xa0\x80.txt"}
    assert all(blame(clone, entry.path, [1]) == {1: clone.head} for entry in head_tree(clone).entries)


def test_pathspec_magic_and_dashes_are_only_names(forged: Build, tmp_path: Path) -> None:
    clone = open_local(forged(BY_ID["11-control-characters"]).folder, tmp_path)
    for entry in head_tree(clone).entries:
        assert blame(clone, entry.path, [2]) == {2: clone.head}, entry.path


def test_submodules_and_names_that_escape_are_left_out(forged: Build, tmp_path: Path) -> None:
    escaping = head_tree(open_local(forged(BY_ID["13-escaping-names"]).folder, tmp_path)).entries
    assert [entry.path for entry in escaping] == ["GIT~1", "a/b", "app.py"]
    modules = head_tree(open_local(forged(BY_ID["20-submodules"]).folder, tmp_path)).entries
    assert [entry.path for entry in modules] == [".gitmodules", "app.py"]


@pytest.mark.parametrize("name", ["24-replaced-commit", "40-shallow-and-grafts"])
def test_replace_refs_and_grafts_change_nothing(name: str, forged: Build, tmp_path: Path) -> None:
    clone = open_local(forged(BY_ID[name]).folder, tmp_path)
    raw = run(clone.git_dir, ["cat-file", "commit", clone.head])
    parents = [line[7:].decode() for line in raw.splitlines() if line.startswith(b"parent ")]
    said = run(clone.git_dir, ["log", "-1", "--format=%P%x00%ae", "HEAD"]).decode().strip().split("\0")
    assert said[0].split() == parents
    assert said[1].encode() in raw.split(b"\n\n")[0]
    assert "prod_rollback.py" not in {entry.path for entry in head_tree(clone).entries}


@pytest.mark.parametrize(
    "name", ["32-configuration", "20-submodules", "05-gib-blob", "12-nul-in-message", "35-duplicate-entries"]
)
def test_cloning_by_url_runs_nothing_and_forgives_harmless_faults(name: str, forged: Build, tmp_path: Path) -> None:
    forge = forged(BY_ID[name])
    clone = clone_url(str(forge.folder), tmp_path)
    assert clone.head == open_local(forge.folder, tmp_path / "view").head
    assert not forge.marker.exists()


@pytest.mark.parametrize(
    "name", ["03-tree-bomb", "05-gib-blob", "06-wide-tree", "15-timestamps", "20-submodules", "25-missing-blob"]
)
def test_a_closer_look_survives_every_commit(name: str, forged: Build, tmp_path: Path) -> None:
    forge = forged(BY_ID[name])
    clone = open_local(forge.folder, tmp_path)
    shas = run(clone.git_dir, ["rev-list", "--max-count=20", "HEAD"]).decode().split()
    answers = inspect_commits(clone, shas)
    assert list(answers) == shas
    assert all(isinstance(answer, CommitDetail) or answer for answer in answers.values())
    assert not forge.marker.exists()
