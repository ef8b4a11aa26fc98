"""The people of one ``shiptrace collect``, one after the other, and how it ended for each.

One that fails does not stop the others, unless they would fail as well: a refused token, a limit, a store that cannot
be written. Of each person only a line and a document are kept, so that hundreds need no more memory than a few.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import click

from analyzer import collection, store
from analyzer.cli import github, outcome, portfolio, roll
from analyzer.cli.collecting import Collecting, Done, collecting
from analyzer.cli.github import GitHubOptions
from analyzer.cli.portfolio import PersonOptions
from analyzer.cli.progress import Progress
from analyzer.consent import left_alone
from analyzer.errors import AuthenticationFailed, RateLimited, ShiptraceError, StoreError, UnknownCandidate, UsageError
from analyzer.model import Dossier
from analyzer.people_list import Left, Person
from analyzer.report.clean import printable
from analyzer.report.words import count

State = Literal["stored", "unchanged", "planned", "refused", "failed", "not_reached"]
_ALL_FAIL = (AuthenticationFailed, RateLimited, StoreError)
_INTERRUPTED = 130
_UNSAID = UsageError("It is not said why.", "Fill its columns basis and purpose, or give --basis and --purpose.")


class CollectOptions(PersonOptions, GitHubOptions):
    """All options about people and GitHub."""


@dataclass(frozen=True, slots=True)
class End:
    """How it ended for one person. ``told`` is one line, or the plan; ``error`` says why there is nothing else."""

    person: Person
    name: str
    state: State
    code: int
    told: str = ""
    document: dict[str, Any] = field(default_factory=dict[str, Any])
    error: ShiptraceError | None = None

    @property
    def words(self) -> str:
        """The state for people."""
        gaps = " with gaps" if self.state == "stored" and self.code == outcome.WITH_GAPS else ""
        return self.state.replace("_", " ") + gaps


@dataclass(slots=True)
class Batch:
    """``is_alone`` keeps the dossier of the only person, to be shown whole."""

    options: CollectOptions
    path: Path
    is_asked_again: bool
    is_dry_run: bool
    is_alone: bool
    ends: dict[str, End] = field(default_factory=dict[str, End])
    dossier: Dossier | None = None
    stopped: ShiptraceError | None = None

    def collect(self, people: Sequence[Person]) -> None:
        """All of them, in their order; those without account first, for they cost nothing."""
        alone = github.unwanted([person.login for person in people])
        wanted: list[tuple[Person, PersonOptions]] = []
        for person in people:
            about = roll.about(person, self.options)
            if person.login in alone:
                self._fails(person, left_alone(person.login), "refused")
            elif about is None:
                self._fails(person, _UNSAID, "refused")
            elif person.login:
                wanted.append((person, about))
            else:
                self._without_account(person, about)
        if wanted:
            self._collect(wanted)

    def _collect(self, wanted: Sequence[tuple[Person, PersonOptions]]) -> None:
        begun = time.monotonic()
        with collecting(self.options, self.options, self.path, is_asked_again=self.is_asked_again) as session:
            for n, (person, about) in enumerate(wanted):
                if len(wanted) > 1:
                    _say_where(session, person, n, len(wanted), time.monotonic() - begun)
                try:
                    done = replace(session, about=about).collect(person.login, is_dry_run=self.is_dry_run)
                except _ALL_FAIL as error:
                    self.stopped = error
                    return
                except ShiptraceError as error:
                    self._fails(person, error)
                else:
                    self._ends(person, done)

    def _without_account(self, person: Person, about: PersonOptions) -> None:
        """Somebody of whom there is nothing to ask: stored, so that they are not forgotten among the others."""
        if self.is_dry_run:
            self.ends[person.name] = End(person, person.name, "planned", outcome.DONE, "no account, nothing to read")
            return
        try:
            self._ends(person, _stored_without_account(person.reference, self.path, about))
        except ShiptraceError as error:
            self._fails(person, error)

    def _ends(self, person: Person, done: Done) -> None:
        told = _plan(done) if done.dossier is None else done.dossier.profile.summary
        self.ends[person.name] = End(person, done.login, done.state, done.code, told, _document(done))
        if self.is_alone:
            self.dossier = done.dossier

    def _fails(self, person: Person, error: ShiptraceError, state: State = "failed") -> None:
        self.ends[person.name] = End(person, person.name, state, error.exit_code, str(error), error=error)

    # --- what came of it ---------------------------------------------------

    def roll(self, people: Sequence[Person]) -> Iterator[End]:
        """The end of each in their order; ``not_reached`` for whom the batch ended before."""
        error = self.stopped
        told = error.message if error else "the command was interrupted before"
        code = error.exit_code if error else _INTERRUPTED
        for person in people:
            end = self.ends.get(person.name)
            yield end or End(person, person.name, "not_reached", code, told, error=error)

    def code(self, left: Sequence[Left]) -> int:
        """0, 3 when something or somebody is missing, the error's own when nobody is left or all have to wait."""
        done = [end for end in self.ends.values() if end.error is None]
        if self.stopped and (not done or isinstance(self.stopped, RateLimited | AuthenticationFailed)):
            return self.stopped.exit_code
        wrong = any(row.kind == "wrong" for row in left)
        if not done:
            return next((end.code for end in self.ends.values()), UsageError.exit_code)
        is_missing = wrong or self.stopped or len(done) < len(self.ends)
        return outcome.WITH_GAPS if is_missing else max(end.code for end in done)


