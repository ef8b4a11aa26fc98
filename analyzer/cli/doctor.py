"""``shiptrace doctor``: what this machine has, and what to do where something is missing."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from analyzer.errors import ToolMissing
from analyzer.git.process import git_version
from analyzer.store import default_path

_PACKAGES = ("click", "duckdb", "pydriller", "pyyaml", "tree-sitter", "rich")
_RECOMMENDED_GIT = (2, 43, 7)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's list. ``state`` is ok, warn or bad; ``advice`` says what to do unless it is ok."""

    name: str
    state: str
    found: str
    advice: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(as_json: bool) -> int:
    """Check Python, git, the packages and the place of the store."""
    checks = [_python(), _git(), _limits(), *map(_package, _PACKAGES), _store()]
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            click.echo(f"{check.state:<5} {check.name:<12} {check.found}")
            if check.advice:
                click.echo(f"{'':<18} {check.advice}")
    return 1 if any(check.state == "bad" for check in checks) else 0


def _python() -> Check:
    return Check("python", "ok", platform.python_version())


def _git() -> Check:
    try:
        found = git_version()
    except ToolMissing as error:
        return Check("git", "bad", error.message, error.way_out)
    text = ".".join(map(str, found))
    if found < _RECOMMENDED_GIT:
        return Check("git", "warn", text, "Works. Make sure your distribution backported the fixes of git 2.43.7.")
    return Check("git", "ok", text)


def _limits() -> Check:
    if sys.platform == "linux":
        return Check("limits", "ok", "git children have limits on memory, time and output")
    return Check("limits", "warn", "no memory limit on git children here", "Read untrusted repositories on Linux.")


def _package(name: str) -> Check:
    try:
        return Check(name, "ok", version(name))
    except PackageNotFoundError:
        return Check(name, "bad", "not installed", "Install Shiptrace again: `pip install shiptrace`.")


def _store() -> Check:
    path = default_path()
    folder = next((p for p in path.parents if p.exists()), Path())
    if not folder.is_dir():
        return Check("store", "bad", str(path), "Its folder cannot be made; choose another with --db or SHIPTRACE_DB.")
    state = "exists" if path.exists() else "will be made at the first scan"
    return Check("store", "ok", f"{path} ({state})")
