"""Taking a change back: a revert that names the change it undoes.

What it proves: something did not behave, the person noticed, and put the former state back. That is what keeps a
service up: going back first and looking for the cause afterwards. DORA measures it as the time to recover from a failed
change, the SRE book asks for changes that can be rolled back before they are understood. Fast is good, and taking back
one's own change is good: nothing here counts against anybody.

Levels
- declared: the subject says "revert", but the change is not named, cannot be found, touches none of the same files, or
  touched only documents, examples, tests or the build's own configuration.
- used: the change is found by its SHA in the message ("This reverts commit …") or by its quoted subject (a merged
  proposal by its title), older than the revert, and the same files are put back. ``exact`` is true when every file is,
  byte for byte, what it was before.
- lived-in: taken back within 72 hours, and the story went on: the change came back within 90 days, or the person
  changed one of its files within 30 days in a fix that brings a test.

What does not count: a revert of a revert (that brings a change back; it is told as ``relanded_by``), merges, empty
commits, bots, a revert mentioned only below the subject (squashed branches, pasted release notes), and things that are
called revert: models of revert risk, text editors' commands. A planned way back, such as ending a "temporarily
disable …", is marked (``undoes_temporary``) and never lived-in. Reverting a bot's update is a person's work and counts.

``took_back`` says what kind of thing it was: a model's version (the title and the paths both speak of one, or a file of
weights was put back), operations files, code, configuration, documents or tests, or other files.

Sources: DORA, failed deployment recovery time; Site Reliability Engineering, chapter 8 (release engineering).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from signals.base import HistoryRule
from signals.model import Commit, FactValue, History, Level, PathClass, Row, plain_subject
from signals.paths import classify
from signals.rollback._reverted import MAX_SUBJECT, Target, depth_of, is_exact, named_shas, target_of, without_prefix
from signals.rollback._taken_back import ASIDE, MODEL_VERSION, what_was
from signals.sample import HistorySample, Step
from signals.wording import counted

HOUR = 3_600
DAY = 24 * HOUR
QUICK_HOURS = 72
RELAND_DAYS = 90
FIX_DAYS = 30
RELANDS = ("{}", 'Reland "{}"', "Reland: {}", "[reland] {}", 'Re-land "{}"', 'Reapply "{}"', 'Re-apply "{}"')

_TEMPORARY = re.compile(r"(?:temp\b|temporar|disabl|paus|suspend)", re.IGNORECASE)
_FIX = re.compile(r"(?:\b|_)(?:hot|bug|)fix(?:es|ed|ing|)\b|\bbugs?\b|\bregressions?\b|\bcorrects?\b", re.IGNORECASE)


def _relanded_by(revert: Commit, target: Target, history: History) -> str | None:
    subject = target.commit.title
    names = dict.fromkeys((subject, plain_subject(subject)))
    asked = [form.replace("{}", name) for name in names for form in RELANDS]
    asked += [f'Revert "{revert.subject}"', f'Revert "{plain_subject(revert.subject)}"']
    refs = {
        ref.sha: ref
        for text in asked
        for ref in history.by_subject(text)
        if _soon(ref.committed_at, revert, RELAND_DAYS)
    }
    own = (
        c
        for c in history.own_commits
        if _soon(c.committed_at, revert, RELAND_DAYS) and any(map(revert.sha.startswith, named_shas(c)))
    )
    found = [c for ref in refs.values() if (c := history.load(ref.sha)) is not None]
    return _first((c for c in (*found, *own) if _paths(c) & target.net.keys()), revert)


def _fixed_by(revert: Commit, target: Target, history: History) -> str | None:
    about = {path for path in target.net if classify(path) not in ASIDE}
    fixes = (
        c
        for c in history.own_commits
        if _soon(c.committed_at, revert, FIX_DAYS) and _FIX.search(c.subject[:MAX_SUBJECT]) and not depth_of(c.subject)
    )
    return _first((c for c in fixes if _paths(c) & about and _brings_test(c)), revert)


def _brings_test(commit: Commit) -> bool:
    return any(c.status != "D" and classify(c.path) is PathClass.TEST for c in commit.changes)


def _soon(at: int | None, revert: Commit, days: int) -> bool:
    return at is not None and revert.committed_at is not None and 0 < at - revert.committed_at <= days * DAY


def _first(commits: Iterable[Commit], but: Commit) -> str | None:
    return min(((c.committed_at or 0, c.sha) for c in commits if c.sha != but.sha), default=(0, None))[1]


def _paths(commit: Commit) -> set[str]:
    return {change.path for change in commit.changes}


def find(commit: Commit, history: History) -> Row | None:
    """A row for a commit that takes a change back."""
    if commit.is_merge or not commit.changes or "[bot]" in f"{commit.author.name}{commit.author.email}":
        return None
    if depth_of(commit.subject) % 2 == 0:
        return None
    target = target_of(commit, history)
    if target is None:
        message = "The message says that a change was taken back; which one is not known."
        took_back = what_was(commit.subject[:MAX_SUBJECT], _paths(commit))
        facts = {"target": None, "linked_by": None, "n_paths": len(commit.changes), "took_back": took_back}
        return Row(commit, Level.DECLARED, message, facts)
    if depth_of(target.commit.title) % 2 and depth_of(commit.subject) == 1:
        return None
    return _linked(commit, target, history)


def _linked(commit: Commit, target: Target, history: History) -> Row:
    same_files = bool(_paths(commit) & target.net.keys())
    facts: dict[str, FactValue] = {
        "target": target.commit.sha,
        "linked_by": target.linked_by,
        "hours": _hours(target.commit, commit),
        "target_by": "self" if history.is_person(target.by) else "other",
        "exact": is_exact(commit, target.net),
        "undoes_temporary": bool(_TEMPORARY.match(without_prefix(target.commit.title[:MAX_SUBJECT]))),
        "relanded_by": _relanded_by(commit, target, history) if same_files else None,
        "fixed_with_test_by": _fixed_by(commit, target, history) if same_files else None,
        "n_paths": len(commit.changes),
        "took_back": what_was(target.commit.title[:MAX_SUBJECT], target.net.keys() & _paths(commit) or _paths(commit)),
    }
    in_production = any(classify(path) not in ASIDE for path in target.net)
    level = Level.USED if same_files and in_production else Level.DECLARED
    after = (facts["relanded_by"], facts["fixed_with_test_by"])
    supports = tuple(sha for sha in (target.commit.sha, *after) if isinstance(sha, str))
    return Row(commit, level, _message(facts, same_files, in_production), facts, tuple(dict.fromkeys(supports)))


def _hours(target: Commit, revert: Commit) -> float | None:
    """Hours between the two by committer time, or None where the dates are missing or contradict each other."""
    if target.committed_at is None or revert.committed_at is None or revert.committed_at < target.committed_at:
        return None
    return round((revert.committed_at - target.committed_at) / HOUR, 1)


def _message(facts: dict[str, FactValue], same_files: bool, in_production: bool) -> str:
    what = "their own change" if facts["target_by"] == "self" else "another contributor's change"
    if facts["took_back"] == MODEL_VERSION:
        what = f"{what} of a model's version"
    if facts["undoes_temporary"]:
        what = f"{what} that was meant to be temporary"
    if not same_files:
        return f"Says that it takes back {what}, but that none of its files changed here could be confirmed."
    parts = [f"Took back {what}{_lag(facts['hours'])}"]
    parts.append(
        "every file as it was before" if facts["exact"] else "unverified whether every file is as it was before"
    )
    if not in_production:
        parts.append("only documents, examples, tests or build checks were concerned")
    if facts["relanded_by"]:
        parts.append("the change came back later")
    if facts["fixed_with_test_by"]:
        parts.append("a fix with a test followed")
    return "; ".join(parts) + "."


def _lag(hours: FactValue) -> str:
    if not isinstance(hours, float):
        return ""
    if hours < 1:
        return " within the hour"
    number, unit = (round(hours), "hour") if hours < 48 else (round(hours / 24), "day")
    return f" {counted(number, unit)} after it had landed"


def lived_in_when(row: Row) -> bool:
    """Taken back within 72 hours, not merely temporary, and followed by a re-land or a fix with a test."""
    hours = row.facts.get("hours")
    went_on = bool(row.facts.get("relanded_by") or row.facts.get("fixed_with_test_by"))
    return isinstance(hours, float) and hours <= QUICK_HOURS and went_on and not row.facts.get("undoes_temporary")


SIGNAL = HistoryRule(
    title="Taking a change back",
    proves="Something broke and was taken back, and it is known which change that was.",
    claims=("E3", "E2", "R1"),
    cost="H",
    find=find,
    lived_in_when=lived_in_when,
    deep=True,
    version=3,
)

_V1 = {"svc/predict.py": "TIMEOUT = 5\n"}
_V2 = {"svc/predict.py": "TIMEOUT = 60\n"}
_LOGGED = "log_slow_calls()\n"
_START = Step("Add the service", _V1)
_LONGER = Step("Longer timeout", _V2, day=1)
_BY_SHA = 'Revert "Longer timeout"\n\nThis reverts commit {sha}.'

FIRES_ON = (
    # the change came back a week later, under the same subject
    HistorySample(
        (
            _START,
            Step("Longer timeout (#41)", _V2, day=10),
            Step('Revert "Longer timeout (#41)" (#42)\n\nThis reverts commit {sha}.', _V1, 10.5, True, 1, True),
            Step("Longer timeout (#44)", _V2, day=17),
        ),
        Level.LIVED_IN,
    ),
    # a bot's update taken back by a person, then fixed with a test
    HistorySample(
        (
            Step("Deploy", {"deploy/values.yaml": "tag: 1.4\n"}),
            Step("fix(container): update image (1.4 -> 1.5)", {"deploy/values.yaml": "tag: 1.5\n"}, 10, me=False),
            Step(
                'Revert "fix(container): update image (1.4 -> 1.5)" (#9)',
                {"deploy/values.yaml": "tag: 1.4\n"},
                day=10.02,
                evidence=True,
            ),
            Step(
                "fix: wait for the model before 1.5 starts",
                {"deploy/values.yaml": "tag: 1.5\nwait: true\n", "tests/test_start.py": "def test(): ...\n"},
                day=12,
            ),
        ),
        Level.LIVED_IN,
    ),
    # a revert of the revert brings it back: no row of its own
    HistorySample(
        (
            _START,
            Step("llm: use the large model", _V2, day=3, me=False),
            Step('llm: Revert "llm: use the large model"\n\nThis reverts commit {sha}.', _V1, 3.1, True, 1, True),
            Step('Revert "llm: Revert "llm: use the large model""\n\nThis reverts commit {sha}.', _V2, 4, True, 2),
        ),
        Level.LIVED_IN,
    ),
    # taken back and left at that
    HistorySample(
        (
            _START,
            Step("feat(api)!: longer timeout", _V2, day=3),
            Step("revert: feat(api)!: longer timeout\n\nIt hid a slow query.", _V1, day=40, evidence=True),
        ),
        Level.USED,
    ),
    # the file moved on in between: linked, but not exact
    HistorySample(
        (
            _START,
            _LONGER,
            Step("Log slow calls", {"svc/predict.py": f"TIMEOUT = 60\n{_LOGGED}"}, day=4),
            Step(_BY_SHA, {"svc/predict.py": f"TIMEOUT = 5\n{_LOGGED}"}, 5, True, 1, True),
        ),
        Level.USED,
    ),
    # ending something that was meant to be temporary is planned, even when it is quick and done again
    HistorySample(
        (
            _START,
            Step("Temporarily raise the timeout", _V2, day=3),
            Step('Revert "Temporarily raise the timeout"', _V1, day=4, evidence=True),
            Step("Temporarily raise the timeout", _V2, day=6),
        ),
        Level.USED,
    ),
    # no link; a SHA that is not in this history, as in a copied or invented message
    HistorySample((_START, Step("revert the timeout to what it was", _V2, evidence=True)), Level.DECLARED),
    HistorySample((_START, Step("Revert\n\nThis reverts commit 0123456789ab.", _V2, evidence=True)), Level.DECLARED),
    # names a real commit but touches none of its files
    HistorySample(
        (_START, _LONGER, Step(_BY_SHA, {"svc/x.py": "x = 1\n"}, 1.1, True, 1, True), _LONGER), Level.DECLARED
    ),
    # only documents and build checks
    HistorySample(
        (
            Step("Start", {"README.md": "a\n", ".github/workflows/ci.yml": "on: push\n"}),
            Step("Reword", {"README.md": "b\n", ".github/workflows/ci.yml": "on: []\n"}, day=1),
            Step('Revert "Reword"', {"README.md": "a\n", ".github/workflows/ci.yml": "on: push\n"}, 1.1, evidence=True),
            Step("Reword", {"README.md": "b\n"}, day=2),
        ),
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # models of revert risk
    HistorySample(
        (
            Step("revert-risk: upgrade the server to KServe 0.11", _V1),
            Step("revertrisk: validate input", _V2, day=1),
            Step("Revert Risk: raise 400 for bad input", _V1, day=2),
            Step("revert_risk_model: migrate to src", _V2, day=3),
        )
    ),
    # only the body of a squashed branch speaks of a revert
    HistorySample((_START, Step('Log (#8)\n\n* try\n* Revert "try"\n\nThis reverts commit {sha}.', _V2, 1, True, 0))),
    # a merge, an empty commit, and somebody else's revert
    HistorySample(
        (
            _START,
            _LONGER,
            Step('Revert "Longer timeout"', day=2, merge=True),
            Step('Revert "Longer timeout"', day=3),
            Step('Revert "Longer timeout"', _V1, day=4, me=False),
        )
    ),
    # words that only look like it
    HistorySample(
        (
            Step("Add a revert button to the editor", _V1),
            Step("Allow reverting an offboarding decision", _V2, day=1),
            Step("Revertible migrations for orders", _V1, day=2),
            Step("Un-revert the storage backend", _V2, day=3),
            Step("Wait until the upstream change has been reverted", _V1, day=4),
        )
    ),
    # bringing a change back
    HistorySample(
        (
            _START,
            _LONGER,
            Step(_BY_SHA, _V1, 2, False, 1),
            Step("Revert the removal of the longer timeout\n\nThis reverts commit {sha}.", _V2, 3, True, 2),
        )
    ),
)
