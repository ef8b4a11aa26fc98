"""Children of git: their environment, limits and end."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from analyzer.errors import GitFailed, GitOutputTooLarge, GitTimeout, ToolMissing
from analyzer.git import process
from analyzer.git.process import Stream, git_version, run, stream
from analyzer.git.sandbox import MIB, Limits, environment
from tests.hostile.forge import Forge


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    forge = Forge(tmp_path / "repo", tmp_path / "marker")
    last: list[str] = []
    for n in range(50):
        last = [forge.commit(forge.files({"app.py": b"%d\n" % n * 1000}), last)]
    forge.branch(last[0])
    return forge.git_dir


def test_output_is_read_to_its_end(repo: Path) -> None:
    assert run(repo, ["rev-list", "--count", "HEAD"]) == b"50\n"


def test_a_failure_carries_status_and_message_without_the_place(repo: Path) -> None:
    with pytest.raises(GitFailed) as failure:
        run(repo, ["log", "nowhere"])
    assert failure.value.status == 128
    assert "nowhere" in failure.value.detail
    assert str(repo) not in str(failure.value)


def test_a_status_that_is_expected_is_no_failure(repo: Path) -> None:
    assert run(repo, ["config", "--get", "no.such"], ok=(0, 1)) == b""


def test_too_much_output_ends_the_child(repo: Path) -> None:
    with pytest.raises(GitOutputTooLarge):
        run(repo, ["log", "-p"], limits=Limits(output=1000))


def test_too_much_time_ends_the_child(repo: Path) -> None:
    before = time.monotonic()
    with (
        pytest.raises(GitTimeout),
        stream(repo, ["cat-file", "--batch"], stdin=None, limits=Limits(seconds=0.1)) as out,
    ):
        out.read()
    assert time.monotonic() - before < 5


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set on Linux only")
def test_too_much_memory_ends_the_child(repo: Path) -> None:
    with pytest.raises(GitFailed):
        run(repo, ["log", "-p"], limits=Limits(memory=MIB))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_leaving_early_is_no_error_and_leaves_no_child(repo: Path) -> None:
    with stream(repo, ["log", "-p"]) as out:
        assert out.read(10)
        children = _children()
    assert children
    assert not _children()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_error_of_the_caller_leaves_no_child(repo: Path) -> None:
    with pytest.raises(ZeroDivisionError), stream(repo, ["cat-file", "--batch"], stdin=None):
        raise ZeroDivisionError
    assert not _children()


def test_a_large_input_and_a_large_output_do_not_block_each_other(repo: Path) -> None:
    head = run(repo, ["rev-parse", "HEAD:app.py"]).strip()
    out = run(repo, ["cat-file", "--batch"], stdin=(head + b"\n") * 20_000)
    assert len(out) == 20_000 * (len(b"%s blob 3000\n" % head) + 3001)


def test_a_full_stderr_does_not_block_and_is_cut(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.write('\\x1b[31mx' * 1_000_000); sys.stdout.write('done')"
    child = Stream([sys.executable, "-c", code], "noisy", cwd=tmp_path, env=environment(), limits=Limits(seconds=20))
    child.send(b"", last=True)
    assert b"".join(child) == b"done"
    child.close()


def test_a_message_holds_no_control_characters(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.write('\\x1b]0;owned\\x07 in ' + sys.argv[1]); sys.exit(7)"
    argv = [sys.executable, "-c", code, str(tmp_path)]
    child = Stream(argv, "noisy", cwd=tmp_path, env=environment(), limits=Limits(seconds=20))
    with pytest.raises(GitFailed, match="status 7") as failure:
        child.read()
    child.close()
    assert failure.value.detail == "]0;owned in the repository"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_children_of_the_child_are_ended_too(tmp_path: Path) -> None:
    code = "import os, time\nif pid := os.fork():\n    print(pid, flush=True)\ntime.sleep(60)"
    child = Stream([sys.executable, "-c", code], "parent", cwd=tmp_path, env=environment(), limits=Limits(seconds=20))
    grandchild = Path("/proc", child.read().decode().strip(), "stat")
    assert grandchild.exists()
    child.close()
    time.sleep(0.1)
    assert not grandchild.exists() or grandchild.read_text().split(")")[1].split()[0] == "Z"


def test_sending_to_a_child_that_has_ended_is_reported_when_reading(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "import sys; sys.exit(5)"]
    child = Stream(argv, "gone", cwd=tmp_path, env=environment(), limits=Limits(seconds=20))
    time.sleep(0.5)
    for _ in range(3):
        child.send(b"more\n" * 100_000)
    with pytest.raises(GitFailed, match="status 5"):
        child.read()
    child.close()


def test_time_counts_only_while_waiting(repo: Path) -> None:
    with stream(repo, ["log", "-p"], limits=Limits(seconds=0.5)) as out:
        first = out.read(10)
        time.sleep(0.7)
        assert len(first + b"".join(out)) > 10_000


def test_an_argument_too_long_is_a_failure_of_git(repo: Path) -> None:
    with pytest.raises(GitFailed, match="could not be started"):
        run(repo, ["log", "--", "x" * 3_000_000])


def test_the_environment_is_built_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_EXTERNAL_DIFF", "GITHUB_TOKEN", "LD_PRELOAD", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "evil")
    monkeypatch.setenv("PATH", f".{os.pathsep}bin{os.pathsep}/usr/bin")
    built = environment()
    assert "evil" not in built.values()
    assert built["PATH"] == "/usr/bin"
    assert built["GIT_ALLOW_PROTOCOL"] == ""
    assert not Path(built["HOME"]).exists()
    assert environment(protocols=["https"])["HTTPS_PROXY"] == "evil"


def test_git_reads_no_configuration_of_the_user(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Home\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run(repo, ["config", "--get", "user.name"], ok=(0, 1)) == b""


def test_no_protocol_is_allowed_unless_asked_for(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="not allowed"):
        run(None, ["ls-remote", "--", f"file://{repo}"])


def test_the_version_is_known_and_an_old_one_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert git_version() >= (2, 39, 4)

    def old(*_args: object, **_options: object) -> bytes:
        return b"git version 2.30.2 (Apple Git-1)\n"

    monkeypatch.setattr(process, "run", old)
    git_version.cache_clear()
    with pytest.raises(ToolMissing, match=r"2\.30\.2"):
        git_version()
    git_version.cache_clear()


def test_no_thread_is_left(repo: Path) -> None:
    before = threading.active_count()
    run(repo, ["log", "-p"])
    assert threading.active_count() == before


def _children() -> list[int]:
    """The processes that this one has started and not yet reaped."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(stat.parent.name))
    return found
