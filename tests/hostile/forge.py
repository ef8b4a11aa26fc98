"""Writing git objects that git itself refuses to write.

A :class:`Forge` is a ``.git`` folder under construction. Objects are raw bytes: nothing is checked, sorted or quoted
unless a builder asks for it.
"""

from __future__ import annotations

import hashlib
import subprocess
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analyzer.git.sandbox import environment

PERSON = b"Pat Person <pat@example.org>"
"""The author of every forged commit that is not about authors."""

START = 1_700_000_000
DAY = 86_400

_PACK_TYPES = {b"commit": 1, b"tree": 2, b"blob": 3}
_MODES = {"file": b"100644", "tree": b"40000", "link": b"120000", "submodule": b"160000"}

Entry = tuple[bytes, bytes, str]
"""Mode, name and object of one entry of a tree."""


class Forge:
    """A repository below ``folder``; ``marker`` is the file that appears when one of its payloads was executed."""

    def __init__(self, folder: Path, marker: Path) -> None:
        self.folder = folder
        self.marker = marker
        self.git_dir = folder / ".git"
        self._n_commits = 0
        self._pack: list[bytes] | None = None
        for part in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
            (self.git_dir / part).mkdir(parents=True)
        self.write("HEAD", "ref: refs/heads/main\n")
        self.write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n")

    @property
    def payload(self) -> str:
        """A shell command that leaves the mark."""
        return f"touch '{self.marker}'"

    def write(self, name: str, text: str | bytes, *, executable: bool = False) -> Path:
        """Write a file of the ``.git`` folder."""
        file = self.git_dir / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        if executable:
            file.chmod(0o755)
        return file

    def put(self, kind: bytes, data: bytes) -> str:
        """Add an object, whatever it holds, and give its id."""
        oid = hashlib.sha1(b"%s %d\0" % (kind, len(data)) + data, usedforsecurity=False).hexdigest()
        if self._pack is not None:
            self._pack.append(_packed(kind, data))
        else:
            self.loose(oid, zlib.compress(b"%s %d\0" % (kind, len(data)) + data, 1))
        return oid

    def loose(self, oid: str, compressed: bytes) -> None:
        """Write a loose object that is compressed already."""
        self.object_file(oid).parent.mkdir(exist_ok=True)
        self.object_file(oid).write_bytes(compressed)

    def object_file(self, oid: str) -> Path:
        """Where a loose object lies."""
        return self.git_dir / "objects" / oid[:2] / oid[2:]

    def blob(self, data: bytes) -> str:
        return self.put(b"blob", data)

    def tree(self, entries: Iterable[Entry]) -> str:
        """Add a tree with its entries in the order given."""
        return self.put(
            b"tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
        )

    def files(self, files: Mapping[str, bytes]) -> str:
        """Add the tree of a plain mapping from path to content."""
        folders: dict[str, dict[str, bytes]] = {}
        entries: list[Entry] = []
        for path, data in files.items():
            first, _, rest = path.partition("/")
            if rest:
                folders.setdefault(first, {})[rest] = data
            else:
                entries.append((_MODES["file"], first.encode(), self.blob(data)))
        entries += [(_MODES["tree"], name.encode(), self.files(inner)) for name, inner in folders.items()]
        return self.tree(sorted(entries, key=lambda e: e[1] + (b"/" if e[0] == _MODES["tree"] else b"")))

    def commit(
        self,
        tree: str,
        parents: Sequence[str] = (),
        *,
        author: bytes = b"",
        committer: bytes = b"",
        message: bytes = b"A change\n",
        headers: bytes = b"",
    ) -> str:
        """Add a commit; ``author`` and ``committer`` are whole lines, by default PERSON one day after the last."""
        self._n_commits += 1
        usual = PERSON + b" %d +0000" % (START + self._n_commits * DAY)
        lines = [b"tree " + tree.encode(), *(b"parent " + parent.encode() for parent in parents)]
        lines += [b"author " + (author or usual), b"committer " + (committer or usual)]
        return self.put(b"commit", b"\n".join(lines) + b"\n" + headers + b"\n" + message)

    def branch(self, oid: str, name: str = "main") -> None:
        """Point a branch at an object, which may be anything or nothing."""
        self.write(f"refs/heads/{name}", f"{oid}\n")

    def start_pack(self) -> None:
        """Collect all further objects in one pack, for repositories with very many."""
        self._pack = []

    def finish_pack(self) -> None:
        """Write the pack and have git index it."""
        objects = self._pack or []
        body = b"PACK" + (2).to_bytes(4, "big") + len(objects).to_bytes(4, "big") + b"".join(objects)
        pack = self.write("objects/pack/pack-forged.pack", body + hashlib.sha1(body, usedforsecurity=False).digest())
        self.git("index-pack", str(pack))
        self._pack = None

    def git(self, *args: str, config: Sequence[str] = ()) -> bytes:
        """Run git on the repository, for what it does correctly."""
        options = [part for option in config for part in ("-c", option)]
        argv = ["git", f"--git-dir={self.git_dir}", *options, *args]
        return subprocess.run(argv, check=True, capture_output=True, env=environment(), cwd=self.folder).stdout


def mode(kind: str) -> bytes:
    """Git's mode for a file, tree, link or submodule."""
    return _MODES[kind]


def _packed(kind: bytes, data: bytes) -> bytes:
    size, code = len(data), _PACK_TYPES[kind]
    byte, size = (code << 4) | (size & 15), size >> 4
    head = bytearray()
    while size:
        head.append(byte | 128)
        byte, size = size & 127, size >> 7
    head.append(byte)
    return bytes(head) + zlib.compress(data, 1)
