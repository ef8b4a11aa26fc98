"""Repositories made safe to work on: a view of a local one, or an atomic bare clone of a URL.

Every pass, blame and PyDriller run in a folder that we wrote, never in the user's:

* its configuration, hooks, refs and attributes are ours, so nothing that a repository carries can run a command,
  move its history (grafts, replace refs, a forged commit-graph) or stop git from starting;
* PyDriller writes into the configuration of the repository it opens, and blame's index of paths is written too;
* a view borrows the object folders through ``objects/info/alternates``: it costs milliseconds, whatever the size.

A folder gets its name only when it is complete and its marker only when it was verified; one without marker is what a
killed run left behind, is never used and is removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from analyzer.errors import EmptyRepository, GitFailed, NotARepository, RepositoryUnusable, UsageError
from analyzer.git import naming, source
from analyzer.git.process import git_version, run
from analyzer.git.sandbox import GIB, SMALL, Limits, environment

MARKER = "shiptrace-complete"

CLONE_LIMITS = Limits(seconds=3600.0, memory=3 * GIB, cpu_seconds=3600, file_bytes=16 * GIB)

# Honest repositories have these faults (3 of 117 in a sample), and a clone that is never checked out is not harmed.
_HARMLESS = """
zeroPaddedFilemode hasDotgit hasDotdot hasDot fullPathname missingSpaceBeforeEmail missingSpaceBeforeDate badDate
badTimezone badEmail missingEmail badName treeNotSorted nulInCommit duplicateEntries nullSha1
gitmodulesName gitmodulesUrl gitmodulesPath gitmodulesParse gitmodulesUpdate
"""


_ASKS_WHO = re.compile(r"could not read (?:Username|Password)|Authentication failed|terminal prompts disabled")
"""What git says where a host asks for a password, as GitHub does for whatever an anonymous caller may not see."""


@dataclass(frozen=True, slots=True)
class Clone:
    """A bare repository of our own, ready to be read.

    ``partial`` says that objects may be missing (it was cloned with a filter, or is shallow), not that one is.
    ``web_url`` is None unless a known host has it or the caller named it OWNER/NAME. ``user_email`` is the address in
    the source's own configuration, never the user's or the machine's. ``notes`` are sentences for people.
    """

    git_dir: Path
    full_name: str
    web_url: str | None
    head: str
    partial: bool = False
    shallow: bool = False
    n_tags: int = 0
    user_email: str | None = None
    notes: tuple[str, ...] = ()


def open_local(path: Path, workdir: Path, *, full_name: str | None = None, web: str = naming.GITHUB) -> Clone:
    """Make a view of the repository at ``path`` in ``workdir``, without writing or running anything in ``path``.

    ``full_name`` overrides the name found in its origin; ``web`` is the address below which the pages of repositories
    stand, if not GitHub's. Works for a work tree, a linked one, a bare repository, a
    shallow or partial clone, and a folder of another user that can be read.
    Raises :class:`NotARepository`, :class:`EmptyRepository` or :class:`RepositoryUnusable`, each with a way out.
    """
    git_version()
    found = source.find(path)
    head, tags, shallow = source.head(found), source.tags(found), found.shallow
    workdir.mkdir(parents=True, exist_ok=True)
    target = workdir / f"{_slug(path.name, os.path.abspath(path))}.git"  # noqa: PTH100  # only a name
    with _built(target) as new:
        _write_view(new, found, head, tags, shallow)
        commit = _verified(new, head, path)
        (new / "HEAD").write_text(f"{commit}\n")
    name, url = _names(full_name, found.config.get("remote.origin.url", ""), path, web)
    return Clone(
        git_dir=target,
        full_name=name,
        web_url=url,
        head=commit,
        partial=found.is_promisor or bool(shallow),
        shallow=bool(shallow),
        n_tags=len(tags),
        user_email=found.config.get("user.email") or None,
        notes=_notes(bool(shallow)),
    )


def clone_url(
    url: str, cache_dir: Path, *, full_name: str | None = None, head: str = "", limits: Limits = CLONE_LIMITS
) -> Clone:
    """Clone ``url`` (https, http on this machine only, file, or a path) bare and anonymously into ``cache_dir``.

    A complete clone of the same URL is kept when the remote's HEAD has not moved; otherwise a new one replaces it, and
    only what the old one lacks is fetched. The remote is not asked for its HEAD where the caller knows it (``head``).
    Raises :class:`UsageError` for any other kind of URL and :class:`RepositoryUnusable` when cloning fails.
    """
    git_version()
    remote = _remote(url)
    cache_dir.mkdir(parents=True, exist_ok=True)
    name, page = _names(full_name, remote.address, Path(url), naming.GITHUB)
    target = cache_dir / folder_of(remote.address, name)
    with _alone(target), tempfile.TemporaryDirectory(prefix="shiptrace-") as folder:
        env = environment(global_config=_trust(remote, Path(folder)), protocols=[remote.protocol])
        if not (_is_complete(target) and _head_of(target) == (head or _remote_head(remote, env))):
            with _built(target) as new:
                _fetch(remote, new, target, env, limits)
                _verified(new, "HEAD", Path(url))
                _sync(new)
        head = _verified(target, "HEAD", Path(url))
    shallow = (target / "shallow").is_file()
    tags = run(target, ["for-each-ref", "--format=x", "refs/tags"], limits=SMALL)
    return Clone(target, name, page, head, shallow, shallow, len(tags.split()), None, _notes(shallow))


def folder_of(url: str, full_name: str) -> str:
    """The name of the folder that :func:`clone_url` clones a URL into."""
    return f"{_slug(full_name.rpartition('/')[2], url)}.git"


def _names(full_name: str | None, origin: str, path: Path, web: str) -> tuple[str, str | None]:
    """The name and, if ``web`` hosts it, the page."""
    if full_name is not None:
        known = naming.is_full_name(full_name) and not full_name.startswith("local/")
        return full_name, f"{web}/{full_name}" if known else None
    if found := naming.of_origin(origin, web):
        return found[0], f"{web}/{found[0]}" if found[1] else None
    return naming.of_folder(path), None


def _notes(shallow: bool) -> tuple[str, ...]:
    if not shallow:
        return ()
    return ("a shallow clone: its older history is missing (complete it with git fetch --unshallow)",)


# --- a view ----------------------------------------------------------------


def _write_view(
    new: Path, found: source.Source, head: str, tags: dict[bytes, bytes], shallow: tuple[bytes, ...]
) -> None:
    """Write what ``git init --bare`` would, with borrowed objects, tags and the shallow marks of the source."""
    for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (new / folder).mkdir(parents=True)
    (new / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    (new / "HEAD").write_text(f"{head}\n")
    packed = b"".join(b"%s %s\n" % (oid, name) for name, oid in sorted(tags.items()))
    (new / "packed-refs").write_bytes(b"# pack-refs with: sorted \n" + packed)
    if shallow:
        (new / "shallow").write_bytes(b"".join(oid + b"\n" for oid in shallow))
    for number, objects in enumerate(found.objects):
        _borrow(objects, new / "borrowed" / str(number))
    lines = "".join(f"../borrowed/{number}\n" for number in range(len(found.objects)))
    (new / "objects/info/alternates").write_text(lines)


def _borrow(objects: Path, place: Path) -> None:
    """Link the packs and the loose objects, and nothing else: a commit-graph there is not ours to trust."""
    place.mkdir(parents=True)
    with suppress(OSError):
        for entry in os.scandir(objects.absolute()):
            if entry.name == "pack" or re.fullmatch("[0-9a-f]{2}", entry.name):
                (place / entry.name).symlink_to(entry.path)


def _verified(git_dir: Path, head: str, named: Path) -> str:
    """Give the commit that ``head`` leads to; without it the repository is not usable."""
    try:
        return run(git_dir, ["rev-parse", "--verify", "--end-of-options", f"{head}^{{commit}}"]).decode().strip()
    except GitFailed as failed:
        raise RepositoryUnusable(
            f"{named}: its HEAD names a commit that is not there or cannot be read ({failed.detail or 'damaged'}).",
            "Repair it with git fsck, or clone it again.",
        ) from failed


# --- a clone of a URL ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Remote:
    """``shown`` is what the user gave, ``address`` what git gets, ``protocol`` the only one it may use."""

    shown: str
    address: str
    protocol: str

    @property
    def config(self) -> list[str]:
        return [f"protocol.{self.protocol}.allow=always"]


def _remote(url: str) -> _Remote:
    """Check what the user asked for."""
    if not url or url.startswith("-") or not url.isprintable():
        raise UsageError("This is not the address of a repository.", "Give https://HOST/OWNER/NAME or a folder.")
    if "://" not in url:
        if not Path(url).exists():
            raise NotARepository(f"{url} does not exist.", "Check the spelling.")
        return _Remote(url, f"file://{quote(str(Path(url).absolute()))}", "file")
    parts = urlsplit(url)
    if "@" in parts.netloc:  # the address is not repeated: what stands before the @ may be a token
        raise UsageError("The address holds a user name or a token.", "Leave out the part before the @.")
    allowed = parts.scheme in {"https", "file"} or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    if not allowed:
        raise UsageError(f"{url}: only https and folders can be cloned.", "Use the https address.")
    return _Remote(url, url, parts.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _trust(remote: _Remote, folder: Path) -> Path | None:
    """Write a global configuration that lets git read a folder of another user, and only that one."""
    if remote.protocol != "file":
        return None
    path = unquote(urlsplit(remote.address).path)
    quoted = [p.replace("\\", "\\\\").replace('"', '\\"') for p in (path, f"{path}/.git")]
    file = folder / "gitconfig"
    file.write_text("[safe]\n" + "".join(f'\tdirectory = "{p}"\n' for p in quoted), "utf-8", "surrogateescape")
    return file


def _remote_head(remote: _Remote, env: dict[str, str]) -> str | None:
    """The remote's HEAD, or None where it cannot be asked: then a new clone says why."""
    with suppress(GitFailed):
        args = ["ls-remote", "--quiet", "--", remote.address, "HEAD"]
        listed = run(None, args, config=remote.config, env=env, limits=SMALL)
        return listed[:40].decode("ascii", "replace") or None
    return None


