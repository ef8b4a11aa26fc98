"""Build the demo portfolios: made-up people whose repositories are told as stories, with fixed dates and object ids.

The stories are data (``portfolios.toml``, ``stories/OWNER/NAME.story``), so that what the demo shows can be read there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TypedDict, cast

from analyzer.demo.story import BadStory, parse
from analyzer.demo.telling import make
from analyzer.git import process

COHORT = "demo"
"""The cohort that all demo portfolios belong to."""

HOST = "https://git.demo.example"
"""Where the repositories claim to come from: a host that cannot exist, so that no link leads to a real account."""


@dataclass(frozen=True, slots=True)
class DemoPortfolio:
    """What was built for one person: bare repositories by the full name their origin gives, seen from a fixed day."""

    login: str
    emails: tuple[str, ...]
    as_of: date
    repositories: tuple[tuple[str, Path], ...]


class _Person(TypedDict):
    login: str
    people: list[str]
    repositories: dict[str, str]


class _Portfolios(TypedDict):
    as_of: date
    people: dict[str, str]
    portfolio: list[_Person]


def build(folder: Path) -> tuple[DemoPortfolio, ...]:
    """Make the demo repositories below ``folder``, which must not hold them yet; one portfolio for each person.

    Raises :class:`BadStory` where a story is wrong or gives other objects than it should.
    """
    told = _portfolios()
    return tuple(_one(folder, person, told["people"], told["as_of"]) for person in told["portfolio"])


def heads(folder: Path) -> dict[str, str]:
    """Make the repositories as :func:`build` does, whatever objects they should have; give their heads by full name."""
    told = _portfolios()
    return {
        full_name: _told(folder, full_name, told["people"])[1]
        for person in told["portfolio"]
        for full_name in person["repositories"]
    }


def _portfolios() -> _Portfolios:
    return cast("_Portfolios", tomllib.loads(_text("portfolios.toml")))


def _text(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text("utf-8")


def _one(folder: Path, person: _Person, people: Mapping[str, str], as_of: date) -> DemoPortfolio:
    built: list[tuple[str, Path]] = []
    for full_name, head in person["repositories"].items():
        git_dir, made = _told(folder, full_name, people)
        if made != head:
            raise BadStory(f"The story of {full_name} gives HEAD {made}, portfolios.toml says {head}.")
        built.append((full_name, git_dir))
    emails = tuple(people[name].partition("<")[2].rstrip(">") for name in person["people"])
    return DemoPortfolio(person["login"], emails, as_of, tuple(built))


def _told(folder: Path, full_name: str, people: Mapping[str, str]) -> tuple[Path, str]:
    git_dir = folder / f"{full_name}.git"
    git_dir.parent.mkdir(parents=True, exist_ok=True)
    head = make(git_dir, parse(_text(f"stories/{full_name}.story")), people)
    process.run(git_dir, ["config", "remote.origin.url", f"{HOST}/{full_name}.git"])
    return git_dir, head
