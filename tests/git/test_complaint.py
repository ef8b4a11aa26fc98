"""What failed alike is told alike, whichever object git names."""

from __future__ import annotations

import pytest

from analyzer.errors import GitFailed
from analyzer.git.complaint import cause

_SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        (f"fatal: unable to read {_SHA}", "an object is missing or damaged"),
        (f"error: object file ./objects/{_SHA[:2]}/{_SHA[2:]} is empty", "an object is missing or damaged"),
        (f"fatal: loose object {_SHA} (stored in x) is corrupt", "an object is missing or damaged"),
        ("warning: x\nfatal: bad config", "bad config"),
        ("error: inflate: data stream error", "inflate: data stream error"),
        ("", "git failed"),
    ],
)
def test_a_cause_names_no_object(detail: str, told: str) -> None:
    assert cause(GitFailed("log", 128, detail), "git failed") == told
