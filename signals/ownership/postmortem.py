"""Postmortem: what broke, when, why and what follows was written down for others.

What it proves: the person was there when something failed in production, looked for the cause instead of the culprit,
and left a record that the next one on duty can use. Times to the minute, and links to what was changed, are what a
record has and an exercise has not.

Levels
- declared: a dated account of one incident with at least two of its usual parts, without clock times.
- used: the account has a timeline with clock times at three or more places.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or its lines in a fix
  that is linked to a revert, a tracker or an incident.

What counts: Markdown, reStructuredText and AsciiDoc in folders or under names that say postmortem, incident or outage.

What does not count: templates and drills, indexes and lists of other people's incidents, processes for handling
incidents, tickets, data about incidents of another kind, accounts without a date.

Sources: Site Reliability Engineering, chapter 15 (postmortem culture); catalogue D9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from signals.base import NEVER_READ, ContentRule, Wants
from signals.file import File
from signals.model import FactValue, Hit, Level, PathClass
from signals.sample import Sample
from signals.wording import listed

MAX_LINES = 40
HEAD_LINES = 40
MIN_PARTS = 2
MIN_TIMES = 3

_PLACE = re.compile(
    r"(?:^|[/_.-])(?:post-?_?mortems?|incident[-_]?(?:reports?|reviews?|retros?)|incidents?|outages?)(?:$|[/_.-])"
)
_NO_ACCOUNT = re.compile(
    r"(?:^|[/_.-])(?:templates?|examples?|sample|drills?|game-?days?|exercises?|index|readme|process|procedures?|runbooks?"
    r"|response|policy|management|guide(?:lines?)?|playbooks?|checklist|issue_template|how-?to)(?:$|[/_.-])"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    rf"\b20\d\d[-/.](?:0?[1-9]|1[0-2])[-/.][0-3]?\d\b|\b{_MONTH}\.?\s+[0-3]?\d(?:st|nd|rd|th)?,?\s+20\d\d\b"
    rf"|\b[0-3]?\d(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?,?\s+20\d\d\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s{0,3}(?:#{1,6}|={2,6})\s+(.+?)\s*#*$|^\*\*([^*]{3,60})\*\*:?\s*$")
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,}|~{3,}|\^{3,})\s*$")
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("summary", r"^(?:executive\s+)?summary\b|^overview\b|^what happened"),
        ("impact", r"\bimpact\b|^who was affected"),
        ("timeline", r"\btime\s?line\b|\bchronology\b"),
        ("cause", r"\broot[- ]cause|^causes?\b|^contributing factors|^trigger\b|^why did"),
        ("lessons", r"^lessons?\b|what went (?:well|wrong|badly)|^learnings?\b|where we got lucky"),
        (
            "actions",
            r"\baction items?\b|^follow[- ]?ups?\b|^next steps|^remediation|^resolution\b|^corrective|^preventi",
        ),
    )
)
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\b|\b(?:1[0-2]|[1-9])\s?[ap]\.?m\b", re.IGNORECASE)
_LINK = re.compile(r"/(?:pull|issues|commit|merge_requests)/[0-9a-f]+\b|(?:^|[\s(])#\d{2,6}\b")
_UNFILLED = re.compile(
    r"YYYY|HH:MM|\{\{|<(?:date|name|time|insert|description)[^>]{0,40}>|\[(?:date|insert|name)\b", re.I
)


def find(file: File) -> Iterator[Hit]:
    """A hit for an account of one incident."""
    if not _is_account(file):
        return
    headings = dict(_headings(file))
    parts: dict[str, int] = {}
    for line, text in headings.items():
        for name, pattern in _PARTS:
            if name not in parts and pattern.search(text):
                parts[name] = line
    if len(parts) < MIN_PARTS:
        return
    times = [number for number, line in enumerate(file.lines, 1) if _CLOCK.search(line)]
    links = sum(1 for line in file.lines if _LINK.search(line))
    first, *rest = sorted(parts.values())
    timed = len(times) >= MIN_TIMES
    facts: dict[str, FactValue] = {"parts": tuple(parts), "n_times": len(times), "n_links": links}
    clock = f", with {len(times):,} lines that give the time" if timed else ""
    linked = f" and {links:,} with links to changes or issues" if links and timed else ""
    yield Hit(
        line=first,
        level=Level.USED if timed else Level.DECLARED,
        message=f"An account of an incident ({listed(parts, len(parts))}){clock}{linked}.",
        more=tuple(sorted({*rest, *times} - {first}))[:MAX_LINES],
        facts=facts,
    )


def _is_account(file: File) -> bool:
    """Whether the path and the first lines say that this is one dated incident, not a template or a process."""
    path = file.path.lower()
    stem = path.rpartition(".")[0]
    if _PLACE.search(stem) is None or _NO_ACCOUNT.search(stem):
        return False
    head = "\n".join(line[:400] for line in file.lines[:HEAD_LINES])
    dated = re.search(r"20\d\d[-_]?(?:0[1-9]|1[0-2])[-_]?[0-3]\d", file.name) or _DATE.search(head)
    return bool(dated) and _UNFILLED.search(head) is None


def _headings(file: File) -> Iterator[tuple[int, str]]:
    lines = file.lines
    for number, line in enumerate(lines, 1):
        text = line[:200]
        found = _HEADING.match(text)
        if found is not None:
            yield number, (found[1] or found[2]).strip("* :")
        elif number < len(lines) and 2 < len(text.strip()) <= 80 and _UNDERLINE.match(lines[number]):
            yield number, text.strip()


SIGNAL = ContentRule(
    title="Postmortem",
    proves="What broke in production, why, and what follows was written down for others.",
    claims=("E2", "R1", "E7"),
    cost="B,D",
    whole_in=frozenset({PathClass.DOCS}),
    wants=Wants(
        paths=("*.md", "*.mdx", "*.rst", "*.adoc"),
        needles=(
            b"imeline",
            b"hronology",
            b"oot cause",
            b"oot Cause",
            b"mpact",
            b"ummary",
            b"ction item",
            b"esson",
            b"appened",
        ),
        skip=NEVER_READ,
    ),
    find=find,
)

_ACCOUNT = """\
# Scores were stale, 2024-03-12

