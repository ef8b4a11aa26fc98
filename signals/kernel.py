"""Run all signals over one repository: each file is read once and parsed once, each commit looked at once.

The kernel is pure: the caller hands in bytes and commits. It is also the one place that survives a broken signal: what
raises becomes a :class:`Failure` with the signal's name, and the others go on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from signals import paths as path_rules
from signals.base import ContentRule, HistoryRule, Signal
from signals.file import File
from signals.match import PathMatcher
from signals.model import (
    AtCommit,
    Commit,
    Evidence,
    Fact,
    FactKind,
    History,
    Hit,
    Level,
    Lines,
    PathClass,
    Row,
    Summary,
    Tree,
    TreeEntry,
    ValueChange,
)

SYMLINK = "120000"
SNIPPET = 200
MAX_NAMED = 5
REFERRING = frozenset({PathClass.CODE, PathClass.CI})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that some signals ask for."""

    entry: TreeEntry
    path_class: PathClass
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A signal that raised, or a file that could not be read or parsed (then ``signal`` is empty)."""

    signal: str
    path: str
    reason: str
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a wanted file, or None with the reason."""

    wanted: Wanted
    data: bytes | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the content signals found at HEAD.

    ``eligible`` counts the files asked for, ``read`` those that were read and parsed. ``asked`` and ``unread``
    count, by signal, the files it asked for and those of them that it did not get whole.
    """

    evidence: tuple[Evidence, ...]
    failures: tuple[Failure, ...]
    eligible: int
    read: int
    asked: Mapping[str, int]
    unread: Mapping[str, int]


def plan(signals: Sequence[Signal], tree: Tree, hints: path_rules.Hints) -> tuple[Wanted, ...]:
    """Choose the files to read, in path order. Symbolic links are never followed."""
    rules = [(signal, signal.rule) for signal in signals if isinstance(signal.rule, ContentRule)]
    matcher = PathMatcher([rule.wants.paths for _, rule in rules])
    chosen: list[Wanted] = []
    for entry in tree.entries:
        if entry.mode == SYMLINK:
            continue
        asking = matcher.matching(entry.path)
        if not asking:
            continue
        path_class = path_rules.classify(entry.path, hints)
        wanting = tuple(rules[n][0] for n in asking if path_class not in rules[n][1].wants.skip)
        if wanting:
            chosen.append(Wanted(entry, path_class, wanting))
    return tuple(chosen)


def max_bytes(wanted: Wanted) -> int:
    """The size above which nobody wants the file."""
    return max(s.rule.wants.max_bytes for s in wanted.signals if isinstance(s.rule, ContentRule))


def scan(sha: str, contents: Iterable[Content], paths: frozenset[str]) -> Scan:
    """Apply the content signals to the files' contents, then join facts across files."""
    board = _Board(sha, paths)
    for content in contents:
        board.look_at(content)
    return board.result()


NOTHING = Scan((), (), 0, 0, {}, {})


def with_unread(scan: Scan, unread: Sequence[Wanted], reason: str) -> Scan:
    """The scan with further files that were asked for and could not be read, all for one reason."""
    asked, missed = Counter(scan.asked), Counter(scan.unread)
    for want in unread:
        ids = [signal.id for signal in want.signals]
        asked.update(ids)
        missed.update(ids)
    failures = (*scan.failures, *(Failure("", want.entry.path, reason) for want in unread))
    return Scan(scan.evidence, failures, scan.eligible + len(unread), scan.read, asked, missed)


