"""Pass B: what the person's commits changed in code, tests and configuration, line by line.

Counts and added texts come from one ``git diff-tree -p -U1`` over chosen commits. (Without any context line git cuts a
common tail off before it compares, and counts other lines than everybody else.) Paths are taken from the raw entries
that precede the patch, never from its headers, and every line of a hunk starts with its sign, so no content can pose as
a header. Inexact renames are followed (``-M``), as PyDriller does: who moves a file has not written it anew.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import Literal

from analyzer.git.chosen import Output, diff_tree
from analyzer.git.clone import Clone
from analyzer.git.commits import GITLINK, commit_of, read, text
from analyzer.git.sandbox import DEFAULT, MIB, Limits
from signals.model import Commit

MOST_BYTES = 8 * MIB
"""A commit whose patch is larger is read up to there and marked as truncated."""

MOST_NAMED = 500
"""Paths named to git for one commit."""

_ENDINGS = """
.py .pyi .pyx .go .rs .java .kt .kts .scala .groovy .clj .js .jsx .mjs .cjs .ts .tsx .vue .svelte .c .h .cc .cpp .cxx
.hpp .hh .cu .cs .fs .swift .m .rb .php .pl .pm .lua .ex .exs .erl .hs .ml .R .jl .dart .zig .nix .sql .proto .graphql
.rego .cue .jsonnet .libsonnet .bzl .bazel .cmake .bats .sh .bash .zsh .fish .ps1 .bat .awk .t .yml .yaml .toml .ini
.cfg .conf .tf .tfvars .hcl .nomad .tpl .tmpl .j2 .jinja .jinja2 .service .timer .pbtxt .properties .gradle .mk .rules
.promql .dockerfile Dockerfile Containerfile Makefile Jenkinsfile Procfile Justfile justfile Rakefile Gemfile
Vagrantfile Tiltfile Pipfile CODEOWNERS requirements.txt requirements-dev.txt requirements-test.txt constraints.txt
package.json vercel.json app.json dashboard.json tsconfig.json
"""
_GENERATED = """
_pb2.py _pb2.pyi _pb2_grpc.py .pb.go .pb.cc .pb.h .gen.go _generated.go .min.js .bundle.js -lock.yaml versioneer.py
"""
_FOLDERS = """
vendor third_party node_modules bower_components site-packages .venv venv dist Godeps Pods _vendor extern
"""
_HEAVY = """
.ipynb .html .htm .csv .tsv .json .jsonl .ndjson .geojson .xml .svg .map .lock .sum .snap .po .pot .parquet .npy .npz
.pkl .pt .pth .onnx .bin .pb .h5 .zip .gz .tgz .whl .jar .pdf .png .jpg .jpeg .gif .webp .ico .mp4 .wav .ttf
.woff .woff2
"""

COVERED = tuple(_ENDINGS.split())
LEFT_OUT = tuple(_GENERATED.split())
LEFT_OUT_FOLDERS = frozenset(_FOLDERS.split())
HEAVY = tuple(_HEAVY.split())
_PREFIX = "Dockerfile."

_OPTIONS = (
    "--no-commit-id",
    "-z",
    "--raw",
    "-p",
    "-U1",
    "-M",
    "-l1000",
    "--no-abbrev",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)

_SECTION = re.compile(rb"^diff --git ", re.MULTILINE)
_OLD, _NEW = re.compile(rb"\n[ -]([^\n]*)"), re.compile(rb"\n[ +]([^\n]*)")
_WHITE = b" \t\r\n\v\f"
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_AT_ONCE = 1000
_CONFIG = ("core.bigFileThreshold=512k",)


@dataclass(frozen=True, slots=True)
class Hunk:
    """A changed range: ``old_len`` lines from ``old_start`` on became ``new_len`` lines from ``new_start`` on."""

    old_start: int
    old_len: int
    new_start: int
    new_len: int


@dataclass(frozen=True, slots=True)
class FilePatch:
    """One file's part. ``old_path`` differs after a rename and is empty for a new file.

    ``counted`` is False where git shows no lines: a binary file, or one over 512 KiB. ``is_space`` says that only white
    space changed. ``added_hashes`` are :func:`line_hash` of the added lines that hold more than white space.
    """

    path: str
    old_path: str
    added: int
    deleted: int
    hunks: tuple[Hunk, ...]
    added_hashes: tuple[int, ...]
    counted: bool = True
    is_space: bool = False


@dataclass(frozen=True, slots=True)
class CommitPatch:
    """A commit's patch. ``truncated``: it is longer than ``MOST_BYTES`` and ``files`` holds its first part only.

    ``skipped``: it could not be read at all. ``reason`` says why, in plain words.
    """

    sha: str
    files: tuple[FilePatch, ...]
    state: Literal["complete", "truncated", "skipped"] = "complete"
    reason: str = ""


def line_hash(line: bytes) -> int:
    """64 bits of a line's text without the white space around it; the same in every process."""
    return int.from_bytes(blake2b(line.strip(), digest_size=8).digest())


