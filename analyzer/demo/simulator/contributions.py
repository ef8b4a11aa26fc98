"""What an account did in a window of time, as GitHub counts it: by days, on default branches, not in forks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzer.demo.simulator.cost import Refusal
from analyzer.demo.simulator.world import Account, Repository, World

_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Window:
    """The account's contributions from ``begin`` to ``end``, of which both days belong to it. At most a year."""

    world: World
    account: Account
    begin: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.begin:
            raise Refusal("VALIDATION", "'to' must not be before 'from'.")
        if self.end - self.begin > _YEAR:
            raise Refusal("VALIDATION", "The total time spanned by 'from' and 'to' must not exceed 1 year.")

    def commits(self) -> list[tuple[Repository, int]]:
        """Public repositories with the number of commits, the most first."""
        counted = [(one, self._count(one)) for one in self.world.public.values() if not one.is_fork]
        return sorted((pair for pair in counted if pair[1]), key=lambda pair: (-pair[1], pair[0].full_name))

    def n_restricted(self) -> int:
        """Commits in private repositories, of which GitHub tells the number and nothing else."""
        return sum(self._count(one) for one in self.world.repositories if one.is_private)

    def _count(self, repository: Repository) -> int:
        days = (commit.at.date() for commit in self.world.commits_of(self.account, repository))
        return sum(1 for day in days if self.begin.date() <= day <= self.end.date())


def years(world: World, account: Account) -> list[int]:
    """The years in which the account did anything, the newest first."""
    commits = {commit.at.year for one in world.repositories for commit in world.commits_of(account, one)}
    requests = {request.opened_at.year for _, request in world.pull_requests_of(account)}
    return sorted(commits | requests, reverse=True)
