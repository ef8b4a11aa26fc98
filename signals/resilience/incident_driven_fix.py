"""Fixing what production showed: a change that names the incident, alert or recorded error it answers.

What it proves: the software ran, something outside the tests said that it failed, the person read that and changed the
code. A plain issue number may come from a plan or a user's wish and shows none of this; an entry of an error tracker,
a page or a postmortem exists only where something runs.

Levels
- declared: the subject speaks of a failure that only running software has (out of memory, a crash loop, a memory leak,
  a deadlock, an outage, slow answers at p99), and code or configuration changes with it; no link.
- used: the message links to the record: an issue of Sentry, Rollbar, Bugsnag or Honeybadger (also ``Fixes API-4T5``,
  Sentry's short form), a page of PagerDuty or Opsgenie, an alert, an entry of incident.io or a status page, a
  postmortem; or the commit adds a postmortem together with code.
- lived-in: linked, with a test in the same commit, and the person never had to come back for the same record.

What does not count: numbers of issues, tasks and tickets (``#12``, ``T41``, ``PROJ-12``): a short form of digits only
counts where the person's other fixes show the same prefix with letters; CVE numbers, which are security; links to a
tracker's documentation; sizes and names of models (``LLAMA-7B``); the words "regression" and "crash" alone, which are
statistics and games as well; prose, tests or dependencies only; setting up the tracker; bots, merges and reverts.

Sources: Site Reliability Engineering, chapters 12 and 15 (troubleshooting, postmortems); the catalogue (§2, D5).
"""

from __future__ import annotations

import re

from signals.base import HistoryRule
from signals.links import tracker_links
from signals.model import Commit, FactValue, History, Level, PathClass, Row
from signals.paths import classify, is_docs_or_data, is_lock, is_test, language_family
from signals.sample import HistorySample, Step

MAX_SUBJECT = 300
MAX_MESSAGE = 20_000
MAX_TARGET = 200

_RECORD = re.compile(
    r"https?://[\w.-]{0,100}(?:sentry\.io/[\w./-]{0,100}issues?/(?:[0-9a-f]{6,40}|[\w-]{1,60}-[0-9A-Z]{2,8}\b"
    r"|alerts/rules/details/\d+)"
    r"|(?<=//)sentry\.[\w.-]{1,80}/[\w./-]{0,100}(?:issues|group)/\d+"
    r"|rollbar\.com/[\w./-]{0,100}items?/[\w.-]{0,40}/?\d+|bugsnag\.com/[\w./-]{0,100}errors/[0-9a-f]{8,40}"
    r"|honeybadger\.io/[\w./-]{0,100}faults/\d+|pagerduty\.com/(?:incidents|alerts)/\w+"
    r"|opsgenie\.com/alert/[\w./-]{0,100}\w|incident\.io/[\w./-]{0,100}incidents/\d+|statuspage\.io/incidents/\w+"
    r"|(?<=//)status\.[\w.-]{1,80}/incidents/\w{6,40})",
    re.IGNORECASE,
)
_POSTMORTEM = re.compile(r"(?:^|[/_-])(?:post-?mortems?|incident-?reports?|incidents)/[^/]*\d", re.IGNORECASE)
_PLANNED_FILE = re.compile(r"template|readme|index|runbook", re.IGNORECASE)
_HAS_LETTER = re.compile(r"-\d+(?![BKMGX]$)[A-Z][0-9A-Z]*$")
_FAILS = re.compile(
    r"\bOOM(?:s|ed|ing|-?kill\w*|)\b|\bout[ -]of[ -]memory\b|\bmemory leaks?\b|\bcrash-?loop\w*"
    r"|\bdeadlock(?:s|ed|ing|)\b|\b(?:p9[059]|p99\.9)\b|\boutages?\b"
    r"|\b(?:prod|production) (?:incident|crash|error|failure|outage)s?\b|\bthundering herd\b"
    r"|\b(?:connection|fd|file descriptor|thread) leaks?\b"
    r"|\bleak(?:s|ing|) (?:connection|file|thread)",
    re.IGNORECASE,
)
_ABOUT_IT = re.compile(
    r"^(?:\w+(?:\([^)]*\)|)!?: |)(?:ci|docs?|tests?|chore|revert|add|create|introduce|document|describe|log|report"
    r"|track|measure|notify|display|show|bump)\b|\b(?:alerts?|dashboards?|panels?|metrics?|labels?|detect\w*"
    r"|incident reports?|postmortems?|benchmarks?|predict\w*|warn\w*"
    r"|identif\w*|recogni\w*|typos?|severity|in ci|docker build)\b|\bfeat\b|^feat",
    re.IGNORECASE,
)


