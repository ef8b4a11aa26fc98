"""The order of the steps, from paths to a dossier. The only module that knows it.

For each repository: our own bare view → the tree at HEAD → one read of the wanted files → pass A over all commits →
blame and pass B where the candidate has a part → a deep look at chosen commits → findings. One repository that cannot
be read never stops the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from analyzer import facts as fct
from analyzer import findings as fnd
from analyzer import kind as kinds
from analyzer import scoring
from analyzer.dossier import assemble
from analyzer.errors import GitFailed, RepositoryUnusable
from analyzer.frame import Frame, RepositoryResult
from analyzer.git import clone, history, inspect, naming, refs, source, tree
from analyzer.git.lookup import Lookup
from analyzer.git.scratch import scratch
from analyzer.hosted import NOTHING, Hosted
from analyzer.identity import Roles, is_bot
from analyzer.model import Candidate, Coverage, Dossier, Finding, Gap, RepositoryFacts, Role
from analyzer.ownership import Ownership
from analyzer.reading import Reader
from analyzer.report.clean import redact
from analyzer.told import LEFT_OUT
from signals import kernel
from signals import paths as path_rules
from signals.base import ContentRule, HistoryRule, Signal, active
from signals.model import AtCommit, Commit, FactValue, History, Level, Person, Tree
from signals.wording import counted

MAX_FILES = 50_000
MAX_DEEP = 50
MAX_GAPS = 20
MAX_UNREAD_SHARE = 0.1
NOBODY = Candidate("nobody", ())
_ATTRIBUTES = ".gitattributes"
Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A repository to read: a folder, the name it is to have (None: from its origin), and below which address its host
    shows repositories."""

    path: Path
    full_name: str | None = None
    web: str = naming.GITHUB


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not even tried: the reason for each repository by name, and whatever else could not be looked at."""

    repositories: Mapping[str, str] = field(default_factory=dict[str, str])
    gaps: tuple[Gap, ...] = ()


NOTHING_UNREAD = Unread()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The dossier with the facts behind it, ready for the store, and what each unusable input said."""

    dossier: Dossier
    facts: tuple[RepositoryFacts, ...]
    unusable: tuple[RepositoryUnusable, ...]
    hosted: Hosted = NOTHING


def rubric() -> scoring.Rubric:
    """The rubric that ships with Shiptrace."""
    return scoring.parse_rubric(files("analyzer").joinpath("rubric.toml").read_text("utf-8"))


def scan(
    targets: Sequence[Target],
    candidate: Candidate,
    as_of: date,
    notify: Notify = lambda _text: None,
    signals: Sequence[Signal] | None = None,
    unread: Unread = NOTHING_UNREAD,
) -> Portfolio:
    """Read local repositories and assemble one candidate's dossier, in which ``unread`` is named too."""
    frame = Frame(candidate, as_of, tuple(signals if signals is not None else active()), rubric(), redact)
    results: dict[str, RepositoryResult] = {}
    facts: dict[str, RepositoryFacts] = {}
    unusable: list[RepositoryUnusable] = []
    gaps = [*unread.gaps]
    for name, reason in unread.repositories.items():
        results[name] = RepositoryResult(name, "", None, None, "skipped", reason)
    with scratch() as folder:
        for n, target in enumerate(targets, 1):
            label = f"{n}/{len(targets)} {target.full_name or target.path.name}"
            try:
                result, fact = _one(target, frame, folder / str(n), lambda text, at=label: notify(f"{at}: {text}"))
            except RepositoryUnusable as error:
                unusable.append(error)
                result, fact = _unusable(target, error), None
            _keep(result, fact, results, facts, gaps)
    for copy, original in _copies(results.values()).items():
        del results[copy], facts[copy]
        reason = f"every commit of this person here is in {original} as well, where it counts"
        gaps.append(Gap(LEFT_OUT, copy, "", reason))
    dossier = assemble(frame, list(results.values()), gaps)
    return Portfolio(dossier, tuple(facts[name] for name in sorted(facts)), tuple(unusable))


@dataclass(frozen=True, slots=True)
class Author:
    """A name and address seen in the repositories, with the number of commits."""

    person: Person
    n_commits: int


