"""Read a story: the commits of a made-up repository as people can read and write them. Pure.

Before the first commit a story may say in prose what it is about. A commit begins with a line
``%% 2024-05-14 09:48 maya``, after which may stand ``as NAME`` (so that later commits can speak of it), ``tag NAME``
and ``cut`` (what lies before it is missing, as in a shallow clone). Its message follows, then what it does:

``%% write PATH``     the whole text of a file
``%% edit PATH``      hunks as in a diff without numbers: lines that begin with ``-``, ``+`` or a blank, apart by ``@@``
``%% move OLD NEW``   another name for a file
``%% delete PATH``
``%% revert NAME``    an earlier commit is taken back; the message is then the reason

``{NAME}`` in a message becomes that commit's object id. Blank lines at the end of a text do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

MARK = "%% "


class BadStory(ValueError):
    """A story cannot be read, changes what is not there, or gives other objects than it should."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines of a file that stand there exactly once in a row, and what they become."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit does to a file: gives it a text, edits it, moves it to ``path``, or (nothing set) deletes it."""

    path: str
    text: str | None = None
    hunks: tuple[Hunk, ...] = ()
    moved_from: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A commit as a story tells it. ``by`` names a person of the portfolios, ``revert`` an earlier commit."""

    by: str
    at: datetime
    message: str
    changes: tuple[Change, ...] = ()
    name: str = ""
    tag: str = ""
    revert: str = ""
    is_cut: bool = False


def parse(text: str) -> tuple[Told, ...]:
    """Give the commits of a story in their order; raises :class:`BadStory` where it cannot be understood."""
    story: list[Told] = []
    for words, lines in _blocks(text):
        if words[0][0].isdigit():
            story.append(_begun(words, "\n".join(lines)))
        elif not story:
            raise BadStory(f"{' '.join(words)!r} stands before the first commit.")
        else:
            story[-1] = _continued(story[-1], words, lines)
    return tuple(story)


def _blocks(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words of each marked line with the lines below it, without blank lines at their end."""
    _, *blocks = f"\n{text}".split(f"\n{MARK}")
    for block in blocks:
        head, _, body = block.partition("\n")
        yield head.split(), body.rstrip().split("\n") if body.strip() else []


def _begun(words: Sequence[str], message: str) -> Told:
    day, time, by, *more = words
    told = Told(by=by, at=datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC), message=message)
    while more:
        match more:
            case ["as", name, *more]:
                told = replace(told, name=name)
            case ["tag", tag, *more]:
                told = replace(told, tag=tag)
            case ["cut", *more]:
                told = replace(told, is_cut=True)
            case _:
                raise BadStory(f"{more[0]!r} in {' '.join(words)!r} is not understood.")
    return told


def _continued(told: Told, words: Sequence[str], lines: Sequence[str]) -> Told:
    match words:
        case ["revert", name]:
            return replace(told, revert=name)
        case ["write", path]:
            change = Change(path, text="".join(f"{line}\n" for line in lines))
        case ["edit", path]:
            change = Change(path, hunks=tuple(_hunks(lines)))
        case ["move", old, path]:
            change = Change(path, moved_from=old)
        case ["delete", path]:
            change = Change(path)
        case _:
            raise BadStory(f"{' '.join(words)!r} is not understood.")
    return replace(told, changes=(*told.changes, change))


def _hunks(lines: Sequence[str]) -> Iterator[Hunk]:
    old: list[str] = []
    new: list[str] = []
    for line in (*lines, "@@"):
        sign, rest = line[:1] or " ", line[1:]
        if sign == "@":
            yield Hunk(tuple(old), tuple(new))
            old, new = [], []
        elif sign in "-+ ":
            old += [rest] if sign != "+" else []
            new += [rest] if sign != "-" else []
        else:
            raise BadStory(f"{line!r} is no line of a hunk.")


# --- what a commit does to the files -----------------------------------------

Texts = Mapping[str, str]


@dataclass(slots=True)
class Files:
    """The files of the made-up repository as they stand, and as they stood around the commits that have names."""

    texts: dict[str, str] = field(default_factory=dict[str, str])
    around: dict[str, dict[str, tuple[str | None, str | None]]] = field(
        default_factory=dict[str, "dict[str, tuple[str | None, str | None]]"]
    )

    def after(self, told: Told) -> dict[str, str | None]:
        """Apply a commit; give the new text of every path that it changes, None where the path goes away."""
        changes = self._taken_back(told.revert) if told.revert else {}
        for change in told.changes:
            changes |= self._changed(change, changes, told)
        if told.name:
            self.around[told.name] = {path: (self.texts.get(path), text) for path, text in changes.items()}
        for path, text in changes.items():
            if text is None:
                self.texts.pop(path)
            else:
                self.texts[path] = text
        return changes

    def _taken_back(self, name: str) -> dict[str, str | None]:
        around = self.around.get(name, {})
        if not around or any(self.texts.get(path) != after for path, (_, after) in around.items()):
            raise BadStory(f"{name!r} cannot be taken back: it is not known, or its files have changed since.")
        return {path: before for path, (before, _) in around.items()}

    def _changed(self, change: Change, so_far: Mapping[str, str | None], told: Told) -> dict[str, str | None]:
        if change.text is not None:
            return {change.path: change.text}
        source = change.moved_from or change.path
        text = so_far.get(source, self.texts.get(source))
        if text is None:
            raise BadStory(f"{told.message!r} wants to change {source}, which is not there.")
        if change.moved_from:
            return {source: None, change.path: text}
        for hunk in change.hunks:
            text = _replaced(text, hunk, f"{told.message!r} in {source}")
        return {source: text if change.hunks else None}


def _replaced(text: str, hunk: Hunk, where: str) -> str:
    lines, n = text.split("\n")[:-1], len(hunk.old)
    found = [at for at in range(len(lines) - n + 1) if tuple(lines[at : at + n]) == hunk.old]
    if len(found) != 1 or not n:
        raise BadStory(f"{where}: the lines {list(hunk.old)} stand there {len(found)} times, not once.")
    return "".join(f"{line}\n" for line in (*lines[: found[0]], *hunk.new, *lines[found[0] + n :]))
