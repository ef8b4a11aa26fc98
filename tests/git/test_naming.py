"""What repositories are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.git import naming


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/api.git", ("acme/api", True)),
        ("https://github.com/acme/api/", ("acme/api", True)),
        ("https://pat:secret-token@github.com/acme/api", ("acme/api", True)),
        ("git@github.com:acme/api.git", ("acme/api", True)),
        ("ssh://git@ssh.github.com:443/acme/api.git", ("acme/api", True)),
        ("git@github-work:acme/api.git", ("acme/api", False)),
        ("https://gitlab.com/group/sub/api.git", ("sub/api", False)),
        ("/home/pat/api", None),
        ("file:///home/pat/api", None),
        ("../api", None),
        ("ext::sh -c evil", None),
        ("https://github.com/acme/..", None),
        ("https://github.com/only", None),
        ("https://[broken/acme/api", None),
        ("", None),
    ],
)
def test_of_origin(url: str, expected: tuple[str, bool] | None) -> None:
    assert naming.of_origin(url) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/x/projects/api", "local/projects+api"),
        ("/x/projects/api/.git", "local/projects+api"),
        ("/x/.mirror/a+b/repo", "local/.mirror+a+b"),
        ("/x/projects/../other/api/", "local/other+api"),
        ("/repo", "local/+repo"),
    ],
)
def test_of_folder(path: str, expected: str) -> None:
    assert naming.of_folder(Path(path)) == expected


def test_a_relative_path_is_named_by_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert naming.of_folder(Path()) == f"local/{tmp_path.parent.name}+{tmp_path.name}"


@pytest.mark.parametrize("text", ["a/b", "A-1/b.c_d-e"])
def test_full_names(text: str) -> None:
    assert naming.is_full_name(text)


@pytest.mark.parametrize("text", ["a", "a/b/c", "-a/b", "a/..", "a b/c", "a/b\n", "/b", "a/", "../b", "a/b?x=1"])
def test_no_full_names(text: str) -> None:
    assert not naming.is_full_name(text)
