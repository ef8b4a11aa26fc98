"""Every error a command can end with, named by what the reader can do about it.

ShiptraceError
├── UsageError            exit 2   the command or an identity is wrong
│   ├── UnknownCandidate           the store has nobody of that login
│   └── UnknownCohort              the store has no cohort of that name
├── RepositoryUnusable    exit 3   one input cannot be read; the others can
│   ├── NotARepository
│   └── EmptyRepository
├── GitFailed                      a git child failed, was killed or printed too much
│   ├── GitTimeout
│   └── GitOutputTooLarge
├── NothingUsable         exit 1   no input could be read
├── StoreError            exit 1   the store is foreign, newer, damaged or full
│   └── StoreBusy                  another process holds it
├── QueryRefused          exit 2   the SQL is wrong, or wants more than to read the store
├── QueryTooCostly        exit 1   the SQL needs more time or memory than it may have
└── ToolMissing           exit 1   git is missing or too old
"""

from __future__ import annotations


class ShiptraceError(Exception):
    """An error with a message for people and, where there is one, the way out."""

    exit_code = 1

    def __init__(self, message: str, way_out: str = "") -> None:
        between = "\n" if "\n" in message else " "
        super().__init__(f"{message}{between}{way_out}".strip())
        self.message = message
        self.way_out = way_out

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole."""
        return type(self), (self.message, self.way_out)


class UsageError(ShiptraceError):
    """The command line or the identity is wrong."""

    exit_code = 2


class UnknownCandidate(UsageError):
    """The store holds no candidate of that login; ``way_out`` names those who come near."""


class UnknownCohort(UsageError):
    """The store holds no cohort of that name; ``way_out`` names those there are."""


class RepositoryUnusable(ShiptraceError):
    """One repository cannot be looked at; ``message`` names it and says why."""

    exit_code = 3


class NotARepository(RepositoryUnusable):
    """The path or URL holds no git repository."""


class EmptyRepository(RepositoryUnusable):
    """The repository has no commit that HEAD reaches."""


class GitFailed(ShiptraceError):
    """A git child ended with a status other than 0, or was killed. ``status`` is negative for a signal."""

    def __init__(self, command: str, status: int, detail: str) -> None:
        super().__init__(f"git {command} failed with status {status}: {detail or 'no message'}")
        self.command = command
        self.status = status
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole."""
        return type(self), (self.command, self.status, self.detail)


class GitTimeout(GitFailed):
    """A git child took longer than its limit and was ended."""


class GitOutputTooLarge(GitFailed):
    """A git child printed more than its limit and was ended."""


class NothingUsable(ShiptraceError):
    """Not one of the inputs could be read."""


class StoreError(ShiptraceError):
    """The store cannot be used as it is."""


class StoreBusy(StoreError):
    """Another process has the store open."""


class QueryRefused(ShiptraceError):
    """The SQL is wrong, or wants more than to read the store."""

    exit_code = 2


class QueryTooCostly(ShiptraceError):
    """The SQL needs more time or memory than it may have."""


class ToolMissing(ShiptraceError):
    """A program that Shiptrace needs is missing or too old."""
