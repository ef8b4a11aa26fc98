"""Repositories that are small on disk and large when read."""

from __future__ import annotations

import hashlib
import zlib

from tests.hostile.forge import DAY, PERSON, START, Forge, mode

GIB = 1 << 30


def usable_03_tree_bomb(forge: Forge) -> None:
    """Ten trees that each hold the next ten times: 10^10 files in twelve objects, with an honest file beside them."""
    inner, kind = forge.blob(b"boom\n"), mode("file")
    for _ in range(10):
        inner, kind = forge.tree((kind, b"f%d" % n, inner) for n in range(10)), mode("tree")
    honest = forge.blob(b"FROM python:3.12\n")
    first = forge.commit(forge.tree([(mode("file"), b"Dockerfile", honest)]))
    second = forge.commit(forge.tree([(mode("file"), b"Dockerfile", honest), (mode("tree"), b"bomb", inner)]), [first])
    forge.branch(second)


def usable_04_deep_tree(forge: Forge) -> None:
    """A file 5,000 folders deep: a path of 10 kB."""
    inner, kind = forge.blob(b"deep\n"), mode("file")
    for _ in range(5_000):
        inner, kind = forge.tree([(kind, b"d", inner)]), mode("tree")
    forge.branch(forge.commit(inner))


def partial_05_gib_blob(forge: Forge) -> None:
    """A file of 1 GiB of zeros that takes 1 MB on disk, beside an honest one."""
    zeros = bytes(1 << 20)
    digest = hashlib.sha1(b"blob %d\0" % GIB, usedforsecurity=False)
    head = zlib.compressobj(1)
    compressed = [head.compress(b"blob %d\0" % GIB), head.flush(zlib.Z_FULL_FLUSH)]
    block = head.compress(zeros) + head.flush(zlib.Z_FULL_FLUSH)
    check = zlib.adler32(b"blob %d\0" % GIB)
    for _ in range(GIB // len(zeros)):
        digest.update(zeros)
        check = zlib.adler32(zeros, check)
    # After a full flush every block of zeros compresses to the same bytes; an empty last block ends the stream.
    compressed += [block] * (GIB // len(zeros)) + [b"\x03\x00", check.to_bytes(4, "big")]
    oid = digest.hexdigest()
    forge.loose(oid, b"".join(compressed))
    honest = forge.blob(b"FROM python:3.12\n")
    tree = forge.tree([(mode("file"), b"Dockerfile", honest), (mode("file"), b"model.py", oid)])
    forge.branch(forge.commit(tree))


def usable_06_wide_tree(forge: Forge) -> None:
    """200,000 files in one folder."""
    oid = forge.blob(b"x\n")
    forge.branch(forge.commit(forge.tree((mode("file"), b"f%06d.py" % n, oid) for n in range(200_000))))


def usable_07_many_commits(forge: Forge) -> None:
    """100,000 commits that change one file back and forth."""
    forge.start_pack()
    trees = [forge.files({"app.py": b"print(%d)\n" % n}) for n in range(7)]
    last: list[str] = []
    for n in range(100_000):
        line = PERSON + b" %d +0000" % (START + n * DAY // 200)
        last = [forge.commit(trees[n % 7], last, author=line, committer=line, message=b"Change %d\n" % n)]
    forge.finish_pack()
    forge.branch(last[0])


def partial_33_content_bombs(forge: Forge) -> None:
    """Files that explode in a parser: YAML aliases, deep JSON and TOML, a large notebook, one endless line."""
    laughs = b"a0: &a0 [lol]\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d," % (n - 1) * 10) for n in range(1, 20))
    notebook = b'{"nbformat": 4, "cells": [{"cell_type": "code", "outputs": ["' + b"A" * (30 << 20) + b'"]}]}'
    files = {
        "prometheus/rules.yaml": laughs,
        "deploy/brackets.yml": b"[" * 200_000,
        "deep.json": b"[" * 100_000,
        "pyproject.toml": b"a = " + b"[" * 100_000,
        "src/parens.py": b"(" * 5_000,
        "src/minus.py": b"x = " + b"-" * 100_000 + b"1\n",
        "src/line.py": b"a" * (20 << 20),
        "src/redos.py": b"a" * 50_000 + b"\n",
        "train.ipynb": notebook,
    }
    forge.branch(forge.commit(forge.files(files)))


def usable_37_wide_commit(forge: Forge) -> None:
    """5,000 files of 200 lines, all added in one commit and all changed in the next."""
    forge.start_pack()
    last: list[str] = []
    for word in (b"old", b"new"):
        modules = {
            f"pkg{n % 50}/m{n}.py": b"".join(b"%s_%d_%d = 1\n" % (word, n, i) for i in range(200)) for n in range(5_000)
        }
        last = [forge.commit(forge.files(modules), last)]
    forge.finish_pack()
    forge.branch(last[0])


def usable_38_long_path_and_message(forge: Forge) -> None:
    """A path of 100 kB and a message of 50 MB."""
    tree = forge.tree([(mode("file"), b"n" * 100_000, forge.blob(b"x\n"))])
    forge.branch(forge.commit(tree, message=b"A long story\n\n" + b"word " * (10 << 20) + b"\n"))
