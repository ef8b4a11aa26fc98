"""``shiptrace collect``: people's public work from GitHub into the store."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Unpack

import click

from analyzer import collection, store
from analyzer.cli import github, outcome, portfolio, profile
from analyzer.cli.collecting import Done, collecting
from analyzer.cli.progress import Progress
from analyzer.cli.screen import has_colour, show, width
from analyzer.consent import left_alone
from analyzer.errors import (
    AuthenticationFailed,
    RateLimited,
    ShiptraceError,
    StoreError,
    UnknownCandidate,
    UsageError,
)
from analyzer.report import story, terminal
from analyzer.report.clean import printable
from analyzer.report.words import count


class Options(portfolio.PersonOptions, github.GitHubOptions):
    """All options that :func:`command` hands on."""


@click.command("collect")
@click.argument("given", metavar="LOGIN...", nargs=-1)
@portfolio.person_options
@github.options
@click.option(
    "--without-account",
    "references",
    metavar="REFERENCE",
    multiple=True,
    help="An applicant who gave no account, under a name of yours; repeatable.",
)
@click.option("--again", "is_asked_again", is_flag=True, help="Read everything anew, also when GitHub lists no news.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Say what would be read, and neither clone nor store.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for scripts.")
def command(
    given: Sequence[str],
    references: Sequence[str],
    is_asked_again: bool,
    is_dry_run: bool,
    as_json: bool,
    **options: Unpack[Options],
) -> int:
    """Collect people's public work from GitHub into the store: their own repositories and those they contributed to.

    Whom you look at has to have applied, agreed, or be you: --basis and --purpose say so, and are kept. GitHub is asked
    with a token where there is one, a token without any scope is enough; clones are made without. What has not changed
    since the last time is not read again.
    """
    logins = list({login.lower(): login for login in map(profile.named, given)}.values())
    if not logins and not references:
        raise UsageError("Nobody is named.", "Name GitHub logins, or use --without-account.")
    if len(logins) > 1 and options["emails"]:
        raise UsageError("--identity is about one person.", "Collect people with further addresses one by one.")
    if references and is_dry_run:
        raise UsageError("There is nothing to plan for somebody without an account.", "Leave out --dry-run.")
    github.agree([*logins, *references], options)
    path = portfolio.store_of(options)
    batch = _Batch(options, path, is_asked_again=is_asked_again, is_dry_run=is_dry_run)
    for reference in references:
        batch.without_account(reference)
    batch.collect(logins)
    batch.tell(as_json=as_json)
    return batch.code


@dataclass(slots=True)
class _Batch:
    """The people of one command, and how it ended for each."""

    options: Options
    path: Path
    is_asked_again: bool
    is_dry_run: bool
    done: list[Done] = field(default_factory=list[Done])
    failed: dict[str, ShiptraceError] = field(default_factory=dict[str, ShiptraceError])

    def collect(self, logins: Sequence[str]) -> None:
        """One after the other. One that fails does not stop the others, unless they would fail as well."""
        alone = github.unwanted(logins)
        wanted = [login for login in logins if login not in alone]
        self.failed |= {login: left_alone(login) for login in logins if login in alone}
        if not wanted:
            return
        with collecting(self.options, self.options, self.path, is_asked_again=self.is_asked_again) as session:
            for n, login in enumerate(wanted):
                try:
                    self.done.append(session.collect(login, is_dry_run=self.is_dry_run))
                except (AuthenticationFailed, RateLimited, StoreError) as error:
                    self.failed |= dict.fromkeys(wanted[n:], error)
                    break
                except ShiptraceError as error:
                    self.failed[login] = error

    def without_account(self, reference: str) -> None:
        """Somebody of whom there is nothing to ask: stored, so that they are not forgotten among the others."""
        if self.path.exists():
            with store.Reader.open(self.path) as reader:
                try:
                    known = reader.candidate(reference)
                except UnknownCandidate:
                    known = None
            if known is not None and known.n_repositories:
                raise UsageError(
                    f"{known.login} is stored with {count(known.n_repositories, 'repository', 'repositories')}.",
                    "Choose another name for somebody without an account.",
                )
        as_of = portfolio.as_of_day(self.options)
        with Progress() as progress:
            made = outcome.mine_quietly(
                lambda _: collection.without_account(reference, as_of), self.path, progress, self.options
            )
        outcome.join(self.path, reference, self.options["cohort"])
        self.done.append(Done(reference, "stored", made.dossier, None, 0, 0))

    # --- what is told ------------------------------------------------------

    @property
    def code(self) -> int:
        """0, 3 when something or somebody is missing, the error's own when nobody is left or all have to wait."""
        errors = list(self.failed.values())
        for error in errors:
            if isinstance(error, RateLimited | AuthenticationFailed) or not self.done:
                return error.exit_code
        return outcome.WITH_GAPS if errors else max((done.code for done in self.done), default=outcome.DONE)

    def tell(self, *, as_json: bool) -> None:
        """The result to stdout; errors, and what to do next, to stderr."""
        if as_json:
            show(json.dumps([_document(done) for done in self.done] + list(self._failures()), indent=2) + "\n")
        elif self.is_dry_run:
            show("\n\n".join(_plan(done) for done in self.done) + "\n" if self.done else "")
        elif len(self.done) == 1 and not self.failed:
            dossier = self.done[0].dossier
            assert dossier is not None
            show(terminal.summary(story.of(dossier), width(), colour=has_colour()))
        else:
            show("".join(f"{_line(done)}\n" for done in self.done))
        told: dict[str, list[str]] = {}
        for login, error in self.failed.items():
            told.setdefault(str(error), []).append(login)
        for text, logins in told.items():
            who = f"{', '.join(logins)}: " if self.done or len(self.failed) > 1 else ""
            click.echo(f"shiptrace: {printable(who)}{printable(text)}", err=True)
        if any(done.state == "unchanged" for done in self.done):
            names = ", ".join(done.login for done in self.done if done.state == "unchanged")
            click.echo(f"Nothing new: {names} (--again reads everything anew)", err=True)
        if self.done and not self.is_dry_run:
            self._next()

    def _failures(self) -> Iterator[dict[str, Any]]:
        for login, error in self.failed.items():
            resume = {"resume_at": int(error.resume_at)} if isinstance(error, RateLimited) else {}
            yield {"login": login, "state": "failed", "reason": error.message, "exit_code": error.exit_code, **resume}

    def _next(self) -> None:
        where = ["--db", self.options["db"]] if self.options["db"] else []
        one = self.done[0].login
        again = ["report", one] if len(self.done) == 1 else ["compare", *(done.login for done in self.done)]
        if len(self.done) > 1 and self.options["cohort"]:
            again = ["compare", "--cohort", self.options["cohort"]]
        click.echo(f"Stored in {printable(str(self.path))}", err=True)
        click.echo(f"Next: {printable(shlex.join(['shiptrace', *again, *where]))}", err=True)


def _line(done: Done) -> str:
    if done.dossier is None:
        return printable(f"{done.login}  {done.state}")
    return printable(f"{done.login}  {done.state}: {done.dossier.profile.summary}")


def _plan(done: Done) -> str:
    """What would be read, and why not the others."""
    assert done.collected is not None
    selection = done.collected.selection
    lines = [f"{done.login}: {collection.estimate(done.collected)}"]
    for offer in selection.chosen:
        what = "own" if offer.is_own else "somebody else's"
        part = "" if offer.n_commits is None else f", {count(offer.part, 'commit')} of theirs"
        lines.append(f"  read      {offer.full_name}  ({what}{part}, {offer.disk_kb / 1024:,.1f} MB)")
    lines += [f"  left out  {entry.full_name}  ({entry.reason})" for entry in selection.left_out]
    return "\n".join(map(printable, lines))


def _document(done: Done) -> dict[str, Any]:
    document: dict[str, Any] = {
        "login": done.login,
        "state": done.state,
        "summary": done.dossier.profile.summary if done.dossier else None,
        "requests": done.n_requests,
        "points": done.points,
        "exit_code": done.code,
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
