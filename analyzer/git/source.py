"""What a local repository says about itself, read as plain files.

A ``.git`` folder of somebody else may carry configuration that runs commands, refs that lie and files that never end.
So no git process is ever started in it: refs, shallow marks and alternates are parsed here, from bounded reads of
regular files, and the configuration is listed by ``git config --file`` as data, without following its includes.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import EmptyRepository, GitFailed, NotARepository, RepositoryUnusable
from analyzer.git.process import run
from analyzer.git.sandbox import MIB, SMALL

_OID = re.compile(rb"[0-9a-f]{40}\Z")
_REF = re.compile(rb"refs(/(?!\.)[^\x00-\x20\x7f~^:?*\[\\/]+(?<!\.lock)(?<!\.))+\Z")
_MOST_TAGS = 50_000
_MOST_HOPS = 5
"""Symbolic refs and alternates are followed this far, as git does."""


@dataclass(frozen=True, slots=True)
class Source:
    """A repository of the user's, found but not yet verified.

    ``objects`` are its object folders, borrowed ones included; ``config`` maps lower-cased keys to their last value.
    """

    path: Path
    git_dir: Path
    common_dir: Path
    objects: tuple[Path, ...]
    config: Mapping[str, str]

    @property
    def is_promisor(self) -> bool:
        """Whether it was cloned with a filter, so that objects may be missing."""
        asked = any(
            key == "extensions.partialclone" or (key.startswith("remote.") and key.endswith(("promisor", "filter")))
            for key in self.config
        )
        return asked or any(True for folder in self.objects for _ in _listed(folder / "pack", ".promisor"))

    @property
    def shallow(self) -> tuple[bytes, ...]:
        """The commits at which a shallow clone was cut."""
        return tuple(line for line in _read(self.common_dir / "shallow", 16 * MIB).split() if _OID.match(line))


def find(path: Path) -> Source:
    """Find the repository at ``path``: a work tree, a linked one, a ``.git`` folder or a bare repository.

    Raises :class:`NotARepository`, and :class:`RepositoryUnusable` for one that cannot be read or has a format that
    Shiptrace cannot.
    """
    git_dir = _git_dir(path)
    common_dir = git_dir
    if named := _read(git_dir / "commondir", 4096).strip():
        common_dir = Path(os.path.normpath(git_dir / os.fsdecode(named)))
    config = _config(common_dir / "config")
    _refuse_formats(path, config)
    objects = tuple(_object_folders(common_dir / "objects", _MOST_HOPS))
    return Source(path, git_dir, common_dir, objects, config)


def head(source: Source) -> str:
    """Give the 40 hex digits that HEAD leads to; whether that is a commit is for the caller to see.

    Raises :class:`EmptyRepository` naming the other branches when HEAD's own has no commit, and
    :class:`RepositoryUnusable` when HEAD is damaged.
    """
    value = _read(source.git_dir / "HEAD", 4096).strip()
    name = b""
    for _ in range(_MOST_HOPS):
        if _OID.match(value):
            return value.decode()
        if re.fullmatch(rb"[0-9a-f]{64}", value):
            raise _sha256(source.path)
        name = value.removeprefix(b"ref:").strip()
        if not value.startswith(b"ref:") or not _REF.match(name):
            raise RepositoryUnusable(
                f"{source.path}: its HEAD is damaged.", "Restore it with: git symbolic-ref HEAD refs/heads/BRANCH"
            )
        value = _ref(source, name)
        if not value:
            raise _unborn(source, _short(name))
    raise RepositoryUnusable(f"{source.path}: its HEAD leads in a circle.", "Restore it with git symbolic-ref.")


def tags(source: Source) -> dict[bytes, bytes]:
    """Give the tags by full ref name, loose ones before packed ones, at most 50,000 of them."""
    found = {name: oid for name, oid in _packed(source) if name.startswith(b"refs/tags/")}
    found |= _loose(source, b"refs/tags")
    return dict(sorted(found.items())[:_MOST_TAGS])


def _git_dir(path: Path) -> Path:
    try:
        if not path.exists():
            raise NotARepository(f"{path} does not exist.", "Check the spelling.")
        if not path.is_dir():
            raise NotARepository(f"{path} is a file, not a folder.", "Give the folder that holds the repository.")
        if not os.access(path, os.R_OK | os.X_OK):
            raise PermissionError
        dot_git = path / ".git"
        if dot_git.is_file():
            named = _read(dot_git, 4096).removeprefix(b"gitdir:").strip()
            dot_git = Path(os.path.normpath(path / os.fsdecode(named)))
        for folder in (dot_git, path):
            if (folder / "HEAD").is_file() and ((folder / "objects").is_dir() or (folder / "commondir").is_file()):
                if not os.access(folder / "HEAD", os.R_OK):
                    raise PermissionError
                return folder
        around = next((up for up in path.absolute().parents if (up / ".git").exists()), None)
    except (PermissionError, ValueError):
        raise RepositoryUnusable(
            f"{path} cannot be read by this user.", "Give yourself read access, or clone it and give the clone."
        ) from None
    way_out = f"Give the repository around it: {around}" if around else "Give a folder that git clone or git init made."
    raise NotARepository(f"{path} is not a git repository.", way_out)


def _refuse_formats(path: Path, config: Mapping[str, str]) -> None:
    if config.get("extensions.objectformat", "sha1").lower() != "sha1":
        raise _sha256(path)
    if config.get("extensions.refstorage", "files").lower() != "files":
        raise RepositoryUnusable(
            f"{path} keeps its refs in a format that Shiptrace does not read.",
            "Convert a copy of it: git refs migrate --ref-format=files",
        )


def _sha256(path: Path) -> RepositoryUnusable:
    return RepositoryUnusable(
        f"{path} uses the SHA-256 object format, which the libraries behind Shiptrace cannot read.",
        "Convert a copy of it: git fast-export --all, then git fast-import into a new repository.",
    )


def _unborn(source: Source, branch: str) -> EmptyRepository:
    heads = {name: oid for name, oid in _packed(source) if name.startswith(b"refs/heads/")} | _loose(
        source, b"refs/heads"
    )
    others = [_short(name) for name in sorted(heads)]
    if not others:
        return EmptyRepository(f"{source.path} has no commits yet.", "Leave it out.")
    named = ", ".join(others[:5]) + (", …" if len(others) > 5 else "")
    return EmptyRepository(
        f"{source.path}: its current branch {branch} has no commits; others have: {named}.",
        f"Choose one with: git symbolic-ref HEAD refs/heads/{others[0]}",
    )


def _short(name: bytes) -> str:
    return name.decode("utf-8", "replace").removeprefix("refs/heads/")


def _ref(source: Source, name: bytes) -> bytes:
    """The value of a ref: its own file in the work tree's or the common folder, else the packed one, else nothing."""
    for folder in (source.git_dir, source.common_dir):
        if value := _read(folder / os.fsdecode(name), 4096).strip():
            return value
    return next((oid for packed, oid in _packed(source) if packed == name), b"")


