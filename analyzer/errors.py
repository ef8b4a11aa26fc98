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
├── ServiceError          exit 1   GitHub's API did not give what was asked for
│   ├── AuthenticationFailed exit 4 the token is missing, unusable or refused
│   ├── RateLimited       exit 5   a limit was reached; ``resume_at`` says when it can go on
│   ├── NotVisible                 unknown, private, deleted or suspended: nobody outside can tell which
│   ├── Blocked                    GitHub closed the repository (copyright claim or its terms)
│   ├── AccessRefused              this one thing is not for this token; other requests go on
│   ├── NotReady                   GitHub still computes it
│   ├── RequestInvalid             GitHub does not understand us: a defect of Shiptrace
│   ├── AnswerUnusable             not what the API promises, too large, or it leads to another host
│   └── ServiceFailed              no answer, time and again; a later run goes on from here
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


class ServiceError(ShiptraceError):
    """GitHub's API did not give what was asked for."""


class AuthenticationFailed(ServiceError):
    """The token is missing, unusable or refused. The message never shows it."""

    exit_code = 4


class RateLimited(ServiceError):
    """A limit was reached. ``resume_at`` is when it can go on, in seconds since 1970, by this machine's clock."""

    exit_code = 5

    def __init__(self, message: str, way_out: str = "", resume_at: float = 0.0) -> None:
        super().__init__(message, way_out)
        self.resume_at = resume_at

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole."""
        return type(self), (self.message, self.way_out, self.resume_at)


class NotVisible(ServiceError):
    """Unknown, private, deleted or suspended: nobody outside can tell which."""


class Blocked(ServiceError):
    """GitHub closed the repository, after a copyright claim or for its terms."""


class AccessRefused(ServiceError):
    """This one thing is not for this token; other requests can go on."""


class NotReady(ServiceError):
    """GitHub computes the answer in the background; it can be asked for later."""


class RequestInvalid(ServiceError):
    """GitHub does not understand the request: a defect of Shiptrace."""


class AnswerUnusable(ServiceError):
    """The answer is not what the API promises, is too large, or leads to another host."""


class ServiceFailed(ServiceError):
    """No answer, time and again. A later run goes on from here."""


class ToolMissing(ShiptraceError):
    """A program that Shiptrace needs is missing or too old."""
