"""A run's folder goes with the run: at its end, or at the next one's beginning when it was killed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from analyzer.git.scratch import scratch, sweep

ROOT = Path(__file__).parents[2]
_DYING = """
import os, signal, sys, tempfile
from analyzer.git.scratch import scratch
tempfile.tempdir = sys.argv[1]
with scratch() as folder:
    (folder / "1").mkdir()
    (folder / "1" / "HEAD").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_is_gone_afterwards(place: Path) -> None:
    with scratch() as folder:
        assert folder.parent == place
        (folder / "file").write_text("x")
    assert list(place.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_what_is_in_use_stays(place: Path) -> None:
    for _ in range(2):
        subprocess.run([sys.executable, "-c", _DYING, str(place)], cwd=ROOT, check=False, timeout=60)
    assert len(list(place.glob("shiptrace-*/1/HEAD"))) == 1  # the second removed what the first left
    not_ours = place / "shiptrace-notes"
    not_ours.mkdir()
    with scratch() as one, scratch() as two:
        sweep()
        assert {p for p in place.iterdir() if p.is_dir()} == {one, two, not_ours}
    assert list(place.iterdir()) == [not_ours]


def test_a_removal_that_was_killed_is_finished_by_the_next_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(folder: Path) -> None:
        (folder / "a").unlink()
        raise PermissionError

    def run() -> None:
        with scratch() as folder:
            for name in ("a", "b"):
                (folder / name).touch()

    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", half)
        with pytest.raises(PermissionError):
            run()
    assert [file.name for file in place.rglob("?")] == ["b"]
    sweep()
    assert list(place.iterdir()) == []