def _fetch(remote: _Remote, new: Path, known: Path, env: dict[str, str], limits: Limits) -> None:
    config = [*remote.config, "transfer.fsckObjects=true", "core.fsync=all"]
    config += [f"fetch.fsck.{fault}=ignore" for fault in _HARMLESS.split()]
    options = ["--quiet", "--bare", "--single-branch", "--no-local", "--template="]
    options += [f"--reference={known}", "--dissociate"] if _is_complete(known) else []
    try:
        run(None, ["clone", *options, "--", remote.address, str(new)], config=config, env=env, limits=limits)
    except GitFailed as failed:
        if _ASKS_WHO.search(failed.detail):
            raise RepositoryUnusable(
                f"{remote.shown} is not visible without signing in: it is private, renamed or gone."
            ) from failed
        raise RepositoryUnusable(
            f"{remote.shown} could not be cloned: {failed.detail.replace(str(new), 'the clone')}",
            "Check the address and that it is public; a partial clone can only be read in place.",
        ) from failed
    object_format = run(None, ["config", f"--file={new / 'config'}", "--get", "extensions.objectformat"], ok=(0, 1))
    if object_format.strip():
        raise RepositoryUnusable(f"{remote.shown} uses the SHA-256 object format.", "Convert it, or leave it out.")
    if not run(new, ["for-each-ref", "--count=1"]):
        raise EmptyRepository(f"{remote.shown} has no commit that its HEAD reaches.", "Choose a branch for its HEAD.")


