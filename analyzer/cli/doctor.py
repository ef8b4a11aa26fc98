"""``shiptrace doctor``: what this machine has, and what to do where something is missing."""

from __future__ import annotations

import json
import platform
import re
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from analyzer.cli import screen
from analyzer.cli.check import BAD, OK, ORDER, WARN, Check
from analyzer.errors import AuthenticationFailed
from analyzer.report.clean import printable

_REQUIREMENT = re.compile(r"([\w.-]+)\s*([^;]*)")
_BOUND = re.compile(r"(>=|<)\s*([\d.]+)")
_COLOURS = {BAD: "red", WARN: "yellow", OK: "green"}
_PATH = click.Path(path_type=Path, readable=False)  # the checks say it when it is not


@click.command("doctor")
@click.option("--host", metavar="NAME", envvar="GH_HOST", default="github.com", help="A GitHub Enterprise Server.")
@click.option("--token-file", type=_PATH, metavar="FILE", help="A file with the token, instead of GH_TOKEN.")
@click.option("--offline", "is_offline", is_flag=True, help="Ask GitHub nothing.")
@click.option("--db", type=_PATH, metavar="FILE", envvar="SHIPTRACE_DB", help="The store.")
@click.option("--cache", type=_PATH, metavar="FOLDER", envvar="SHIPTRACE_CACHE", help="Where clones are kept.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(
    host: str, token_file: Path | None, is_offline: bool, db: Path | None, cache: Path | None, as_json: bool
) -> int:
    """Check Python, packages, git, the places of store and clones, the configuration, and the token.

    Nothing is changed. With a token GitHub is asked once whose it is and what it may do; without one nothing is asked.
    Ends with 0 when all is there that is needed, with 4 when only the token is refused, else with 1.
    """
    found = [_python(), *_packages()]
    if all(check.state != BAD for check in found):
        found += _rest(host, token_file, db, cache, is_offline=is_offline)
    found.sort(key=lambda check: ORDER.index(check.state))
    bad = [check.name for check in found if check.state == BAD]
    if as_json:
        click.echo(json.dumps([asdict(check) for check in found], indent=2))
    else:
        screen.show("".join(f"{_line(check)}\n" for check in found))
        click.echo(f"Not ready: {', '.join(bad)}" if bad else "Ready: all that is needed is there", err=True)
    return 0 if not bad else AuthenticationFailed.exit_code if set(bad) == {"token"} else 1


def _rest(host: str, token_file: Path | None, db: Path | None, cache: Path | None, *, is_offline: bool) -> list[Check]:
    """Everything that needs the packages, which are therefore looked at before."""
    from analyzer import config, store  # noqa: PLC0415
    from analyzer.cli import check_github, check_machine  # noqa: PLC0415

    return [
        check_machine.git(),
        check_machine.sandbox(),
        check_machine.store(db or store.default_path()),
        check_machine.cache(cache or config.cache_folder()),
        check_machine.configuration(),
        *check_github.checks(host, token_file, is_offline=is_offline),
    ]


def _line(check: Check) -> str:
    """One line; on a terminal that is too narrow for it, several."""
    mark = click.style(f"{check.state:<5}", fg=_COLOURS[check.state]) if screen.has_colour() else f"{check.state:<5}"
    end = "." if check.advice and not check.found.endswith(".") else ""
    text = printable(f"{check.name:<11} {check.found}{end} {check.advice}".rstrip())
    if screen.is_terminal():
        lines = textwrap.wrap(
            text, screen.width() - 6, subsequent_indent=" " * 12, break_long_words=False, break_on_hyphens=False
        )
        text = f"\n{'':<6}".join(lines)
    return f"{mark} {text}"


# --- Python and its packages -----------------------------------------------


def _python() -> Check:
    return Check("python", OK, platform.python_version())


def _packages() -> Iterator[Check]:
    """A line for each package that is missing or does not fit; one line when all do."""
    needed = [match for text in _requirements() if (match := _REQUIREMENT.match(text))]
    n_bad = 0
    for name, bounds in (match.groups() for match in needed):
        try:
            there = version(name)
        except PackageNotFoundError:
            there = ""
        if not fits(there, bounds):
            n_bad += 1
            found = f"{there} is there, {bounds.strip()} is needed" if there else "not installed"
            yield Check(name, BAD, found, "Install Shiptrace again: `pip install --force-reinstall shiptrace`.")
    if not n_bad:
        yield Check("packages", OK, f"all {len(needed)}")


def fits(there: str, bounds: str) -> bool:
    """Whether a version lies within bounds such as ``>=2.0,<3``; the empty version is that of nothing."""
    has = _numbers(there)
    limits = [(sign, _numbers(bound)) for sign, bound in _BOUND.findall(bounds)]
    return bool(has) and all(has >= bound if sign == ">=" else has < bound for sign, bound in limits)


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _requirements() -> list[str]:
    """What the installed Shiptrace says that it needs; else what the file beside its source says."""
    try:
        return requires("shiptrace") or []
    except PackageNotFoundError:
        project = Path(__file__).parents[2] / "pyproject.toml"
        return tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
