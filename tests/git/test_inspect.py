"""The closer look at chosen commits."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from analyzer.git import inspect
from analyzer.git.clone import Clone, open_local
from analyzer.git.inspect import CommitDetail, FileDetail, inspect_commits, line_counts
from analyzer.git.process import run
from analyzer.git.sandbox import Limits
from tests.hostile.forge import Forge, mode

OLD = b"def keep():\n    return 1\n\n\ndef change(x):\n    return x\n"
NEW = b"def keep():\n    return 1\n\n\ndef change(x):\n    if x:\n        return 2\n    return x\n"


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "repo", tmp_path / "marker")


def _clone(forge: Forge) -> Clone:
    return open_local(forge.folder, forge.folder.parent / "work")


def test_changed_methods_lines_and_complexity(forge: Forge) -> None:
    first = forge.commit(forge.files({"app.py": OLD, "notes.txt": b"a\n"}))
    second = forge.commit(forge.files({"app.py": NEW, "notes.txt": b"b\nc\n"}), [first])
    merge = forge.commit(forge.files({"app.py": NEW, "notes.txt": b"b\nc\n"}), [second, first])
    forge.branch(merge)
    clone = _clone(forge)
    assert inspect_commits(clone, [second, merge]) == {
        second: CommitDetail(
            second,
            (FileDetail("app.py", 2, 0, ("change",), 2), FileDetail("notes.txt", 2, 1, (), None)),
            added=4,
            deleted=1,
        ),
        merge: CommitDetail(merge, (), 0, 0),
    }
    assert dict(line_counts(clone.git_dir, [second])) == {second: {"app.py": (2, 0), "notes.txt": (2, 1)}}


def test_the_users_configuration_is_not_written(forge: Forge) -> None:
    forge.branch(forge.commit(forge.files({"app.py": OLD})))
    before = (forge.git_dir / "config").read_bytes()
    clone = _clone(forge)
    assert isinstance(inspect_commits(clone, [clone.head])[clone.head], CommitDetail)
    assert (forge.git_dir / "config").read_bytes() == before
    assert b"markUnblamableLines" in (clone.git_dir / "config").read_bytes()


def test_commits_that_are_too_large_are_not_tried(forge: Forge) -> None:
    wide = forge.commit(forge.files({f"f{n}": b"%d" % n for n in range(400)}))
    heavy = forge.commit(forge.files({"big.csv": os.urandom(17 << 20)}))
    gone = forge.blob(b"gone\n")
    partial = forge.commit(forge.tree([(mode("file"), b"a", gone), (mode("submodule"), b"s", "12" * 20)]))
    forge.object_file(gone).unlink()
    forge.branch(wide)
    shas = [wide, heavy, partial, "f" * 40]
    reasons = [str(answer) for answer in inspect_commits(_clone(forge), shas).values()]
    assert reasons[:3] == [
        "changes more than 300 files",
        "changes files of more than 16 MiB in all",
        "file contents are missing from this clone",
    ]
    assert reasons[3].startswith("its changes could not be listed")


def test_a_submodule_alone_is_read(forge: Forge) -> None:
    forge.branch(forge.commit(forge.tree([(mode("submodule"), b"s", "12" * 20)])))
    clone = _clone(forge)
    detail = inspect_commits(clone, [clone.head])[clone.head]
    assert isinstance(detail, CommitDetail)
    assert [(file.path, file.methods) for file in detail.files] == [("s", ())]


def _fake_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    """Replace the interpreter by a script that starts a worker of another temper."""
    script = tmp_path / "interpreter"
    script.write_text(f"#!{sys.executable}\nimport json, os, signal, sys, time\nfor line in sys.stdin:\n{body}")
    script.chmod(0o755)
    monkeypatch.setattr(inspect.sys, "executable", str(script))


GOOD = "    print(json.dumps({'files': []}), flush=True)\n"


def test_a_worker_that_dies_costs_that_commit_only(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shas = [forge.commit(forge.files({"a": b"%d" % n})) for n in range(4)]
    forge.branch(shas[0])
    body = f"    if line.strip() == '{shas[1]}':\n        os.kill(os.getpid(), signal.SIGKILL)\n"
    _fake_worker(monkeypatch, tmp_path, body + GOOD)
    answers = inspect_commits(_clone(forge), shas)
    assert answers[shas[1]] == "its reader ended with status -9"
    assert [isinstance(answer, CommitDetail) for answer in answers.values()] == [True, False, True, True]
    assert signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL


def test_a_worker_that_hangs_costs_that_commit_only(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shas = [forge.commit(forge.files({"a": b"%d" % n})) for n in range(3)]
    forge.branch(shas[0])
    _fake_worker(monkeypatch, tmp_path, f"    if line.strip() == '{shas[1]}':\n        time.sleep(60)\n" + GOOD)
    answers = inspect_commits(_clone(forge), shas, limits=Limits(seconds=1.0))
    assert answers[shas[1]] == "took longer than 1 s"
    assert [isinstance(answer, CommitDetail) for answer in answers.values()] == [True, False, True]


def test_a_repository_that_kills_every_worker_is_given_up(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shas = [forge.commit(forge.files({"a": b"%d" % n})) for n in range(8)]
    forge.branch(shas[0])
    _fake_worker(monkeypatch, tmp_path, "    sys.exit(3)\n")
    answers = list(inspect_commits(_clone(forge), shas).values())
    assert answers[:5] == ["its reader ended with status 3"] * 5
    assert answers[5:] == ["not looked at: too many commits of this repository could not be read"] * 3


def test_a_worker_is_replaced_after_some_commits(forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shas = [forge.commit(forge.files({"a": b"%d" % n})) for n in range(60)]
    forge.branch(shas[0])
    log = tmp_path / "pids"
    _fake_worker(monkeypatch, tmp_path, f"    open({str(log)!r}, 'a').write(f'{{os.getpid()}}\\n')\n" + GOOD)
    assert len(inspect_commits(_clone(forge), shas)) == 60
    assert len(set(log.read_text().split())) == 3


def test_one_endless_line_is_not_given_to_lizard(forge: Forge) -> None:
    forge.branch(forge.commit(forge.files({"line.py": b"x = 1 + " + b"1 + " * 3_000 + b"1\n"})))
    clone = _clone(forge)
    detail = inspect_commits(clone, [clone.head])[clone.head]
    assert isinstance(detail, CommitDetail)
    assert detail.files == (FileDetail("line.py", 1, 0, (), None),)


def test_the_worker_runs_none_of_the_users_code(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of the analysed folder must not be importable by the worker."""
    forge.branch(forge.commit(forge.files({"app.py": OLD})))
    clone = _clone(forge)
    (clone.git_dir / "json.py").write_text(f"import os; os.system({forge.payload!r})")
    monkeypatch.chdir(clone.git_dir)
    assert isinstance(inspect_commits(clone, [clone.head])[clone.head], CommitDetail)
    assert not forge.marker.exists()
    assert run(clone.git_dir, ["rev-parse", "HEAD"])