def find(commit: Commit, history: History) -> Row | None:
    """A row for a change of code or configuration that answers a failure of running software."""
    if commit.is_merge or commit.subject.lower().startswith("revert"):
        return None
    if not any(_works(change.path) for change in commit.changes):
        return None
    record, kind = _record(commit, history)
    if not record:
        return _by_words(commit)
    with_test = any(_is_grown_test(path, lines) for path, lines in history.lines_of(commit.sha).items())
    again = _again(commit, record, history)
    facts: dict[str, FactValue] = {"record": record, "kind": kind, "with_test": with_test, "again": again}
    return Row(commit, Level.USED, _message(kind, with_test, again), facts)


def _works(path: str) -> bool:
    """Whether the path is code or configuration that runs, not prose, a test or a lock file."""
    if is_test(path) or is_lock(path) or classify(path) not in (PathClass.CODE, PathClass.CI):
        return False
    return path.endswith((".yaml", ".yml")) or not is_docs_or_data(path)


def _record(commit: Commit, history: History) -> tuple[str, str]:
    """The record that the commit answers and its kind, or two empty strings."""
    message = commit.message[:MAX_MESSAGE]
    link = _RECORD.search(message)
    if link is not None:
        return link.group(0)[:MAX_TARGET], _kind_of(link.group(0).lower())
    links = tracker_links(message)
    for kind, target in links:
        if kind == "error_id" and _is_error_id(target, history):
            return target, "error"
    for kind, target in links:
        if kind == "incident" and not _PLANNED_FILE.search(target):
            return target[:MAX_TARGET], "postmortem"
    added = (change.path for change in commit.changes if change.status == "A")
    report = next((p for p in added if _POSTMORTEM.search(p) and not _PLANNED_FILE.search(p)), "")
    return (report[:MAX_TARGET], "postmortem") if report else ("", "")


def _kind_of(url: str) -> str:
    if "pagerduty" in url or "opsgenie" in url or "/alerts/" in url:
        return "page"
    return "incident" if "incident" in url else "error"


def _is_error_id(target: str, history: History) -> bool:
    """Whether ``API-4T5`` is an error tracker's: issue trackers number without letters."""
    if _HAS_LETTER.search(target):
        return True
    prefix = target.rpartition("-")[0]
    near = (c.message[:MAX_MESSAGE] for c in history.own_commits if f"{prefix}-" in c.message)
    return any(
        kind == "error_id" and other.rpartition("-")[0] == prefix and _HAS_LETTER.search(other) is not None
        for message in near
        for kind, other in tracker_links(message)
    )


def _is_grown_test(path: str, lines: tuple[int, int]) -> bool:
    return lines[0] > lines[1] and is_test(path) and language_family(path) not in ("", "shell", "sql")


def _again(commit: Commit, record: str, history: History) -> bool:
    """Whether the person named the same record in a later commit."""
    at = commit.committed_at or 0
    return any(record in c.message and c.sha != commit.sha and (c.committed_at or 0) > at for c in history.own_commits)


def _by_words(commit: Commit) -> Row | None:
    subject = commit.subject[:MAX_SUBJECT]
    word = _FAILS.search(subject)
    if word is None or _ABOUT_IT.search(subject):
        return None
    said = word.group(0).lower()
    facts: dict[str, FactValue] = {"record": None, "kind": "words", "with_test": None, "again": None}
    return Row(commit, Level.DECLARED, f'Speaks of a failure of running software ("{said}"), without a link.', facts)


def _message(kind: str, with_test: bool, again: bool) -> str:
    what = {
        "page": "a page that was sent out",
        "incident": "an incident's record",
        "postmortem": "an incident's postmortem",
    }.get(kind, "an error that was recorded where it runs")
    test = ", with a test" if with_test else ""
    return f"A change that answers {what}{test}{'; it was needed again later' if again else ''}."


def lived_in_when(row: Row) -> bool:
    """Linked, brought a test, and never needed again."""
    return bool(row.facts["record"]) and bool(row.facts["with_test"]) and not row.facts["again"]


SIGNAL = HistoryRule(
    title="Fixing what production showed",
    proves="Something failed where it runs, the person saw it there and changed the code.",
    claims=("E2", "E7", "E8", "R1"),
    cost="H",
    version=2,
    find=find,
    lived_in_when=lived_in_when,
)

_CODE = {"svc/api.py": "limit = 2\n"}
_TESTED = {**_CODE, "tests/test_api.py": "def test_limit(): ...\n"}
_URL = "https://orchard.sentry.io/issues/4342694438/?environment=prod"


def _one(message: str, files: dict[str, str] = _CODE, level: Level = Level.USED) -> HistorySample:
    return HistorySample((Step(message, dict(files), evidence=True),), level)