def _packed(source: Source) -> Iterator[tuple[bytes, bytes]]:
    for line in _read(source.common_dir / "packed-refs", 64 * MIB).split(b"\n"):
        oid, _, name = line.partition(b" ")
        if _OID.match(oid) and _REF.match(name):
            yield name, oid


def _loose(source: Source, prefix: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    root = os.fsencode(source.common_dir)
    for folder, _, files in os.walk(root + b"/" + prefix):
        for file in files:
            name = f"{os.fsdecode(folder)}/{os.fsdecode(file)}".removeprefix(os.fsdecode(root) + "/")
            oid = _read(Path(os.fsdecode(folder), os.fsdecode(file)), 4096).strip()
            if _OID.match(oid) and _REF.match(os.fsencode(name)):
                found[os.fsencode(name)] = oid
        if len(found) > _MOST_TAGS:
            break
    return found


def _object_folders(objects: Path, hops: int) -> Iterator[Path]:
    """The folder and those that its ``info/alternates`` borrows from."""
    yield objects
    if hops == 0:
        return
    for line in _read(objects / "info" / "alternates", MIB).splitlines():
        folder = Path(os.path.normpath(objects / os.fsdecode(line)))
        if line and not line.startswith((b"#", b'"')) and folder.is_dir():
            yield from _object_folders(folder, hops - 1)


def _config(file: Path) -> dict[str, str]:
    """The repository's own configuration as data; empty where there is none or it cannot be parsed."""
    if not _is_regular(file):
        return {}
    try:
        listed = run(None, ["config", f"--file={file.absolute()}", "--no-includes", "-z", "--list"], limits=SMALL)
    except GitFailed:
        return {}
    pairs = (entry.partition("\n") for entry in listed.decode("utf-8", "replace").split("\0") if entry)
    return {key.lower(): value for key, _, value in pairs}


def _is_regular(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except (OSError, ValueError):
        return False


def _read(file: Path, most: int) -> bytes:
    """Up to ``most`` bytes of a regular file; nothing for any other, so that a pipe or a device cannot hold us up."""
    if not _is_regular(file):
        return b""
    with suppress(OSError), file.open("rb") as opened:
        return opened.read(most)
    return b""


def _listed(folder: Path, ending: str) -> Iterator[Path]:
    with suppress(OSError):
        yield from (entry for entry in folder.iterdir() if entry.name.endswith(ending))
