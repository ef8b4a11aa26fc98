"""Pass A on small histories: what git itself says, whose commits, renames, links, and books that always balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from analyzer.git import commits
from analyzer.git.activity import NO_BLOB
from analyzer.git.clone import Clone, open_local
from analyzer.git.history import Walk, load, walk
from analyzer.git.process import run
from analyzer.identity import Roles, candidate_for
from analyzer.model import Role
from signals.model import Person
from tests.hostile.forge import DAY, START, Forge

ME = b"Ada <ada@example.org>"
YOU = b"Bob <bob@example.net>"
ROLES = Roles(candidate_for("ada", ["ada@example.org"]), {Role.AUTHOR: 1.0, Role.CO_AUTHOR: 0.5, Role.COMMITTER: 0.2})


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "owner" / "project", tmp_path / "executed")


def look(forge: Forge, watch: Sequence[str] = ()) -> tuple[Clone, Walk]:
    """Walk the repository as it stands."""
    clone = open_local(forge.folder, forge.folder.parent / "views")
    return clone, walk(clone, roles=ROLES, watch=watch)


def line(forge: Forge, *versions: Mapping[str, bytes], author: bytes = ME, days: int = 40) -> list[str]:
    """Commit trees one after the other, ``days`` apart, and point the branch at the last."""
    made: list[str] = []
    for n, files in enumerate(versions):
        at = b" %d +0000" % (START + n * days * DAY)
        made.append(forge.commit(forge.files(files), made[-1:], author=author + at, committer=author + at))
    forge.branch(made[-1])
    return made


def test_counts_are_those_of_git(forge: Forge) -> None:
    trees = [{"a.py": b"1\n"}, {"a.py": b"2\n", "b/c.py": b"1\n"}, {"a.py": b"2\n"}, {"a.py": b"3\n", "d e.txt": b"x"}]
    first, *_, last = line(forge, *trees)
    side = forge.commit(forge.files({"a.py": b"1\n", "side\n.py": b"s\n"}), [first], message=b"Side\n")
    merge = forge.commit(forge.files({"a.py": b"3\n", "d e.txt": b"x", "side\n.py": b"s\n"}), [last, side])
    forge.branch(merge)
    clone, found = look(forge)
    names = run(clone.git_dir, ["log", "-z", "--no-renames", "--format=", "--name-only", "HEAD"]).split(b"\0")
    expected = Counter(name.decode() for name in names if name)
    counted: Counter[str] = Counter()
    for path, _, _, n in found.activity.rows():
        counted[path] += n
    assert counted == expected
    assert found.n_commits == found.n_seen == int(run(clone.git_dir, ["rev-list", "--count", "HEAD"]))
    assert not found.skipped
    assert found.people == {Person("Ada", "ada@example.org"): 4, Person("Pat Person", "pat@example.org"): 2}


def test_a_part_is_had_as_author_co_author_or_committer(forge: Forge) -> None:
    at = b" %d +0000" % START
    trailer = b"Pair\n\nCo-Authored-By: Ada L <ADA@example.org>\n"
    one = forge.commit(forge.files({"a": b"1"}), author=ME + at, committer=YOU + at)
    two = forge.commit(forge.files({"a": b"2"}), [one], author=YOU + at, committer=YOU + at, message=trailer)
    three = forge.commit(forge.files({"a": b"3"}), [two], author=YOU + at, committer=ME + at)
    four = forge.commit(forge.files({"a": b"4"}), [three], author=YOU + at, committer=YOU + at)
    forge.branch(four)
    _, found = look(forge)
    parts = [(own.commit.sha, own.role, own.weight) for own in found.own]
    assert parts == [(three, Role.COMMITTER, 0.2), (two, Role.CO_AUTHOR, 0.5), (one, Role.AUTHOR, 1.0)]
    assert found.own[1].commit.changes[0].status == "M"
    sides = Counter({own: n for _, _, own, n in found.activity.rows()})
    assert sides == {True: 2, False: 2}, "what one only applied is not one's own change"


def test_months_follow_the_author_when_both_dates_agree(forge: Forge) -> None:
    def at(authored: int, committed: int) -> None:
        shas.append(
            forge.commit(
                forge.files({"a": b"%d" % len(shas)}),
                shas[-1:],
                author=ME + b" %d +0000" % authored,
                committer=ME + b" %d +0000" % committed,
            )
        )

    shas: list[str] = []
    new_year = 1_704_067_200  # 2024-01-01
    at(new_year - 60, new_year + 60)
    at(new_year - 90 * DAY, new_year + 40 * DAY)
    at(0, 99_999_999_999)
    forge.branch(shas[-1])
    _, found = look(forge)
    assert [(month, own) for _, month, own, _ in found.activity.rows()] == [
        ("", True),
        ("2023-12", True),
        ("2024-02", True),
    ]
    assert found.activity.own_months("a") == ("2023-12", "2024-02")
    assert found.activity.own_months("never/there") == ()


def test_exact_renames_carry_the_history_along(forge: Forge) -> None:
    line(
        forge,
        {"old.py": b"a\n", "x": b"x"},
        {"old.py": b"b\n", "x": b"x"},
        {"new.py": b"b\n", "x": b"x"},
        {"new.py": b"b\n", "old.py": b"another file\n", "x": b"x"},
        {"lib/new.py": b"b\n", "old.py": b"another file\n", "x": b"x"},
    )
    _, found = look(forge, watch=["lib/new.py", "old.py", "nowhere"])
    assert dict(Counter(path for path, *_ in found.activity.rows())) == {"lib/new.py": 4, "old.py": 1, "x": 1}
    assert len(found.activity.own_times("lib/new.py")) == 4
    assert found.activity.own_first("lib/new.py") == found.path_added_at("lib/new.py") == START
    assert found.activity.own_last("lib/new.py") == START + 4 * 40 * DAY
    versions = found.versions("lib/new.py")
    assert [v.old_blob == v.new_blob for v in versions] == [True, True, False, False]
    assert versions[-1].old_blob == NO_BLOB
    assert versions[0].own
    assert len(found.versions("old.py")) == 1
    assert found.versions("nowhere") == ()
    assert found.path_added_at("nowhere") is None


def test_ambiguous_renames_pair_by_file_name_then_in_order(forge: Forge) -> None:
    line(
        forge,
        {"a/one.py": b"same\n", "a/two.py": b"same\n", "a/three.py": b"same\n"},
        {"b/two.py": b"same\n", "b/one.py": b"same\n", "b/four.py": b"same\n"},
    )
    _, found = look(forge)
    assert [(path, n) for path, _, _, n in found.activity.rows()] == [
        *[("b/four.py", 1)] * 2,
        *[("b/one.py", 1)] * 2,
        *[("b/two.py", 1)] * 2,
    ]


def test_paths_that_swap_names_do_not_run_in_circles(forge: Forge) -> None:
    line(forge, {"a": b"1"}, {"b": b"1"}, {"a": b"1"})
    _, found = look(forge)
    assert len(found.activity.own_times("a")) == 3


def test_links_resolve_by_prefix_and_subject(forge: Forge) -> None:
    subjects = [b"Add it (#12)", b"Add it", "Größer (#3)".encode(), b"Revert (see (#4))"]
    shas: list[str] = []
    for n, subject in enumerate(subjects):
        shas.append(forge.commit(forge.files({"a": b"%d" % n}), shas[-1:], message=subject + b"\n\nmore\n"))
    forge.branch(shas[-1])
    _, found = look(forge)
    assert [ref.sha for ref in found.index.by_subject("Add it")] == [shas[1], shas[0]]
    assert [ref.sha for ref in found.index.by_subject("Größer")] == [shas[2]]
    assert found.index.by_subject("Add") == ()
    for sha in shas:
        ref = found.index.by_prefix(sha[:7].upper())
        assert ref is not None
        assert ref.sha == sha
        assert found.index.by_prefix(sha) == ref
    assert found.index.by_prefix(shas[0][:6]) is None
    assert found.index.by_prefix("0" * 40) is None
    assert found.index.by_prefix("no digits") is None
    assert (found.first_at, found.last_at) == (START + DAY, START + 4 * DAY)


def test_encodings_are_honoured_when_they_fit_and_never_fail(forge: Forge) -> None:
    at = b" %d +0000" % START
    cases = [
        (b"iso-8859-1", "Café\n".encode("latin-1"), "Café"),
        (b"utf-8", "Café\n".encode(), "Café"),
        (b"no-such-thing", b"Caf\xe9\n", "Caf\udce9"),
    ]
    shas: list[str] = []
    for encoding, message, _ in cases:
        tree = forge.files({"a": message})
        header = b"encoding " + encoding + b"\n"
        shas.append(forge.commit(tree, shas[-1:], author=ME + at, committer=ME + at, headers=header, message=message))
    forge.branch(shas[-1])
    _, found = look(forge)
    assert [own.commit.message for own in reversed(found.own)] == [text for _, _, text in cases]


def test_submodules_are_no_changes(forge: Forge) -> None:
    entries = [(b"100644", b"a.py", forge.blob(b"1\n")), (b"160000", b"sub", "1" * 40)]
    forge.branch(forge.commit(forge.tree(entries), author=ME + b" %d +0000" % START))
    _, found = look(forge)
    assert [path for path, *_ in found.activity.rows()] == ["a.py"]
    assert [change.path for change in found.own[0].commit.changes] == ["a.py"]


def test_a_damaged_tree_costs_its_commits_only(forge: Forge) -> None:
    shas = line(forge, *({"lib/a": b"%d" % n, "b": b"%d" % n} for n in range(6)))
    tree = forge.git("rev-parse", f"{shas[3]}:lib").decode().strip()
    forge.object_file(tree).unlink()
    _, found = look(forge)
    assert {skipped.sha for skipped in found.skipped} == {shas[3], shas[4]}, "its own commit, and the one after it"
    assert {skipped.reason for skipped in found.skipped} == {"it cannot be read: an object is missing or damaged"}
    assert found.n_seen + len(found.skipped) == found.n_commits == 6
    assert [own.commit.sha for own in found.own] == shas[::-1]
    assert [len(own.commit.changes) for own in found.own] == [2, 0, 0, 2, 2, 2]


def test_a_missing_parent_cuts_the_history_there(forge: Forge) -> None:
    shas = line(forge, *({"a": b"%d" % n} for n in range(5)))
    side = forge.commit(forge.files({"side": b"s"}))
    merge = forge.commit(forge.files({"a": b"4", "side": b"s"}), [side, shas[-1]])
    forge.branch(merge)
    forge.object_file(shas[1]).unlink()
    _, found = look(forge)
    assert [skipped.sha for skipped in found.skipped] == [shas[2]]
    assert found.n_commits == 5
    assert "cut off" in found.cut


def test_too_many_deaths_end_in_headers(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.git.chosen.MOST_DEATHS", 2)
    shas = line(forge, *({"lib/a": b"%d" % n} for n in range(6)))
    for sha in shas[1:4:2]:
        forge.object_file(forge.git("rev-parse", f"{sha}:lib").decode().strip()).unlink()
    _, found = look(forge)
    assert found.n_seen + len(found.skipped) == found.n_commits == 6
    assert len(found.own) == 6, "their headers were read"
    assert [skipped.reason for skipped in found.skipped][
        -1
    ] == "not read, since too many commits before it could not be"


def test_an_oversized_commit_keeps_its_header(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "MOST_BYTES", 2_000)
    monkeypatch.setattr(commits, "MESSAGE_READ", 1_000)
    many = {f"file{n}": b"1" for n in range(50)}
    shas = line(forge, {"a": b"1"}, many, {**many, "a": b"2"})
    _, found = look(forge)
    assert [(skipped.sha, skipped.reason) for skipped in found.skipped] == [(shas[1], commits.TOO_LONG)]
    assert [own.commit.sha for own in found.own] == shas[::-1]
    assert len(found.index) == 3


@pytest.mark.parametrize("few", [0, 100])
def test_parents_dated_after_their_children_are_counted_once(
    forge: Forge, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("analyzer.git.history.FEW", few)
    shas: list[str] = []
    for n, day in enumerate([90, 10, 80, 20, 70]):
        at = b" %d +0000" % (START + day * DAY)
        parents = shas[-1:] if n < 3 else [shas[0], shas[-1]]
        shas.append(forge.commit(forge.files({"a": b"%d" % n}), parents, author=ME + at, committer=ME + at))
    forge.branch(shas[-1])
    _, found = look(forge)
    assert found.n_commits == found.n_seen == 5
    assert not found.cut


def test_records_are_the_same_however_they_arrive() -> None:
    splitter = commits.Splitter()
    pieces = [b"first\0\xff\0", b"second\0" + splitter.mark[:31] + b"\0", b"\0"]
    stream = b"".join(splitter.mark + piece for piece in pieces)
    for step in (1, 2, 7, 31, 32, 33, len(stream)):
        found = [piece for at in range(0, len(stream), step) for piece in splitter.feed(stream[at : at + step])]
        assert found + splitter.end() == pieces


def test_chosen_commits_are_read_in_full(forge: Forge) -> None:
    shas = line(forge, {"a": b"1"}, {"a": b"2", "b": b"x"})
    clone, found = look(forge)
    loaded = load(clone, [shas[1], "0" * 40, shas[0]])
    assert list(loaded) == [shas[1], shas[0]]
    assert loaded[shas[1]] == found.own[0].commit
    assert loaded[shas[1]].parents == (shas[0],)
    assert [(c.path, c.status) for c in loaded[shas[1]].changes] == [("a", "M"), ("b", "A")]


def test_a_merged_proposal_is_found_by_its_title(forge: Forge) -> None:
    messages = [
        b"Merge pull request #7 from kim/waits\n\nLonger waits (#6)\n\nBecause.\n",
        b"Merge branch 'waits' into 'main'\n\nLonger waits\n\nSee merge request acme/shop!8\n",
        b"Merge branch 'waits'\n\nLonger waits\n",
        b"Longer waits\n",
    ]
    shas: list[str] = []
    for n, message in enumerate(messages):
        side = forge.commit(forge.files({"side": b"%d" % n}), shas[-1:], message=b"On the side\n")
        shas.append(forge.commit(forge.files({"a": b"%d" % n}), [*shas[-1:], side], message=message))
    forge.branch(shas[-1])
    index = look(forge)[1].index
    assert [ref.sha for ref in index.by_subject("Longer waits")] == [shas[3], shas[1], shas[0]]
    assert [ref.sha for ref in index.by_subject("Merge pull request #7 from kim/waits")] == [shas[0]]
    assert len(index) == 2 * len(messages)