## Summary ⟵

The queue stood still for an hour after a deployment.

## Timeline ⟵

All times in UTC.

- 09:12 version 1.4.2 is deployed ⟵
- 09:31 an alert says that the oldest message is old ⟵
- 10:04 the deployment is taken back (https://git.example/shop/scorer/pull/88) ⟵

## Action items ⟵

- test the consumer against the new client (#91)
"""
_PLAIN = _ACCOUNT.replace(" ⟵", "")

FIRES_ON = (
    Sample("docs/incident-reports/2024-03-12-stale-scores.md", _ACCOUNT, Level.USED),
    Sample("handbook/postmortems/2024-03-12.mdx", _ACCOUNT, Level.USED),
    # without clock times
    Sample(
        "docs/postmortems/dns-outage.md",
        """\
# Names were not resolved

## What happened ⟵

On Monday 7 January 2024, no name was resolved for an hour.

## Contributing factors ⟵

The limits were too small.
""",
        Level.DECLARED,
    ),
    Sample(
        "docs/outages/2023-11-02.rst",
        "Disk full\n=========\n\nImpact ⟵\n------\n\nNobody could log in.\n\nRoot cause ⟵\n----------\n\nLogs.\n",
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # templates, processes, indexes
    Sample("docs/postmortems/template.md", _PLAIN),
    Sample("docs/incidents/incident-response.md", _PLAIN),
    Sample("docs/postmortems/2024-01-01-title.md", _PLAIN.replace("2024-03-12", "YYYY-MM-DD")),
    Sample(
        "postmortems/README.md",
        "# Postmortems\n\n## Summary\n\n- 2024-03-12 [Big Cloud](https://x.example)\n\n## Impact\n",
    ),
    # no date; another subject; too little
    Sample("docs/postmortems/dns.md", "# Names\n\n## Summary\n\nx\n\n## Impact\n\ny\n"),
    Sample("docs/design/2024-03-12-queue.md", _PLAIN),
    Sample("docs/incidents/2024-03-12.md", "# 2024-03-12\n\nIt broke at 09:12, 09:31 and 10:04.\n"),
    Sample("data/incidental/2024-03-12.md", _PLAIN),
)
