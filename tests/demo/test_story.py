"""Stories are read as they are written, and what they cannot do is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzer.demo.story import BadStory, Change, Files, Hunk, parse
from analyzer.demo.telling import make
from analyzer.git import process

PEOPLE = {"maya": "Maya Demo <maya@demo.example>"}
STORY = """\
What it is about.

%% 2024-01-02 09:30 maya as start tag v1
Start

With a body.
%% write a.txt
one
two

three

%% 2024-01-03 10:00 maya as change
Change it, see {start}
%% edit a.txt
-one
+1
@@
 two

+and a half
%% move a.txt b.txt

%% 2024-01-03 11:00 maya
It was better before.
%% revert change
"""


def test_a_story_is_read() -> None:
    start, change, revert = parse(STORY)
    assert (start.by, start.at, start.name, start.tag) == (
        "maya",
        datetime(2024, 1, 2, 9, 30, tzinfo=UTC),
        "start",
        "v1",
    )
    assert start.message == "Start\n\nWith a body."
    assert start.changes == (Change("a.txt", text="one\ntwo\n\nthree\n"),)
    assert change.changes == (
        Change("a.txt", hunks=(Hunk(("one",), ("1",)), Hunk(("two", ""), ("two", "", "and a half")))),
        Change("b.txt", moved_from="a.txt"),
    )
    assert revert.revert == "change"


def test_it_is_told_to_git(tmp_path: Path) -> None:
    git_dir = tmp_path / "a.git"
    head = make(git_dir, parse(STORY), PEOPLE)

    def git(*args: str) -> str:
        return process.run(git_dir, args).decode().strip()

    start, change = git("rev-parse", "main~2", "main~1").split()
    assert git("rev-parse", "main", "v1^{commit}").split() == [head, start]
    assert git("show", f"{change}:b.txt") == "1\ntwo\n\nand a half\nthree"
    assert git("log", "-1", "--format=%s", change) == f"Change it, see {start}"
    assert git("log", "-1", "--format=%B", "main") == (
        f'Revert "Change it, see {{start}}"\n\nThis reverts commit {change}.\n\nIt was better before.'
    )
    assert git("rev-parse", "main^{tree}") == git("rev-parse", "main~2^{tree}")


def test_a_cut_story_is_a_shallow_clone(tmp_path: Path) -> None:
    git_dir = tmp_path / "a.git"
    make(git_dir, parse(STORY.replace("as change", "as change cut")), PEOPLE)
    assert process.run(git_dir, ["rev-list", "--count", "main"]) == b"2\n"


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("%% write a\nx\n", "before the first commit"),
        ("%% 2024-01-02 09:30 maya at home\nm\n", "'at' in"),
        ("%% 2024-01-02 09:30 maya\nm\n%% rename a\n", "'rename a' is not understood"),
        ("%% 2024-01-02 09:30 maya\nm\n%% edit a\n*x\n", "no line of a hunk"),
        ("%% 2024-01-02 09:30 maya\nm\n%% edit a\n-x\n", "wants to change a, which is not there"),
        ("%% 2024-01-02 09:30 maya\nm\n%% delete a\n", "wants to change a, which is not there"),
        (STORY + "%% 2024-01-04 09:30 maya\nm\n%% edit a.txt\n-nine\n", "0 times, not once"),
        (STORY + "%% 2024-01-04 09:30 maya\nm\n%% revert change\n", "files have changed since"),
        (STORY + "%% 2024-01-04 09:30 maya\nm\n%% revert never\n", "not known"),
    ],
)
def test_what_makes_no_sense_is_refused(story: str, message: str) -> None:
    with pytest.raises(BadStory, match=message):
        _changes(story)


def _changes(story: str) -> None:
    files = Files()
    for told in parse(story):
        files.after(told)
