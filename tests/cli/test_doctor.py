"""What the doctor says of a machine, how it looks, and with which code it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import duckdb
import pytest

from analyzer.cli import doctor, screen
from analyzer.cli.check_machine import is_fixed
from tests.cli.conftest import CANARY, Doctor, Shiptrace
from tests.store.sample import ROOT, running, write

# --- git -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "code", "state", "said"),
    [
        (None, 1, "bad", "git is not installed."),
        ("echo git version 2.30.2", 1, "bad", "'git version 2.30.2' is too old."),
        ("echo hello", 1, "bad", "'hello' is too old."),
        ("echo broken >&2; exit 3", 1, "bad", "It does not run: git version failed with status 3: broken"),
        ("echo git version 2.39.5", 0, "warn", "2.39.5"),
        ("echo git version 2.52.0", 0, "ok", "2.52.0"),
    ],
)
@pytest.mark.usefixtures("found")
def test_every_git(tmp_path: Path, script: str | None, code: int, state: str, said: str) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    if script:
        (programs / "git").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (programs / "git").chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "analyzer.cli", "doctor", "--offline", "--json"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(programs), "GH_TOKEN": CANARY},
        capture_output=True,
        text=True,
        check=False,
    )
    checks = {check["name"]: check for check in json.loads(done.stdout)}
    assert (done.returncode, checks["git"]["state"], checks["git"]["found"]) == (code, state, said)
    assert ("2.39.4 or newer" in checks["git"]["advice"]) == (state == "bad" and "does not run" not in said)
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((2, 39, 5), False),
        ((2, 43, 6), False),
        ((2, 43, 7), True),
        ((2, 45, 1), False),
        ((2, 50, 1), True),
        ((2, 51, 0), True),
        ((3, 0, 0), True),
    ],
)
def test_the_fixes_of_git(version: tuple[int, ...], fixed: bool) -> None:
    assert is_fixed(version) is fixed


# --- the places ------------------------------------------------------------


def _older(path: Path) -> None:
    write(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")


def _newer(path: Path) -> None:
    write(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")


def _foreign(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE fruit (name VARCHAR)")


def _damaged(path: Path) -> None:
    write(path)
    content = bytearray(path.read_bytes())
    content[4096 : 3 * 4096] = bytes(2 * 4096)
    path.write_bytes(content)


STORES: Mapping[str, tuple[Callable[[Path], object], str, str]] = {
    "none": (lambda path: path, "ok", "will be made"),
    "empty": (Path.touch, "ok", "will be made"),
    "ours": (write, "ok", "tables of version"),
    "older": (_older, "ok", "of an older Shiptrace"),
    "newer": (_newer, "bad", "written by a newer Shiptrace"),
    "foreign": (_foreign, "bad", "no Shiptrace store"),
    "no database": (lambda path: path.write_text("a diary of somebody", "utf-8"), "bad", "is no DuckDB file"),
    "damaged": (_damaged, "bad", "damaged or unreadable"),
    "a folder": (Path.mkdir, "bad", "cannot be opened"),
}


@pytest.mark.parametrize(("make", "state", "said"), STORES.values(), ids=STORES.keys())
def test_every_store_is_told_and_left_as_it_is(
    found: Doctor, tmp_path: Path, make: Callable[[Path], object], state: str, said: str
) -> None:
    path = tmp_path / "store.duckdb"
    make(path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    code, checks = found("--offline")
    assert (code, checks["store"]["state"]) == (int(state == "bad"), state)
    assert said in checks["store"]["found"]
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(("holds", "state"), [("Store", "warn"), ("Reader", "ok")])
def test_a_store_that_somebody_writes_to_is_named_with_its_holder(
    found: Doctor, tmp_path: Path, holds: str, state: str
) -> None:
    path = tmp_path / "store.duckdb"
    write(path)
    code = f"import analyzer.store as s; held = s.{holds}.open(path); print('held', flush=True); sys.stdin.read()"
    with running(code, str(path)) as holder:
        ended, checks = found("--offline")
    assert (ended, checks["store"]["state"]) == (0, state)
    assert (f"in use by process {holder.pid}" in checks["store"]["found"]) == (state == "warn")


def test_places_that_cannot_be_written(found: Doctor, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, checks = found("--offline", "--db", tmp_path / "file" / "store", "--cache", tmp_path / "file" / "cache")
    assert (code, checks["store"]["state"], checks["cache"]["state"]) == (1, "bad", "bad")
    assert all(f"{tmp_path / 'file'} is no folder to write to" in checks[name]["found"] for name in ("store", "cache"))


def test_a_full_disk(found: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(ROOT)._replace(free=300_000_000)

    def told(_: Path) -> object:
        return usage

    monkeypatch.setattr(shutil, "disk_usage", told)
    code, checks = found("--offline")
    assert (code, checks["cache"]["state"]) == (0, "warn")
    assert checks["cache"]["found"].endswith("0.3 GB free")


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        ("", "ok", "nothing is set"),
        ('basis = "self"\ndo_not_contact = ["octocat"]\n', "ok", "basis, 1 login not to contact"),
        ("colour = 1\n", "bad", "there is no setting 'colour'"),
        ("basis = \n", "bad", "cannot be read"),
        ("basis = 1\n", "bad", "basis has to be one of"),
    ],
)
def test_the_configuration(found: Doctor, tmp_path: Path, text: str, state: str, said: str) -> None:
    (tmp_path / "shiptrace.toml").write_text(text, "utf-8")
    code, checks = found("--offline")
    assert (code, checks["config"]["state"]) == (int(state == "bad"), state)
    assert said in checks["config"]["found"]


# --- packages, and how it looks --------------------------------------------


def test_a_missing_package_is_named_and_the_rest_left(found: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"pandas": "2.3.1", "httpx": "0.28.1", "click": "8.1"}

    def version(name: str) -> str:
        if name not in there:
            raise PackageNotFoundError(name)
        return there[name]

    def requires(_: str) -> list[str]:
        return ["pandas>=3.0,<4", "duckdb>=2.0,<3", "httpx>=0.28,<0.29", "click"]

    monkeypatch.setattr(doctor, "requires", requires)
    monkeypatch.setattr(doctor, "version", version)
    code, checks = found()
    assert (code, list(checks)) == (1, ["pandas", "duckdb", "python"])
    assert checks["pandas"]["found"] == "2.3.1 is there, >=3.0,<4 is needed"


def test_a_source_tree_knows_its_packages(found: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: str) -> list[str]:
        raise PackageNotFoundError

    monkeypatch.setattr(doctor, "requires", nothing)
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert found("--offline")[1]["packages"]["found"] == f"all {len(needed)}"


@pytest.mark.parametrize(
    ("there", "bounds", "fit"),
    [
        ("2.0.1", ">=2.0,<3", True),
        ("3.0", ">=2.0,<3", False),
        ("1.10", ">=1.9", True),
        ("3.3.0rc1", ">=3.3,<3.4", True),
        ("8.0", "", True),
        ("", "", False),
        ("unknown", ">=1", False),
    ],
)
def test_a_version_within_bounds(there: str, bounds: str, fit: bool) -> None:
    assert doctor.fits(there, bounds) is fit


@pytest.mark.usefixtures("found")
def test_one_finding_is_one_line_unless_the_terminal_is_narrow(
    shiptrace: Shiptrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", CANARY)
    plain = shiptrace("doctor", "--offline", "--host", "a\x1b[31mb")
    assert plain.code == 1
    assert plain.out.startswith("bad   github      'a\\x1b[31mb' is no name of a host. Give it without https://")
    assert plain.err == "Not ready: github\n"
    assert all(line[:5] in {"bad  ", "warn ", "ok   "} for line in plain.out.splitlines())
    monkeypatch.setattr(screen, "is_terminal", lambda: True)
    narrow = shiptrace("doctor", "--offline", "--host", "a\x1b[31mb")
    assert max(map(len, narrow.out.splitlines())) < max(map(len, plain.out.splitlines()))
    assert narrow.out.split() == plain.out.split()
    assert CANARY not in narrow.out + plain.out
