"""What this machine has: git, places to write to, the configuration. Nothing is changed, nothing is waited for."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from analyzer import config
from analyzer.cli.check import BAD, OK, WARN, Check
from analyzer.errors import GitFailed, StoreBusy, StoreError, ToolMissing, UsageError
from analyzer.git.process import git_version
from analyzer.report.words import count
from analyzer.store import migration

_FIXED_GIT = {43: 7, 44: 4, 45: 4, 46: 4, 47: 3, 48: 2, 49: 1, 50: 1}
"""Of git 2.43 to 2.50, the first versions with the security fixes of July 2025 (CVE-2025-48384 and others)."""

_GET_GIT = {
    "linux": "Install it with the system's packages, such as `sudo apt install git` or `sudo dnf install git`.",
    "darwin": "Install it with `brew install git` or `xcode-select --install`.",
}
_GET_NEWER_GIT = {
    "linux": "Update the system. Ubuntu's older releases get it by `sudo add-apt-repository ppa:git-core/ppa`; "
    "for others see https://git-scm.com/downloads/linux.",
    "darwin": "Install it with `brew install git`.",
}
_GET_GIT_ELSEWHERE = "Get it from https://git-scm.com/downloads."

_LITTLE_ROOM = 1_000_000_000
"""Bytes. A person's repositories take some hundred million."""


def git() -> Check:
    """Whether there is a git that can be used, and whether it has the newest fixes that matter here."""
    ways = _GET_NEWER_GIT if shutil.which("git") else _GET_GIT
    get = ways.get(sys.platform, _GET_GIT_ELSEWHERE)
    try:
        found = git_version()
    except ToolMissing as error:
        return Check("git", BAD, error.message, f"Version 2.39.4 or newer is needed. {get}")
    except GitFailed as error:
        return Check("git", BAD, f"It does not run: {error.message}", get)
    text = ".".join(map(str, found))
    if is_fixed(found):
        return Check("git", OK, text)
    return Check("git", WARN, text, "It works. Make sure that your system's updates brought the fixes of July 2025.")


def is_fixed(version: tuple[int, ...]) -> bool:
    """Whether a version of git has those fixes by its number; a distribution may have them under an older one."""
    major, minor, patch = version
    return major > 2 or minor > max(_FIXED_GIT) or patch >= _FIXED_GIT.get(minor, sys.maxsize)


def sandbox() -> Check:
    """Whether the children that read foreign repositories have limits."""
    if sys.platform == "linux":
        return Check("sandbox", OK, "what reads repositories has limits on memory, time and output")
    return Check("sandbox", WARN, "no limit on memory on this system", "Read repositories you do not trust on Linux.")


def store(path: Path) -> Check:
    """Whether the store can be used, by whom it is held, or whether one can be made there."""
    other = "Choose another file with --db or SHIPTRACE_DB."
    if not _size(path):
        folder = _nearest(path.parent)
        if not _is_writable(folder):
            return Check("store", BAD, f"{path} cannot be made: {folder} is no folder to write to", other)
        return Check("store", OK, f"{path} will be made when something is stored")
    try:
        found = migration.version_of(path)
    except StoreBusy as error:
        return Check("store", WARN, error.message, error.way_out)
    except StoreError as error:
        return Check("store", BAD, error.message, error.way_out)
    if not os.access(path, os.W_OK) or not _is_writable(path.parent):
        return Check("store", BAD, f"{path} can be read and not written", f"Make it writable. {other}")
    if found < migration.version():
        return Check("store", OK, f"{path}, of an older Shiptrace: it is brought up to date when it is opened")
    return Check("store", OK, f"{path}, tables of version {found}")


def cache(folder: Path) -> Check:
    """Whether clones can be kept."""
    other = "Name another folder with --cache or SHIPTRACE_CACHE."
    there = _nearest(folder)
    if not _is_writable(there):
        return Check("cache", BAD, f"{folder} cannot be written: {there} is no folder to write to", other)
    free = shutil.disk_usage(there).free
    found = f"{folder}, {free / 1e9:,.1f} GB free"
    return Check("cache", WARN, found, f"Make room. {other}") if free < _LITTLE_ROOM else Check("cache", OK, found)


def configuration() -> Check:
    """Whether what is written down in this folder and for this user can be read, and which settings that are."""
    try:
        read = config.load(Path())
    except UsageError as error:
        return Check("config", BAD, error.message, error.way_out)
    names = ("basis", "purpose", "max_repositories", "max_size")
    found = [name for name in names if getattr(read, name) is not None]
    if read.do_not_contact:
        found.append(f"{count(len(read.do_not_contact), 'login')} not to contact")
    return Check("config", OK, ", ".join(found) or "nothing is set")


def _size(path: Path) -> int:
    """Bytes of a file; 0 where it is not there or cannot be seen."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _nearest(folder: Path) -> Path:
    """The folder, or what of its path is there."""
    for place in (folder.absolute(), *folder.absolute().parents):
        try:
            place.stat()
        except OSError:
            continue
        return place
    return folder


def _is_writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
