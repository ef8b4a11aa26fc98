"""Answers of REST kept with their ETag: asked again, GitHub says *unchanged*, and that costs no points.

The key is the address, what was accepted, the API's version and a fingerprint of the token; neither the token nor any
header of a request is stored, and of the answer not what we never read: names, addresses, places, employers, prose.
One file for each answer, written whole or not at all, readable by the user only. It is a cache: what cannot be read is
dropped, what cannot be written is left.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from analyzer.errors import AnswerUnusable
from analyzer.github.fields import Json, Node
from analyzer.github.wire import ACCEPT, API_VERSION, parse

LARGEST = 4 * 1024 * 1024
"""Bytes; a larger answer is not kept."""

_NEVER_READ = frozenset(
    """
    avatar_url bio blog body company description email gravatar_id hireable homepage location name twitter_username
    """.split()  # noqa: SIM905  a list would take a line for each
)
_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,200}"')


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two questions the same."""

    url: str
    token: str
    """Its fingerprint, empty without one."""
    method: str = "GET"
    accept: str = ACCEPT
    api_version: str = API_VERSION

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest() + ".json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept answer: what to compare, where its next page is, and the body."""

    etag: str
    link: str
    body: bytes = field(repr=False)


def lean(data: Json) -> bytes:
    """The answer as it may be kept: without the fields that we never read and nobody wants on a disk."""
    return json.dumps(_lean(data)).encode("ascii")


def _lean(data: Json) -> Json:
    if isinstance(data, Mapping):
        return {key: _lean(value) for key, value in data.items() if key not in _NEVER_READ}
    return [_lean(value) for value in data] if isinstance(data, list) else data


class EtagStore:
    """A folder of kept answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: Key) -> Kept | None:
        """The kept answer; None, and the file gone, when it is damaged."""
        path = self._folder / key.file_name
        try:
            stored = Node(parse(path.read_bytes()), "stored answer")
            kept = Kept(stored.need("etag"), stored.text("link"), stored.need("body").encode("utf-8"))
            damaged = stored.text("sha256") != _digest(kept)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, AnswerUnusable):
            damaged, kept = True, None
        if damaged:
            self._drop(path)
            return None
        return kept

    def keep(self, key: Key, kept: Kept) -> None:
        """Write an answer in place of an older one, unless it is too large or its ETag is none."""
        if len(kept.body) > LARGEST or not _ETAG.fullmatch(kept.etag):
            return
        entry = {
            **asdict(key),
            "etag": kept.etag,
            "link": kept.link,
            "sha256": _digest(kept),
            "body": kept.body.decode("utf-8"),
        }
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._folder / key.file_name, json.dumps(entry).encode("ascii"))

    def clear(self) -> None:
        """Remove every kept answer, as when somebody is to be forgotten."""
        for path in (*self._folder.glob("*.json"), *self._folder.glob("*.part")):
            path.unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(suffix=".part", dir=self._folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            self._drop(Path(name))
            raise

    def _drop(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()


def _digest(kept: Kept) -> str:
    return sha256(b"\0".join((kept.etag.encode(), kept.link.encode(), kept.body))).hexdigest()