def _say_where(session: Collecting, person: Person, n: int, n_all: int, seconds: float) -> None:
    """How far it is, and how long the rest takes if it goes on as it went."""
    left = f", about {count(max(1, round(seconds / n * (n_all - n) / 60)), 'minute')} left" if n else ""
    session.progress.clear()
    click.echo(f"{n + 1} of {n_all}: {printable(person.login)}{left}", err=True)


def _stored_without_account(reference: str, path: Path, about: PersonOptions) -> Done:
    """Raises :class:`UsageError` when somebody with repositories is stored under that name."""
    if path.exists():
        with store.Reader.open(path) as reader:
            try:
                known = reader.candidate(reference)
            except UnknownCandidate:
                known = None
        if known is not None and known.n_repositories:
            raise UsageError(
                f"{known.login} is stored with {count(known.n_repositories, 'repository', 'repositories')}.",
                "Choose another name for somebody without an account.",
            )
    as_of = portfolio.as_of_day(about)
    with Progress() as progress:
        made = outcome.mine_quietly(lambda _: collection.without_account(reference, as_of), path, progress, about)
    outcome.join(path, reference, about["cohort"])
    return Done(reference, "stored", made.dossier, None, 0, 0)


def _plan(done: Done) -> str:
    """What would be read, and why not the others."""
    assert done.collected is not None
    selection = done.collected.selection
    lines = [str(collection.estimate(done.collected))]
    for offer in selection.chosen:
        what = "own" if offer.is_own else "somebody else's"
        part = "" if offer.n_commits is None else f", {count(offer.part, 'commit')} of theirs"
        lines.append(f"  read      {offer.full_name}  ({what}{part}, {offer.disk_kb / 1024:,.1f} MB)")
    lines += [f"  left out  {entry.full_name}  ({entry.reason})" for entry in selection.left_out]
    return "\n".join(map(printable, lines))


def _document(done: Done) -> dict[str, Any]:
    document: dict[str, Any] = {
        "summary": done.dossier.profile.summary if done.dossier else None,
        "requests": done.n_requests,
        "points": done.points,
    }
    if done.collected is not None:
        estimate = collection.estimate(done.collected)
        document |= {
            "repositories": estimate.n_repositories,
            "minutes": estimate.minutes,
            "read": [offer.full_name for offer in done.collected.selection.chosen],
            "left_out": [asdict(entry) for entry in done.collected.selection.left_out],
        }
    return document
