"""Links in commit messages: what names a tracker's entry, and what only looks like it."""

from __future__ import annotations

import pytest

from signals.links import reverted_shas, tracker_links


@pytest.mark.parametrize(
    ("message", "link"),
    [
        ("Fix it\n\nFixes #41", ("issue", "41")),
        ("Fix it (closes owner/name#41)", ("issue", "41")),
        ("Fix it\n\nBug: T41", ("task", "T41")),
        ("Fix it\n\nFixes API-4T5", ("error_id", "API-4T5")),
        ("Fix API-461: empty list", ("error_id", "API-461")),
        ("See https://orchard.sentry.io/issues/41", ("error_tracker", "https://orchard.sentry.io/issues/41")),
        ("See docs/incidents/2024-02-01.md", ("incident", "incidents/2024-02-01.md")),
    ],
)
def test_a_link_is_found(message: str, link: tuple[str, str]) -> None:
    assert tracker_links(message) == (link,)


@pytest.mark.parametrize(
    "message",
    [
        "Fix the list (#41)",
        "fix CVE-2026-24486",
        "fix: UTF-8 names",
        "fix: LLAMA-7B does not load",
        "fix",
        "prefix A-1",
    ],
)
def test_no_link_is_made_up(message: str) -> None:
    assert tracker_links(message) == ()


def test_a_revert_names_its_commit() -> None:
    assert reverted_shas('Revert "x"\n\nThis reverts commit 0123abcdef.') == ("0123abcdef",)