def authors(targets: Sequence[Target], notify: Notify = lambda _text: None) -> tuple[Author, ...]:
    """The people who wrote commits in the repositories, those with most commits first; programs left out."""
    counts: Counter[Person] = Counter()
    with scratch() as folder:
        for n, target in enumerate(targets):
            notify(f"listing the authors of {target.path.name}")
            workdir = folder / str(n)
            workdir.mkdir()
            with suppress(RepositoryUnusable, GitFailed):
                opened = clone.open_local(target.path, workdir, full_name=target.full_name)
                counts.update(history.walk(opened, roles=Roles(NOBODY, {})).people)
    people = [Author(person, n) for person, n in counts.items() if not is_bot(person)]
    return tuple(sorted(people, key=lambda a: (-a.n_commits, a.person.email, a.person.name)))


def configured_emails(targets: Sequence[Target]) -> tuple[str, ...]:
    """The ``user.email`` that the repositories' own configurations set."""
    found: set[str] = set()
    for target in targets:
        with suppress(RepositoryUnusable):
            found.add(source.find(target.path).config.get("user.email", ""))
    return tuple(sorted(found - {""}))


def _keep(
    result: RepositoryResult,
    fact: RepositoryFacts | None,
    results: dict[str, RepositoryResult],
    facts: dict[str, RepositoryFacts],
    gaps: list[Gap],
) -> None:
    """Keep one result for each name: the same repository given twice counts once, whatever the order."""
    known = results.get(result.full_name)
    if known is not None and known.sha != result.sha:
        reason = "given more than once with different heads; the one with more commits was read"
        gaps.append(Gap("repository", result.full_name, "", reason))
    if known is None or (result.commits, result.sha) > (known.commits, known.sha):
        results[result.full_name] = result
        if fact is not None:
            facts[result.full_name] = fact


def _copies(results: Iterable[RepositoryResult]) -> Mapping[str, str]:
    """The repositories that hold nothing of the person's beyond another one, each with that one.

    A fork, a mirror and a project that others went on with under a new name carry the old commits along: the same work,
    which is neither done twice nor kept up there.
    """
    kept: list[RepositoryResult] = []
    copies: dict[str, str] = {}
    for result in sorted(results, key=lambda r: (-len(r.own_shas), -r.commits, r.full_name)):
        original = next((k for k in kept if result.own_shas and result.own_shas <= k.own_shas), None)
        if original is None:
            kept.append(result)
        else:
            copies[result.full_name] = original.full_name
    return copies


def _unusable(target: Target, error: RepositoryUnusable) -> RepositoryResult:
    name = target.full_name or naming.of_folder(target.path)
    reason = f"{error.message} {error.way_out}".strip().replace(str(target.path), name)
    return RepositoryResult(name, "", None, None, "skipped", reason)


def _one(
    target: Target, frame: Frame, workdir: Path, notify: Notify
) -> tuple[RepositoryResult, RepositoryFacts | None]:
    workdir.mkdir()
    opened = clone.open_local(target.path, workdir, full_name=target.full_name, web=target.web)
    mine = _Mine(opened, frame, Roles(frame.candidate, frame.rubric.roles), notify)
    try:
        return mine.run()
    except GitFailed as error:
        reason = f"git {error.command} failed here: {error.detail or f'status {error.status}'}"
        return RepositoryResult(opened.full_name, opened.head, opened.web_url, None, "failed", reason), None