def is_covered(path: str) -> bool:
    """Whether a path is code, test or configuration that a person writes by hand."""
    *folders, name = path.split("/")
    if not (path.endswith(COVERED) or name.startswith(_PREFIX)) or path.endswith(LEFT_OUT):
        return False
    return LEFT_OUT_FOLDERS.isdisjoint(folders)


def patches(clone: Clone, shas: Sequence[str], *, limits: Limits = DEFAULT) -> Iterator[CommitPatch]:
    """Read the patches of chosen commits, each once and in the order given. Merges have none.

    Their lists of changes are read first; who has the commits at hand spares that with :func:`patches_of`.
    """
    for at in range(0, len(shas), _AT_ONCE):
        some = shas[at : at + _AT_ONCE]
        loaded = {sha: commit_of(record) for sha, record, _ in read(clone, some, limits=limits) if record is not None}
        found = patches_of(clone, [loaded[sha] for sha in some if sha in loaded], limits=limits)
        for sha in some:
            yield next(found) if sha in loaded else CommitPatch(sha, (), "skipped", "the commit cannot be read")


def patches_of(
    clone: Clone, commits: Sequence[Commit], *, detailed: Container[str] | None = None, limits: Limits = DEFAULT
) -> Iterator[CommitPatch]:
    """Read the patches of commits whose changes are known: git is asked only about those that change a covered path.

    Never with a general pathspec: matching one against every file of each changed folder costs more than it spares. A
    commit that also changes notebooks, data and the like is read by itself, with the names of its covered paths; that
    spares their contents, which may be missing from the clone. ``detailed`` are the paths whose ranges and hashes are
    wanted (None: all); of the others lines are only counted.
    """
    named = [_names(commit) for commit in commits]
    read_diff = partial(diff_tree, clone, limits=limits, most_bytes=MOST_BYTES, config=_CONFIG)
    together = read_diff([c.sha for c, names in zip(commits, named, strict=True) if names == ()], _OPTIONS)
    for commit, names in zip(commits, named, strict=True):
        if names is None:
            yield CommitPatch(commit.sha, ())
        elif names:
            yield _patch(next(read_diff([commit.sha], [*_OPTIONS, "--", *names])), detailed)
        else:
            yield _patch(next(together), detailed)


def _names(commit: Commit) -> tuple[str, ...] | None:
    """The covered paths by which to ask for a commit; none to ask for it whole, and None to ask nothing."""
    covered = [change.path for change in commit.changes if is_covered(change.path)]
    if commit.is_merge or not covered:
        return None
    if len(covered) > MOST_NAMED or not any(_is_heavy(change.path) for change in commit.changes):
        return ()
    return tuple(f":(literal){path}" for path in covered)


def _is_heavy(path: str) -> bool:
    """Whether git had better not read it: data, pages, binaries, and code that others wrote or a program made."""
    return path.endswith((*HEAVY, *LEFT_OUT)) or not LEFT_OUT_FOLDERS.isdisjoint(path.split("/")[:-1])


def _patch(output: Output, detailed: Container[str] | None) -> CommitPatch:
    if output.reason:
        return CommitPatch(output.sha, (), "skipped", output.reason)
    entries, _, patch = output.data.partition(b"\0\0")
    pairs = list(_pairs(entries.split(b"\0")))
    sections = _SECTION.split(patch)[1:]
    if output.cut:
        reason = f"its patch is longer than {MOST_BYTES >> 20} MiB"
        return CommitPatch(output.sha, tuple(_files(pairs, sections, detailed)), "truncated", reason)
    if sum(pair.n_sections for pair in pairs) != len(sections):
        return CommitPatch(output.sha, (), "skipped", "git's patch does not agree with its list of files")
    return CommitPatch(output.sha, tuple(_files(pairs, sections, detailed)))


# --- what changed: the raw entries -------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """A raw entry: two sides of one file. A change of type (a file becomes a link) is printed as two sections."""

    old: bytes
    new: bytes
    status: bytes
    is_submodule: bool

    @property
    def n_sections(self) -> int:
        return 2 if self.status == b"T" else 1


