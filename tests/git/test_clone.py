"""Views of local repositories and clones of URLs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from analyzer.errors import EmptyRepository, NotARepository, RepositoryUnusable, UsageError
from analyzer.git import clone as clone_module
from analyzer.git.clone import MARKER, clone_url, open_local
from analyzer.git.process import run
from analyzer.git.tree import head_tree
from tests.hostile.broken import refused_28_sha256
from tests.hostile.forge import Forge

FILES = {"app.py": b"print(1)\n", "src/m.py": b"m\n"}


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """A work tree with two commits and a tag."""
    forge = Forge(tmp_path / "projects" / "api", tmp_path / "marker")
    first = forge.commit(forge.files({"app.py": b"print(0)\n"}))
    forge.branch(forge.commit(forge.files(FILES), [first]))
    forge.write("refs/tags/v1", f"{first}\n")
    return forge


def _head(forge: Forge) -> str:
    return forge.git("rev-parse", "HEAD").decode().strip()


# --- local repositories ----------------------------------------------------


def test_a_work_tree_and_its_git_folder(forge: Forge, tmp_path: Path) -> None:
    for path in (forge.folder, forge.git_dir):
        clone = open_local(path, tmp_path / "work")
        assert clone.head == _head(forge)
        assert clone.full_name == "local/projects+api"
        assert (clone.web_url, clone.partial, clone.shallow, clone.n_tags, clone.notes) == (None, False, False, 1, ())
        assert run(clone.git_dir, ["rev-list", "--count", "HEAD"]) == b"2\n"
        assert [entry.path for entry in head_tree(clone).entries] == ["app.py", "src/m.py"]


def test_a_bare_repository_without_a_configuration(forge: Forge, tmp_path: Path) -> None:
    bare = tmp_path / "mirror" / "a+b" / "repo"
    shutil.copytree(forge.git_dir, bare)
    (bare / "config").unlink()
    clone = open_local(bare, tmp_path / "work")
    assert (clone.head, clone.full_name) == (_head(forge), "local/mirror+a+b")


def test_packed_refs_and_a_detached_head(forge: Forge, tmp_path: Path) -> None:
    forge.git("pack-refs", "--all")
    assert open_local(forge.folder, tmp_path / "work").head == _head(forge)
    forge.write("HEAD", _head(forge) + "\n")
    assert open_local(forge.folder, tmp_path / "work").head == _head(forge)


def test_a_linked_work_tree_has_its_own_head(forge: Forge, tmp_path: Path) -> None:
    other = tmp_path / "linked"
    forge.git("worktree", "add", "-q", str(other), "v1")
    clone = open_local(other, tmp_path / "work")
    assert clone.head == forge.git("rev-parse", "v1").decode().strip() != _head(forge)


def test_borrowed_objects_are_borrowed_again(forge: Forge, tmp_path: Path) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--shared", forge.folder, tmp_path / "shared"], check=True, capture_output=True
    )
    clone = open_local(tmp_path / "shared", tmp_path / "work")
    assert [entry.path for entry in head_tree(clone).entries] == ["app.py", "src/m.py"]


def test_the_view_holds_nothing_of_theirs_but_objects_and_tags(forge: Forge, tmp_path: Path) -> None:
    forge.git("commit-graph", "write", "--reachable")
    forge.write("info/grafts", "x\n")
    forge.write("refs/tags/bad name", _head(forge) + "\n")
    forge.write("refs/tags/..evil", _head(forge) + "\n")
    clone = open_local(forge.folder, tmp_path / "work")
    assert run(clone.git_dir, ["for-each-ref", "--format=%(refname)"]) == b"refs/tags/v1\n"
    assert not list(clone.git_dir.rglob("*graph*"))
    assert not (clone.git_dir / "info").exists()
    assert (clone.git_dir / MARKER).is_file()


def test_a_second_view_replaces_the_first(forge: Forge, tmp_path: Path) -> None:
    first = open_local(forge.folder, tmp_path / "work")
    forge.branch(forge.commit(forge.files({"new.py": b"1\n"}), [first.head]))
    second = open_local(forge.folder, tmp_path / "work")
    assert (second.git_dir, second.head) == (first.git_dir, _head(forge))
    assert run(second.git_dir, ["rev-parse", "HEAD"]).decode().strip() == second.head


def test_the_origin_names_it_and_the_caller_overrides(forge: Forge, tmp_path: Path) -> None:
    forge.git("config", "remote.origin.url", "git@github.com:acme/api.git")
    forge.git("config", "user.email", "pat@example.org")
    clone = open_local(forge.folder, tmp_path / "work")
    assert (clone.full_name, clone.web_url) == ("acme/api", "https://github.com/acme/api")
    assert clone.user_email == "pat@example.org"
    named = open_local(forge.folder, tmp_path / "work", full_name="other/name")
    assert (named.full_name, named.web_url) == ("other/name", "https://github.com/other/name")
    local = open_local(forge.folder, tmp_path / "work", full_name="local/a+b")
    assert (local.full_name, local.web_url) == ("local/a+b", None)


def test_shallow_and_partial_clones_say_so(forge: Forge, tmp_path: Path) -> None:
    forge.git("config", "remote.origin.promisor", "true")
    assert open_local(forge.folder, tmp_path / "work").partial
    argv = ["git", "clone", "-q", "--depth=1", f"file://{forge.folder}", str(tmp_path / "shallow")]
    subprocess.run(argv, check=True, capture_output=True)
    clone = open_local(tmp_path / "shallow", tmp_path / "work")
    assert (clone.shallow, clone.partial) == (True, True)
    assert "shallow" in clone.notes[-1]
    assert run(clone.git_dir, ["rev-list", "--count", "HEAD"]) == b"1\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_the_folder_of_another_user(forge: Forge, tmp_path: Path) -> None:
    for place, _, files in os.walk(forge.folder):
        os.chown(place, 65534, 65534)
        for name in files:
            os.chown(Path(place, name), 65534, 65534)
    assert open_local(forge.folder, tmp_path / "work").head
    assert clone_url(str(forge.folder), tmp_path / "cache").head


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root can read everything")
def test_a_folder_that_cannot_be_read(forge: Forge, tmp_path: Path) -> None:
    forge.git_dir.chmod(0)
    try:
        with pytest.raises(RepositoryUnusable, match="cannot be read"):
            open_local(forge.folder, tmp_path / "work")
    finally:
        forge.git_dir.chmod(0o755)


# --- what is no usable repository ------------------------------------------


def test_what_is_not_a_repository_says_what_to_do(forge: Forge, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    (forge.folder / "src").mkdir()
    for path, said in [
        (tmp_path / "nowhere", "does not exist"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "empty", "is not a git repository"),
        (forge.folder / "src", f"repository around it: {forge.folder}"),
    ]:
        with pytest.raises(NotARepository, match=str(path)) as refusal:
            open_local(path, tmp_path / "work")
        assert said in str(refusal.value)
        assert refusal.value.way_out


def test_an_unborn_branch_names_the_others(forge: Forge, tmp_path: Path) -> None:
    forge.write("HEAD", "ref: refs/heads/nowhere\n")
    with pytest.raises(EmptyRepository, match=r"nowhere has no commits; others have: main.*refs/heads/main"):
        open_local(forge.folder, tmp_path / "work")
    with pytest.raises(EmptyRepository, match="no commits yet"):
        open_local(Forge(tmp_path / "empty", tmp_path / "m").folder, tmp_path / "work")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("12" * 20, "is not there"),
        ("12" * 32, "SHA-256"),
        ("noise", "damaged"),
        ("ref: ../../etc/passwd", "damaged"),
        ("", "damaged"),
    ],
)
def test_a_head_that_leads_nowhere(forge: Forge, tmp_path: Path, head: str, said: str) -> None:
    forge.write("HEAD", head)
    with pytest.raises(RepositoryUnusable, match=said) as refusal:
        open_local(forge.folder, tmp_path / "work")
    assert str(forge.folder) in refusal.value.message
    assert not list((tmp_path / "work").glob("*")) if (tmp_path / "work").exists() else True


def test_files_that_never_end_hold_nobody_up(forge: Forge, tmp_path: Path) -> None:
    (forge.git_dir / "config").unlink()
    os.mkfifo(forge.git_dir / "config")
    os.mkfifo(forge.git_dir / "packed-refs")
    (forge.git_dir / "shallow").symlink_to("/dev/zero")
    assert open_local(forge.folder, tmp_path / "work").head == _head_without_git(forge)


def _head_without_git(forge: Forge) -> str:
    return (forge.git_dir / "refs/heads/main").read_text().strip()


# --- clones of URLs --------------------------------------------------------


def test_a_clone_is_bare_whole_and_marked(forge: Forge, tmp_path: Path) -> None:
    for url in (str(forge.folder), f"file://{forge.folder}"):
        clone = clone_url(url, tmp_path / "cache", full_name="acme/api")
        assert (clone.head, clone.full_name, clone.n_tags) == (_head(forge), "acme/api", 1)
        assert clone.web_url == "https://github.com/acme/api"
        assert (clone.git_dir / MARKER).is_file()
        assert not list(clone.git_dir.glob("hooks/*"))
        assert run(clone.git_dir, ["rev-list", "--count", "HEAD"]) == b"2\n"


def test_a_clone_is_kept_until_the_head_moves(forge: Forge, tmp_path: Path) -> None:
    first = clone_url(str(forge.folder), tmp_path / "cache")
    made = first.git_dir.stat().st_ino
    assert clone_url(str(forge.folder), tmp_path / "cache").git_dir.stat().st_ino == made
    forge.branch(forge.commit(forge.files({"new.py": b"1\n"}), [first.head]))
    second = clone_url(str(forge.folder), tmp_path / "cache")
    assert second.head == _head(forge) != first.head
    assert second.git_dir == first.git_dir


def test_a_new_clone_takes_from_the_old_one_and_stands_alone(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(git_dir: Path | None, args: Sequence[str], **options: Any) -> bytes:
        asked.append(args[0])
        return run(git_dir, args, **options)

    first = clone_url(str(forge.folder), tmp_path / "cache")
    monkeypatch.setattr("analyzer.git.clone.run", noted)
    kept = clone_url(str(forge.folder), tmp_path / "cache", head=first.head)
    assert kept.head == first.head
    assert not {"ls-remote", "clone"} & set(asked)
    forge.branch(forge.commit(forge.files({"app.py": b"print(2)\n"}), [first.head]))
    second = clone_url(str(forge.folder), tmp_path / "cache", head=_head(forge))
    assert second.head == _head(forge) != first.head
    assert "ls-remote" not in asked
    assert not (second.git_dir / "objects/info/alternates").exists()
    assert run(second.git_dir, ["fsck", "--full", "--strict"]) == b""
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == [second.git_dir.name]


def test_what_a_killed_run_left_is_never_used(forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    target = clone_url(str(forge.folder), cache).git_dir
    (target / MARKER).unlink()
    shutil.rmtree(target / "objects" / "pack")
    left = cache / f".{target.name}.killed"
    left.mkdir()
    assert clone_url(str(forge.folder), cache).head == _head(forge)
    assert not left.exists()

    def interrupted(*_args: object) -> None:
        raise KeyboardInterrupt

    shutil.rmtree(target)
    monkeypatch.setattr(clone_module, "_fetch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        clone_url(str(forge.folder), cache)
    assert [entry.name for entry in cache.iterdir()] == [target.with_suffix(".lock").name]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "--upload-pack=touch x",
        "-u",
        "ssh://git@example.org/a/b",
        "git://example.org/a/b",
        "ext::sh -c evil",
        "http://example.org/a/b",
        "https://host/a\nb",
        "ftp://example.org/a",
    ],
)
def test_other_addresses_are_refused_before_git_starts(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(*_args: object, **_options: object) -> bytes:
        raise AssertionError("git was started")

    clone_module.git_version()
    monkeypatch.setattr(clone_module, "run", started)
    with pytest.raises((UsageError, NotARepository)):
        clone_url(url, tmp_path / "cache")


def test_a_token_in_the_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        clone_url("https://pat:secret-token@github.com/acme/api", tmp_path / "cache")
    assert "secret-token" not in str(refusal.value)


def test_a_failed_clone_names_the_address_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RepositoryUnusable, match=r"http://127\.0\.0\.1:9/acme/api") as refusal:
        clone_url("http://127.0.0.1:9/acme/api", tmp_path / "cache")
    assert str(tmp_path) not in str(refusal.value)
    assert not list((tmp_path / "cache").glob("*.git"))


def test_an_empty_and_a_foreign_remote(tmp_path: Path) -> None:
    with pytest.raises(EmptyRepository):
        clone_url(str(Forge(tmp_path / "empty", tmp_path / "m").folder), tmp_path / "cache")
    foreign = Forge(tmp_path / "sha256", tmp_path / "m")
    refused_28_sha256(foreign)
    with pytest.raises(RepositoryUnusable, match="SHA-256"):
        clone_url(str(foreign.folder), tmp_path / "cache")