@dataclass(slots=True)
class _Mine:
    """The steps over one repository, in order, with what each leaves for the next."""

    clone: clone.Clone
    frame: Frame
    roles: Roles
    notify: Notify
    not_checked: dict[str, str] = field(default_factory=dict[str, str])
    failures: list[kernel.Failure] = field(default_factory=list[kernel.Failure])
    notes: list[str] = field(default_factory=list[str])

    def run(self) -> tuple[RepositoryResult, RepositoryFacts]:
        self.notify("reading the files and the history")
        head = tree.head_tree(self.clone)
        texts = self._texts(head)
        hints = path_rules.Hints.of(
            [e.path for e in head.entries], texts.get(_ATTRIBUTES, b"").decode("utf-8", "replace")
        )
        asked = kernel.plan(self.frame.signals, head, hints)
        wanted = asked[:MAX_FILES]
        reader = Reader(self.clone, frozenset(e.path for e in head.entries))
        with reader.reading(wanted) as reading:
            walk = history.walk(self.clone, roles=self.roles, watch={w.entry.path for w in wanted})
            part = Ownership(self.clone, self.frame.signals, walk)
            found = self._look_back(walk, part)
            scan = reader.scan(reading, wanted)
        self.failures += scan.failures
        too_many = f"only {MAX_FILES} of {len(asked)} files were read" if len(asked) > MAX_FILES else ""
        self._note_limits("the list of files was cut at a limit" if head.truncated else too_many, scan, walk)
        self.notify("finding out who wrote what")
        found += part.findings(scan.evidence, by_blame=not head.truncated)
        self.failures += part.failures
        classes = [path_rules.classify(e.path, hints) for e in head.entries]
        kind = kinds.judge(self.clone.full_name, head, classes, scan.evidence, texts)
        return self._result(scan, walk, kind, found, part.months()), fct.of_repository(
            self.clone.full_name, walk, part.patched, hints, refs.tags(self.clone), self.frame.clean
        )

    # --- HEAD ---

    def _texts(self, head: Tree) -> dict[str, bytes]:
        """The few files that say how to see the others, and what kind of repository this is."""
        asked = {e.path: e.blob for e in kinds.wanted(head)}
        asked |= {e.path: e.blob for e in head.entries if e.path == _ATTRIBUTES}
        read = tree.read_blobs(self.clone, asked.values(), kinds.MAX_BYTES)
        return {path: data for path, (_, data, _) in zip(asked, read, strict=True) if data is not None}

    # --- what could not be looked at ---

    def _note_limits(self, content: str, scan: kernel.Scan, walk: history.Walk) -> None:
        for failure in self.failures:
            if failure.signal:
                self.not_checked[failure.signal] = failure.reason
        for signal in self.frame.signals:
            missed = scan.unread.get(signal.id, 0)
            if missed > MAX_UNREAD_SHARE * scan.asked.get(signal.id, 0):
                share = f"{missed:,} of {scan.asked[signal.id]:,}"
                self.not_checked.setdefault(signal.id, f"{share} files could not be read")
        skipped = f"{len(walk.skipped):,} of {walk.n_commits:,} commits could not be read" if walk.skipped else ""
        too_few = len(walk.skipped) > MAX_UNREAD_SHARE * walk.n_commits
        past = self.clone.notes[0] if self.clone.shallow else skipped if too_few else walk.cut
        for signal in self.frame.signals:
            reason = content if isinstance(signal.rule, ContentRule) else past
            if reason:
                self.not_checked.setdefault(signal.id, reason)
        missing = sum(f.reason.startswith("missing") for f in self.failures)
        if missing:
            files = counted(missing, "file is", "files are")
            self.notes.append(f"{files} missing from this clone (complete it with git fetch --refetch)")
        self.notes += [note for note in dict.fromkeys((content, past, skipped)) if note]

    # --- history ---

    def _look_back(self, walk: history.Walk, part: Ownership) -> list[Finding]:
        people = (c.commit for c in fnd.countable(walk.own) if not is_bot(c.commit.author))
        commits = [c for c in people if c.sha not in part.patched.spaced or not part.patched.is_trivial(c)]
        with Lookup(self.clone) as lookup:
            return self._findings_over_time(commits, part, self._history(walk, commits, part, lookup))

    def _history(self, walk: history.Walk, commits: Sequence[Commit], part: Ownership, lookup: Lookup) -> History:
        def load(sha: str) -> Commit | None:
            own = part.own.get(sha)
            return lookup.load(sha) if own is None or own.commit.is_merge else own.commit

        return History(
            by_prefix=walk.index.by_prefix,
            by_subject=walk.index.by_subject,
            load=load,
            is_person=self.roles.is_candidate,
            own_commits=commits,
        )

    def _findings_over_time(self, commits: Sequence[Commit], part: Ownership, look_up: History) -> list[Finding]:
        found: list[Finding] = []
        for signal in self.frame.signals:
            if not isinstance(signal.rule, HistoryRule):
                continue
            lines = fct.Lines(part.patched)
            rows, failures = self._rows(signal, commits, replace(look_up, lines_of=lines.of), part)
            self.failures += failures
            if failures:
                self.not_checked[signal.id] = failures[0].reason
            elif reason := lines.too_few(MAX_UNREAD_SHARE):
                self.not_checked[signal.id] = reason
                rows = () if signal.rule.summarise else rows  # a number over part of them would be wrong
            details = self._deep(rows) if signal.rule.deep else {}
            for row in rows:
                more = details.get(row.evidence.place.sha) if isinstance(row.evidence.place, AtCommit) else None
                found.append(fnd.of_history(self.clone.full_name, row, part.own, more))
        return found

    def _rows(
        self, signal: Signal, commits: Sequence[Commit], look_up: History, part: Ownership
    ) -> tuple[tuple[kernel.HistoryEvidence, ...], tuple[kernel.Failure, ...]]:
        """A signal's rows; a summary rests on commits written alone where they show as much as all."""
        rows, failures = kernel.look_back(signal, commits, look_up)
        authored = [c for c in commits if part.own[c.sha].role is Role.AUTHOR]
        if isinstance(signal.rule, HistoryRule) and signal.rule.summarise and rows and len(authored) < len(commits):
            alone, more = kernel.look_back(signal, authored, look_up)
            if alone and alone[0].level.rank >= rows[0].level.rank:
                return alone, (*failures, *more)
        return rows, failures

    def _deep(self, rows: Sequence[kernel.HistoryEvidence]) -> dict[str, Mapping[str, FactValue]]:
        """PyDriller's view of the commits that count most: which functions they changed."""
        shas = [
            row.evidence.place.sha
            for row in rows
            if isinstance(row.evidence.place, AtCommit) and row.level is Level.LIVED_IN
        ][:MAX_DEEP]
        details = inspect.inspect_commits(self.clone, shas) if shas else {}
        facts: dict[str, Mapping[str, FactValue]] = {}
        for sha, detail in details.items():
            if isinstance(detail, str):
                self.failures.append(kernel.Failure("", "", f"no closer look at this commit: {detail}", sha))
            else:
                facts[sha] = fct.of_detail(detail)
        return facts

    # --- the result ---

    def _result(
        self,
        scan: kernel.Scan,
        walk: history.Walk,
        kind: kinds.Judged,
        found: Sequence[Finding],
        months: frozenset[str],
    ) -> RepositoryResult:
        limited = bool(self.notes)
        return RepositoryResult(
            full_name=self.clone.full_name,
            sha=self.clone.head,
            web_url=self.clone.web_url,
            kind=kind,
            state="partial" if limited else "complete",
            reason="; ".join(self.notes),
            commits=walk.n_commits,
            candidate_commits=len(walk.own),
            own_shas=frozenset(c.commit.sha for c in walk.own),
            first_day=_day(walk.first_at),
            last_day=_day(walk.last_at),
            coverage=Coverage(scan.eligible, scan.read, scan.eligible - scan.read),
            own_months=len(months),
            findings=tuple(found),
            failures=tuple(self.failures),
            not_checked=self.not_checked,
            gaps=self._gaps(walk),
        )

    def _gaps(self, walk: history.Walk) -> tuple[Gap, ...]:
        name = self.clone.full_name
        gaps = [Gap("repository", name, "", note) for note in self.notes]
        gaps += [Gap(f"commit {s.sha[:12]}", name, "", s.reason) for s in walk.skipped[:MAX_GAPS]]
        if len(walk.skipped) > MAX_GAPS:
            gaps.append(Gap("commits", name, "", f"{len(walk.skipped) - MAX_GAPS:,} more commits could not be read"))
        if not walk.own:
            gaps.append(Gap("identity", name, "", "no commit of this person was found here under the given addresses"))
        return tuple(gaps)


def _day(at: int | None) -> str | None:
    if at is None or not 0 <= at < 4_102_444_800:
        return None
    return datetime.fromtimestamp(at, UTC).date().isoformat()