def _pairs(tokens: Sequence[bytes]) -> Iterator[_Pair]:
    """Read ``:100644 100644 OLD NEW M``, path, and for a rename the new path."""
    at = 0
    while at + 1 < len(tokens) and tokens[at].startswith(b":"):
        entry, old = tokens[at], tokens[at + 1]
        modes, status = entry[1:14], entry.rpartition(b" ")[2][:1]
        at += 2
        new = old
        if status in b"RC":
            new = tokens[at] if at < len(tokens) else b""
            at += 1
        yield _Pair(old, new, status, GITLINK in modes)


# --- how: the sections of the patch ------------------------------------------


@dataclass(slots=True)
class _Section:
    """One ``diff --git`` section: its changed ranges and the hashes of its added lines."""

    hunks: list[Hunk] = field(default_factory=list[Hunk])
    hashes: list[int] = field(default_factory=list[int])

    @classmethod
    def read(cls, section: bytes) -> _Section:
        """Read hunks by their counts; one that is cut off at the end is left out."""
        found = cls()
        lines = section.split(b"\n")
        at, end = 0, len(lines) - 1  # what follows the last new line is not a whole line
        while at < end:
            match = _HUNK.match(lines[at])
            at += 1
            if match:
                at = found.take(lines, at, match)
        return found

    def take(self, lines: Sequence[bytes], at: int, header: re.Match[bytes]) -> int:
        """Read one hunk, whose lines start at ``at``, and say where the next one starts."""
        old, n_old, new, n_new = map(int, header.groups(b"1"))
        old, new = old + (not n_old), new + (not n_new)  # git names the line before an empty range
        old_end, new_end = old + n_old, new + n_new
        first_old, first_new = old, new
        while at < len(lines) - 1:
            sign = lines[at][:1]
            if sign == b"+" and new < new_end:
                new += 1
                if stripped := lines[at][1:].strip():
                    self.hashes.append(line_hash(stripped))
            elif sign == b"-" and old < old_end:
                old += 1
            elif sign == b" " and old < old_end and new < new_end:
                self._close(first_old, old, first_new, new)
                old, new = old + 1, new + 1
                first_old, first_new = old, new
            elif sign != b"\\":  # which remarks that the last line has no new line
                break
            at += 1
        self._close(first_old, old, first_new, new)
        return at

    def _close(self, old: int, old_end: int, new: int, new_end: int) -> None:
        n_old, n_new = old_end - old, new_end - new
        if n_old or n_new:
            self.hunks.append(Hunk(old - (not n_old), n_old, new - (not n_new), n_new))


def _files(pairs: Sequence[_Pair], sections: Sequence[bytes], detailed: Container[str] | None) -> Iterator[FilePatch]:
    """Join both; of what was cut off nothing is said."""
    left = iter(sections)
    for pair in pairs:
        parts = list(islice(left, pair.n_sections))
        if not parts:
            return
        path = text(pair.new)
        if not pair.is_submodule and is_covered(path):
            whole = detailed is None or path in detailed
            yield _file(pair, path, [_Section.read(part) for part in parts] if whole else [], parts)


def _file(pair: _Pair, path: str, read: Sequence[_Section], parts: Sequence[bytes]) -> FilePatch:
    """A line of a hunk starts with its sign, and no header behind the first hunk does: counting is enough."""
    bodies = [part[part.find(b"\n@@ ") :] if b"\n@@ " in part else b"" for part in parts]
    return FilePatch(
        path=path,
        old_path="" if pair.status == b"A" else text(pair.old),
        added=sum(body.count(b"\n+") for body in bodies),
        deleted=sum(body.count(b"\n-") for body in bodies),
        hunks=tuple(hunk for section in read for hunk in section.hunks),
        added_hashes=tuple(value for section in read for value in section.hashes),
        counted=not any(b"\nBinary files " in part[: part.find(b"\n@@ ")] for part in parts),
        is_space=pair.status == b"M" and any(bodies) and all(map(_is_space, bodies)),
    )


def _is_space(body: bytes) -> bool:
    """Whether both sides of each hunk differ in white space only, blank lines and line endings included."""
    return all(_text(_OLD, hunk) == _text(_NEW, hunk) for hunk in body.split(b"\n@@ "))


def _text(side: re.Pattern[bytes], hunk: bytes) -> bytes:
    return b"".join(side.findall(hunk)).translate(None, _WHITE)
