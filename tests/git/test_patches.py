"""Pass B: counts equal to PyDriller's, places right, and no content that can pose as a header."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from analyzer.git.clone import Clone, open_local
from analyzer.git.history import load
from analyzer.git.patches import CommitPatch, FilePatch, Hunk, line_hash, patches, patches_of
from tests.hostile.forge import Forge, mode

NASTY = b"""\
--- a/x.py
+++ b/x.py
@@ -1 +1 @@
diff --git a/x b/x
--\x20
++
\\ No newline at end of file

Binary files differ
"""

SAMPLES = """
a.py a/b.py a.PY a.pyc Makefile sub/Makefile GNUmakefile Dockerfile Dockerfile.dev x/Dockerfile.dev my.Dockerfile.old
vendor/a.py x/vendor/y/a.py vendored/a.py dist/a.js lib/dist/a.js x.min.js a_pb2.py package.json other.json
requirements.txt x/requirements.txt notes.txt .venv/a.py a.ipynb pnpm-lock.yaml values.yaml chart/templates/x.tpl
"""


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "owner" / "project", tmp_path / "executed")


def read(forge: Forge, *shas: str) -> list[CommitPatch]:
    """The patches of some commits, by SHA and by what is known of them: both must be the same."""
    forge.branch(shas[-1])
    clone = _open(forge)
    found = list(patches(clone, shas))
    loaded = load(clone, shas)
    assert list(patches_of(clone, [loaded[sha] for sha in shas])) == found
    return found


def _open(forge: Forge) -> Clone:
    return open_local(forge.folder, forge.folder.parent / "views")


def test_hunks_hold_their_places(forge: Forge) -> None:
    before = b"".join(b"line %d\n" % n for n in range(1, 11))
    lines = before.splitlines(keepends=True)
    after = b"".join([b"new first\n", *lines[:3], b"LINE 4\n", b"  \n", *lines[4:8], lines[9]])
    one = forge.commit(forge.files({"a.py": before}))
    two = forge.commit(forge.files({"a.py": after}), [one])
    first, second = read(forge, one, two)
    assert first.files == (
        FilePatch("a.py", "", 10, 0, (Hunk(0, 0, 1, 10),), tuple(line_hash(line) for line in lines)),
    )
    assert second.files == (
        FilePatch(
            path="a.py",
            old_path="a.py",
            added=3,
            deleted=2,
            hunks=(Hunk(0, 0, 1, 1), Hunk(4, 1, 5, 2), Hunk(9, 1, 10, 0)),
            added_hashes=(line_hash(b"new first"), line_hash(b"\tLINE 4 ")),
        ),
    )


def test_no_content_poses_as_a_header(forge: Forge) -> None:
    one = forge.commit(forge.files({"a.py": NASTY, "b.py": b"x\n"}))
    two = forge.commit(forge.files({"a.py": NASTY + b"end", "b.py": NASTY.rstrip(b"\n")}), [one])
    three = forge.commit(forge.files({"b.py": b""}), [two])
    first, second, third = read(forge, one, two, three)
    n = NASTY.count(b"\n")
    assert [(f.path, f.added, f.deleted) for f in first.files] == [("a.py", n, 0), ("b.py", 1, 0)]
    assert [(f.path, f.added, f.deleted) for f in second.files] == [("a.py", 1, 0), ("b.py", n, 1)]
    assert [(f.path, f.added, f.deleted) for f in third.files] == [("a.py", 0, n + 1), ("b.py", 0, n)]


def test_paths_are_exact(forge: Forge) -> None:
    names = ["a b.py", "new\nline.py", 'quo"te.py', "tab\t.py", "ümlaut.py", ":(glob)x.py", "-dash.py", "b/a b.py"]
    tree = forge.files({name: b"x\n" for name in names if "ü" not in name})
    entries = [(mode("file"), b"\xfc.py", forge.blob(b"y\n")), (mode("tree"), b"t", tree)]
    (patch,) = read(forge, forge.commit(forge.tree(entries)))
    assert {f.path for f in patch.files} == {"\udcfc.py", *(f"t/{name}" for name in names if "ü" not in name)}
    assert {f.added for f in patch.files} == {1}


def test_links_modes_types_binaries_and_submodules(forge: Forge) -> None:
    def commit(*entries: tuple[bytes, bytes, str]) -> str:
        made.append(forge.commit(forge.tree(sorted(entries, key=lambda entry: entry[1])), made[-1:]))
        return made[-1]

    made: list[str] = []
    text, link, binary = forge.blob(b"x\n"), forge.blob(b"target"), forge.blob(b"\0\1\2")
    commit((b"100644", b"a.py", text), (b"120000", b"b.py", link), (b"100644", b"c.py", binary))
    commit((b"100755", b"a.py", text), (b"100644", b"b.py", text), (b"100644", b"c.py", text))
    commit((b"100755", b"a.py", text), (b"160000", b"d.py", "1" * 40))
    found = read(forge, *made)
    assert [[(f.path, f.added, f.deleted, f.counted) for f in patch.files] for patch in found] == [
        [("a.py", 1, 0, True), ("b.py", 1, 0, True), ("c.py", 0, 0, False)],
        [("a.py", 0, 0, True), ("b.py", 1, 1, True), ("c.py", 0, 0, False)],
        [("b.py", 0, 1, True), ("c.py", 0, 1, True)],
    ]


def test_renames_with_edits_count_the_edits(forge: Forge) -> None:
    body = b"".join(b"line %d of it\n" % n for n in range(40))
    one = forge.commit(forge.files({"old.py": body}))
    two = forge.commit(forge.files({"pkg/new.py": body + b"more\n"}), [one])
    (patch,) = read(forge, two)
    (file,) = patch.files
    assert (file.path, file.old_path, file.added, file.deleted) == ("pkg/new.py", "old.py", 1, 0)
    assert file.added_hashes == (line_hash(b"more"),)


def test_only_what_people_write_is_read(forge: Forge) -> None:
    one = forge.commit(
        forge.files(
            {
                "a.py": b"x\n",
                "notebook.ipynb": b"{}\n",
                "vendor/lib.py": b"x\n",
                "README.md": b"x\n",
                "x_pb2.py": b"x\n",
                "Dockerfile.gpu": b"FROM x\n",
            }
        )
    )
    two = forge.commit(forge.files({"a.py": b"x\n", "README.md": b"y\n"}), [one])
    three = forge.commit(forge.files({"README.md": b"z\n"}), [two])
    four = forge.commit(forge.files({"a.py": b"x\n", "README.md": b"z\n"}), [two, three])
    found = read(forge, one, two, three, four)
    assert [[f.path for f in patch.files] for patch in found] == [
        ["Dockerfile.gpu", "a.py"],
        ["Dockerfile.gpu"],
        ["a.py"],
        [],
    ]
    assert {patch.state for patch in found} == {"complete"}


def test_a_missing_blob_costs_its_commit_only(forge: Forge) -> None:
    shas: list[str] = []
    for n in range(5):
        shas.append(forge.commit(forge.files({"a.py": b"version %d\n" % n}), shas[-1:]))
    forge.object_file(forge.git("rev-parse", f"{shas[2]}:a.py").decode().strip()).unlink()
    found = read(forge, *shas[::-1])
    assert [patch.sha for patch in found] == shas[::-1]
    assert [patch.state for patch in found] == ["complete", "skipped", "skipped", "complete", "complete"]
    reasons = {patch.reason for patch in found if patch.state == "skipped"}
    assert reasons == {"it cannot be read: an object is missing or damaged"}


def test_a_long_patch_is_marked_as_truncated(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.git.patches.MOST_BYTES", 1_000)
    one = forge.commit(forge.files({"a.py": b"x\n", "b.py": b"line\n" * 500, "c.py": b"x\n"}))
    two = forge.commit(forge.files({"a.py": b"y\n", "b.py": b"line\n" * 500, "c.py": b"x\n"}), [one])
    cut, whole = read(forge, one, two)
    assert cut.state == "truncated"
    assert cut.reason
    assert cut.files[0].added == 1
    assert whole.state == "complete"


def test_counts_are_those_of_pydriller(forge: Forge) -> None:
    from pydriller.git import Git  # pyright: ignore[reportMissingTypeStubs]

    body = [b"def f%d():\n    return %d\n\n" % (n, n) for n in range(60)]
    trees = [
        {"a.py": b"".join(body), "b/c.yaml": NASTY, "d.sh": b"no new line"},
        {"a.py": b"".join(body[:20] + body[30:]), "b/c.yaml": NASTY + NASTY, "d.sh": b"no new line\n"},
        {"moved/a.py": b"".join([*body[:20], b"x = 1\n", *body[31:]]), "b/c.yaml": b"\r\n".join([NASTY] * 2)},
        {"moved/a.py": b"".join(body[::-1]), "e.py": b"\n\n\n", "d.sh": b""},
    ]
    shas: list[str] = []
    for tree in trees:
        shas.append(forge.commit(forge.files(tree), shas[-1:]))
    found = read(forge, *shas)
    oracle = Git(str(_open(forge).git_dir))
    for patch in found:
        expected: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for file in oracle.get_commit(patch.sha).modified_files:
            expected[str(file.new_path or file.old_path)] = (file.added_lines, file.deleted_lines)
        assert {file.path: (file.added, file.deleted) for file in patch.files} == expected
    oracle.clear()


def test_a_line_hash_is_the_same_everywhere() -> None:
    assert line_hash(b"  x = 1\r\n") == line_hash(b"x = 1") == 0x59705646F73AAD2B


def test_a_missing_content_of_no_interest_costs_nothing(forge: Forge) -> None:
    one = forge.commit(forge.files({"a.py": b"1\n", "b.csv": b"x\n"}))
    two = forge.commit(forge.files({"a.py": b"2\n", "b.csv": b"y\n"}), [one])
    forge.branch(two)
    forge.object_file(forge.git("rev-parse", f"{two}:b.csv").decode().strip()).unlink()
    (patch,) = read(forge, two)
    assert (patch.state, [(f.path, f.added, f.deleted) for f in patch.files]) == ("complete", [("a.py", 1, 1)])


def test_paths_without_detail_are_counted_alike(forge: Forge) -> None:
    one = forge.commit(forge.files({"a.py": b"1\n2\n3\n", "b.py": b"-- x\n++ y\n"}))
    two = forge.commit(forge.files({"a.py": b"1\n4\n", "b.py": b"++ y\n@@ -1 +1 @@\n"}), [one])
    forge.branch(two)
    clone = _open(forge)
    commits = list(load(clone, [one, two]).values())
    whole = list(patches_of(clone, commits))
    counted = list(patches_of(clone, commits, detailed={"a.py"}))
    assert [[(f.path, f.added, f.deleted) for f in p.files] for p in whole] == [
        [(f.path, f.added, f.deleted) for f in p.files] for p in counted
    ]
    assert all(sum(h.new_len for h in f.hunks) == f.added for p in whole for f in p.files)
    assert [bool(f.hunks) for p in counted for f in p.files] == [True, False, True, False]


@pytest.mark.parametrize(
    ("old", "new", "is_space"),
    [
        (b"a: 1\nb: 2\n", b"a: 1\n\n\nb: 2\n", True),
        (b"if x:\n  y()\n", b"if x:\n    y()  \n", True),
        (b"a\r\nb\r\n", b"a\nb\n", True),
        (b"a b\n", b"ab", True),
        (b"a: 1\nb: 2\n", b"b: 2\na: 1\n", False),
        (b"a: 1\n", b"a: 11\n", False),
        (b"a\n", b"a\nb\n", False),
    ],
)
def test_a_change_of_white_space_alone_is_told_apart(forge: Forge, old: bytes, new: bytes, is_space: bool) -> None:
    one = forge.commit(forge.files({"a.py": old, "b.py": b"1\n"}))
    two = forge.commit(forge.files({"a.py": new, "b.py": b"2\n"}), [one])
    first, second = read(forge, one, two)
    assert {file.path: file.is_space for file in first.files} == {"a.py": False, "b.py": False}
    assert {file.path: file.is_space for file in second.files} == {"a.py": is_space, "b.py": False}
