"""Build the demo portfolio: repositories told as stories in TOML, made with fixed dates and object ids.

The stories are data (``portfolio.toml``, ``stories/*.toml``), so that what the demo shows can be read there.
The same story gives the same objects on every machine and with every version of git.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Required, TypedDict, cast

from analyzer.git import process

HOST = "https://git.demo.example"
"""Where the repositories claim to come from: a host that cannot exist, so that no link leads to a real account."""


class Edit(TypedDict):
    """One replacement in a file; ``old`` must stand there exactly once."""

    path: str
    old: str
    new: str


class Told(TypedDict, total=False):
    """A commit as a story tells it; ``revert`` is the id of an earlier one, ``message`` then the reason."""

    id: str
    by: Required[str]
    at: Required[datetime]
    message: Required[str]
    write: dict[str, str]
    edit: list[Edit]
    delete: list[str]
    revert: str


class _Portfolio(TypedDict):
    login: str
    as_of: date
    emails: list[str]
    people: dict[str, str]
    repositories: dict[str, str]


class BadStory(ValueError):
    """A story edits what is not there, or its objects are not the ones that it should give."""


@dataclass(frozen=True, slots=True)
class DemoPortfolio:
    """What was built: bare repositories by the full name their origin gives, and the day to look back from."""

    repositories: tuple[tuple[str, Path], ...]
    login: str
    emails: tuple[str, ...]
    as_of: date


def build(folder: Path) -> DemoPortfolio:
    """Make the demo repositories below ``folder``, which must not hold them yet.

    Raises :class:`BadStory` where a story is wrong or gives other objects than it should.
    """
    told = cast("_Portfolio", _read("portfolio.toml"))
    built: list[tuple[str, Path]] = []
    for full_name, head in told["repositories"].items():
        name = full_name.partition("/")[2]
        git_dir = folder / f"{name}.git"
        story = cast("dict[str, list[Told]]", _read("stories", f"{name}.toml"))
        made = make(git_dir, story["commit"], told["people"])
        if made != head:
            raise BadStory(f"The story {name} gives HEAD {made}, portfolio.toml says {head}.")
        process.run(git_dir, ["config", "remote.origin.url", f"{HOST}/{full_name}.git"])
        built.append((full_name, git_dir))
    return DemoPortfolio(tuple(built), told["login"], tuple(told["emails"]), told["as_of"])


def _read(*names: str) -> dict[str, object]:
    return tomllib.loads(files(__package__ or "").joinpath(*names).read_text("utf-8"))


def make(git_dir: Path, story: Sequence[Told], people: Mapping[str, str]) -> str:
    """Write a story into a new bare repository; give the object id of its last commit."""
    process.run(None, ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(git_dir)])
    sha = ""
    with process.stream(git_dir, ["fast-import", "--quiet", "--done"], stdin=None) as importer:
        teller = _Teller(people)
        for told in story:
            importer.send(teller.tell(told))
            sha = importer.read(41).decode("ascii").strip()
            teller.done(told, sha)
        importer.send(b"done\n", last=True)
        for _ in importer:
            pass
    return sha


@dataclass(slots=True)
class _Teller:
    """Turns commits of a story into fast-import's commands, knowing the files as they stand."""

    people: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict[str, str])
    shas: dict[str, str] = field(default_factory=dict[str, str])
    subjects: dict[str, str] = field(default_factory=dict[str, str])
    before: dict[str, dict[str, str | None]] = field(default_factory=dict[str, "dict[str, str | None]"])
    n_told: int = 0

    def tell(self, told: Told) -> bytes:
        """The commands for one commit; fast-import answers with its object id."""
        changes = self._changes(told)
        if "id" in told:
            self.before[told["id"]] = {path: self.texts.get(path) for path in changes}
        for path, text in changes.items():
            if text is None:
                del self.texts[path]
            else:
                self.texts[path] = text
        self.n_told += 1
        return b"".join(self._commands(told, changes))

    def done(self, told: Told, sha: str) -> None:
        """Remember the object id of a commit that has a name."""
        if "id" in told:
            self.shas[told["id"]] = sha
            self.subjects[told["id"]] = told["message"].partition("\n")[0]

    def _commands(self, told: Told, changes: Mapping[str, str | None]) -> Iterable[bytes]:
        who = f"{self.people[told['by']]} {int(told['at'].timestamp())} +0000\n"
        yield f"commit refs/heads/main\nmark :{self.n_told}\nauthor {who}committer {who}".encode()
        yield _data(self._message(told) + "\n")
        for path, text in changes.items():
            if text is None:
                yield f"D {path}\n".encode()
            else:
                yield f"M 100644 inline {path}\n".encode() + _data(text)
        yield f"\nget-mark :{self.n_told}\n".encode()

    def _changes(self, told: Told) -> dict[str, str | None]:
        """The new text of every path that the commit changes, None where it goes away."""
        if "revert" in told:
            return dict(self.before[told["revert"]])
        changes: dict[str, str | None] = {**told.get("write", {})}
        for edit in told.get("edit", []):
            text = changes.get(edit["path"]) or self.texts.get(edit["path"], "")
            if text.count(edit["old"]) != 1:
                raise BadStory(f"{told['message']!r} wants to edit {edit['old']!r} in {edit['path']}: not there once.")
            changes[edit["path"]] = text.replace(edit["old"], edit["new"])
        return changes | dict.fromkeys(told.get("delete", []))

    def _message(self, told: Told) -> str:
        message = told["message"]
        for name, sha in self.shas.items():
            message = message.replace(f"{{{name}}}", sha)
        if "revert" not in told:
            return message
        name = told["revert"]
        return f'Revert "{self.subjects[name]}"\n\nThis reverts commit {self.shas[name]}.\n\n{message}'


def _data(text: str) -> bytes:
    payload = text.encode()
    return b"data %d\n" % len(payload) + payload + b"\n"
