"""What samples cannot express: the revert of a merged branch, several commits at once, and dates that contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from signals.model import Change, Commit, CommitRef, History, Level, Person, Row, plain_subject
from signals.rollback import revert_commit

ME = Person("Sam Sample", "sam@demo.example")
KIM = Person("Kim Colleague", "kim@demo.example")
HOUR = 3_600


def commit(
    number: int, message: str, *changes: Change, hour: float = 0, parents: Sequence[int] = (), by: Person = ME
) -> Commit:
    at = 1_704_067_200 + int(hour * HOUR)
    return Commit(sha(number), tuple(map(sha, parents)), by, by, at, at, message, changes)


def sha(number: int) -> str:
    return f"{number:040x}"


def change(path: str, old: str, new: str) -> Change:
    return Change(path, "M", old * 40, new * 40)


def history(*commits: Commit) -> History:
    by_sha = {c.sha: c for c in commits}

    def by_prefix(prefix: str) -> CommitRef | None:
        found = [c for c in commits if c.sha.startswith(prefix)]
        return CommitRef(found[0].sha, found[0].committed_at) if len(found) == 1 else None

    def by_subject(subject: str) -> list[CommitRef]:
        wanted = plain_subject(subject)
        named = [c for c in commits if wanted in (plain_subject(c.subject), plain_subject(c.title))]
        return [CommitRef(c.sha, c.committed_at) for c in named]

    return History(by_prefix, by_subject, by_sha.get, lambda who: who == ME, [c for c in commits if c.author == ME])


def row(revert: Commit, *others: Commit) -> Row:
    found = revert_commit.find(revert, history(revert, *others))
    assert found is not None
    return found


BASE = commit(1, "Start", change("svc/app.py", "0", "a"), change("svc/db.py", "0", "d"))
FIRST = commit(2, "Longer timeout", change("svc/app.py", "a", "b"), hour=1, parents=(1,), by=KIM)
SECOND = commit(3, "Even longer", change("svc/app.py", "b", "c"), hour=2, parents=(2,), by=KIM)
MERGED = change("svc/app.py", "a", "c")
MERGE = commit(4, "Merge pull request #7 from kim/timeout\n\nLonger timeouts", MERGED, hour=3, parents=(1, 3))
BODY = f"This reverts commit {MERGE.sha}, reversing\nchanges made to {BASE.sha}."


@pytest.mark.parametrize(
    ("message", "linked_by"),
    [
        (f'Revert "{MERGE.subject}"\n\n{BODY}', "sha"),
        (f'Revert "{MERGE.title}"', "subject"),
        (f'Revert "{MERGE.title} (#7)"', "subject"),
    ],
)
def test_the_revert_of_a_merge_is_compared_with_what_it_merged(message: str, linked_by: str) -> None:
    revert = commit(5, message, change("svc/app.py", "c", "a"), hour=5, parents=(4,))
    found = row(revert, MERGE, SECOND, FIRST, BASE)
    assert found.level is Level.USED
    assert found.facts["exact"] is True
    assert found.facts["hours"] == 2.0
    assert found.facts["target"] == MERGE.sha
    assert found.facts["linked_by"] == linked_by
    assert found.facts["target_by"] == "other"  # not whoever pressed the button


def test_a_merged_revert_is_a_reland_once_more_merged() -> None:
    revert = commit(5, f'Revert "{MERGE.title}"', change("svc/app.py", "c", "a"), hour=5, parents=(4,))
    message = f'Merge pull request #9 from kim/again\n\nReland "{MERGE.title}"'
    again = commit(6, message, MERGED, hour=30, parents=(5, 3))
    assert row(revert, again, MERGE, SECOND, FIRST, BASE).facts["relanded_by"] == again.sha


def test_a_merge_that_cannot_be_compared_stays_declared() -> None:
    unread = replace(MERGE, changes=())
    revert = commit(5, f'Revert "{MERGE.subject}"\n\n{BODY}', change("svc/app.py", "c", "a"), hour=5, parents=(4,))
    found = row(revert, unread, BASE)
    assert found.level is Level.DECLARED
    assert found.facts["linked_by"] == "sha"


def test_several_commits_taken_back_at_once_are_exact_together() -> None:
    body = f"This reverts commit {SECOND.sha}.\nThis reverts commit {FIRST.sha}."
    revert = commit(6, f"Revert both timeouts\n\n{body}", change("svc/app.py", "c", "a"), hour=6, parents=(3,))
    found = row(revert, SECOND, FIRST, BASE)
    assert found.level is Level.USED
    assert found.facts["exact"] is True


def test_a_change_dated_after_its_revert_gives_no_lag_and_is_never_lived_in() -> None:
    late = replace(FIRST, committed_at=(FIRST.committed_at or 0) + 900 * HOUR)
    revert = commit(7, f"Revert it\n\nThis reverts commit {late.sha[:40]}.", change("svc/app.py", "b", "a"), hour=4)
    again = commit(8, "Longer timeout", change("svc/app.py", "a", "b"), hour=9)
    found = row(revert, late, again, BASE)
    assert found.facts["hours"] is None
    assert found.facts["relanded_by"] == again.sha
    assert not revert_commit.lived_in_when(found)


def test_a_revert_names_itself_only_in_an_invented_message() -> None:
    revert = commit(9, f"Revert\n\nThis reverts commit {sha(9)}.", change("svc/app.py", "b", "a"), hour=4)
    assert row(revert, BASE).level is Level.DECLARED


def test_bots_and_merges_yield_nothing() -> None:
    bot = Person("farm-bot[bot]", "1+farm-bot[bot]@users.noreply.github.com")
    by_bot = commit(10, 'Revert "Start"', change("svc/app.py", "b", "a"), hour=4, by=bot)
    merge = commit(11, 'Revert "Start"', hour=4, parents=(1, 2))
    assert revert_commit.find(by_bot, history(by_bot, BASE)) is None
    assert revert_commit.find(merge, history(merge, BASE)) is None


@pytest.mark.parametrize(
    ("title", "paths", "kind"),
    [
        (
            "Model 6: asks for the load of the bus (#72)",
            ["models/eta/config.pbtxt", "arrivals/eta.py"],
            "model version",
        ),
        ("feat: use the new category classifier model (#512)", ["models/models.toml"], "model version"),
        ("Bump model version to 2.1", ["config/prod.yaml"], "model version"),
        ("Retrained", ["weights/ripeness.onnx"], "model version"),
        ("Retrained", ["models/ripeness.pkl.dvc"], "model version"),
        # it is about a model, and no version of one
        ("Use the new model of orders", ["shop/models.py"], "code"),
        ("Update the data model", ["config/settings.yaml"], "configuration"),
        ("ml-services: remove a model", ["deploy/values.yaml"], "operations files"),
        ("Update model training docs", ["docs/model.md"], "documents or tests"),
        ("Disable training the backout model in the integration test", ["scripts/integration.sh"], "code"),
        ("Update the evaluation of the model", ["notebooks/config.ipynb"], "documents or tests"),
        ("Bump the chart", ["deploy/values.yaml", "k8s/web.yaml"], "operations files"),
        ("Deploy on push", [".github/workflows/deploy.yml"], "operations files"),
        ("Scale up, and count it", ["deploy/values.yaml", "svc/app.py"], "code"),
        ("Pin requests", ["requirements.txt"], "other files"),
    ],
)
def test_what_was_taken_back(title: str, paths: Sequence[str], kind: str) -> None:
    done = commit(8, title, *(change(path, "a", "b") for path in paths), hour=1, by=KIM)
    back = commit(9, f'Revert "{title}"', *(change(path, "b", "a") for path in paths), hour=3)
    found = row(back, done)
    assert found.facts["took_back"] == kind
    assert ("another contributor's change of a model's version 2 hours after" in found.message) is (
        kind == "model version"
    )
    alone = row(back)
    assert (alone.facts["took_back"], alone.level) == (kind, Level.DECLARED)