def _head_of(git_dir: Path) -> str | None:
    with suppress(GitFailed):
        return run(git_dir, ["rev-parse", "--verify", "HEAD^{commit}"]).decode().strip()
    return None


# --- complete or not at all ------------------------------------------------


@contextmanager
def _built(target: Path) -> Generator[Path]:
    """Give a new folder to build in; it takes ``target``'s name and its marker only when the block succeeds."""
    for left in target.parent.glob(f".{target.name}.*"):
        shutil.rmtree(left, ignore_errors=True)  # its git may still be about to notice that its parent is gone
    if target.is_dir() and not _is_complete(target):
        shutil.rmtree(target)
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield new
        if target.exists():
            shutil.rmtree(target)
        new.rename(target)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    (target / MARKER).touch()
    _sync_folder(target)
    _sync_folder(target.parent)


@contextmanager
def _alone(target: Path) -> Generator[None]:
    """Let one process at a time clone into ``target``."""
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_complete(target: Path) -> bool:
    return (target / MARKER).is_file()


def _sync(folder: Path) -> None:
    """Bring everything below ``folder`` to the disk: a marker must not outlive what it vouches for."""
    for place, _, files in os.walk(folder):
        for name in files:
            with (Path(place) / name).open("rb") as file:
                os.fsync(file.fileno())
        _sync_folder(Path(place))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _slug(name: str, whole: str) -> str:
    """A folder name that shows what it holds and is different for every ``whole``."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[:60] or "repository"
    return f"{plain}-{hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]}"