FIRES_ON = (
    _one(f"fix: empty barcode in a webhook\n\nFixes {_URL}"),
    _one(f"fix: empty barcode in a webhook\n\nSee {_URL}", _TESTED, Level.LIVED_IN),
    _one("api: retry when the lock is gone\n\nFixes API-4T5", _TESTED, Level.LIVED_IN),
    _one("Fix API-2N8: handle a broken connection"),
    _one("Send fewer mails\n\nhttps://sentry.io/organizations/orchard/issues/3841214556/?project=2"),
    _one(
        "Raise limits\n\nThis answers https://orchard.pagerduty.com/incidents/Q3341C4NN1", {"deploy/values.yaml": "a\n"}
    ),
    _one("Raise the quota\n\nhttps://orchard.sentry.io/issues/5655838252/", {"svc/datasets/limits.yaml": "n: 60\n"}),
    _one("Skip what was rejected\n\n[API-8P5](https://orchard.sentry.io/issues/API-8P5)"),
    _one("Answer late calls\n\nhttps://orchard.sentry.io/issues/alerts/rules/details/5241/?alert=228884"),
    _one("No session in the loop (https://app.rollbar.com/a/orchard/fix/item/api/812)"),
    _one("Cap the queue\n\nsee docs/incidents/2024-02-01-queue.md"),
    _one("Cap the queue", {**_CODE, "docs/postmortems/2024-02-01-queue.md": "# Queue\n"}),
    # digits only, but the same prefix is known to be the error tracker's
    HistorySample(
        (
            Step("Fix a null\n\nFixes API-4T5", _CODE, evidence=True),
            Step("Fix a type\n\nFixes API-461", {"svc/api.py": "limit = 3\n"}, day=3, evidence=True),
        ),
        Level.USED,
    ),
    # words without a link
    _one("worker: fix a memory leak in the model cache", level=Level.DECLARED),
    _one("Upgrade the plan to stop the OOM kills", {"deploy/values.yaml": "memory: 2Gi\n"}, Level.DECLARED),
    _one("Avoid a deadlock between import and refresh", level=Level.DECLARED),
    # it came back: the first answer did not hold
    HistorySample(
        (
            Step(f"fix: empty barcode\n\n{_URL}", _TESTED, evidence=True),
            Step(f"fix: empty barcode, again\n\n{_URL}", {"svc/api.py": "limit = 3\n"}, day=9, evidence=True),
        ),
        Level.USED,
    ),
)

SILENT_ON = (
    # plans and wishes, security, documentation
    HistorySample(
        tuple(
            Step(message, {"svc/api.py": f"{n}\n"}, day=n)
            for n, message in enumerate(
                (
                    "Fix the limit\n\nFixes #41",
                    "Fix the limit\n\nBug: T41",
                    "Fix the limit\n\nFixes PROJ-41",
                    "fix: CVE-2026-24486, resolves GHSA-h67p-54hq",
                    "fix: LLAMA-7B does not load",
                    "Filter health checks (https://docs.sentry.io/platforms/python/configuration/2/filtering/)",
                    "Set up the tracker, dsn https://abc@o1.ingest.sentry.io/6178942",
                    "server-side rendering for the list",
                    "Co-written\n\nCo-authored-by: Kim <kim@orchard.sentry.io>",
                    "Add the incident field to the form",
                )
            )
        )
    ),
    # the word, but about the model, the game, or the watching of it
    HistorySample(
        tuple(
            Step(message, {"svc/api.py": f"{n}\n"}, day=n)
            for n, message in enumerate(
                (
                    "Fix logistic regression",
                    "Fix crash animation",
                    "Add an alert on OOM kills",
                    "feat: predict outages",
                    "metrics: p99 panel",
                    "server-side pagination",
                    "Fix the docker build running out of memory in CI",
                    "CI: fix an out of memory error (#17)",
                    "Correctly identify deadlocks",
                    "detect deadlocks in the scheduler's log",
                )
            )
        )
    ),
    # no code, only prose, only tests, only a lock file
    HistorySample((Step(f"Explain\n\n{_URL}", {"docs/why.md": "x\n"}),)),
    HistorySample((Step("Write the postmortem", {"docs/postmortems/2024-02-01-queue.md": "x\n"}),)),
    HistorySample((Step(f"Test it\n\n{_URL}", {"tests/test_api.py": "x\n"}),)),
    HistorySample((Step(f"Update\n\n{_URL}", {"uv.lock": "x\n"}),)),
    # a sweep that passes through old postmortems; the postmortem's form; a revert, and somebody else's fix
    HistorySample(
        (
            Step("Write", {"docs/incidents/2024-02-01-queue.md": "x\n"}),
            Step("Format all", {**_CODE, "docs/incidents/2024-02-01-queue.md": "x \n"}, day=1),
        )
    ),
    HistorySample((Step("Add forms", {**_CODE, "docs/incidents/0-template.md": "x\n"}),)),
    HistorySample((Step(f"Fix it\n\n{_URL}", _CODE, me=False), Step(f'Revert "Fix it"\n\n{_URL}', _CODE, day=1))),
)