class _Board:
    """Collects evidence, facts and failures while files pass by."""

    def __init__(self, sha: str, paths: frozenset[str]) -> None:
        self.sha = sha
        self.paths = paths
        self.evidence: list[Evidence] = []
        self.failures: list[Failure] = []
        self.asked: defaultdict[str, int] = defaultdict(int)
        self.unread: defaultdict[str, int] = defaultdict(int)
        self.eligible = 0
        self.read = 0
        self.defined: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self.referred: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def look_at(self, content: Content) -> None:
        wanted = content.wanted
        self.eligible += 1
        for signal in wanted.signals:
            self.asked[signal.id] += 1
        if content.data is None:
            for signal in wanted.signals:
                self.unread[signal.id] += 1
            self.failures.append(Failure("", wanted.entry.path, content.reason))
            return
        data = content.data
        asking = [] if path_rules.is_machine_made(data) else _asking(wanted.signals, data)
        if not asking:
            self.read += 1
            return
        file = File(wanted.entry.path, data, wanted.path_class, self.paths)
        for signal in asking:
            self._apply(signal, file, wanted.entry.blob)
        if file.unparsed:
            for signal in asking:
                self.unread[signal.id] += 1
            names = " and ".join(sorted(file.unparsed))
            self.failures.append(Failure("", file.path, f"could not be parsed in full as {names}"))
        else:
            self.read += 1

    def _apply(self, signal: Signal, file: File, blob: str) -> None:
        rule = signal.rule
        assert isinstance(rule, ContentRule)
        found = _guarded(lambda: _collect(rule, file), signal, file.path, self.failures)
        if found is None:
            self.unread[signal.id] += 1
            return
        hit, facts = found
        number = -1
        if hit is not None:
            number = len(self.evidence)
            self.evidence.append(_content_evidence(signal, file, hit, self.sha, blob))
        for fact in facts:
            key = (fact.noun, fact.name)
            if fact.kind is FactKind.REFERS and file.path_class in REFERRING:
                self.referred[key].add(file.path)
            elif fact.kind is FactKind.DEFINES and number >= 0:
                self.defined[key].add(number)

    def result(self) -> Scan:
        """Join the facts: evidence whose file defines what another file refers to is used."""
        users: defaultdict[int, set[str]] = defaultdict(set)
        for key, numbers in self.defined.items():
            for number in numbers:
                place = self.evidence[number].place
                users[number] |= {p for p in self.referred.get(key, ()) if isinstance(place, Lines) and p != place.path}
        joined = [
            replace(e, level=Level.USED, facts={**e.facts, "used_by": tuple(sorted(users[n])[:MAX_NAMED])})
            if users.get(n)
            else e
            for n, e in enumerate(self.evidence)
        ]
        return Scan(tuple(joined), tuple(self.failures), self.eligible, self.read, self.asked, self.unread)


def _asking(signals: Sequence[Signal], data: bytes) -> list[Signal]:
    """The signals one of whose needles stands in the file; a needle that several share is looked for once."""
    held: dict[bytes, bool] = {}

    def holds(needle: bytes) -> bool:
        if needle not in held:
            held[needle] = needle in data
        return held[needle]

    return [s for s in signals if _asks_for(s, len(data), holds)]


def _asks_for(signal: Signal, size: int, holds: Callable[[bytes], bool]) -> bool:
    rule = signal.rule
    assert isinstance(rule, ContentRule)
    needles = rule.wants.needles
    return size <= rule.wants.max_bytes and (not needles or any(holds(needle) for needle in needles))


def _collect(rule: ContentRule, file: File) -> tuple[Hit | None, list[Fact]]:
    hit: Hit | None = None
    facts: list[Fact] = []
    for item in rule.find(file):
        if isinstance(item, Fact):
            facts.append(item)
        elif hit is None:
            hit = item
        else:
            raise ValueError("a content signal yields at most one hit for a file")
    return hit, facts


def _content_evidence(signal: Signal, file: File, hit: Hit, sha: str, blob: str) -> Evidence:
    if hit.level is Level.LIVED_IN:
        raise ValueError("content alone never shows a lived-in level")
    last = max(1, len(file.lines) - (1 if file.text.endswith("\n") else 0))
    start = min(max(1, hit.line), last)
    more = tuple(sorted({n for n in hit.more if 1 <= n <= last and not start <= n <= (hit.end or start)}))
    return Evidence(
        signal=signal.id,
        place=Lines(sha, file.path, start, min(max(start, hit.end or start), last), more),
        level=hit.level,
        path_class=file.path_class,
        message=hit.message,
        snippet=file.lines[start - 1].strip()[:SNIPPET],
        facts=hit.facts,
        blob=blob,
        guards=hit.guards,
        lives=hit.lives,
    )


