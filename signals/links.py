"""Links from a commit message to the thing that made somebody act: a tracker entry, an alert, an incident.

The word "fix" alone is no link; the number that a merged pull request carries in its subject, ``(#12)``, is none
either.
"""

from __future__ import annotations

import re

_NO_TRACKER = (
    "CVE|GHSA|PYSEC|RUSTSEC|CWE|RFC|ISO|PEP|UTF|SHA|MD|AES|HTTP|IPV|X|BERT|FALCON|GEMMA|GPT|LLAMA|MISTRAL|OPT|PHI|QWEN"
)
_CLOSES = r"(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)"
_PATTERNS = {
    "issue": re.compile(rf"\b{_CLOSES}:?\s+(?:[\w.-]+/[\w.-]+)?#(\d+)\b", re.IGNORECASE),
    "issue_url": re.compile(rf"\b{_CLOSES}:?\s+(https?://\S+/(?:issues|work_items)/\d+)", re.IGNORECASE),
    "task": re.compile(r"^(?:Bug|Task|Closes-Bug|Fixes-Bug):\s*(T?\d+|[A-Z][A-Z0-9]+-\d+|#\d+)\s*$", re.MULTILINE),
    "error_tracker": re.compile(r"(https?://[\w.-]*(?:sentry\.io|rollbar\.com|bugsnag\.com)/\S*\d\S*)"),
    "error_id": re.compile(
        rf"\b(?i:{_CLOSES}):?\s+(?!(?:{_NO_TRACKER})-)([A-Z][A-Z0-9-]{{0,60}}-[0-9][0-9A-Z]{{0,20}})\b"
    ),
    "page": re.compile(r"(https?://[\w.-]*(?:pagerduty\.com|opsgenie\.com|statuspage\.io)/\S+)"),
    "incident": re.compile(
        r"(?:^|[\s(/])((?:post-?mortems?|incident-?reports?|incidents)/[\w./-]+\.\w+)", re.IGNORECASE
    ),
}
_MAX_MESSAGE = 20_000
_MAX_LINE = 2_000


def tracker_links(message: str) -> tuple[tuple[str, str], ...]:
    """The links in a message as (kind, target), each once, in the order of their kinds."""
    text = "\n".join(line[:_MAX_LINE] for line in message[:_MAX_MESSAGE].split("\n"))
    found = [(kind, match.group(1)) for kind, pattern in _PATTERNS.items() for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(found))


_REVERTED = re.compile(r"\breverts\s+(?:merge\s+)?commits?\s+([0-9a-f]{7,40})\b", re.IGNORECASE)


def reverted_shas(message: str) -> tuple[str, ...]:
    """The (abbreviated) SHAs that a message says it reverts, as git's own ``This reverts commit …`` does."""
    return tuple(dict.fromkeys(sha.lower() for sha in _REVERTED.findall(message[:_MAX_MESSAGE])))
