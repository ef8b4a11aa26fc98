"""What a repository is called: from its origin, from its folder, or as the caller says."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

_FULL_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}\Z")
_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!//)(\S+)\Z")
GITHUB = "https://github.com"
"""Where pages of repositories stand unless a caller names another host that forms addresses as GitHub does."""

_GITHUB_HOSTS = frozenset({"github.com", "www.github.com", "ssh.github.com"})


def is_full_name(text: str) -> bool:
    """Whether ``text`` is OWNER/NAME as GitHub allows them."""
    return bool(_FULL_NAME.match(text)) and text.rpartition("/")[2] not in {".", ".."}


def of_origin(url: str, web: str = GITHUB) -> tuple[str, bool] | None:
    """Give OWNER/NAME and whether ``web`` hosts it, from a remote's URL; None for a path or an unusual form.

    Only the host and the last two parts of the path are looked at: user names and tokens in the URL stay behind.
    """
    if "://" in url:
        try:
            parts = urlsplit(url)
            host, path = parts.hostname or "", parts.path
        except ValueError:
            return None
        if parts.scheme == "file":
            return None
    elif match := _SCP_LIKE.match(url):
        host, path = match[1], match[2]
    else:
        return None
    name = "/".join(path.strip("/").removesuffix(".git").split("/")[-2:])
    hosts = _GITHUB_HOSTS if web == GITHUB else {urlsplit(web).hostname}
    return (name, host.lower() in hosts) if is_full_name(name) else None


def of_folder(path: Path) -> str:
    """Give ``local/<parent>+<folder>``, where a folder called ``repo`` or ``.git`` takes its parent's name."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  # the name as the user gave it: links are not resolved
    if absolute.name in {"repo", ".git"} and absolute.parent.name:
        absolute = absolute.parent
    name = f"local/{absolute.parent.name}+{absolute.name}"
    return os.fsencode(name).decode("utf-8", "replace")