def _guarded(call: Callable[[], T], signal: Signal, where: str, failures: list[Failure], sha: str = "") -> T | None:
    try:
        return call()
    except Exception as error:  # noqa: BLE001  the one broad except: a signal that raises must not end the run
        failures.append(Failure(signal.id, where, f"the signal failed here: {type(error).__name__}", sha))
        return None


# --- history ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryEvidence:
    """A row or summary of a history signal. ``level`` may be lived-in; ``evidence.level`` is what the content shows."""

    evidence: Evidence
    level: Level
    rows: tuple[Row, ...]


def look_back(
    signal: Signal, commits: Sequence[Commit], history: History
) -> tuple[tuple[HistoryEvidence, ...], tuple[Failure, ...]]:
    """Apply a history signal to one person's commits, newest first."""
    rule = signal.rule
    assert isinstance(rule, HistoryRule)
    failures: list[Failure] = []
    rows: list[Row] = []
    for commit in commits:
        row = _guarded(lambda c=commit: rule.find(c, history), signal, "", failures, commit.sha)
        if row is not None:
            rows.append(row)
    if rule.summarise is None:
        found = tuple(_row_evidence(signal, rule, row) for row in rows)
        return found, tuple(failures)
    summarise = rule.summarise
    summary = _guarded(lambda: summarise(rows), signal, "", failures) if rows else None
    return ((_summary_evidence(signal, summary),) if summary is not None else ()), tuple(failures)


def _row_evidence(signal: Signal, rule: HistoryRule, row: Row) -> HistoryEvidence:
    level = Level.LIVED_IN if row.level is Level.USED and rule.lived_in_when(row) else row.level
    evidence = _commit_evidence(signal, row.commit, row.level, row.message)
    return HistoryEvidence(replace(evidence, facts=row.facts, supports=row.supports), level, (row,))


def _summary_evidence(signal: Signal, summary: Summary) -> HistoryEvidence:
    newest, *others = summary.rows
    shown = Level.USED if summary.level is Level.LIVED_IN else summary.level
    evidence = _commit_evidence(signal, newest.commit, shown, summary.message)
    supports = tuple(dict.fromkeys(row.commit.sha for row in others if row.commit.sha != newest.commit.sha))
    return HistoryEvidence(
        replace(evidence, facts=summary.facts, supports=supports), summary.level, tuple(summary.rows)
    )


def _commit_evidence(signal: Signal, commit: Commit, level: Level, message: str) -> Evidence:
    return Evidence(
        signal=signal.id,
        place=AtCommit(commit.sha),
        level=level,
        path_class=None,
        message=message,
        snippet=commit.subject[:SNIPPET],
        facts={},
    )


# --- named values over time ------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One commit's change of a file: its contents before and after (None where the file did not exist or is unread)."""

    sha: str
    committed_at: int
    own: bool
    before: bytes | None
    after: bytes | None


def value_changes(
    signal: Signal, path: str, path_class: PathClass, versions: Iterable[FileVersion]
) -> tuple[tuple[ValueChange, ...], tuple[Failure, ...]]:
    """The person's changes of the values that the rule names in a file; ``versions`` come oldest first."""
    rule = signal.rule
    assert isinstance(rule, ContentRule)
    if rule.values is None:
        return (), ()
    values = rule.values
    known: dict[bytes, Mapping[str, str]] = {}

    def named(data: bytes | None) -> Mapping[str, str]:
        if data is None:
            return {}
        if data not in known:
            known[data] = values(File(path, data, path_class))
        return known[data]

    failures: list[Failure] = []
    changes = _guarded(lambda: tuple(_changes(versions, named)), signal, path, failures)
    return changes or (), tuple(failures)


def _changes(
    versions: Iterable[FileVersion], named: Callable[[bytes | None], Mapping[str, str]]
) -> Iterator[ValueChange]:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for version in versions:
        before, after = named(version.before), named(version.after)
        for name in sorted(before.keys() & after.keys()):
            old, new = before[name], after[name]
            seen[name].add(old)
            if old != new and version.own:
                yield ValueChange(version.sha, version.committed_at, name, old, new, new in seen[name])
        for name, value in after.items():
            seen[name].add(value)
