"""The package as a user gets it: a wheel that works anywhere, locks that name no place, pages that are true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
LIVED_IN = "SELECT signal FROM evidence WHERE level = 'lived-in' AND share > 0"
PLACES = re.compile(
    r"://|file:|(?:^|[\s=@'\"])(?:/|\.\.?/|~/|[A-Za-z]:\\)|--find-links|--(?:extra-)?index-url|^-", re.MULTILINE
)


def _run(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *args], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = _run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_code_and_data_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = {
        path.relative_to(ROOT).as_posix()
        for package in ("analyzer", "signals", "queries")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix in {".py", ".sql", ".toml", ".json", ".typed", ".html", ".css", ".story"}
    }
    assert tracked <= names
    assert {name.partition("/")[0] for name in names if "dist-info" not in name} == {"analyzer", "signals", "queries"}


def test_the_installed_wheel_scans_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = _run("-P", "-c", "import analyzer; print(analyzer.__file__)", cwd=elsewhere, PYTHONPATH=str(site))
    assert where.stdout.startswith(str(site))
    done = _run(
        "-P", "-m", "analyzer.cli", "demo", "--json", "--db", "demo.duckdb", cwd=elsewhere, PYTHONPATH=str(site)
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('{\n  "schema": "shiptrace.comparison/1"')
    assert str(tmp_path) not in done.stdout
    assert sorted(path.name for path in elsewhere.iterdir()) == ["demo-reports", "demo.duckdb"]
    (question,) = re.findall(r"```sql\n(.*?)```", _page("README.md"), re.DOTALL)
    with duckdb.connect(elsewhere / "demo.duckdb", read_only=True) as store:
        assert {"alert-rules", "revert-commit"} <= {row[0] for row in store.execute(LIVED_IN).fetchall()}
        assert len(store.execute(question).fetchall()) >= 5


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_registry_and_no_folder(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert PLACES.search(text.replace("\n    --hash=", "\n    hash=")) is None
    packages = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert packages
    assert all("==" in package and "--hash=sha256:" in package for package in packages)


def test_the_development_lock_holds_the_same_versions() -> None:
    plain, dev = (set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text("utf-8"), re.MULTILINE)) for lock in LOCKS)
    assert plain <= dev


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {re.split(r"[<>=\[ ]", text)[0] for text in project["project"]["dependencies"]} | {"hatchling"}
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert wanted <= locked


# --- documents -------------------------------------------------------------

PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


def _page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_and_files_that_pages_name_exist(page: str) -> None:
    makefile = _page("Makefile")
    for target in re.findall(r"^make ([a-z ]+?)(?: {2,}| [A-Z]|$)", _page(page), re.MULTILINE):
        for name in target.split():
            assert re.search(rf"^{name}:", makefile, re.MULTILINE), f"no target {name}"
    for path in re.findall(r"`((?:analyzer|signals|queries|tests)/[\w./-]+)`|\]\(([\w./-]+)\)", _page(page)):
        assert (ROOT / (path[0] or path[1])).exists(), f"{page} names {path}"


def test_the_readme_shows_every_command_and_no_other() -> None:
    shown = set(re.findall(r"^\| `shiptrace (\w+)", _page("README.md"), re.MULTILINE))
    listed = _run("-m", "analyzer.cli", "--help", cwd=ROOT)
    assert shown == set(re.findall(r"^  (\w+)  ", listed.stdout.partition("Commands:")[2], re.MULTILINE))


def test_the_changelog_names_every_signal() -> None:
    signals = {path.stem for path in (ROOT / "signals").glob("*/[a-z]*.py") if path.parent.name != "views"}
    named = set(re.findall(r"`([a-z-]+)`", _page("CHANGELOG.md")))
    assert {name.replace("_", "-") for name in signals} <= named
    assert "### Scores may change" in _page("CHANGELOG.md")
