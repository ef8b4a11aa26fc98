"""Repositories that are empty, damaged or of another kind."""

from __future__ import annotations

import shutil

from tests.hostile.forge import Forge, mode


def _two_commits(forge: Forge) -> tuple[str, str]:
    first = forge.commit(forge.files({"app.py": b"print(1)\n"}))
    second = forge.commit(forge.files({"app.py": b"print(2)\n", "Dockerfile": b"FROM python:3.12\n"}), [first])
    forge.branch(second)
    return first, second


def refused_01_empty(forge: Forge) -> None:
    """A repository without a single commit."""


def refused_02_unborn_head(forge: Forge) -> None:
    """HEAD names a branch without commits while another branch has some."""
    _two_commits(forge)
    forge.write("HEAD", "ref: refs/heads/nowhere\n")


def partial_25_missing_blob(forge: Forge) -> None:
    """One file's content is gone, another's is there."""
    missing, there = forge.blob(b"gone\n"), forge.blob(b"FROM python:3.12\n")
    tree = forge.tree([(mode("file"), b"Dockerfile", there), (mode("file"), b"app.py", missing)])
    forge.branch(forge.commit(tree))
    forge.object_file(missing).unlink()


def usable_26_missing_parent(forge: Forge) -> None:
    """The first commit is gone: everything at HEAD is there, the history ends in nothing."""
    first, _ = _two_commits(forge)
    forge.object_file(first).unlink()


def partial_27_corrupt_object(forge: Forge) -> None:
    """One file's object is damaged on disk, another's is not."""
    damaged, there = forge.blob(b"damaged\n" * 100), forge.blob(b"FROM python:3.12\n")
    tree = forge.tree([(mode("file"), b"Dockerfile", there), (mode("file"), b"app.py", damaged)])
    forge.branch(forge.commit(tree))
    file = forge.object_file(damaged)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + b"\xff\xff\xff" + data[len(data) // 2 + 3 :])


def refused_28_sha256(forge: Forge) -> None:
    """A repository in the SHA-256 object format."""
    shutil.rmtree(forge.git_dir)
    forge.git("init", "-q", "--object-format=sha256", "-b", "main", ".")
    tree = forge.git("write-tree").decode().strip()
    identity = ["user.name=Pat Person", "user.email=pat@example.org"]
    commit = forge.git("commit-tree", "-m", "A change", tree, config=identity).decode().strip()
    forge.branch(commit)


def refused_29_dangling_head(forge: Forge) -> None:
    """HEAD names a commit that is not there."""
    _two_commits(forge)
    forge.write("HEAD", "12" * 20 + "\n")


def refused_30_garbage_head(forge: Forge) -> None:
    """HEAD holds noise."""
    _two_commits(forge)
    forge.write("HEAD", b"\x00\xff ref: ../../etc/passwd\n")


def usable_31_many_refs(forge: Forge) -> None:
    """100,000 tags."""
    _, second = _two_commits(forge)
    forge.write("packed-refs", "".join(f"{second} refs/tags/v{n:06d}\n" for n in range(100_000)))


def refused_36_head_is_a_blob(forge: Forge) -> None:
    """The branch points at a file instead of a commit."""
    forge.branch(forge.blob(b"not a commit\n"))


def usable_40_shallow_and_grafts(forge: Forge) -> None:
    """A shallow history whose grafts file moves the newest commit to another parent."""
    first, second = _two_commits(forge)
    other = forge.commit(forge.files({"fake.py": b"fake\n"}))
    third = forge.commit(forge.files({"app.py": b"print(3)\n"}), [second])
    forge.branch(third)
    forge.object_file(first).unlink()
    forge.write("shallow", f"{second}\n")
    forge.write("info/grafts", f"{third} {other}\n")


def refused_41_reference_circle(forge: Forge) -> None:
    """Branches that point at one another."""
    forge.write("refs/heads/main", "ref: refs/heads/other\n")
    forge.write("refs/heads/other", "ref: refs/heads/main\n")


def partial_42_missing_subtree(forge: Forge) -> None:
    """One folder's tree is gone; the files before it can be listed."""
    gone = forge.files({"lost.py": b"lost\n"})
    there = forge.blob(b"FROM python:3.12\n")
    forge.branch(forge.commit(forge.tree([(mode("file"), b"Dockerfile", there), (mode("tree"), b"src", gone)])))
    forge.object_file(gone).unlink()
