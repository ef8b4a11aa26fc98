"""Whose clones are in the cache, and that a person can be forgotten there."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.cache import Cache
from analyzer.errors import ShiptraceError


def _made(cache: Cache, *names: str) -> None:
    for name in names:
        (cache.clones / name).mkdir(parents=True, exist_ok=True)
        (cache.clones / name).with_suffix(".lock").touch()


def test_only_what_nobody_else_needs_goes(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    _made(cache, "a.git", "b.git", "c.git")
    cache.note("Pat", ["a.git"])
    cache.note("pat", ["b.git"])
    cache.note("sam", ["b.git", "c.git"])
    cache.answers.mkdir()
    assert cache.forget("PAT") == 1
    assert sorted(path.name for path in cache.clones.iterdir()) == ["b.git", "b.lock", "c.git", "c.lock"]
    assert not cache.answers.exists()
    assert cache.forget("pat") == 0
    assert cache.forget("sam") == 2
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_who_was_never_there_is_forgotten_without_a_trace(tmp_path: Path) -> None:
    assert Cache(tmp_path / "none").forget("pat") == 0
    assert not (tmp_path / "none").exists()


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ShiptraceError, match="--cache"):
        Cache(tmp_path / "file").note("pat", ["a.git"])


def test_what_cannot_be_removed_is_said_and_stays_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    _made(cache, "a.git")
    cache.note("pat", ["a.git"])

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("analyzer.cache.shutil.rmtree", refuse)
        with pytest.raises(ShiptraceError, match=r"a\.git cannot be removed: Permission denied"):
            cache.forget("pat")
    assert cache.forget("pat") == 1
    assert not (cache.clones / "a.git").exists()
